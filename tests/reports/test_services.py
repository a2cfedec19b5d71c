"""Handing in, returning, approving, correcting, 定稿: who may, from which state, what is kept."""

from datetime import date

import pytest

from activities.choices import RecordKind
from calendar_events.choices import TaskState
from common.errors import ConflictError, DomainError, ForbiddenError
from common.models import AuditEntry
from notifications.models import Due
from notifications.services import sweep
from organizations.choices import RoleKind
from reports import due
from reports.choices import CorrectionState, PeriodState, ReportState
from reports.composition import compose
from reports.models import Comment, Correction, FinalFigure, Period, Report, ReportFigure
from reports.services import (
    approve_report,
    ask_correction,
    decide_correction,
    ensure_periods,
    finalise_period,
    open_due_periods,
    prepare_report,
    return_report,
    submit_report,
)
from tests.factories import RoleFactory, UserFactory
from tests.personas import build_bureau
from tests.reports.builders import (
    NOW,
    THEME_DAY,
    at,
    event_of,
    heads_of,
    race,
    record_of,
    report_of,
    task_of,
)

pytestmark = pytest.mark.postgres
TYPED = {"problems": " 时间难统一。\r\n二、 ", "plans": "祭扫", "reasons": {THEME_DAY: "外出实践"}}


def submit(report, actor, *, now=NOW, **changes):
    return submit_report(actor=actor, report=report, at=now, **{**TYPED, **changes})


def returned(report, actor, *comments):
    said = comments or [("", "请核")]
    return return_report(actor=actor, report=report, comments=said, at=NOW)


@pytest.fixture
def report(bureau) -> Report:
    return report_of(bureau.mine)


@pytest.fixture
def approved(bureau, report) -> Report:
    record_of(bureau.mine, bureau.secretary, entitled=18, present=17)
    submit(report, bureau.secretary)
    return approve_report(actor=bureau.officer, report=report, at=NOW)


def state_of(report) -> str:
    return Report.objects.get(pk=report.pk).state


# Handing in ------------------------------------------------------------------------------------


def test_submitting_freezes_what_is_held(bureau, report):
    heads_of(bureau.mine, full=18)
    record = record_of(bureau.mine, bureau.secretary, entitled=18, present=17)
    task = task_of(
        bureau.mine, event_of("例会"), state=TaskState.NOT_APPLICABLE, reason="无此项业务"
    )
    submit(report, bureau.secretary)
    record.present = 3
    record.save()
    assert (report.state, report.version, report.submitted_by, report.submitted_at) == (
        ReportState.SUBMITTED,
        1,
        bureau.secretary,
        NOW,
    )
    assert (report.problems, report.plans, report.reasons) == (
        "时间难统一。\n二、",
        "祭扫",
        {THEME_DAY: "外出实践"},
    )
    assert (report.head_label, report.filler_label) == ("secretary", "secretary")
    values = dict(report.figures.values_list("key", "value"))
    assert [values[key] for key in (THEME_DAY, "theme_day.present", "heads.full")] == [1, 17, 18]
    assert values["heads.probationary"] is None
    assert values["transfers.in"] is None
    assert not report.figures.get(key="transfers.in").recorded
    told = report.figures.get(key=f"task:{task.pk}")
    assert told.text.split("\t") == ["例会", "not_applicable", "", "无此项业务"]
    assert list(report.records.all()) == [record]
    entry = AuditEntry.objects.get(verb="reports.submit")
    assert (entry.actor, entry.before["state"], entry.after["state"]) == (
        bureau.secretary,
        "draft",
        "submitted",
    )


def test_the_head_is_the_one_who_acts_on_the_day_of_handing_in(bureau, report):
    acting = UserFactory(name="李某")
    RoleFactory(
        user=acting, organization=bureau.mine, kind=RoleKind.ACTING_HEAD, since=date(2026, 4, 1)
    )
    submit(report, acting)
    assert (report.head_label, report.filler_label) == ("李某（主持工作）", "李某")


@pytest.mark.parametrize("who", ["secretary", "deputy"])
def test_a_secretary_and_a_deputy_hand_in(bureau, report, who):
    submit(report, getattr(bureau, who))
    assert state_of(report) == ReportState.SUBMITTED


@pytest.mark.parametrize(
    "who", ["clerk", "other_secretary", "officer", "leader", "reviewer", "auditor", "stranger"]
)
def test_nobody_else_hands_in(bureau, report, who):
    with pytest.raises(ForbiddenError):
        submit(report, getattr(bureau, who))
    assert state_of(report) == ReportState.DRAFT


