"""Due rows become one digest for each person, exactly once."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from common.models import AuditEntry, WorkdayOverride
from notifications import services
from notifications.hours import in_working_hours, reached_on
from notifications.models import Delivery, Digest, Due, GroupText
from notifications.services import digests
from notifications.stages import Stage
from tests.factories import UserFactory
from tests.notifications.rows import NOW, at, due, kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(db):
    return UserFactory(name="张书记")


def sweep(moment=NOW, **fields):
    return services.sweep(at=moment, **fields)


# Writing ------------------------------------------------------------------------------------------


def test_a_key_is_written_once(me):
    row = {"key": "task:1:on_day:20260325:1"}
    assert services.write_dues([due(me, **row)]) == 1
    assert services.write_dues([due(me, **row), due(me)]) == 1
    assert Due.objects.count() == 2


def test_long_words_are_cut_rather_than_keeping_all_from_being_written(me):
    services.write_dues([due(me, subject="长" * 300, unit="校" * 200), due(me)])
    assert sorted(len(row.subject) for row in Due.objects.all()) == [4, 200]


# Hours --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "working"),
    [
        (at(3, 20, 8, 29), False),
        (at(3, 20, 8, 30), True),
        (at(3, 20, 17, 30), True),
        (at(3, 20, 17, 31), False),
        (at(3, 21), False),  # a Saturday
        (at(10, 1), False),  # the national day
        (at(2, 14), True),  # a Saturday worked instead (调休)
    ],
)
def test_people_are_reminded_in_working_hours_of_workdays(me, moment, working):
    assert in_working_hours(moment) is working
    kept(me, due_at=at(1, 5))
    counts = sweep(moment)
    assert (counts.resting, counts.digests) == (not working, int(working))


def test_the_bureaus_own_table_of_days_counts(db):
    WorkdayOverride.objects.create(date=date(2026, 3, 20), is_workday=False)
    assert not in_working_hours(NOW)


def test_a_day_is_reached_when_the_office_opens():
    assert reached_on(at(3, 20, 8, 29)) == date(2026, 3, 19)
    assert reached_on(at(3, 20, 8, 30)) == date(2026, 3, 20)


# Merging ------------------------------------------------------------------------------------------


def test_all_that_is_due_for_one_person_is_one_digest(me):
    other = UserFactory()
    rows = [kept(me), kept(me, room="reports", subject="月报", minutes=5), kept(other)]
    counts = sweep()

    assert (counts.digests, counts.dues, counts.withdrawn) == (2, 3, 0)
    digest = Digest.objects.visible_to(me).get()
    assert list(digest.dues.all()) == rows[:2]
    assert (digest.subject, digest.created_at) == ("您有 2 件事待办，约需 8 分钟", NOW)
    assert Digest.objects.visible_to(other).get().dues.get() == rows[2]


def test_a_second_sweep_finds_nothing(me):
    kept(me)
    sweep()
    counts = sweep()
    assert (counts.digests, counts.dues, Digest.objects.count()) == (0, 0, 1)


def test_what_is_not_yet_due_or_was_withdrawn_stays(me):
    kept(me, due_at=at(3, 20, 9, 1))
    kept(me, withdrawn_at=NOW)
    assert sweep().digests == 0
    assert sweep(at(3, 20, 9, 1)).dues == 1


def test_what_falls_due_later_comes_in_a_digest_of_its_own(me):
    kept(me)
    sweep()
    kept(me, due_at=at(3, 23))
    sweep(at(3, 23))
    assert [digest.dues.count() for digest in Digest.objects.order_by("id")] == [1, 1]


def test_after_a_long_rest_only_the_latest_stage_is_told(me):
    """Written before the worker died, never swept, and a week later the next stage."""
    stages = [
        (Stage.THREE_BEFORE, at(3, 20)),
        (Stage.ON_DAY, at(3, 25)),
        (Stage.ONE_AFTER, at(3, 26)),
    ]
    rows = [kept(me, stage=stage, due_at=day, link="/tasks/1/") for stage, day in stages]
    counts = sweep(at(3, 27))
    assert (counts.digests, counts.dues, counts.withdrawn) == (1, 1, 2)
    assert Digest.objects.get().dues.get() == rows[2]
    assert Digest.objects.get().text.startswith("1. 〔已逾期 2 天〕主题党日")
    assert list(Due.objects.filter(withdrawn_at=at(3, 27))) == rows[:2]


def test_a_return_outweighs_a_reminder_and_every_change_is_told(me):
    link = {"link": "/tasks/1/"}
    returned = kept(me, stage=Stage.RETURNED, **link)
    kept(me, stage=Stage.ON_DAY, due_at=NOW, **link)
    changes = [kept(me, stage=Stage.CHANGE, subject=f"变更{n}", **link) for n in range(2)]
    sweep()
    assert list(Digest.objects.get().dues.order_by("id")) == [returned, *changes]


def test_the_same_link_of_another_person_or_room_is_other_work(me):
    rows = [kept(me, link="/1/"), kept(UserFactory(), link="/1/"), kept(me, link="/1/", room="x")]
    rows += [kept(me, link=""), kept(me, link="")]
    assert digests.superseded(rows) == set()


def test_rooms_say_what_is_no_longer_so(me):
    finished, waiting, other = kept(me), kept(me), kept(UserFactory())
    asked = []

    def outdated(dues, moment):
        asked.append(([row.pk for row in dues], moment))
        return {finished.pk, other.pk}

    counts = sweep(outdated=(outdated,))
    assert asked == [([finished.pk, waiting.pk, other.pk], NOW)]
    assert (counts.digests, counts.dues, counts.withdrawn) == (1, 1, 2)
    assert Digest.objects.get().dues.get() == waiting
    assert set(Due.objects.filter(withdrawn_at=NOW)) == {finished, other}


def test_many_persons_come_in_batches(monkeypatch, me):
    monkeypatch.setattr(digests, "PERSONS_A_BATCH", 2)
    for _ in range(5):
        kept(UserFactory())
    assert sweep().digests == 5
    assert GroupText.objects.count() == 1


def test_a_crash_in_the_middle_leaves_nothing_half(monkeypatch, me):
    kept(me)

    def crash(*args):
        raise RuntimeError("killed")

    monkeypatch.setattr(digests, "_emails", crash)
    with pytest.raises(RuntimeError):
        sweep()
    assert (Digest.objects.count(), Due.objects.get().digest) == (0, None)
    monkeypatch.undo()
    assert sweep().dues == 1


def test_only_who_has_an_address_and_may_log_in_gets_an_email():
    kept(UserFactory(email=""))
    kept(UserFactory(email="a@example.org", is_active=False))
    kept(UserFactory(email="b@example.org"))
    sweep()
    assert [row.address for row in Delivery.objects.all()] == ["b@example.org"]
    assert Digest.objects.count() == 3


def test_one_batch_takes_as_many_queries_for_three_as_for_one(me):
    def queries(people) -> int:
        for person in people:
            kept(person)
            kept(person)
        with CaptureQueriesContext(connection) as captured:
            assert sweep().digests == len(people)
        return len(captured)

    people = [UserFactory(email=f"{n}@example.org") for n in range(4)]
    assert queries(people[:1]) == queries(people[1:])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_do_no_harm(monkeypatch):
    """Two beats fire at the same instant, and four rounds sweep the same rows."""
    monkeypatch.setattr(digests, "PERSONS_A_BATCH", 7)
    people = [UserFactory(email=f"p{n}@example.org") for n in range(30)]
    for person in people:
        kept(person)
        kept(person)
    start = Barrier(4)
    counts = []

    def run() -> None:
        try:
            start.wait()
            counts.append(sweep())
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(count.digests for count in counts) == 30
    assert sum(count.dues for count in counts) == 60
    assert sorted(Digest.objects.values_list("recipient", flat=True)) == [p.pk for p in people]
    assert Delivery.objects.count() == 30
    calls = [call["user_id"] for text in GroupText.objects.all() for call in text.calls]
    assert sorted(calls) == [person.pk for person in people]


# Group texts --------------------------------------------------------------------------------------


def test_a_sweep_leaves_one_text_for_the_group(me):
    kept(me)
    kept(UserFactory(name="李书记"), unit="荷花小学党支部")
    sweep()
    text = GroupText.objects.get()
    assert (text.kind, text.title) == ("digest", "3月20日（周五）到期提醒")
    assert "（芙蓉小学党支部、荷花小学党支部）" in text.named
    assert "党支部" not in text.unnamed
    assert [call["name"] for call in text.calls] == ["张书记", "李书记"]
    assert text.dues.count() == 2
    assert text.sent_at is None


@pytest.mark.parametrize(
    "stage", [Stage.SUPERIOR, Stage.VACANT, Stage.NUDGE, Stage.RETURNED, Stage.CHANGE]
)
def test_the_group_hears_only_what_schools_have_to_do(me, stage):
    """Nudges and changes bring a text of their own."""
    kept(me, stage=stage)
    assert sweep().digests == 1
    assert GroupText.objects.count() == 0


def test_a_text_lost_in_a_crash_is_written_by_the_next_sweep(monkeypatch, me):
    kept(me)

    def crash(*, on):
        raise RuntimeError("killed")

    monkeypatch.setattr(digests, "write_digest_text", crash)
    with pytest.raises(RuntimeError):
        sweep()
    assert (Digest.objects.count(), GroupText.objects.count()) == (1, 0)
    monkeypatch.undo()
    sweep()
    sweep()
    assert GroupText.objects.get().dues.count() == 1


def test_the_same_key_gives_back_the_first_text(db):
    fields = {"kind": "nudge", "title": "催办", "named": "甲", "unnamed": "乙", "calls": []}
    first = services.write_group_text(key="nudge:1", **fields)
    assert services.write_group_text(key="nudge:1", **{**fields, "named": "丙"}) == first
    assert GroupText.objects.get().named == "甲"


def test_the_mark_that_a_text_was_sent_is_set_once_and_logged(me):
    kept(me)
    sweep()
    text = GroupText.objects.get()
    officer, second = UserFactory(name="赵科长"), UserFactory()
    services.mark_group_text_sent(actor=officer, group_text=text, at=NOW)
    services.mark_group_text_sent(actor=second, group_text=text, at=at(3, 23))
    text.refresh_from_db()
    assert (text.sent_at, text.sent_by) == (NOW, officer)
    entry = AuditEntry.objects.get(verb="notifications.mark_sent")
    assert (entry.actor, entry.object_id) == (officer, str(text.pk))


def test_opening_a_digest_marks_it_read_once(me):
    kept(me)
    sweep()
    digest = Digest.objects.get()
    services.mark_read(digest=digest, at=NOW)
    services.mark_read(digest=digest, at=at(3, 23))
    digest.refresh_from_db()
    assert digest.read_at == NOW
