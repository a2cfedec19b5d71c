"""Closing, merging and reopening an organisation that still owes tasks and reports."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bureau import closing
from bureau.services import remind
from calendar_events.choices import TaskState
from common.errors import DomainError
from common.models import AuditEntry
from organizations.models import Organization, Role
from organizations.services import close_organization
from reports.choices import ReportState
from reports.models import Report
from reports.queries import standing
from reports.services import finalise_period, return_report
from reports.summaries import summary
from tests.calendar_events.builders import task_of
from tests.personas import build_bureau
from tests.reports.builders import period_of, report_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
ON, BASIS = date(2026, 3, 20), "澄教委〔2026〕9号"
NOW = timezone.make_aware(datetime(2026, 3, 23, 10))


@pytest.fixture
def bureau():
    return build_bureau()


@pytest.fixture
def owing(bureau):
    """Two tasks, of which one is done; a month handed in, one returned, one going on."""
    task_of(bureau.other, state=TaskState.DONE, completed_on=ON)
    task_of(bureau.other)
    report_of(bureau.other, 1, state="submitted")
    report_of(bureau.other, 2, state="returned")
    report_of(bureau.other, 3)
    return bureau


def close(bureau):
    return closing.close_organization(
        actor=bureau.officer, organization=bureau.other, on=ON, basis=BASIS, at=NOW
    )


def states(organization):
    rows = Report.objects.filter(organization=organization).order_by("period__starts_on")
    return list(rows.values_list("state", flat=True))


def test_nobody_is_left_with_what_cannot_be_done(owing):
    march = period_of(4, opened=False)  # a month that opens later
    expected = standing(owing.officer, Report.objects.last().period).expected
    close(owing)
    tasks = owing.other.tasks.order_by("pk").values_list("state", flat=True)
    assert list(tasks) == [TaskState.DONE, TaskState.CANCELLED]
    assert states(owing.other) == ["submitted", "waived", "waived"]
    report = Report.objects.filter(organization=owing.other).first()
    assert report.waived_reason == "荷花小学党支部已于 2026-03-20 撤销（澄教委〔2026〕9号）"
    counts = standing(owing.officer, report.period)
    assert (counts.expected, counts.waived) == (expected - 1, 1)
    row = next(
        row
        for row in summary(report.period, Organization.objects.all()).rows
        if row.report_id == report.pk
    )
    assert (row.unreported, row.expected) == ("无需报送", False)
    assert march.reports.count() == 0
    entry = AuditEntry.objects.get(verb="reports.waive_closed")
    assert (entry.actor, len(entry.object_ids)) == (owing.officer, 2)
    assert entry.object_type == "reports.report"


def test_what_was_handed_in_is_not_sent_back_to_a_closed_organisation(owing):
    close(owing)
    waiting = Report.objects.get(organization=owing.other, state=ReportState.SUBMITTED)
    with pytest.raises(DomainError, match="没有人能再修改；核对后请通过"):
        return_report(actor=owing.officer, report=waiting, comments=[("", "请核")], at=NOW)


def test_the_round_of_reminders_settles_what_was_closed_elsewhere(owing):
    close_organization(actor=None, organization=owing.other, on=ON, basis=BASIS)
    remind(at=NOW)
    remind(at=NOW)
    assert states(owing.other)[1:3] == ["waived", "waived"]
    assert AuditEntry.objects.get(verb="reports.waive_closed").actor_label == "系统"


def test_a_merger_settles_the_same(owing):
    closing.merge_organization(
        actor=owing.officer,
        organization=owing.other,
        into=owing.mine,
        on=ON,
        basis=BASIS,
        campus="",
        at=NOW,
    )
    assert closing.reports_to_review(owing.other) == [
        "1 份月报已提交，请照常审核；撤销后不能再退回。"
    ]


def test_a_mistaken_closing_is_taken_back(owing):
    february = Report.objects.get(organization=owing.other, state="returned").period
    close(owing)
    finalise_period(actor=owing.officer, period=february, at=NOW)
    closed = Organization.objects.get(pk=owing.other.pk)
    again = closing.reopen_organization(
        actor=owing.officer, organization=closed, basis="更正", at=NOW + timedelta(hours=1)
    )
    assert (again, states(owing.other)) == (1, ["submitted", "waived", "draft"])
    assert Organization.objects.open_on(ON).filter(pk=owing.other.pk).exists()
    placement = owing.other.placements.get()
    assert (placement.until, placement.path) == (None, closed.path)
    assert not Role.objects.current(ON).filter(organization=owing.other).exists()
    with pytest.raises(DomainError, match="没有撤销，不用恢复"):
        closing.reopen_organization(actor=owing.officer, organization=closed, basis="再", at=NOW)


def test_the_merged_school_comes_back_with_it(bureau):
    closing.merge_organization(
        actor=bureau.officer,
        organization=bureau.other,
        into=bureau.mine,
        on=ON,
        basis=BASIS,
        campus="",
        at=NOW,
    )
    closed = Organization.objects.get(pk=bureau.other.pk)
    closing.reopen_organization(actor=bureau.officer, organization=closed, basis="更正", at=NOW)
    assert bureau.other.schools.get().closed_on is None


def test_the_page_tells_in_numbers_and_does_it(owing, client):
    client.force_login(owing.officer)
    address = reverse("admin:organizations_organization_close", args=[owing.other.pk])
    page = client.post(address, {"on": "2026-03-20", "basis": BASIS})
    told = page.context["changes"]
    assert "未办结的任务 1 项（主题党日），将取消。" in told
    assert any("未报的月报 2 份（2026年2月月报、2026年3月月报）" in line for line in told)
    client.post(address, {"on": "2026-03-20", "basis": BASIS, "confirmed": "1"})
    assert states(owing.other) == ["submitted", "waived", "waived"]
    page = client.get(reverse("admin:organizations_organization_change", args=[owing.other.pk]))
    assert [each["path"] for each in page.context["actions_detail"]] == [
        reverse("admin:organizations_organization_reopen", args=[owing.other.pk])
    ]
    address = reverse("admin:organizations_organization_reopen", args=[owing.other.pk])
    told = client.post(address, {"basis": "更正"}).context["changes"]
    assert "因撤销而无需报送的月报有 2 份恢复为待填报；已定稿的月份不变。" in told
    client.post(address, {"basis": "更正", "confirmed": "1"})
    owing.other.refresh_from_db()
    assert owing.other.closed_on is None
