"""How a year is cut: dates alone first, then what is kept of them."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import DomainError, ForbiddenError
from common.models import AuditEntry, WorkdayOverride
from notifications.models import Due, GroupText
from organizations.choices import RoleKind
from reports.choices import DueFrom, PeriodState
from reports.models import Period, PeriodPlan, Report
from reports.periods import chained, spans_of_year
from reports.services import (
    change_plan,
    ensure_periods,
    make_periods,
    move_due_date,
    open_due_periods,
    open_period,
)
from tests.factories import OrganizationFactory, RoleFactory, SchoolFactory, UserFactory
from tests.reports.builders import DUE, NOW, at, period_of, report_of

NEW_YEAR = at(2026, 1, 1)


def cut(first_day=1, joint=(), due_workday=3, due_from=DueFrom.NEXT_MONTH):
    return SimpleNamespace(
        first_day=first_day, joint=joint, due_workday=due_workday, due_from=due_from
    )


def spans(year=2026, **settings):
    return spans_of_year(year, cut(**settings), overrides={})


def days(period) -> tuple[date, date]:
    return period.starts_on, period.ends_on


@st.composite
def cuts(draw):
    """Any first day, any months reported together, any due date."""
    borders = sorted(draw(st.sets(st.integers(2, 12))))
    groups = zip([1, *borders], [*borders, 13], strict=True)
    joint = [list(range(first, after)) for first, after in groups if after - first > 1]
    return cut(
        first_day=draw(st.integers(1, 28)),
        joint=joint,
        due_workday=draw(st.integers(1, 15)),
        due_from=draw(st.sampled_from(DueFrom.values)),
    )


def assert_without_gap(found, *, after: date) -> None:
    for span in found:
        assert span.starts_on == after + timedelta(days=1)
        assert span.starts_on <= span.ends_on < span.due_on
        after = span.ends_on


# Pure dates ------------------------------------------------------------------------------------


def test_calendar_months_are_due_on_the_third_workday_of_the_next():
    march = spans()[2]
    assert days(march) == (date(2026, 3, 1), date(2026, 3, 31))
    assert march.due_on == date(2026, 4, 3)
    assert spans()[11].due_on == date(2027, 1, 6)


def test_from_the_26th_of_the_month_before():
    found = spans(first_day=26)
    assert days(found[0]) == (date(2025, 12, 26), date(2026, 1, 25))
    assert days(found[2]) == (date(2026, 2, 26), date(2026, 3, 25))
    assert found[2].due_on == date(2026, 4, 3)


def test_workdays_may_be_counted_from_the_end_of_the_period():
    march = spans(first_day=26, due_from=DueFrom.PERIOD_END)[2]
    assert march.due_on == date(2026, 3, 30)


def test_an_override_moves_the_due_date():
    found = spans_of_year(2026, cut(), overrides={date(2026, 4, 1): False})
    assert found[2].due_on == date(2026, 4, 7)


def test_joint_months_make_one_period():
    found = spans(joint=[[1, 2], [7, 8]])
    assert [span.months for span in found] == [
        "1—2月", "3月", "4月", "5月", "6月", "7—8月", "9月", "10月", "11月", "12月",
    ]  # fmt: skip
    assert days(found[0]) == (date(2026, 1, 1), date(2026, 2, 28))
    assert found[0].due_on == date(2026, 3, 4)


@pytest.mark.parametrize(
    "joint", [[[1]], [[1, 3]], [[2, 1]], [[1, 2], [2, 3]], [[12, 13]], [[0, 1]]]
)
def test_months_that_cant_be_joined_are_refused(joint):
    with pytest.raises(ValueError, match="joint months"):
        spans(joint=joint)


@given(first=cuts(), second=cuts(), year=st.integers(2020, 2035))
def test_two_years_follow_each_other_however_they_are_cut(first, second, year):
    one = spans_of_year(year, first, overrides={})
    assert_without_gap(one, after=one[0].starts_on - timedelta(days=1))
    two = chained(spans_of_year(year + 1, second, overrides={}), after_day=one[-1].ends_on)
    assert_without_gap(two, after=one[-1].ends_on)
    assert two[-1].last_month == 12


@given(old=cuts(), new=cuts(), opened=st.integers(1, 12))
def test_a_year_cut_anew_in_the_middle_has_neither_gap_nor_overlap(old, new, opened):
    settled = spans_of_year(2026, old, overrides={})[:opened]
    last = settled[-1]
    rest = chained(
        spans_of_year(2026, new, overrides={}),
        after_month=last.last_month,
        after_day=last.ends_on,
    )
    assert_without_gap(rest, after=last.ends_on)
    months = [
        month
        for span in (*settled, *rest)
        for month in range(span.first_month, span.last_month + 1)
    ]
    assert months == list(range(1, 13))


@pytest.mark.parametrize("first_day", [1, 26])
def test_two_years_cut_alike_are_not_changed_by_chaining(first_day):
    this, following = spans(2026, first_day=first_day), spans(2027, first_day=first_day)
    assert chained(following, after_day=this[-1].ends_on) == following


# Making and opening ----------------------------------------------------------------------------


def held(year=2026):
    rows = Period.objects.filter(year=year).order_by("first_month")
    return [(row.first_month, row.last_month, row.starts_on, row.ends_on) for row in rows]


@pytest.mark.django_db
def test_a_year_is_made_once():
    made = make_periods(actor=None, year=2026, at=NEW_YEAR)
    assert len(made) == 12
    keys = [period.pk for period in made]
    assert [period.pk for period in make_periods(actor=None, year=2026, at=NEW_YEAR)] == keys
    assert AuditEntry.objects.filter(verb="reports.make_periods").count() == 1


@pytest.mark.django_db
def test_periods_that_had_passed_when_the_portal_came_are_not_made():
    made = make_periods(actor=None, year=2026, at=at(2026, 11, 4))
    assert [period.first_month for period in made] == [11, 12]


@pytest.mark.django_db
def test_the_years_periods_come_by_themselves(django_assert_num_queries):
    assert [period.first_month for period in ensure_periods(at=at(2026, 11, 30))] == [11, 12]
    with django_assert_num_queries(1):
        assert ensure_periods(at=at(2026, 11, 30)) == []
    assert len(ensure_periods(at=at(2026, 12, 1))) == 12
    assert ensure_periods(at=at(2026, 12, 1)) == []


@pytest.mark.django_db
def test_a_new_year_is_cut_like_the_one_before():
    PeriodPlan.objects.create(year=2026, first_day=26, joint=[[1, 2]], due_workday=2)
    make_periods(actor=None, year=2026, at=NEW_YEAR)
    make_periods(actor=None, year=2027, at=at(2026, 12, 1))
    assert held(2027)[0] == (1, 2, date(2026, 12, 26), date(2027, 2, 25))
    plan = PeriodPlan.objects.get(year=2027)
    assert (plan.first_day, plan.joint, plan.due_workday) == (26, [[1, 2]], 2)


def plan_anew(actor, *, now=NEW_YEAR, year=2026, **settings):
    values = {"first_day": 1, "joint": [], "due_workday": 3, "due_from": DueFrom.NEXT_MONTH}
    return change_plan(actor=actor, year=year, at=now, **{**values, **settings})


def test_a_changed_plan_moves_unopened_periods_only(bureau):
    make_periods(actor=None, year=2026, at=NEW_YEAR)
    make_periods(actor=None, year=2027, at=NEW_YEAR)
    open_due_periods(actor=None, at=at(2026, 6, 10))
    before = held()[:6]
    plan_anew(bureau.officer, now=at(2026, 6, 10), first_day=26, joint=[[6, 7], [8, 9]])
    assert held() == [
        *before,
        (7, 7, date(2026, 7, 1), date(2026, 7, 25)),
        (8, 9, date(2026, 7, 26), date(2026, 9, 25)),
        (10, 10, date(2026, 9, 26), date(2026, 10, 25)),
        (11, 11, date(2026, 10, 26), date(2026, 11, 25)),
        (12, 12, date(2026, 11, 26), date(2026, 12, 25)),
    ]
    assert held(2027)[0] == (1, 1, date(2026, 12, 26), date(2027, 1, 31))


def test_changing_back_fills_the_days_left_over(bureau):
    plan_anew(bureau.officer, first_day=26)
    open_due_periods(actor=None, at=at(2026, 6, 10))
    plan_anew(bureau.officer, now=at(2026, 6, 10), first_day=1)
    assert held()[6] == (7, 7, date(2026, 6, 26), date(2026, 7, 31))


def test_a_due_date_follows_the_days_off_as_long_as_the_period_is_not_open(bureau):
    make_periods(actor=None, year=2026, at=NEW_YEAR)
    WorkdayOverride.objects.create(date=date(2026, 4, 1), is_workday=False)
    make_periods(actor=None, year=2026, at=NEW_YEAR)
    assert Period.objects.get(first_month=3).due_on == date(2026, 4, 7)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"first_day": 29}, "统计起始日"),
        ({"due_workday": 16}, "工作日"),
        ({"due_from": "x"}, "起算"),
        ({"joint": [[1, 3]]}, "相邻"),
    ],
)
def test_a_plan_that_cant_be_changes_nothing(bureau, settings, words):
    make_periods(actor=None, year=2026, at=NEW_YEAR)
    before = held()
    with pytest.raises(DomainError, match=words):
        plan_anew(bureau.officer, **settings)
    assert held() == before


@pytest.mark.parametrize("who", ["leader", "reviewer", "secretary", "auditor", "stranger"])
def test_only_officers_plan(bureau, who):
    with pytest.raises(ForbiddenError):
        plan_anew(getattr(bureau, who))


def test_an_officer_of_some_kinds_of_school_does_not_plan_for_all(bureau):
    user = UserFactory()
    RoleFactory(
        user=user, organization=bureau.root, kind=RoleKind.OFFICER, school_kinds=["primary"]
    )
    with pytest.raises(ForbiddenError):
        plan_anew(user)


def test_opening_freezes_who_is_expected(bureau):
    period = period_of(3, opened=False)
    assert open_period(actor=None, period=period, at=at(2026, 3, 1)) == 2
    OrganizationFactory(parent=bureau.root, school=SchoolFactory())
    assert open_period(actor=None, period=period, at=at(2026, 3, 2)) == 2
    expected = {report.organization for report in Report.objects.filter(period=period)}
    assert expected == {bureau.mine, bureau.other}
    period.refresh_from_db()
    assert (period.state, period.opened_at) == (PeriodState.OPEN, at(2026, 3, 1))


def test_who_exists_on_the_last_day_is_expected(bureau):
    """Founded or closed within the month: the day that counts is the period's last."""
    founded = OrganizationFactory(
        parent=bureau.root, school=SchoolFactory(), founded_on=date(2026, 3, 31)
    )
    later = OrganizationFactory(
        parent=bureau.root, school=SchoolFactory(), founded_on=date(2026, 4, 1)
    )
    bureau.other.placements.update(until=date(2026, 3, 31))
    period = period_of(3)
    expected = {report.organization for report in period.reports.all()}
    assert expected == {bureau.mine, founded}
    assert later not in expected


