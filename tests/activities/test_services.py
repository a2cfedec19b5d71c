"""Records: added once, changed by one at a time, withdrawn with a reason, never half saved."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from activities.choices import RecordKind
from activities.models import Record, RecordCounter
from activities.queries import KindTotals, totals
from activities.services import (
    LATEST_ENTRY,
    Content,
    add_record,
    change_record,
    withdraw_record,
)
from attachments.models import Attachment
from common.errors import ConflictError, DomainError, ForbiddenError
from common.models import AuditEntry
from tests.personas import Bureau, build_bureau

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
WISHES = {"collected": 12, "claimed": 9, "fulfilled": 0}


@pytest.fixture
def bureau() -> Bureau:
    return build_bureau()


def theme_day(**changes) -> Content:
    fields = {
        "kind": RecordKind.THEME_DAY,
        "held_on": TODAY,
        "topic": "学习党章",
        "entitled": 34,
        "present": 32,
    }
    return Content(**{**fields, **changes})


def wishes(**changes) -> Content:
    fields = {"kind": RecordKind.SMALL_WISH, "held_on": TODAY, "topic": "征集微心愿"}
    return Content(**{**fields, "counters": WISHES, **changes})


def add(bureau, content=None, *, actor=None, token="one", uploads=(), at=NOW):
    return add_record(
        actor=actor or bureau.secretary,
        organization=bureau.mine,
        content=content or theme_day(),
        token=token,
        uploads=uploads,
        at=at,
    )


def change(bureau, record, content, *, actor=None, version=1, uploads=(), removed=()):
    return change_record(
        actor=actor or bureau.deputy,
        record=record,
        version=version,
        content=content,
        uploads=uploads,
        removed=removed,
        at=NOW,
    )


def photo(name="现场.png"):
    held = BytesIO()
    Image.new("RGB", (4, 4), "white").save(held, "PNG")
    return SimpleUploadedFile(name, held.getvalue(), content_type="image/png")


def program():
    return SimpleUploadedFile("照片.png", b"MZ\x90\x00" + b"\x00" * 60)


def log(verb):
    return AuditEntry.objects.filter(verb=f"activities.{verb}")


@pytest.mark.parametrize("who", ["secretary", "deputy", "clerk"])
def test_who_holds_a_role_in_the_school_adds_a_record(bureau, who):
    record = add(bureau, actor=getattr(bureau, who))
    assert Content.of(record) == theme_day()
    assert (record.created_by.username, record.organization, record.version) == (
        who,
        bureau.mine,
        1,
    )
    entry = log("add_record").get()
    assert (entry.actor_label, entry.after["present"], entry.after["counters"]) == (who, 32, {})


@pytest.mark.parametrize(
    "who", ["other_secretary", "reviewer", "officer", "leader", "auditor", "stranger"]
)
def test_nobody_else_does(bureau, who):
    with pytest.raises(ForbiddenError, match="您没有为该党组织填报的角色"):
        add(bureau, actor=getattr(bureau, who))
    assert Record.objects.count() == 0


def test_zero_is_kept_as_a_figure(bureau):
    record = add(bureau, wishes())
    assert Content.of(record).counters == WISHES
    assert (record.entitled, record.present) == (None, None)
    assert totals(Record.objects.all()) == {
        bureau.mine.pk: {"small_wish": KindTotals(1, 0, 0, WISHES)}
    }


def test_the_same_form_sent_again_gives_back_the_record_it_made(bureau):
    first = add(bureau, wishes())
    again = add(bureau, wishes(topic="改过的字"))
    assert (again.pk, again.topic) == (first.pk, "征集微心愿")
    assert (Record.objects.count(), RecordCounter.objects.count()) == (1, 3)
    assert log("add_record").count() == 1


def test_the_token_of_somebody_else_gives_nothing_away(bureau):
    add(bureau)
    with pytest.raises(DomainError, match="没有保存成功"):
        add(bureau, actor=bureau.deputy)
    assert Record.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (theme_day(kind="party"), "请选择记录类别"),
        (theme_day(topic="　 "), "「主题」还没有填"),
        (theme_day(topic="字" * 201), "「主题」最多 200 字，写了 201 字"),
        (theme_day(place="字" * 101), "「地点」最多 100 字，写了 101 字"),
        (theme_day(summary="字" * 1001), "「简要情况」最多 1000 字，写了 1001 字"),
        (theme_day(held_on=TODAY + timedelta(days=1)), "写的是2026年11月21日，还没有到"),
        (theme_day(held_on=TODAY - LATEST_ENTRY - timedelta(days=1)), "太早了，请核对年份"),
        (theme_day(present=None), "请填应到和实到人数，没有人请填 0"),
        (theme_day(entitled=18, present=21), "应到 18 人、实到 21 人，请核"),
        (theme_day(present=-1), "「实到」应填 0–99999 的整数，写的是“-1”"),
        (wishes(entitled=1, present=2), "应到 1 人、实到 2 人，请核"),
        (wishes(entitled=100_000), "「应到」应填 0–99999 的整数"),
        (wishes(counters={"collected": -3}), "「征集」应填 0–99999 的整数，写的是“-3”"),
        (wishes(counters={"collected": 2**63}), "「征集」应填 0–99999 的整数"),
        (wishes(counters={"households": 3}), "「微心愿」不填这些数据"),
    ],
)
def test_content_that_cannot_be_is_named_and_nothing_is_saved(bureau, content, message):
    with pytest.raises(DomainError, match=message):
        add(bureau, content)
    assert (Record.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_the_oldest_day_and_today_are_taken(bureau):
    for days in (0, LATEST_ENTRY.days):
        add(bureau, theme_day(held_on=TODAY - timedelta(days=days)), token=str(days))
    assert Record.objects.count() == 2


def test_days_before_the_founding_and_from_the_closing_on_are_refused(bureau):
    bureau.mine.founded_on, bureau.mine.closed_on = date(2026, 3, 1), date(2026, 11, 1)
    with pytest.raises(DomainError, match="当时芙蓉小学党支部还没有成立"):
        add(bureau, theme_day(held_on=date(2026, 2, 28)))
    with pytest.raises(DomainError, match="当时芙蓉小学党支部已经撤销"):
        add(bureau, theme_day(held_on=date(2026, 11, 1)))
    assert add(bureau, theme_day(held_on=date(2026, 10, 31))).pk


def test_rare_characters_and_emoji_are_kept(bureau):
    record = add(bureau, theme_day(topic="𪣻桥 𬭎 㛃 🎉", speaker="尉迟堃"))
    record.refresh_from_db()
    assert (record.topic, record.speaker) == ("𪣻桥 𬭎 㛃 🎉", "尉迟堃")


def test_a_change_says_what_was_and_what_is(bureau):
    record = add(bureau, wishes())
    changed = change(bureau, record, wishes(topic="微心愿", counters={**WISHES, "fulfilled": 8}))
    assert (changed.version, Content.of(changed).counters["fulfilled"]) == (2, 8)
    entry = log("change_record").get()
    assert entry.before == {"topic": "征集微心愿", "counters": WISHES}
    assert entry.after == {"topic": "微心愿", "counters": {**WISHES, "fulfilled": 8}}


def test_of_two_changes_at_once_one_is_told(bureau):
    record = add(bureau)
    change(bureau, record, theme_day(topic="先改的"))
    with pytest.raises(ConflictError, match="刚刚被别人修改过"):
        change(bureau, record, theme_day(topic="后改的"), uploads=[photo()])
    record.refresh_from_db()
    assert (record.topic, record.version, Attachment.objects.count()) == ("先改的", 2, 0)


def test_a_change_is_checked_like_a_new_record(bureau):
    record = add(bureau)
    with pytest.raises(DomainError, match="应到 18 人、实到 21 人，请核"):
        change(bureau, record, theme_day(entitled=18, present=21))
    with pytest.raises(ForbiddenError):
        change(bureau, record, theme_day(), actor=bureau.other_secretary)
    with pytest.raises(ForbiddenError):
        change(bureau, record, theme_day(), actor=bureau.officer)


def test_another_kind_drops_the_counters_of_the_old_one(bureau):
    record = add(bureau, wishes())
    changed = change(bureau, record, theme_day())
    assert Content.of(changed) == theme_day()
    assert RecordCounter.objects.count() == 0


def test_files_come_and_go_with_the_record(bureau):
    record = add(bureau, uploads=[photo("一.png"), photo("二.png")])
    first, _ = record.attachments.all()
    changed = change(bureau, record, theme_day(), uploads=[photo("三.png")], removed=[first])
    assert [each.name for each in changed.attachments.all()] == ["二.png", "三.png"]
    assert log("change_record").get().after == {"files": ["二.png", "三.png"]}


def test_a_refused_file_leaves_no_record_behind(bureau):
    with pytest.raises(DomainError):
        add(bureau, uploads=[photo(), program()])
    assert (Record.objects.count(), Attachment.objects.count()) == (0, 0)


def test_nine_files_at_most(bureau):
    record = add(bureau, uploads=[photo(f"{n}.png") for n in range(9)])
    with pytest.raises(DomainError, match="最多 9 个附件"):
        change(bureau, record, theme_day(), uploads=[photo("十.png")])
    record.refresh_from_db()
    assert (record.attachments.count(), record.version) == (9, 1)


def test_a_withdrawn_record_stays_readable_and_counts_nowhere(bureau):
    record = add(bureau)
    withdraw_record(actor=bureau.clerk, record=record, reason=" 重复填报 ", at=NOW)
    assert (record.withdrawn_at, record.withdrawn_reason) == (NOW, "重复填报")
    assert list(Record.objects.visible_to(bureau.secretary)) == [record]
    assert totals(Record.objects.all()) == {}
    assert log("withdraw_record").get().after == {"withdrawn_reason": "重复填报"}


@pytest.mark.parametrize(
    ("reason", "message"), [(" ", "请写明撤回原因"), ("字" * 201, "最多 200 字，写了 201 字")]
)
def test_a_withdrawal_needs_a_reason_that_fits(bureau, reason, message):
    record = add(bureau)
    with pytest.raises(DomainError, match=message):
        withdraw_record(actor=bureau.secretary, record=record, reason=reason, at=NOW)
    assert Record.objects.standing().count() == 1


def test_what_is_withdrawn_is_neither_changed_nor_withdrawn_again(bureau):
    record = add(bureau)
    stale = Record.objects.get(pk=record.pk)
    withdraw_record(actor=bureau.secretary, record=record, reason="重复", at=NOW)
    with pytest.raises(ForbiddenError, match="记录已撤回"):
        change(bureau, record, theme_day(), version=2)
    with pytest.raises(ConflictError, match="刚刚被别人修改过"):
        change(bureau, stale, theme_day())
    with pytest.raises(ConflictError, match="已经撤回"):
        withdraw_record(actor=bureau.secretary, record=stale, reason="再撤", at=NOW)


def test_who_sees_and_who_may_change(bureau):
    mine = add(bureau)
    people = ["secretary", "clerk", "reviewer", "officer", "leader"]
    seen = {who: list(Record.objects.visible_to(getattr(bureau, who))) for who in people}
    assert seen == {who: [mine] for who in people}
    for who in ("other_secretary", "auditor", "stranger"):
        assert list(Record.objects.visible_to(getattr(bureau, who))) == []
    editors = [who for who in people if Record.objects.editable_by(getattr(bureau, who))]
    assert editors == ["secretary", "clerk"]
