"""Reminders of self-checks, and what a calendar program is told."""

from datetime import date, timedelta

import pytest

from integrity import due, services
from integrity.feed import entries_for
from integrity.models import SelfCheck
from notifications.models import Due
from notifications.stages import Stage
from organizations.models import Role
from tests.integrity.builders import AT, DUE, answer_all, assigned, check_of


@pytest.fixture
def assignment(bureau):
    return assigned(bureau)


def stages(user) -> list[str]:
    rows = Due.objects.filter(recipient=user).exclude(stage=Stage.CHANGE)
    return list(rows.order_by("pk").values_list("stage", flat=True))


def on(day: date):
    return AT.replace(month=day.month, day=day.day)


def test_each_step_reminds_once_and_the_superior_hears_of_it_last(bureau, assignment):
    assert due.write_dues(at=AT) == 0
    for day in (26, 27, 31):
        due.write_dues(at=on(date(2026, 3, day)))
    assert stages(bureau.secretary) == [Stage.THREE_BEFORE, Stage.ON_DAY]
    due.write_dues(at=on(date(2026, 4, 15)))
    assert stages(bureau.secretary) == [Stage.THREE_BEFORE, Stage.ON_DAY, Stage.THREE_AFTER]
    assert stages(bureau.reviewer) == [Stage.SUPERIOR]
    assert stages(bureau.other_secretary) == stages(bureau.secretary)


def test_what_was_handed_in_reminds_of_nothing(bureau, assignment):
    row = answer_all(bureau, check_of(bureau.mine))
    due.write_dues(at=on(date(2026, 3, 31)))
    waiting = list(Due.objects.filter(recipient=bureau.secretary, stage=Stage.ON_DAY))
    assert due.outdated(waiting, AT) == set()
    SelfCheck.objects.filter(pk=row.pk).update(state="submitted")
    assert due.outdated(waiting, AT) == {waiting[0].pk}
    assert due.write_dues(at=on(date(2026, 4, 1))) == 1


def test_a_moved_date_and_a_post_handed_over_make_rows_outdated(bureau, assignment):
    due.write_dues(at=on(date(2026, 3, 31)))
    mine = list(Due.objects.filter(recipient=bureau.secretary, stage=Stage.ON_DAY))
    theirs = list(Due.objects.filter(recipient=bureau.other_secretary, stage=Stage.ON_DAY))
    Role.objects.filter(user=bureau.secretary).update(until=date(2026, 3, 1))
    assert due.outdated([*mine, *theirs], AT) == {mine[0].pk}
    assignment.due_on = DUE + timedelta(days=7)
    assignment.save()
    assert due.outdated(theirs, AT) == {theirs[0].pk}


def test_news_are_told_whatever_became_of_it(bureau, assignment):
    news = list(Due.objects.filter(recipient=bureau.secretary))
    SelfCheck.objects.update(state="submitted")
    assert due.outdated(news, AT) == set()


def test_who_returned_it_has_just_said_so(bureau, assignment):
    row = answer_all(bureau, check_of(bureau.mine))
    services.submit_self_check(actor=bureau.secretary, self_check=row, at=AT)
    day = on(date(2026, 3, 31))
    services.return_self_check(actor=bureau.officer, self_check=row, comment="请补", at=day)
    due.write_dues(at=day)
    assert stages(bureau.secretary) == [Stage.RETURNED]
    due.write_dues(at=on(date(2026, 4, 1)))
    assert stages(bureau.secretary) == [Stage.RETURNED, Stage.ONE_AFTER]


def test_the_calendar_holds_the_due_date(bureau, assignment):
    (mine,) = entries_for(bureau.secretary, on=AT.date())
    assert (mine.title, mine.due_on, mine.rings) == ("2026年清廉学校清单自查", DUE, True)
    (days,) = entries_for(bureau.officer, on=AT.date())
    assert days.title == "2026年清廉学校清单自查截止"
    services.cancel_assignment(actor=bureau.officer, assignment=assignment, reason="合并", at=AT)
    (mine,) = entries_for(bureau.secretary, on=AT.date())
    assert (mine.cancelled, mine.rings) == (True, False)
