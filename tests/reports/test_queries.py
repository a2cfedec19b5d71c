"""The lists and sums of reports: scope, order, 合计, 与定稿差."""

from datetime import date

import pytest

from organizations.choices import RoleKind
from organizations.models import Organization
from reports import services
from reports.lines import SECTIONS
from reports.models import Report, ReportFigure
from reports.queries import (
    current_report,
    open_corrections,
    reported_by,
    review_queue,
    school_reports,
    standing,
)
from reports.summaries import summary
from tests.calendar_events.builders import more_schools
from tests.factories import OrganizationFactory, RoleFactory, UserFactory
from tests.reports.builders import NOW, THEME_DAY, heads_of, record_of, report_of

VALUES = ("heads.full", THEME_DAY, "theme_day.present", "talk.persons")


def hand_in(organization, user, *, month=3):
    return services.submit_report(
        actor=user,
        report=report_of(organization, month),
        problems="",
        plans="",
        reasons={THEME_DAY: "外出"},
        at=NOW,
    )


def everybody() -> list[int]:
    return list(Organization.objects.values_list("pk", flat=True))


def figures(row, whole, *, keys=VALUES):
    places = {line.key: at for at, line in enumerate(whole.lines)}
    return [row.cells[places[key]].value for key in keys] if row.cells else []


@pytest.fixture
def march(bureau):
    """Mine has handed in 18 heads and a theme day of 0 present; the other has nothing yet."""
    heads_of(bureau.mine, full=18)
    heads_of(bureau.other, full=5)
    record_of(bureau.mine, bureau.secretary, entitled=18, present=0)
    return hand_in(bureau.mine, bureau.secretary).period


def test_the_summary_adds_up_what_was_handed_in(bureau, march):
    whole = summary(march, everybody())
    mine, other = whole.rows
    assert (mine.label, mine.state, figures(mine, whole)) == (
        "芙蓉小学党支部",
        "已提交",
        [18, 1, 0, 0],
    )
    assert (other.label, other.cells, other.unreported) == ("荷花小学党支部", (), "未报")
    assert whole.reported == 1
    hand_in(bureau.other, bureau.other_secretary)
    whole = summary(march, everybody())
    total = {line.key: cell.value for line, cell in zip(whole.lines, whole.total, strict=True)}
    assert [total[key] for key in VALUES] == [23, 1, 0, 0]
    assert total["heads.activists"] is None
    assert [line.key for line in whole.lines if not line.recorded] == []


def test_the_summary_stands_in_customary_order(bureau, march):
    Organization.objects.filter(pk=bureau.other.pk).update(order=0)
    Organization.objects.filter(pk=bureau.mine.pk).update(order=9)
    assert [row.label for row in summary(march, everybody()).rows] == [
        "荷花小学党支部",
        "芙蓉小学党支部",
    ]


def test_the_summary_holds_the_organisations_asked_for_only(bureau, march):
    assert [row.label for row in summary(march, [bureau.other.pk]).rows] == ["荷花小学党支部"]
    assert summary(march, []).rows == ()
    assert summary(march, []).total == ()


def test_a_section_is_a_part_of_the_columns(bureau, march):
    whole = summary(march, everybody())
    parts = [whole.section(key) for key in SECTIONS]
    assert [line for part in parts for line in part.lines] == list(whole.lines)
    assert [cell for part in parts for cell in part.rows[0].cells] == list(whole.rows[0].cells)
    assert parts[0].rows[0].report_id == whole.rows[0].report_id
    assert parts[0].rows[1].cells == ()


def test_what_differs_from_the_final_summary_is_marked(bureau, march):
    assert summary(march, everybody()).differences == 0
    services.finalise_period(actor=bureau.officer, period=march, at=NOW)
    assert summary(march, everybody()).differences == 0
    ReportFigure.objects.filter(key="theme_day.present").update(value=17)
    hand_in(bureau.other, bureau.other_secretary)
    whole = summary(march, everybody())
    places = {line.key: at for at, line in enumerate(whole.lines)}
    mine, other = whole.rows
    changed = mine.cells[places["theme_day.present"]]
    assert (changed.value, changed.final, changed.differs) == (17, 0, True)
    assert not mine.cells[places["heads.full"]].differs
    came_later = other.cells[places["heads.full"]]
    assert (came_later.value, came_later.final_text, came_later.differs) == (5, "—", True)
    total = whole.total[places["heads.full"]]
    assert (total.value, total.final, total.differs) == (23, 18, True)