def test_before_its_last_day_a_period_cant_be_reported(bureau, report):
    with pytest.raises(DomainError, match="3月31日才结束"):
        submit(report, bureau.secretary, now=at(2026, 3, 30, 23, 59))
    submit(report, bureau.secretary, now=at(2026, 3, 31, 0, 1))


def test_no_theme_day_needs_a_word_why(bureau, report):
    with pytest.raises(DomainError, match="本期没有「主题党日」的记录"):
        submit(report, bureau.secretary, reasons={THEME_DAY: "  "})
    assert (state_of(report), report.figures.count()) == (ReportState.DRAFT, 0)
    submit(report, bureau.secretary)
    assert report.figures.get(key=THEME_DAY).text == "本期未开展：外出实践"


def test_a_reason_that_is_not_needed_is_not_printed(bureau, report):
    record_of(bureau.mine, bureau.secretary)
    submit(report, bureau.secretary)
    assert report.figures.get(key=THEME_DAY).text == "3月9日《学习活动》"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"problems": "问" * 301}, "「七、问题与建议」写了 301 字，最多 300 字"),
        ({"plans": "打" * 305}, "「八、下月打算」写了 305 字"),
        ({"reasons": {THEME_DAY: "因" * 101}}, "「未开展的原因」写了 101 字"),
    ],
)
def test_texts_that_are_too_long_are_refused(bureau, report, typed, words):
    with pytest.raises(DomainError, match=words):
        submit(report, bureau.secretary, **typed)
    assert state_of(report) == ReportState.DRAFT


def test_300_characters_fit_rare_ones_counted_once(bureau, report):
    submit(report, bureau.secretary, problems="𬭎" * 299 + "\r\n")
    assert report.problems == "𬭎" * 299


def test_figures_that_changed_since_they_were_seen_are_shown_again(bureau, report):
    seen = compose(report).fingerprint
    record_of(bureau.mine, bureau.clerk)
    with pytest.raises(ConflictError, match="数据有变动"):
        submit(report, bureau.secretary, seen=seen)
    assert (state_of(report), report.figures.count()) == (ReportState.DRAFT, 0)
    submit(report, bureau.secretary, seen=compose(report).fingerprint)


def test_a_second_time_says_who_was_first(bureau, report):
    stale = Report.objects.get(pk=report.pk)
    submit(report, bureau.secretary)
    with pytest.raises(ConflictError, match="现在是「已提交」，由secretary办理"):
        submit(stale, bureau.deputy)
    assert (state_of(report), report.version) == (ReportState.SUBMITTED, 1)


def test_waiting_reminders_are_withdrawn_with_it(bureau, report):
    due.write_dues(at=at(2026, 4, 3, 9))
    assert Due.objects.filter(withdrawn_at=None).count() == 2
    submit(report, bureau.secretary, now=at(2026, 4, 3, 9, 5))
    left = Due.objects.get(withdrawn_at=None)
    assert left.recipient == bureau.other_secretary


# Preparing -------------------------------------------------------------------------------------


def test_a_clerk_lays_texts_before_the_secretary(bureau, report):
    prepare_report(actor=bureau.clerk, report=report, at=NOW, **TYPED)
    report = Report.objects.get(pk=report.pk)
    assert (report.state, report.problems, report.prepared_by, report.prepared_at) == (
        ReportState.DRAFT,
        "时间难统一。\n二、",
        bureau.clerk,
        NOW,
    )
    assert not report.figures.exists()


@pytest.mark.parametrize("who", ["other_secretary", "officer", "reviewer", "auditor", "stranger"])
def test_nobody_from_elsewhere_prepares(bureau, report, who):
    with pytest.raises(ForbiddenError):
        prepare_report(actor=getattr(bureau, who), report=report, at=NOW, **TYPED)


def test_what_is_handed_in_is_not_prepared_any_more(bureau, report):
    submit(report, bureau.secretary)
    with pytest.raises(ConflictError, match="刚刚已经提交"):
        prepare_report(actor=bureau.clerk, report=report, at=NOW, **{**TYPED, "plans": "x"})
    assert Report.objects.get(pk=report.pk).plans == "祭扫"


# Reviewing -------------------------------------------------------------------------------------


