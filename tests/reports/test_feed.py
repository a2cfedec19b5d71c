"""The private calendar link: what stands in it of reports, and for whom."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calendar_events.services import make_feed
from organizations.choices import RoleKind
from reports.choices import PeriodState, ReportState
from reports.models import Period, Report
from reports.services import move_due_date
from tests.factories import RoleFactory
from tests.reports.builders import DUE, NOW, at, period_of, report_of, task_of

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def now():
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def link_of(user) -> str:
    _, token = make_feed(actor=user, at=NOW)
    return reverse("bureau:feed", args=[token])


def entries(address: str) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(Client().get(address).content).walk("VEVENT"))


def titles(address: str) -> list[str]:
    return [str(entry["SUMMARY"]) for entry in entries(address)]


def rings(entry) -> list[datetime]:
    midnight = datetime.combine(entry["DTSTART"].dt, time(), SHANGHAI)
    return [midnight + alarm["TRIGGER"].dt for alarm in entry.walk("VALARM")]


def test_a_secretary_gets_the_report_of_their_own_organisation_and_it_rings(bureau):
    report = report_of(bureau.mine)
    (entry,) = entries(link_of(bureau.secretary))
    assert str(entry["UID"]) == f"report-{report.pk}@127.0.0.1"
    assert (str(entry["SUMMARY"]), str(entry["STATUS"])) == ("2026年3月月报", "CONFIRMED")
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (DUE, DUE + timedelta(days=1))
    assert str(entry["URL"]).endswith(f"/reports/{report.pk}/")
    # Tuesday to Friday.
    assert rings(entry) == [datetime(2026, 3, 31, 9, tzinfo=SHANGHAI), at(2026, 4, 3, 9)]


@pytest.mark.parametrize(
    ("state", "words", "ringing"),
    [
        (ReportState.DRAFT, "2026年3月月报", True),
        (ReportState.RETURNED, "退回待改：2026年3月月报", True),
        (ReportState.SUBMITTED, "已提交：2026年3月月报", False),
        (ReportState.APPROVED, "已通过：2026年3月月报", False),
        (ReportState.WAIVED, "无需报送：2026年3月月报", False),
    ],
)
def test_only_what_waits_rings(bureau, state, words, ringing):
    report_of(bureau.mine, state=state)
    (entry,) = entries(link_of(bureau.secretary))
    waived = state == ReportState.WAIVED
    assert (str(entry["SUMMARY"]), bool(rings(entry))) == (words, ringing)
    assert str(entry["STATUS"]) == ("CANCELLED" if waived else "CONFIRMED")


def test_a_moved_due_date_keeps_the_identity_and_raises_the_sequence(bureau):
    report = report_of(bureau.mine)
    Report.objects.update(created_at=at(2026, 3, 1), updated_at=at(2026, 3, 1))
    Period.objects.update(updated_at=at(2026, 3, 1))
    address = link_of(bureau.secretary)
    (before,) = entries(address)
    move_due_date(
        actor=bureau.officer,
        period=report.period,
        due_on=date(2026, 4, 9),
        reason="放假",
        at=NOW,
    )
    (moved,) = entries(address)
    assert moved["UID"] == before["UID"]
    assert (before["DTSTART"].dt, moved["DTSTART"].dt) == (DUE, date(2026, 4, 9))
    assert before["SEQUENCE"] < moved["SEQUENCE"]
    assert before["LAST-MODIFIED"].dt < moved["LAST-MODIFIED"].dt


def test_reports_stand_among_the_tasks_in_order_of_days(bureau):
    report_of(bureau.mine)
    task_of(bureau.mine)
    assert titles(link_of(bureau.secretary)) == ["主题党日", "2026年3月月报"]


def test_what_is_long_past_or_not_open_yet_is_left_out(bureau):
    report_of(bureau.mine)
    period_of(11, year=2025)
    period_of(4, opened=False)
    assert titles(link_of(bureau.secretary)) == ["2026年3月月报"]
    assert titles(link_of(bureau.officer)) == ["2026年3月月报截止"]


@pytest.mark.parametrize("who", ["officer", "leader", "reviewer"])
def test_bureau_and_reviewers_get_the_due_date_until_the_period_is_final(bureau, who):
    period = period_of()
    address = link_of(getattr(bureau, who))
    (entry,) = entries(address)
    assert str(entry["UID"]) == f"period-{period.pk}@127.0.0.1"
    assert (str(entry["SUMMARY"]), len(rings(entry))) == ("2026年3月月报截止", 2)
    Period.objects.update(state=PeriodState.FINAL)
    (entry,) = entries(address)
    assert rings(entry) == []


def test_who_works_in_two_organisations_reads_whose_report_it_is(bureau):
    RoleFactory(user=bureau.secretary, organization=bureau.other, kind=RoleKind.ACTING_HEAD)
    RoleFactory(user=bureau.secretary, organization=bureau.root, kind=RoleKind.REVIEWER)
    period_of()
    assert sorted(titles(link_of(bureau.secretary))) == [
        "2026年3月月报（芙蓉小学党支部）",
        "2026年3月月报（荷花小学党支部）",
    ]


def test_it_costs_the_same_however_many_reports(bureau):
    address = link_of(bureau.secretary)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(address).status_code == 200
        return len(queries)

    report_of(bureau.mine)
    cost()
    one = cost()
    for month in (1, 2):
        report_of(bureau.mine, month)
    assert cost() == one
