"""The leader's page: its figures, their words and lists, the sheet, what the log says."""

import re
from datetime import date

import pytest
import time_machine

from activities.choices import RecordKind
from bureau.one_page.figures import one_page
from bureau.one_page.numbers import Done, numbers
from bureau.one_page.printing import STYLESHEETS, one_page_html
from calendar_events.choices import Handling, TaskState
from common.jobs import execute
from common.models import AuditEntry, Job
from common.pdf import render
from organizations.choices import RoleKind, SchoolKind
from organizations.models import HeadCount, Organization
from reports.choices import PeriodState, ReportState
from reports.models import Period, Report
from tests.calendar_events.builders import NOW, done, published_event, record_of, task_of
from tests.calendar_events.pages import client_of
from tests.factories import OrganizationFactory, RoleFactory, SchoolFactory, UserFactory
from tests.personas import build_bureau

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def bureau():
    return build_bureau()


def shown(bureau, who="leader", year=2026, month=3):
    return one_page(getattr(bureau, who), year, month, on=TODAY)


def period_of(month, *, due=date(2026, 3, 4), state=PeriodState.OPEN):
    return Period.objects.create(
        year=2026,
        first_month=month,
        last_month=month,
        starts_on=date(2026, month, 1),
        ends_on=date(2026, month, 28),
        due_on=due,
        state=state,
    )


def test_organisations_are_counted_by_kind_without_those_closed(bureau):
    OrganizationFactory(parent=bureau.root, closed_on=date(2026, 3, 1))
    figures = shown(bureau).by_key
    assert figures["organizations"].value == "4"
    assert figures["organizations.branch"].value == "2"
    assert figures["organizations"].sentence == (
        "截至2026年3月10日，全局共有党组织4个。"
        "（口径：截至当日已成立、未撤销的党组织，来源为党组织名册）"
    )


def test_members_are_the_last_counts_added_up_and_nobody_is_taken_for_none(bureau):
    for organization, on, full in (
        (bureau.mine, date(2026, 1, 1), 10),
        (bureau.mine, date(2026, 2, 1), 12),
        (bureau.mine, date(2026, 4, 1), 99),
        (bureau.other, date(2026, 1, 1), 5),
    ):
        HeadCount.objects.create(organization=organization, on=on, full=full)
    figures = shown(bureau).by_key
    assert figures["heads.full"].value == "17"
    assert "4个党组织中2个已登记" in figures["heads.full"].definition
    assert (figures["heads.activists"].value, figures["heads.activists"].known) == ("未建档", False)


def test_a_percentage_shows_its_arithmetic_and_is_never_rounded_up():
    assert Done(71, 83).percent == "85.5%"
    assert Done(1999, 2000).percent == "99.9%"
    assert Done(2, 2).percent == "100.0%"
    assert Done().percent == ""


def test_tasks_of_the_month_and_the_year_with_what_was_done_of_what_was_due(bureau):
    march, january = published_event("三月"), published_event("一月", month=1)
    april = published_event("四月", month=4)
    optional = published_event("选报", handling=Handling.OPTIONAL)
    done(bureau.mine, march, on=TODAY)
    task_of(bureau.other, march)
    task_of(bureau.mine, january)
    task_of(bureau.other, january, state=TaskState.CANCELLED)
    task_of(bureau.mine, april)
    task_of(bureau.mine, optional)
    figures = shown(bureau).by_key
    assert figures["tasks.month"].note == "办结 1 ÷ 应办 2 = 50.0%"
    assert figures["tasks.year"].note == "办结 1 ÷ 应办 3 = 33.3%"
    assert figures["tasks.late"].value == "1"


def test_nothing_due_is_said_in_words(bureau):
    figures = shown(bureau).by_key
    assert (figures["tasks.month"].value, figures["tasks.month"].note) == ("没有应办的", "")
    assert "没有应办的。（口径" in figures["tasks.month"].sentence
    assert figures["reports.month"].value == "还没有"


def test_reports_of_the_last_period_that_ended_and_of_the_year(bureau):
    january, february = period_of(1), period_of(2)
    march = period_of(3, due=date(2026, 4, 3))
    for period, mine, other in (
        (january, ReportState.APPROVED, ReportState.WAIVED),
        (february, ReportState.SUBMITTED, ReportState.RETURNED),
        (march, ReportState.DRAFT, ReportState.DRAFT),
    ):
        Report.objects.create(period=period, organization=bureau.mine, state=mine)
        Report.objects.create(period=period, organization=bureau.other, state=other)
    figures = shown(bureau).by_key
    assert figures["reports.month"].note == "报送 1 ÷ 应报 2 = 50.0%"
    assert figures["reports.month"].url == f"/admin/summary/{february.pk}/"
    assert figures["reports.year"].note == "报送 2 ÷ 应报 3 = 66.6%"
    assert figures["reports.late"].value == "1"


def test_who_is_late_stands_in_customary_order_whoever_is_later(bureau):
    first, second = sorted((bureau.mine, bureau.other), key=lambda each: (each.order, each.pk))
    january = published_event("一月", month=1)
    task_of(first, january)
    for title in ("二", "三"):
        task_of(second, published_event(title, month=2))
    late = numbers(bureau.leader, 2026, 3, on=TODAY).late
    assert [(each.label, each.words) for each in late] == [
        (first.label, "任务 1 项"),
        (second.label, "任务 2 项"),
    ]