def test_a_return_says_what_at_the_field_and_tells_the_school(bureau, report):
    task = task_of(bureau.mine)
    submit(report, bureau.secretary)
    returned(
        report,
        bureau.reviewer,
        ("theme_day.present", "应到18人、实到21人，请核"),
        ("problems", "请写具体"),
        (f"task:{task.pk}", "请附理由"),
        ("plans", "   "),
    )
    assert (report.state, report.reviewed_by, report.reviewer_label) == (
        ReportState.RETURNED,
        bureau.reviewer,
        "reviewer",
    )
    said = [(each.key, each.text, each.version, each.author) for each in report.comments.all()]
    assert said == [
        ("theme_day.present", "应到18人、实到21人，请核", 1, bureau.reviewer),
        ("problems", "请写具体", 1, bureau.reviewer),
        (f"task:{task.pk}", "请附理由", 1, bureau.reviewer),
    ]
    row = Due.objects.get()
    assert (row.key, row.recipient, row.stage, row.link) == (
        f"report:{report.pk}:returned:1:{bureau.secretary.pk}",
        bureau.secretary,
        "returned",
        f"/reports/{report.pk}/",
    )
    assert row.subject == "2026年3月月报：应到18人、实到21人，请核；请写具体；请附理由"


def test_a_returned_report_enters_the_digest_once(bureau, report):
    submit(report, bureau.secretary)
    returned(report, bureau.officer)
    counts = sweep(at=at(2026, 4, 2, 10, 5), outdated=(due.outdated,))
    assert (counts.digests, counts.withdrawn) == (1, 0)
    assert "〔已退回〕2026年3月月报：请核" in bureau.secretary.digests.get().text


def test_the_superior_is_told_where_nobody_answers(bureau, report):
    submit(report, bureau.secretary)
    bureau.secretary.roles.update(until=date(2026, 4, 1))
    bureau.deputy.roles.update(until=date(2026, 4, 1))
    returned(report, bureau.officer)
    row = Due.objects.get()
    assert (row.recipient, row.link) == (bureau.reviewer, f"/admin/review/{report.pk}/")


def test_a_corrected_report_is_handed_in_again(bureau, report):
    record_of(bureau.mine, bureau.secretary, entitled=18, present=18)
    submit(report, bureau.secretary)
    returned(report, bureau.officer)
    record_of(bureau.mine, bureau.secretary, kind=RecordKind.TALK, counters={"persons": 4})
    submit(report, bureau.secretary)
    assert (report.version, report.reviewer_label) == (2, "")
    assert report.figures.get(key="talk.persons").value == 4
    assert report.records.count() == 2
    assert not Due.objects.filter(withdrawn_at=None).exists()
    approve_report(actor=bureau.officer, report=report, at=NOW)
    assert report.state == ReportState.APPROVED


@pytest.mark.parametrize(
    "comments",
    [[], [("", "  ")], [("theme_day.nothing", "x")], [("task:999", "x")], [("", "长" * 301)]],
)
def test_a_return_without_a_proper_comment_is_refused(bureau, report, comments):
    submit(report, bureau.secretary)
    with pytest.raises(DomainError):
        return_report(actor=bureau.officer, report=report, comments=comments, at=NOW)
    assert (state_of(report), Comment.objects.count()) == (ReportState.SUBMITTED, 0)


@pytest.mark.parametrize(
    "who", ["secretary", "clerk", "other_secretary", "leader", "auditor", "stranger"]
)
def test_only_officers_and_superior_reviewers_review(bureau, report, who):
    submit(report, bureau.secretary)
    actor = getattr(bureau, who)
    with pytest.raises(ForbiddenError):
        approve_report(actor=actor, report=report, at=NOW)
    with pytest.raises(ForbiddenError):
        returned(report, actor)
    assert state_of(report) == ReportState.SUBMITTED


def test_a_reviewer_does_not_review_beyond_the_subtree(bureau):
    report = report_of(bureau.other)
    submit(report, bureau.other_secretary)
    with pytest.raises(ForbiddenError):
        approve_report(actor=bureau.reviewer, report=report, at=NOW)


def test_only_what_was_handed_in_is_reviewed(bureau, report):
    with pytest.raises(ConflictError, match="现在是「待填报」，请刷新"):
        approve_report(actor=bureau.officer, report=report, at=NOW)
    submit(report, bureau.secretary)
    approve_report(actor=bureau.officer, report=report, at=NOW)
    with pytest.raises(ConflictError, match="现在是「已通过」，由officer办理"):
        returned(report, bureau.reviewer)
    assert Comment.objects.count() == 0


