"""The school's pages of the monthly report, through their doors."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activities.choices import RecordKind
from common import drafts
from common.jobs import execute
from common.models import AuditEntry, Draft, Job
from organizations.choices import OrganizationKind
from reports import services
from reports.choices import CorrectionState, ReportState
from reports.models import Correction, Report
from tests.factories import OrganizationFactory, RoleFactory, UserFactory
from tests.reports.builders import (
    NOW,
    THEME_DAY,
    at,
    event_of,
    heads_of,
    period_of,
    record_of,
    report_of,
    task_of,
)

DOORS = ("", "prepare/", "print/", "correction/")


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def report(bureau) -> Report:
    return report_of(bureau.mine)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def get(user, report, door=""):
    return client_of(user).get(f"/reports/{report.pk}/{door}")


def post(user, report, door="", **data):
    return client_of(user).post(f"/reports/{report.pk}/{door}", data)


def text(response) -> str:
    return response.content.decode()


def hand_in(report, user, **typed):
    values = {"problems": "", "plans": "", "reasons": {THEME_DAY: "外出"}}
    return services.submit_report(actor=user, report=report, at=NOW, **{**values, **typed})


def approved(report, user, officer):
    hand_in(report, user)
    return services.approve_report(actor=officer, report=report, at=at(2026, 4, 2, 11))


# Who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("door", DOORS)
def test_without_login_every_door_leads_to_it(client, report, door):
    method = client.post if door == "print/" else client.get
    answer = method(f"/reports/{report.pk}/{door}")
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/login/")


@pytest.mark.parametrize("door", DOORS)
def test_another_schools_report_is_not_there(bureau, report, door):
    assert post(bureau.other_secretary, report, door).status_code == 404


@pytest.mark.parametrize("who", ["officer", "leader", "reviewer", "auditor", "stranger"])
def test_who_holds_no_school_role_is_told_so(bureau, report, who):
    assert get(getattr(bureau, who), report).status_code == 403
    assert post(getattr(bureau, who), report).status_code == 403


def test_who_is_above_reads_and_does_not_hand_in(bureau, report):
    above = UserFactory()
    RoleFactory(user=above, organization=bureau.mine.parent)
    page = get(above, report)
    assert (page.status_code, page.context.get("form")) == (200, None)
    assert "芙蓉小学党支部" in text(page)
    for door in ("", "prepare/", "correction/"):
        assert post(above, report, door, plans="x").status_code == 403
    assert Report.objects.get(pk=report.pk).state == ReportState.DRAFT


def test_a_clerk_does_not_hand_in(bureau, report):
    assert post(bureau.clerk, report, theme_day_reason="x").status_code == 403
    assert Report.objects.get(pk=report.pk).state == ReportState.DRAFT


@pytest.mark.parametrize(
    ("method", "door"), [("delete", ""), ("get", "print/"), ("put", "prepare/")]
)
def test_other_methods_are_refused(bureau, report, method, door):
    client = client_of(bureau.secretary)
    assert getattr(client, method)(f"/reports/{report.pk}/{door}").status_code == 405


# The list --------------------------------------------------------------------------------------


def test_the_list_shows_ones_own_reports(bureau, report):
    hand_in(report_of(bureau.mine, 2), bureau.secretary)
    page = client_of(bureau.secretary).get("/reports/")
    assert [str(each) for each in page.context["page"]] == [
        "芙蓉小学党支部 2026年3月月报",
        "芙蓉小学党支部 2026年2月月报",
    ]
    assert "2026年4月3日前提交" in text(page)
    assert "2026年4月2日提交" in text(page)


def test_an_empty_list_says_why(bureau):
    page = client_of(bureau.secretary).get("/reports/")
    assert "还没有月报" in text(page)
    below = UserFactory()
    branch = OrganizationFactory(parent=bureau.mine, kind=OrganizationKind.BRANCH)
    RoleFactory(user=below, organization=branch)
    assert "芙蓉小学党支部统一报送" in text(client_of(below).get("/reports/"))


def test_the_list_asks_the_same_number_of_queries_for_one_report_and_three(bureau, report):
    client = client_of(bureau.secretary)
    client.get("/reports/")

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get("/reports/")
        return len(found)

    once = queries()
    report_of(bureau.mine, 2)
    report_of(bureau.mine, 4)
    assert queries() == once


# The page --------------------------------------------------------------------------------------


def test_a_draft_shows_what_is_held_and_where_it_comes_from(bureau, report):
    heads_of(bureau.mine, full=18, probationary=0)
    record_of(bureau.mine, bureau.secretary, entitled=18, present=17)
    task_of(bureau.mine, event_of("民办学校述职"))
    shown = text(get(bureau.secretary, report))
    assert "统计周期 2026年3月1日—3月31日" in shown
    assert "请于 4月3日（周五）前提交" in shown
    assert "kind=theme_day&amp;from=2026-03-01&amp;to=2026-03-31" in shown
    assert "/month/?year=2026&amp;month=3" in shown
    assert "应到 18 人次，实到 17 人次；3月9日《学习活动》" in shown
    assert "还有 1 项任务未完成（「民办学校述职」）" in shown
    # 转入、转出、班子变动, and two heads nobody told.
    assert shown.count("未建档</span>") == 5
    assert "本期未开展主题党日的原因" not in shown


def test_handing_in_takes_one_tap(bureau, report):
    record_of(bureau.mine, bureau.secretary)
    seen = get(bureau.secretary, report).context["sheet"].fingerprint
    answer = post(bureau.secretary, report, problems="", plans="祭扫", seen=seen)
    assert (answer.status_code, answer.url) == (302, f"/reports/{report.pk}/?done=1")
    report.refresh_from_db()
    assert (report.state, report.plans) == (ReportState.SUBMITTED, "祭扫")
    page = client_of(bureau.secretary).get(answer.url)
    assert page.context["autosave_clear"] == f"report:{bureau.secretary.pk}:{report.pk}"
    assert "等待审核" in text(page)
    assert "确认无误，提交" not in text(page)


def test_a_missing_reason_is_asked_for_and_nothing_typed_is_lost(bureau, report):
    page = post(bureau.secretary, report, problems="问题甲", plans="打算乙")
    assert page.status_code == 200
    assert page.context["form"].errors == {
        "theme_day_reason": ["本期没有主题党日的记录：请写明原因，或先补一条记录"]
    }
    assert "问题甲" in text(page)
    assert "打算乙" in text(page)
    assert "data-autosave-unsaved" in text(page)
    assert post(bureau.secretary, report, theme_day_reason="外出").status_code == 302


def test_a_text_that_is_too_long_is_kept_and_counted(bureau, report):
    record_of(bureau.mine, bureau.secretary)
    page = post(bureau.secretary, report, problems="𬭎" * 301)
    assert page.context["form"].errors == {
        "problems": ["「七、问题与建议」最多 300 字，写了 301 字，请删减"]
    }
    assert "𬭎" * 301 in text(page)


def test_figures_that_changed_meanwhile_are_shown_before_they_are_confirmed(bureau, report):
    record_of(bureau.mine, bureau.secretary)
    seen = get(bureau.secretary, report).context["sheet"].fingerprint
    record_of(bureau.mine, bureau.clerk, kind=RecordKind.TALK)
    page = post(bureau.secretary, report, plans="祭扫", seen=seen)
    assert "您打开本页以后数据有变动" in text(page)
    fresh = page.context["sheet"].fingerprint
    assert f'name="seen" value="{fresh}"' in text(page)
    assert post(bureau.secretary, report, plans="祭扫", seen=fresh).status_code == 302


def test_who_comes_second_keeps_what_was_typed(bureau, report):
    record_of(bureau.mine, bureau.secretary)
    hand_in(report, bureau.deputy)
    page = post(bureau.secretary, report, problems="我写的问题", plans="")
    assert page.status_code == 200
    assert "现在是「已提交」，由deputy办理" in text(page)
    assert [row["value"] for row in page.context["unsent"]] == ["我写的问题"]
    assert 'id="report-form"' not in text(page)


def test_before_the_end_of_the_period_nothing_is_asked_yet(bureau):
    report = report_of(bureau.mine, 4)
    shown = text(get(bureau.secretary, report))
    assert "统计周期到4月30日结束" in shown
    assert "确认无误，提交" not in shown
    assert "主题党日的原因" not in shown
    assert "请留意" not in shown


def test_a_returned_report_says_what_where_and_what_changed(bureau, report):
    record_of(bureau.mine, bureau.secretary, entitled=18, present=17)
    task = task_of(bureau.mine)
    hand_in(report, bureau.secretary, problems="旧的问题")
    services.return_report(
        actor=bureau.officer,
        report=report,
        comments=[
            ("theme_day.present", "应到18人、实到17人，请核"),
            ("problems", "请写具体"),
            (f"task:{task.pk}", "请附理由"),
            ("", "整体不错"),
        ],
        at=NOW,
    )
    record_of(bureau.mine, bureau.secretary, kind=RecordKind.TALK, counters={"persons": 3})
    page = get(bureau.secretary, report)
    shown = text(page)
    life = next(each for each in page.context["sheet"].sections if each.key == "life")
    theme_day = next(row for row in life.groups if row.label == "主题党日")
    assert theme_day.comment == "实到：应到18人、实到17人，请核"
    assert (life.open, life.changed, page.context["sheet"].changes) == (True, True, 2)
    assert page.context["page"].commented == [
        ("主题党日实到", "应到18人、实到17人，请核"),
        ("七、问题与建议", "请写具体"),
        ("主题党日", "请附理由"),
    ]
    assert page.context["form"].initial["problems"] == "旧的问题"
    # Each at its field, and in the comparison with what was handed in.
    assert shown.count("退回意见：</strong>") == 6
    assert "整体不错" in shown
    assert "改好了，重新提交" in shown


def test_records_of_earlier_periods_are_named(bureau, report):
    hand_in(report_of(bureau.mine, 2), bureau.secretary)
    late = record_of(
        bureau.mine, bureau.secretary, held_on=date(2026, 2, 26), topic="观看警示教育片"
    )
    record_of(bureau.mine, bureau.secretary)

    def named(shown):
        return [
            "补录 1 条" in shown,
            "2026年2月26日 主题党日" in shown,
            f"/records/{late.pk}/" in shown,
        ]

    assert named(text(get(bureau.secretary, report))) == [True, True, True]
    hand_in(report, bureau.secretary)
    assert named(text(get(bureau.secretary, report))) == [True, True, True]
    row = report.figures.get(key=THEME_DAY)
    assert (row.value, row.text) == (2, "2月26日《观看警示教育片》（补录）；3月9日《学习活动》")


def test_an_approved_report_tells_how_it_came_and_leads_to_a_correction(bureau, report):
    approved(report, bureau.secretary, bureau.officer)
    page = get(bureau.secretary, report)
    assert [entry["what"] for entry in page.context["page"].entries] == ["审核通过", "提交"]
    assert f'href="/reports/{report.pk}/correction/"' in text(page)
    assert f'href="/reports/{report.pk}/correction/"' not in text(get(bureau.clerk, report))


def test_a_granted_correction_stands_beside_the_figure(bureau, report):
    approved(report, bureau.secretary, bureau.officer)
    correction = services.ask_correction(
        actor=bureau.secretary, report=report, key="talk.times", new_value=1, reason="漏记", at=NOW
    )
    services.decide_correction(
        actor=bureau.officer, correction=correction, granted=True, answer="", at=NOW
    )
    sheet = get(bureau.secretary, report).context["sheet"]
    assert (sheet.by_key["talk.times"].figure, sheet.by_key["talk.times"].note) == (
        1,
        "经更正，原为 0",
    )


def test_the_page_takes_the_same_queries_however_much_there_is(bureau, report):
    client = client_of(bureau.secretary)

    def queries():
        client.get(f"/reports/{report.pk}/")
        with CaptureQueriesContext(connection) as found:
            client.get(f"/reports/{report.pk}/")
        return len(found)

    def more(count):
        for number in range(count):
            record = record_of(
                bureau.mine, bureau.secretary, kind=RecordKind.TALK, counters={"persons": 1}
            )
            task_of(bureau.mine, event_of(f"{count}-{number}"), record=record, state="done")

    more(1)
    composed = queries()
    more(3)
    assert queries() == composed

    def one_round_more():
        services.return_report(
            actor=bureau.officer, report=report, comments=[("", "一"), ("plans", "二")], at=NOW
        )
        hand_in(report, bureau.secretary)

    hand_in(report, bureau.secretary)
    one_round_more()
    compared = queries()
    one_round_more()
    assert queries() == compared


# Drafts and a clerk's preparing ------------------------------------------------------------------


def typed_draft(user, report, *, when=NOW, **data):
    drafts.save(
        owner=user,
        key=f"report:{user.pk}:{report.pk}",
        version=0,
        data={name: [value] for name, value in data.items()},
        device="手机",
        at=when,
    )


def test_what_was_typed_comes_back_and_goes_with_the_submission(bureau, report):
    record_of(bureau.mine, bureau.secretary)
    typed_draft(bureau.secretary, report, plans="写了一半", when=at(2026, 4, 2, 9, 32))
    page = get(bureau.secretary, report)
    assert "写了一半" in text(page)
    assert "已自动保存 09:32" in text(page)
    post(bureau.secretary, report, plans="写完了")
    assert not Draft.objects.exists()


def test_a_clerks_text_reaches_the_secretary(bureau, report):
    record_of(bureau.mine, bureau.secretary)
    page = get(bureau.clerk, report)
    assert "保存，请书记确认提交" in text(page)
    assert "确认无误，提交" not in text(page)
    answer = post(bureau.clerk, report, "prepare/", problems="干事写的问题", plans="")
    assert answer.url == f"/reports/{report.pk}/?done=1"
    page = get(bureau.secretary, report)
    assert "干事写的问题" in text(page)
    assert "clerk于 2026年4月2日 10:00 备好文字" in text(page)


def test_a_clerk_need_not_know_the_reason(bureau, report):
    assert post(bureau.clerk, report, "prepare/", plans="x").status_code == 302
    answer = post(bureau.clerk, report, "prepare/", plans="x", theme_day_reason="外出实践")
    assert answer.status_code == 302
    page = get(bureau.secretary, report)
    assert page.context["form"].initial["theme_day_reason"] == "外出实践"


def test_ones_own_words_win_over_those_laid_before_and_both_are_offered(bureau, report):
    record_of(bureau.mine, bureau.secretary)
    typed_draft(bureau.secretary, report, plans="书记写的", when=at(2026, 4, 2, 9))
    post(bureau.clerk, report, "prepare/", plans="干事写的")
    page = get(bureau.secretary, report)
    assert page.context["form"].initial["plans"] == "书记写的"
    assert '<a href="?prepared=1">改用备好的文字</a>' in text(page)
    page = client_of(bureau.secretary).get(f"/reports/{report.pk}/?prepared=1")
    assert page.context["form"].initial["plans"] == "干事写的"


def test_preparing_what_was_handed_in_meanwhile_keeps_the_text(bureau, report):
    record_of(bureau.mine, bureau.secretary)
    hand_in(report, bureau.secretary)
    page = post(bureau.clerk, report, "prepare/", plans="干事写的")
    assert "刚刚已经提交" in text(page)
    assert [row["value"] for row in page.context["unsent"]] == ["干事写的"]
    assert Report.objects.get(pk=report.pk).plans == ""


def test_the_address_of_preparing_leads_back_to_the_report(bureau, report):
    assert get(bureau.clerk, report, "prepare/").url == f"/reports/{report.pk}/"


# Printing and corrections ------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["secretary", "clerk"])
def test_printing_is_a_job_of_ones_own(bureau, report, who):
    user = getattr(bureau, who)
    answer = post(user, report, "print/")
    job = Job.objects.get()
    assert (answer.url, job.owner, job.params) == (
        f"/jobs/{job.pk}/",
        user,
        {"report": report.pk},
    )
    assert AuditEntry.objects.filter(verb="reports.print", actor=user).count() == 1
    execute(job_id=job.pk, at=NOW)
    job.refresh_from_db()
    assert (job.state, job.result_name) == ("done", "芙蓉小学党支部 2026年3月月报.pdf")


def test_a_correction_is_asked_for_on_a_page(bureau, report):
    record_of(bureau.mine, bureau.secretary, entitled=18, present=17)
    approved(report, bureau.secretary, bureau.officer)
    page = get(bureau.secretary, report, "correction/")
    assert "主题党日实到（现为 17 人次）" in text(page)
    assert "正式党员（现为未建档）" in text(page)
    assert "转入" not in text(page)
    answer = post(
        bureau.secretary,
        report,
        "correction/",
        key="theme_day.present",
        new_value="18",
        reason="漏记一人",
    )
    assert answer.url == f"/reports/{report.pk}/"
    correction = Correction.objects.get()
    assert (correction.new_value, correction.reason, correction.state) == (
        18,
        "漏记一人",
        CorrectionState.ASKED,
    )
    page = get(bureau.secretary, report, "correction/")
    assert "主题党日实到：17 → 18" in text(page)
    assert "待处理" in text(page)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"new_value": "十八"}, "new_value"),
        ({"new_value": "-1"}, "new_value"),
        ({"new_value": ""}, "new_value"),
        ({"key": "transfers.in"}, "key"),
        ({"key": "' or 1=1"}, "key"),
        ({"reason": " "}, "reason"),
        ({"new_value": "19"}, "__all__"),
    ],
)
def test_a_correction_that_cant_be_says_where(bureau, report, typed, field):
    record_of(bureau.mine, bureau.secretary, entitled=18, present=17)
    approved(report, bureau.secretary, bureau.officer)
    data = {"key": "theme_day.present", "new_value": "18", "reason": "漏记", **typed}
    page = post(bureau.secretary, report, "correction/", **data)
    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
    assert not Correction.objects.exists()


def test_a_report_that_is_not_approved_has_no_correction(bureau, report):
    assert get(bureau.secretary, report, "correction/").url == f"/reports/{report.pk}/"


def test_a_clerk_does_not_ask_for_corrections(bureau, report):
    approved(report, bureau.secretary, bureau.officer)
    assert get(bureau.clerk, report, "correction/").status_code == 403


def test_two_months_together_are_named_so(bureau):
    period_of(1, last_month=2, ends_on=date(2026, 2, 28), due_on=date(2026, 3, 4))
    shown = text(get(bureau.secretary, report_of(bureau.mine, 1)))
    assert "2026年1—2月月报" in shown
    assert "请于 3月4日（周三）前提交，已过 29 天" in shown
