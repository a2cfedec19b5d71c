"""Reads of records: who is entitled, what is found, what happened."""

from datetime import UTC, date, datetime

import pytest

from activities.models import Record
from activities.queries import (
    RecordChange,
    heads_filled_in,
    history,
    kinds_held,
    made_by,
    months_held,
    searched,
)
from activities.services import Content, add_record, change_record, withdraw_record
from organizations.models import HeadCount
from tests.personas import build_bureau

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


@pytest.fixture
def bureau():
    return build_bureau()


def add(bureau, topic="学习党章", *, kind="talk", on=TODAY, **more):
    counters = {"persons": 3} if kind == "talk" else {}
    content = Content(kind, on, topic, counters=counters, **more)
    return add_record(
        actor=bureau.secretary,
        organization=bureau.mine,
        content=content,
        token=f"{topic}{on}",
        at=NOW,
    )


def count(organization, **counts):
    HeadCount.objects.create(organization=organization, on=date(2026, 1, 1), **counts)


def test_the_entitled_are_full_and_probationary_members_of_the_subtree(bureau):
    count(bureau.mine, full=20, probationary=2, candidates=5)
    count(bureau.mine.parent, full=3)
    days = {"kind": "theme_day", "on": TODAY}
    assert heads_filled_in(bureau.mine, **days) == 22
    assert heads_filled_in(bureau.mine.parent, **days) == 25
    assert heads_filled_in(bureau.other, **days) is None


@pytest.mark.parametrize("kind", ["committee_meeting", "group_meeting", "home_visit", "other"])
def test_nothing_is_guessed_where_no_count_holds_it(bureau, kind):
    count(bureau.mine, full=20, probationary=2)
    assert heads_filled_in(bureau.mine, kind, on=TODAY) is None


def test_all_words_are_looked_for_in_topic_summary_speaker_and_place(bureau):
    add(bureau, "警示教育片", summary="八项规定", place="报告厅")
    add(bureau, "八项规定学习")
    records = Record.objects.all()

    def found(text):
        return sorted(searched(records, text=text).values_list("topic", flat=True))

    assert found("八项规定") == ["八项规定学习", "警示教育片"]
    assert found("八项规定 报告厅") == ["警示教育片"]
    assert found("100%_") == []


def test_records_are_narrowed_by_kind_and_month(bureau):
    add(bureau, "十一月一日", on=date(2026, 11, 1))
    add(bureau, "十月末", on=date(2026, 10, 31))
    add(bureau, "去年十二月", on=date(2025, 12, 31))
    add(bureau, "其他", kind="other", on=date(2026, 11, 2))
    records = Record.objects.all()
    assert [each.topic for each in searched(records, kind="talk", month=date(2026, 11, 1))] == [
        "十一月一日"
    ]
    assert [each.topic for each in searched(records, month=date(2025, 12, 1))] == ["去年十二月"]
    assert kinds_held(records) == ["talk", "other"]
    assert months_held(records) == [date(2026, 11, 1), date(2026, 10, 1), date(2025, 12, 1)]


def test_history_names_people_and_fields_newest_first(bureau):
    record = add(bureau)
    change_record(
        actor=bureau.deputy,
        record=record,
        version=1,
        content=Content("talk", TODAY, "谈心", counters={"persons": 4}),
        at=NOW,
    )
    withdraw_record(actor=bureau.clerk, record=record, reason="重复", at=NOW)
    assert history(record) == [
        RecordChange("撤回", "clerk", NOW, "重复"),
        RecordChange("修改", "deputy", NOW, "改了：主题、要填的数"),
        RecordChange("填写", "secretary", NOW),
    ]


def test_a_token_finds_only_ones_own_record(bureau):
    record = add(bureau)
    assert made_by(bureau.secretary, record.token) == record
    assert made_by(bureau.deputy, record.token) is None
    assert made_by(bureau.secretary, "") is None