def test_a_submission_that_the_reviewer_did_not_see_is_not_approved(bureau, report):
    submit(report, bureau.secretary)
    returned(report, bureau.officer)
    submit(report, bureau.secretary)
    with pytest.raises(ConflictError):
        approve_report(actor=bureau.reviewer, report=report, at=NOW, version=1)
    approve_report(actor=bureau.reviewer, report=report, at=NOW, version=2)


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_give_one_result_and_one_clear_message():
    bureau = build_bureau()
    report = submit(report_of(bureau.mine), bureau.secretary)

    def again():
        return Report.objects.get(pk=report.pk)

    results = race(
        [
            lambda: approve_report(actor=bureau.officer, report=again(), at=NOW),
            lambda: returned(again(), bureau.reviewer, ("", "请核")),
        ]
    )

    refused = [result for result in results if isinstance(result, ConflictError)]
    assert len(refused) == 1
    won = again()
    assert won.state in (ReportState.APPROVED, ReportState.RETURNED)
    assert refused[0].message == (
        f"这份月报现在是「{won.get_state_display()}」，由{won.reviewed_by}办理，请刷新后再看。"
    )
    assert AuditEntry.objects.filter(verb__in=["reports.approve", "reports.return"]).count() == 1
    assert Comment.objects.count() == (won.state == ReportState.RETURNED)


@pytest.mark.django_db(transaction=True)
def test_two_who_hand_in_at_once_freeze_one_report():
    bureau = build_bureau()
    report = report_of(bureau.mine)
    record_of(bureau.mine, bureau.secretary)

    def handed_in(actor):
        return lambda: submit(Report.objects.get(pk=report.pk), actor)

    results = race([handed_in(bureau.secretary), handed_in(bureau.deputy)])

    assert sum(isinstance(result, ConflictError) for result in results) == 1
    report.refresh_from_db()
    assert (report.version, report.figures.filter(key=THEME_DAY).count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_late_record_enters_one_of_two_reports_handed_in_at_once():
    bureau = build_bureau()
    january = submit(report_of(bureau.mine, 1), bureau.secretary)
    record = record_of(bureau.mine, bureau.secretary, held_on=date(2026, 1, 5))
    february, march = report_of(bureau.mine, 2), report_of(bureau.mine)

    def handed_in(report):
        return lambda: submit(Report.objects.get(pk=report.pk), bureau.secretary)

    results = race([handed_in(february), handed_in(march)])

    assert all(isinstance(result, Report | ConflictError) for result in results)
    record.refresh_from_db()
    assert record.reported.report in (february, march)
    assert january.records.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_make_and_open_each_period_once():
    build_bureau()

    def opened():
        return open_due_periods(actor=None, at=at(2026, 1, 1))

    results = race([opened, opened])

    assert all(isinstance(result, int) for result in results)
    assert Period.objects.count() == 12
    assert Period.objects.get(state=PeriodState.OPEN).reports.count() == 2
    assert ensure_periods(at=at(2026, 1, 1)) == []


# Corrections -----------------------------------------------------------------------------------


def ask(report, actor, *, key="theme_day.present", new_value=18, reason="漏记一人"):
    return ask_correction(
        actor=actor, report=report, key=key, new_value=new_value, reason=reason, at=NOW
    )


def decide(correction, actor, *, granted=True, answer=""):
    return decide_correction(
        actor=actor, correction=correction, granted=granted, answer=answer, at=NOW
    )


def test_a_granted_correction_changes_the_figure_and_tells_the_school(bureau, approved):
    correction = ask(approved, bureau.secretary)
    assert (correction.old_value, correction.new_value, correction.state) == (
        17,
        18,
        CorrectionState.ASKED,
    )
    decide(correction, bureau.officer)
    assert approved.figures.get(key="theme_day.present").value == 18
    assert (correction.state, correction.decided_by, correction.decided_at) == (
        CorrectionState.GRANTED,
        bureau.officer,
        NOW,
    )
    row = Due.objects.get()
    assert (row.recipient, row.stage, row.subject) == (
        bureau.secretary,
        "change",
        "2026年3月月报「主题党日实到」更正申请已同意，改为 18",
    )
    assert sweep(at=NOW, outdated=(due.outdated,)).digests == 1


def test_a_refused_correction_changes_nothing_and_says_why(bureau, approved):
    correction = ask(approved, bureau.secretary)
    with pytest.raises(DomainError, match="请写明原因"):
        decide(correction, bureau.officer, granted=False)
    decide(correction, bureau.officer, granted=False, answer="签到表为 17 人")
    assert approved.figures.get(key="theme_day.present").value == 17
    assert Due.objects.get().subject.endswith("未同意（签到表为 17 人）")


@pytest.mark.parametrize("who", ["clerk", "other_secretary", "officer", "reviewer", "stranger"])
def test_only_who_hands_in_asks(bureau, approved, who):
    with pytest.raises(ForbiddenError):
        ask(approved, getattr(bureau, who))


@pytest.mark.parametrize("who", ["secretary", "other_secretary", "leader", "auditor", "stranger"])
def test_only_who_reviews_decides(bureau, approved, who):
    correction = ask(approved, bureau.secretary)
    with pytest.raises(ForbiddenError):
        decide(correction, getattr(bureau, who))


def test_a_report_that_is_not_approved_is_not_corrected(bureau, report):
    submit(report, bureau.secretary)
    with pytest.raises(DomainError, match="只有已通过"):
        ask(report, bureau.secretary)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"reason": " "}, "请写明更正的理由"),
        ({"key": "transfers.in"}, "没有这一项"),
        ({"key": "nonsense"}, "没有这一项"),
        ({"key": "problems"}, "没有这一项"),
        ({"new_value": 17}, "现在就是 17"),
        ({"new_value": -1}, "应填 0"),
        ({"new_value": 10**7}, "应填 0"),
        ({"new_value": 19}, "应到 18 人次、实到 19 人次"),
        ({"key": "theme_day.entitled", "new_value": 16}, "应到 16 人次、实到 17 人次"),
    ],
)
def test_a_correction_that_cant_be_is_refused(bureau, approved, wanted, words):
    with pytest.raises(DomainError, match=words):
        ask(approved, bureau.secretary, **wanted)
    assert not Correction.objects.exists()