def test_a_branch_below_the_topmost_of_its_school_is_not_expected(bureau):
    school = bureau.mine.schools.get()
    OrganizationFactory(parent=bureau.mine, school=school)
    assert period_of(3).reports.count() == 2


def test_periods_open_on_their_first_day(bureau):
    PeriodPlan.objects.create(year=2026, first_day=26)
    assert open_due_periods(actor=None, at=at(2026, 2, 25)) == 1
    assert open_due_periods(actor=None, at=at(2026, 2, 25, 23)) == 0
    assert open_due_periods(actor=None, at=at(2026, 2, 26, 0, 5)) == 1
    opened = Period.objects.filter(state=PeriodState.OPEN).order_by("first_month")
    assert [period.first_month for period in opened] == [2, 3]


# Moving a due date -----------------------------------------------------------------------------


def test_a_moved_due_date_is_told_to_those_who_have_not_reported(bureau):
    report_of(bureau.other, state="submitted")
    period = report_of(bureau.mine).period
    move_due_date(
        actor=bureau.officer, period=period, due_on=date(2026, 4, 8), reason="清明放假", at=NOW
    )
    period.refresh_from_db()
    assert (DUE, period.due_on) == (date(2026, 4, 3), date(2026, 4, 8))
    due = Due.objects.get()
    assert (due.recipient, due.stage, due.subject) == (
        bureau.secretary,
        "change",
        "2026年3月月报截止日期由4月3日（周五）改为4月8日（周三）：清明放假",
    )
    text = GroupText.objects.get()
    assert "芙蓉小学党支部" in text.named
    assert "荷花" not in text.named
    assert "芙蓉" not in text.unnamed
    assert [call["name"] for call in text.calls] == ["secretary"]


@pytest.mark.parametrize(
    ("due_on", "reason", "words"),
    [
        (date(2026, 4, 3), "x", "不用调整"),
        (date(2026, 3, 30), "x", "不能早于"),
        (date(2026, 4, 8), " ", "请写明调整的原因"),
    ],
)
def test_a_due_date_that_cant_be_is_refused(bureau, due_on, reason, words):
    period = report_of(bureau.mine).period
    with pytest.raises(DomainError, match=words):
        move_due_date(actor=bureau.officer, period=period, due_on=due_on, reason=reason, at=NOW)
    assert not Due.objects.exists()


def test_the_due_date_of_a_planned_period_comes_from_the_plan(bureau):
    period = period_of(5, opened=False)
    with pytest.raises(DomainError, match="尚未开放"):
        move_due_date(
            actor=bureau.officer, period=period, due_on=date(2026, 6, 10), reason="x", at=NOW
        )