def test_one_that_is_back_with_the_school_after_that_shows_what_was_final(bureau, march):
    services.finalise_period(actor=bureau.officer, period=march, at=NOW)
    report = Report.objects.get(organization=bureau.mine)
    services.return_report(actor=bureau.officer, report=report, comments=[("", "请核")], at=NOW)
    whole = summary(march, everybody())
    row = whole.rows[0]
    assert (row.handed_in, row.state, whole.reported) == (False, "已退回", 0)
    assert (row.cells[0].text, row.cells[0].final_text) == ("—", "18")


def test_a_closed_organisation_that_did_not_report_says_so(bureau, march):
    Organization.objects.filter(pk=bureau.other.pk).update(closed_on=date(2026, 4, 1))
    services.waive_closed(at=NOW)
    assert summary(march, everybody()).rows[1].unreported == "无需报送"


@pytest.mark.parametrize("count", [1, 3, 60])
def test_the_summary_takes_three_queries_at_most(bureau, march, count, django_assert_num_queries):
    for organization in more_schools(bureau.root, count):
        Report.objects.create(period=march, organization=organization, state="submitted")
    ids = everybody()
    with django_assert_num_queries(2):
        assert len(summary(march, ids).rows) == 2 + count
    services.finalise_period(actor=bureau.officer, period=march, at=NOW)
    with django_assert_num_queries(3):
        summary(march, ids)


# Lists -----------------------------------------------------------------------------------------


def test_the_standing_counts_within_the_scope(bureau, march):
    counted = standing(bureau.officer, march)
    assert (counted.expected, counted.submitted, counted.approved, counted.missing) == (2, 1, 0, 1)
    assert standing(bureau.reviewer, march).expected == 1
    assert standing(bureau.auditor, march).expected == 0


def test_the_queue_holds_what_waits_in_ones_scope_the_oldest_first(bureau, march):
    first = Report.objects.get(organization=bureau.mine)
    second = hand_in(bureau.other, bureau.other_secretary)
    Report.objects.filter(pk=second.pk).update(submitted_at=NOW.replace(day=1))
    assert list(review_queue(bureau.officer)) == [second, first]
    assert list(review_queue(bureau.reviewer)) == [first]
    assert list(review_queue(bureau.auditor)) == []
    limited = UserFactory()
    RoleFactory(
        user=limited, organization=bureau.root, kind=RoleKind.OFFICER, school_kinds=["senior"]
    )
    assert list(review_queue(limited)) == []


def test_open_corrections_are_counted_in_ones_scope(bureau, march):
    report = Report.objects.get(organization=bureau.mine)
    services.approve_report(actor=bureau.officer, report=report, at=NOW)
    services.ask_correction(
        actor=bureau.secretary, report=report, key="talk.times", new_value=1, reason="漏记", at=NOW
    )
    assert [open_corrections(user) for user in (bureau.officer, bureau.reviewer)] == [1, 1]
    assert open_corrections(bureau.other_secretary) == 0


def test_a_school_has_its_own_reports_the_newest_first(bureau):
    february = report_of(bureau.mine, 2)
    march = report_of(bureau.mine, 3)
    assert list(school_reports(bureau.mine)) == [march, february]
    assert current_report(bureau.mine) == february
    Report.objects.filter(pk=february.pk).update(state="approved")
    assert current_report(bureau.mine) == march
    Report.objects.filter(pk=march.pk).update(state="submitted")
    assert current_report(bureau.mine) == march
    assert current_report(bureau.root) is None


def test_a_branch_is_reported_by_the_one_above_it(bureau):
    branch = OrganizationFactory(parent=OrganizationFactory(parent=bureau.mine))
    today = date(2026, 4, 2)
    assert reported_by(branch, on=today) == bureau.mine
    assert reported_by(bureau.mine, on=today) is None
    assert reported_by(bureau.root, on=today) is None