def test_an_unknown_figure_may_be_given_and_0_is_a_figure(bureau, approved):
    assert ask(approved, bureau.secretary, key="heads.full", new_value=0).old_value is None


def test_entitled_and_present_are_corrected_one_after_the_other(bureau, approved):
    ask(approved, bureau.secretary, key="theme_day.entitled", new_value=21)
    ask(approved, bureau.secretary, new_value=20)
    with pytest.raises(ConflictError, match="已有一条"):
        ask(approved, bureau.secretary, new_value=19)


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_give_one_answer():
    bureau = build_bureau()
    report = submit(report_of(bureau.mine), bureau.secretary)
    approve_report(actor=bureau.officer, report=report, at=NOW)
    correction = ask(report, bureau.secretary, key="talk.times", new_value=1)

    def again():
        return Correction.objects.get(pk=correction.pk)

    results = race(
        [
            lambda: decide(again(), bureau.officer),
            lambda: decide(again(), bureau.reviewer, granted=False, answer="不同意"),
        ]
    )

    refused = [result for result in results if isinstance(result, ConflictError)]
    assert [error.message for error in refused] == ["这条更正申请刚刚已由别人处理，请刷新后再看。"]
    value = report.figures.get(key="talk.times").value
    assert value == (1 if again().state == CorrectionState.GRANTED else 0)
    assert Due.objects.count() == 1


# 定稿 -------------------------------------------------------------------------------------------


def test_a_final_summary_keeps_its_figures(bureau, approved):
    period = finalise_period(actor=bureau.officer, period=approved.period, at=NOW)
    assert (period.state, period.finalised_by) == (PeriodState.FINAL, bureau.officer)
    decide(ask(approved, bureau.secretary), bureau.officer)
    final = FinalFigure.objects.get(organization=bureau.mine, key="theme_day.present")
    assert final.value == 17
    assert set(FinalFigure.objects.values_list("organization", flat=True)) == {bureau.mine.pk}
    assert not FinalFigure.objects.filter(key__startswith="task:").exists()
    with pytest.raises(ConflictError, match="已经定稿"):
        finalise_period(actor=bureau.officer, period=period, at=NOW)


@pytest.mark.parametrize("who", ["leader", "reviewer", "secretary", "auditor", "stranger"])
def test_only_officers_finalise(bureau, approved, who):
    with pytest.raises(ForbiddenError):
        finalise_period(actor=getattr(bureau, who), period=approved.period, at=NOW)


def test_whoever_reports_after_that_still_may(bureau, approved):
    finalise_period(actor=bureau.officer, period=approved.period, at=NOW)
    late = submit(report_of(bureau.other), bureau.other_secretary)
    assert ReportFigure.objects.filter(report=late).exists()
    assert late.state == ReportState.SUBMITTED
