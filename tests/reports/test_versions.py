"""Versions of a report: kept when returned or corrected, compared figure by figure."""

import re

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client

from activities.choices import RecordKind
from activities.models import Record
from common.jobs import execute
from common.models import AuditEntry, Job
from reports import services
from reports.choices import Outcome, ReportState
from reports.models import FormerVersion, Report
from reports.pdf import report_html
from reports.sheet import sheet_of
from reports.summaries import summary
from reports.versions import since_returned, versions_of
from tests.reports.builders import NOW, THEME_DAY, at, heads_of, record_of, report_of


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def held(bureau) -> Record:
    heads_of(bureau.mine, full=18)
    return record_of(
        bureau.mine, bureau.secretary, kind=RecordKind.THEME_DAY, entitled=20, present=18
    )


def submit(bureau, *, plans="", on=NOW) -> Report:
    return services.submit_report(
        actor=bureau.secretary,
        report=report_of(bureau.mine),
        problems="",
        plans=plans,
        reasons={},
        at=on,
    )


def send_back(bureau, *comments) -> Report:
    return services.return_report(
        actor=bureau.officer, report=report_of(bureau.mine), comments=comments, at=NOW
    )


def approve(bureau) -> Report:
    return services.approve_report(actor=bureau.officer, report=report_of(bureau.mine), at=NOW)


def correct(bureau, key, value, *, granted=True) -> Report:
    correction = services.ask_correction(
        actor=bureau.secretary,
        report=report_of(bureau.mine),
        key=key,
        new_value=value,
        reason="台账漏记",
        at=at(2026, 4, 8),
    )
    services.decide_correction(
        actor=bureau.officer,
        correction=correction,
        granted=granted,
        answer="见来函",
        at=at(2026, 4, 9),
    )
    return report_of(bureau.mine)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_granted_correction_makes_the_next_version_and_keeps_the_approved_one(bureau, held):
    submit(bureau)
    approve(bureau)
    report = correct(bureau, "theme_day.present", 19)
    assert report.version == 2
    former = report.former_versions.get()
    assert (former.number, former.outcome) == (1, Outcome.APPROVED)
    assert (former.reviewed_by, former.reviewed_at) == (bureau.officer, NOW)
    assert {key: value for key, value, *_ in former.figures}["theme_day.present"] == 18
    assert sheet_of(report).by_key["theme_day.present"].figure == 19
    newest, first = versions_of(report)
    assert [(each.label, each.old, each.new) for each in newest.comparison.changed] == [
        ("主题党日实到", "18 人次", "19 人次")
    ]
    assert (newest.current, newest.reason, first.current) == (True, "台账漏记", False)
    assert "同意更正" in newest.outcome
    assert "审核通过" in first.outcome


def test_each_correction_keeps_the_version_before_it_with_who_made_it(bureau, held):
    submit(bureau)
    approve(bureau)
    correct(bureau, "theme_day.present", 19)
    report = correct(bureau, "theme_day.present", 20)
    assert report.version == 3
    second = report.former_versions.get(number=2)
    assert second.reviewed_at == at(2026, 4, 9)
    assert [each.number for each in versions_of(report)] == [3, 2, 1]


def test_a_refused_correction_makes_no_version(bureau, held):
    submit(bureau)
    approve(bureau)
    report = correct(bureau, "theme_day.present", 19, granted=False)
    assert (report.version, report.former_versions.count()) == (1, 0)


def test_the_summary_goes_on_showing_what_changed_since_it_was_final(bureau, held):
    report = submit(bureau)
    approve(bureau)
    services.finalise_period(actor=bureau.officer, period=report.period, at=at(2026, 4, 7))
    report.period.refresh_from_db()
    correct(bureau, "theme_day.present", 19)
    assert summary(report.period, [bureau.mine.pk]).differences == 1


@pytest.mark.postgres
def test_what_was_kept_cannot_be_changed(bureau, held):
    submit(bureau)
    send_back(bureau, ("", "请核"))
    rows = FormerVersion.objects.all()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(problems="没有")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.delete()
    assert rows.get().problems == ""


def test_a_report_handed_in_again_shows_what_became_of_each_comment(bureau, held):
    submit(bureau, plans="开展学习")
    send_back(
        bureau,
        ("theme_day.entitled", "应到多了"),
        ("theme_day.present", "请核"),
        ("", "整体再核对一遍"),
    )
    Record.objects.filter(pk=held.pk).update(entitled=18)
    submit(bureau, plans="开展学习和家访")
    report = report_of(bureau.mine)
    found = since_returned(report, sheet_of(report))
    assert found.whole == "整体再核对一遍"
    assert [(each.label, each.old, each.new, each.changed) for each in found.commented] == [
        ("主题党日应到", "20 人次", "18 人次", True),
        ("主题党日实到", "18 人次", "18 人次", False),
    ]
    assert [(each.label, each.old, each.new) for each in found.others] == [
        ("八、下月打算", "开展学习", "开展学习和家访")
    ]
    assert found.words == "退回意见 2 项：已改动 1 项，未改动 1 项；另有 1 处没有意见的改动。"


