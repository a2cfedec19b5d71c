"""The reminders that reports owe: when, to whom, once, and no longer when they have no point."""

from datetime import date, timedelta

import pytest

from notifications.models import Due
from notifications.services import sweep
from organizations.choices import RoleKind
from reports import services
from reports.due import outdated, write_dues
from reports.models import Report
from tests.calendar_events.builders import more_schools
from tests.factories import RoleFactory
from tests.reports.builders import DUE, NOW, THEME_DAY, at, period_of, report_of


def stages(**wanted) -> list[str]:
    return list(Due.objects.filter(**wanted).order_by("id").values_list("stage", flat=True))


def submit(report, user, *, when=NOW):
    return services.submit_report(
        actor=user, report=report, problems="", plans="", reasons={THEME_DAY: "x"}, at=when
    )


def test_each_step_reminds_once_and_the_superior_after_five_workdays(bureau):
    report_of(bureau.mine)
    moment = at(2026, 3, 25, 9)
    while moment < at(2026, 4, 20):
        write_dues(at=moment)
        moment += timedelta(hours=5)
    rows = Due.objects.filter(recipient=bureau.secretary).order_by("due_at")
    told = [(f"{row.due_at.astimezone(NOW.tzinfo):%m-%d %H:%M}", row.stage) for row in rows]
    assert told == [
        ("04-01 08:30", "month_start"),
        ("04-03 08:30", "on_day"),
        ("04-07 08:30", "one_after"),
        ("04-09 08:30", "three_after"),
    ]
    assert stages(recipient=bureau.reviewer) == ["superior"]


def test_a_row_says_what_until_when_and_where(bureau):
    report = report_of(bureau.mine)
    assert write_dues(at=at(2026, 4, 1, 9)) == 2
    row = Due.objects.get(recipient=bureau.secretary)
    assert (row.key, row.room, row.subject, row.unit, row.deadline, row.link) == (
        f"report:{report.pk}:month_start:20260403:0:{bureau.secretary.pk}",
        "reports",
        "2026年3月月报",
        "芙蓉小学党支部",
        DUE,
        f"/reports/{report.pk}/",
    )


def test_a_superior_gets_to_the_report_in_the_admin(bureau):
    report = report_of(bureau.mine)
    write_dues(at=at(2026, 4, 14, 9))
    row = Due.objects.get(recipient=bureau.reviewer)
    assert (row.stage, row.link) == ("superior", f"/admin/review/{report.pk}/")


def test_nobody_is_reminded_before_the_period_has_ended(bureau):
    period_of(3, due_on=date(2026, 3, 31))
    assert write_dues(at=at(2026, 3, 31, 17)) == 0
    assert write_dues(at=at(2026, 4, 1, 8, 0)) == 0
    assert write_dues(at=at(2026, 4, 1, 8, 30)) == 2
    assert stages() == ["one_after", "one_after"]


def test_a_planned_period_owes_nothing(bureau):
    period_of(3, opened=False)
    assert write_dues(at=at(2026, 4, 3, 9)) == 0


def test_what_was_handed_in_is_not_reminded_of(bureau):
    submit(report_of(bureau.mine), bureau.secretary)
    write_dues(at=at(2026, 4, 3, 9))
    assert [row.recipient for row in Due.objects.all()] == [bureau.other_secretary]


def test_a_returned_report_is_reminded_of_at_later_steps_only(bureau):
    report = submit(report_of(bureau.mine), bureau.secretary)
    when = at(2026, 4, 7, 11)
    services.return_report(actor=bureau.officer, report=report, comments=[("", "请核")], at=when)
    mine = {"recipient": bureau.secretary}
    write_dues(at=at(2026, 4, 7, 12))
    assert stages(**mine) == ["returned"]
    write_dues(at=at(2026, 4, 9, 9))
    assert stages(**mine) == ["returned", "three_after"]
    assert Due.objects.get(stage="three_after", **mine).subject == "2026年3月月报（已退回，请修改）"


def test_a_moved_due_date_has_steps_of_its_own(bureau):
    period = report_of(bureau.mine).period
    write_dues(at=at(2026, 4, 3, 9))
    services.move_due_date(
        actor=bureau.officer,
        period=period,
        due_on=date(2026, 4, 10),
        reason="清明放假",
        at=at(2026, 4, 3, 10),
    )
    write_dues(at=at(2026, 4, 10, 9))
    waiting = {"recipient": bureau.secretary, "withdrawn_at": None}
    assert stages(**waiting) == ["change", "on_day"]


def test_a_vacant_post_is_told_to_the_superior(bureau):
    report = report_of(bureau.mine)
    bureau.secretary.roles.update(until=date(2026, 4, 1))
    bureau.deputy.roles.update(until=date(2026, 4, 1))
    write_dues(at=at(2026, 4, 3, 9))
    row = Due.objects.get(recipient=bureau.reviewer)
    assert (row.stage, row.link) == ("vacant", f"/admin/review/{report.pk}/")


def test_nobody_waits_for_a_closed_organisation(bureau):
    report_of(bureau.mine)
    bureau.mine.closed_on = date(2026, 4, 1)
    bureau.mine.save()
    write_dues(at=at(2026, 4, 3, 9))
    assert [row.recipient for row in Due.objects.all()] == [bureau.other_secretary]


def gone(when) -> list[str]:
    rows = list(Due.objects.all())
    stale = outdated(rows, when)
    return [row.stage for row in rows if row.pk in stale]


def test_waiting_rows_lose_their_point(bureau):
    report = report_of(bureau.mine)
    Report.objects.filter(organization=bureau.other).update(state="approved")
    write_dues(at=at(2026, 4, 3, 9))
    assert gone(at(2026, 4, 3, 9)) == []
    acting = RoleFactory(
        organization=bureau.mine, kind=RoleKind.ACTING_HEAD, since=date(2026, 4, 3)
    )
    assert gone(at(2026, 4, 3, 9)) == ["on_day"]
    acting.delete()
    period = report.period
    period.due_on = date(2026, 4, 10)
    period.save()
    assert gone(at(2026, 4, 3, 9)) == ["on_day"]
    period.due_on = DUE
    period.save()
    bureau.mine.closed_on = date(2026, 4, 3)
    bureau.mine.save()
    assert gone(at(2026, 4, 3, 9)) == ["on_day"]


def test_the_answer_to_a_correction_never_loses_its_point(bureau):
    report = submit(report_of(bureau.mine), bureau.secretary)
    services.approve_report(actor=bureau.officer, report=report, at=NOW)
    correction = services.ask_correction(
        actor=bureau.secretary, report=report, key="talk.times", new_value=1, reason="漏记", at=NOW
    )
    services.decide_correction(
        actor=bureau.officer, correction=correction, granted=True, answer="", at=NOW
    )
    assert gone(NOW) == []
    sweep(at=NOW, outdated=(outdated,))
    assert "「谈心谈话次数」更正申请已同意，改为 1" in bureau.secretary.digests.get().text


@pytest.mark.parametrize("more", [1, 3])
def test_the_queries_do_not_grow_with_the_schools(bureau, more, django_assert_num_queries):
    more_schools(bureau.root, more)
    report_of(bureau.mine)
    with django_assert_num_queries(11):
        assert write_dues(at=at(2026, 4, 3, 9)) == 2 + more


def test_periods_that_nobody_owes_are_not_looked_at(bureau, django_assert_num_queries):
    report_of(bureau.mine)
    Report.objects.update(state="approved")
    with django_assert_num_queries(2):
        assert write_dues(at=at(2026, 4, 3, 9)) == 0