def test_each_sees_the_figures_of_their_scope_and_whose_they_are(bureau):
    kindergarten = SchoolFactory(name="望湖幼儿园", kind=SchoolKind.KINDERGARTEN)
    OrganizationFactory(name="望湖幼儿园党支部", parent=bureau.root, school=kindergarten)
    limited = UserFactory(username="limited")
    RoleFactory(
        user=limited,
        organization=bureau.root,
        kind=RoleKind.OFFICER,
        office=bureau.office,
        school_kinds=[SchoolKind.KINDERGARTEN],
    )
    page = one_page(limited, 2026, 3, on=TODAY)
    assert (page.scope, page.by_key["organizations"].value) == ("分管范围内", "1")
    page = shown(bureau, "reviewer")
    assert (page.scope, page.by_key["organizations"].value) == ("所辖范围内", "2")
    assert shown(bureau, "officer").scope == "全局"


def test_activities_are_counted_and_a_tap_shows_them_in_the_scope(bureau):
    record_of(bureau.mine, bureau.secretary)
    record_of(bureau.mine, bureau.secretary, held_on=date(2026, 1, 5))
    record_of(bureau.other, bureau.other_secretary)
    record_of(bureau.mine, bureau.secretary, withdrawn_at=NOW)
    record_of(bureau.mine, bureau.secretary, held_on=date(2026, 3, 20))
    figure = shown(bureau).by_key[f"records.{RecordKind.THEME_DAY}"]
    assert (figure.value, figure.note) == ("2", "2026年1—3月共 3 次")
    everything = client_of(bureau.leader).get(figure.url).content.decode()
    assert "共 2 次" in everything
    below = client_of(bureau.reviewer).get(figure.url).content.decode()
    assert "共 1 次" in below
    assert bureau.other.label not in below


def test_rooms_that_are_not_there_yet_are_named_and_have_no_figure(bureau):
    assert shown(bureau).missing == ("转入", "转出", "班子变动")
    text = client_of(bureau.leader).get("/brief/").content.decode()
    assert "转入、转出、班子变动：平台还没有这几项的台账" in text


@pytest.mark.parametrize(
    "query", ["?year=2026&month=4", "?year=0&month=3", "?month=x", "?month=13"]
)
def test_a_month_that_cannot_be_is_todays(bureau, query):
    page = client_of(bureau.leader).get(f"/brief/{query}").context["page"]
    assert (page.year, page.month) == (2026, 3)


def test_every_list_behind_a_figure_opens_for_who_sees_the_figure(bureau):
    period = period_of(2)
    Report.objects.create(period=period, organization=bureau.mine)
    record_of(bureau.mine, bureau.secretary)
    task_of(bureau.mine)
    for who in ("leader", "officer", "reviewer"):
        client = client_of(getattr(bureau, who))
        for url in {each.url for each in shown(bureau, who).by_key.values()}:
            assert client.get(url).status_code == 200, (who, url)


def test_a_copied_figure_stands_in_the_log_with_its_sentence(bureau):
    client = client_of(bureau.leader)
    month = {"year": "2026", "month": "3"}
    assert client.post("/brief/copied/", {**month, "key": "organizations"}).status_code == 200
    entry = AuditEntry.objects.get(verb="bureau.copy_figure")
    assert entry.after["sentence"].startswith("截至2026年3月10日，全局共有党组织4个。")
    assert client.post("/brief/copied/", {**month, "key": "no"}).status_code == 400
    assert AuditEntry.objects.filter(verb="bureau.copy_figure").count() == 1


def test_the_sheet_is_printed_by_a_job_of_ones_own(bureau):
    client_of(bureau.leader).post("/brief/print/", {"year": "2026", "month": "2"})
    job = Job.objects.get()
    assert (job.owner, job.params) == (bureau.leader, {"year": 2026, "month": 2})
    execute(job_id=job.pk, at=NOW)
    job.refresh_from_db()
    assert (job.state, job.result_name) == ("done", "2026年2月党建工作一页纸.pdf")
    assert AuditEntry.objects.filter(verb="bureau.print_one_page").count() == 1


def test_the_sheet_stays_one_page_however_many_are_late(bureau):
    event = published_event("一月", month=1)
    for number in range(60):
        name = f"澄岚区第{number}实验学校附属小学联合幼儿园教工第一党支部"
        task_of(OrganizationFactory(name=name, short_name=name[:20], parent=bureau.root), event)
    for kind in RecordKind:
        record = record_of(bureau.mine, bureau.secretary)
        type(record).objects.filter(pk=record.pk).update(kind=kind)
    period = period_of(2)
    Report.objects.create(period=period, organization=bureau.mine)
    assert Organization.objects.count() == 64
    name = "中共栖江市澄岚经济技术开发区教育和体育局直属机关委员会"
    Organization.objects.filter(pk=bureau.root.pk).update(name=name)
    html = one_page_html(bureau.leader, 2026, 3, on=TODAY)
    assert render(html, stylesheets=STYLESHEETS).page_count == 1
    assert "共 61 个（按惯例顺序）" in html
    assert re.search(r"另有 \d+ 个", html)