def test_reviewer_and_school_see_the_same_comparison(bureau, held):
    submit(bureau)
    send_back(bureau, ("theme_day.entitled", "应到多了"), ("theme_day.present", "请核"))
    Record.objects.filter(pk=held.pk).update(entitled=18)
    back = words(client_of(bureau.secretary).get(f"/reports/{report_of(bureau.mine).pk}/"))
    report = submit(bureau)
    school = words(client_of(bureau.secretary).get(f"/reports/{report.pk}/"))
    desk = words(client_of(bureau.officer).get(f"/admin/review/{report.pk}/"))
    for page in (back, school, desk):
        assert "退回意见 2 项：已改动 1 项，未改动 1 项" in page
        assert "应到多了" in page
    approve(bureau)
    done = words(client_of(bureau.officer).get(f"/admin/review/{report.pk}/"))
    assert "对照退回意见" not in done


def test_comments_stay_with_their_round(bureau, held):
    submit(bureau)
    send_back(bureau, ("theme_day.entitled", "第一轮"))
    submit(bureau)
    send_back(bureau, ("theme_day.present", "第二轮"))
    report = submit(bureau)
    found = since_returned(report, sheet_of(report))
    assert [each.comment for each in found.commented] == ["第二轮"]
    said = [each.comments for each in versions_of(report)]
    assert said == [(), (("主题党日实到", "第二轮"),), (("主题党日应到", "第一轮"),)]


def test_a_reason_typed_again_is_no_change_while_the_school_has_it(bureau):
    services.submit_report(
        actor=bureau.secretary,
        report=report_of(bureau.mine),
        problems="",
        plans="",
        reasons={THEME_DAY: "外出学习"},
        at=NOW,
    )
    report = send_back(bureau, (THEME_DAY, "请补开"))
    found = since_returned(report, sheet_of(report))
    assert [(each.changed, each.old) for each in found.commented] == [(False, "0 次")]


def test_a_version_returned_before_versions_were_kept_is_not_compared(bureau, held):
    submit(bureau)
    report = report_of(bureau.mine, state=ReportState.RETURNED)
    assert since_returned(report, sheet_of(report)) is None
    assert versions_of(report) == []


def test_the_former_version_prints_what_it_said_and_by_which_it_was_replaced(bureau, held):
    submit(bureau, plans="原来的打算")
    approve(bureau)
    report = correct(bureau, "theme_day.present", 19)
    former = report.former_versions.get()
    old = report_html(report, reader=None, at=NOW, version=former)
    assert "第1版：" in old
    assert "以第2版为准" in old
    assert '<td class="figure">18</td>' in old
    assert "经更正，原为" not in old
    new = report_html(report, reader=None, at=NOW)
    assert "第2版：主题党日实到由18 人次改为19 人次" in new
    assert '<td class="figure">19</td>' in new


def test_a_former_version_is_printed_by_a_job_and_the_log_says_which(bureau, held):
    submit(bureau)
    approve(bureau)
    report = correct(bureau, "theme_day.present", 19)
    client_of(bureau.secretary).post(f"/reports/{report.pk}/versions/1/print/")
    job = Job.objects.get()
    execute(job_id=job.pk, at=NOW)
    job.refresh_from_db()
    assert job.result_name == f"{report}第1版.pdf"
    entry = AuditEntry.objects.filter(verb="reports.print").get()
    assert entry.after == {"version": 1}


def test_a_returned_version_is_read_and_not_printed(bureau, held):
    submit(bureau)
    report = send_back(bureau, ("", "请核"))
    client = client_of(bureau.officer)
    assert "旧版" in words(client.get(f"/admin/review/{report.pk}/versions/1/"))
    client.post(f"/admin/review/{report.pk}/versions/1/print/")
    assert Job.objects.count() == 0


def test_who_files_there_sees_the_list_and_another_school_does_not(bureau, held):
    submit(bureau)
    approve(bureau)
    report = correct(bureau, "theme_day.present", 19)
    page = words(client_of(bureau.clerk).get(f"/reports/{report.pk}/versions/"))
    assert "第 2 版 现行" in page
    assert "18 人次 → 本版 19 人次" in page
    other = client_of(bureau.other_secretary)
    for door in ("versions/", "versions/1/"):
        assert other.get(f"/reports/{report.pk}/{door}").status_code == 404
