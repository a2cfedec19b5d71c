"""What a report says by itself: whose, from when, 0 or unknown, told once."""

from datetime import date

import pytest

from activities.choices import RecordKind
from calendar_events.choices import Handling, TaskState
from organizations.choices import OrganizationKind
from reports import services
from reports.choices import ReportState
from reports.composition import compose, scope_of
from reports.hints import hints
from reports.lines import BY_KEY, LINES
from tests.factories import OrganizationFactory, SchoolFactory
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

LAST_OF_FEBRUARY = date(2026, 2, 28)


def submit(report, user, *, when=NOW):
    return services.submit_report(
        actor=user, report=report, problems="", plans="", reasons={THEME_DAY: "寒假"}, at=when
    )


# Lines -----------------------------------------------------------------------------------------


def test_lines_are_worded_once():
    assert len(BY_KEY) == len(LINES)
    labels = [line.label for line in LINES]
    assert len(set(labels)) == len(labels)
    assert [line.label for line in LINES if "谈" in line.label or "公开" in line.label] == [
        "谈心谈话次数",
        "谈心谈话人次",
        "廉政谈话人次",
        "校务公开条数",
    ]


def test_a_room_that_does_not_exist_yet_is_not_recorded():
    missing = [line.key for line in LINES if not line.recorded]
    assert missing == ["transfers.in", "transfers.out", "posts.changes"]


# Whose -----------------------------------------------------------------------------------------


def branch(parent, **extra):
    return OrganizationFactory(parent=parent, **extra)


def test_a_report_speaks_for_its_subtree_without_those_that_report_themselves(bureau):
    school = bureau.mine.schools.get()
    below = branch(bureau.mine, school=school)
    deeper = branch(below)
    apart = branch(bureau.mine, school=SchoolFactory(), kind=OrganizationKind.GENERAL_BRANCH)
    branch(apart)
    report = report_of(bureau.mine)
    assert scope_of(report) == [bureau.mine.pk, below.pk, deeper.pk]
    assert len(scope_of(report_of(apart))) == 2


def test_the_tree_is_that_of_the_periods_last_day(bureau):
    moved = branch(bureau.mine)
    place = moved.placements.get()
    place.until = date(2026, 4, 1)
    place.save()
    path = bureau.other.path + moved.path[-7:]
    moved.placements.create(parent=bureau.other, path=path, since=date(2026, 4, 1))
    march, april = report_of(bureau.mine), report_of(bureau.mine, 4)
    assert scope_of(march) == [bureau.mine.pk, moved.pk]
    assert scope_of(april) == [bureau.mine.pk]
    assert scope_of(report_of(bureau.other, 4)) == [bureau.other.pk, moved.pk]


def test_one_closed_within_the_period_speaks_for_what_it_was(bureau):
    below = branch(bureau.mine)
    report = report_of(bureau.mine)
    for organization in (bureau.mine, below):
        organization.placements.update(until=date(2026, 3, 20))
    assert scope_of(report) == [bureau.mine.pk, below.pk]


# Records ---------------------------------------------------------------------------------------


def test_figures_add_up_over_the_subtree(bureau):
    below = branch(bureau.mine)
    record_of(bureau.mine, bureau.secretary, entitled=12, present=11)
    record_of(below, bureau.secretary, entitled=6, present=6, held_on=date(2026, 3, 31))
    record_of(bureau.mine, bureau.secretary, kind=RecordKind.SMALL_WISH, counters={"collected": 5})
    record_of(bureau.other, bureau.other_secretary, entitled=99, present=99)
    composition = compose(report_of(bureau.mine))
    assert {
        key: composition.value(key)
        for key in (THEME_DAY, "theme_day.entitled", "theme_day.present", "small_wish.collected")
    } == {
        THEME_DAY: 2,
        "theme_day.entitled": 18,
        "theme_day.present": 17,
        "small_wish.collected": 5,
    }


def test_nothing_held_is_0_times_and_nobody_was_entitled(bureau):
    composition = compose(report_of(bureau.mine))
    assert composition.value(THEME_DAY) == 0
    assert composition.value("theme_day.entitled") is None
    assert composition.value("talk.persons") == 0
    assert composition.value("transfers.in") is None
    assert [line.key for line in composition.missing] == [THEME_DAY]


def test_a_figure_that_nobody_gave_is_not_0(bureau):
    record_of(bureau.mine, bureau.secretary, entitled=None, present=None)
    record_of(bureau.mine, bureau.secretary, kind=RecordKind.TALK)
    record_of(
        bureau.mine, bureau.secretary, kind=RecordKind.WARNING_EDUCATION, counters={"persons": 0}
    )
    composition = compose(report_of(bureau.mine))
    assert composition.value("theme_day.entitled") is None
    assert composition.value("talk.persons") is None
    assert composition.value("warning_education.persons") == 0


def test_days_topics_and_speakers_are_mentioned(bureau):
    record_of(
        bureau.mine,
        bureau.secretary,
        kind=RecordKind.PARTY_LESSON,
        topic="做“四有”好老师",
        speaker="尉迟㛃",
    )
    record_of(
        bureau.mine, bureau.secretary, kind=RecordKind.PARTY_LESSON, held_on=date(2026, 3, 20)
    )
    composition = compose(report_of(bureau.mine))
    assert composition.by_key["party_lesson.times"].text == (
        "3月9日《做“四有”好老师》，主讲尉迟㛃；3月20日《学习活动》"
    )


def test_what_the_form_does_not_ask_for_and_what_was_withdrawn_is_left_out(bureau):
    record_of(bureau.mine, bureau.secretary, kind=RecordKind.OTHER)
    record_of(bureau.mine, bureau.secretary, withdrawn_at=NOW)
    record_of(bureau.mine, bureau.secretary, held_on=date(2026, 4, 1))
    record_of(bureau.mine, bureau.secretary, held_on=LAST_OF_FEBRUARY)
    assert compose(report_of(bureau.mine)).records == ()


# 补录 -------------------------------------------------------------------------------------------


def test_what_came_too_late_enters_the_next_report_once(bureau):
    submit(report_of(bureau.mine, 2), bureau.secretary)
    late = record_of(bureau.mine, bureau.secretary, held_on=LAST_OF_FEBRUARY)
    march, april = report_of(bureau.mine), report_of(bureau.mine, 4)
    composition = compose(march)
    assert composition.supplements == (late,)
    assert composition.value(THEME_DAY) == 1
    assert composition.by_key[THEME_DAY].text == "2月28日《学习活动》（补录）"
    # The period itself had none: it wants a word all the same.
    assert [line.key for line in composition.missing] == [THEME_DAY]
    submit(march, bureau.secretary)
    assert compose(april).records == ()
    assert late.reported.report == march
    assert late.reported.supplement is True


def test_a_record_waits_for_the_report_of_its_own_period_while_that_is_pending(bureau):
    report_of(bureau.mine, 2)
    early = record_of(bureau.mine, bureau.secretary, held_on=LAST_OF_FEBRUARY)
    assert compose(report_of(bureau.mine)).records == ()
    assert compose(report_of(bureau.mine, 2)).records == (early,)


def test_a_late_record_goes_into_the_first_report_that_still_waits(bureau):
    submit(report_of(bureau.mine, 1), bureau.secretary)
    february, march = report_of(bureau.mine, 2), report_of(bureau.mine, 3)
    late = record_of(bureau.mine, bureau.secretary, held_on=date(2026, 1, 5))
    assert compose(february).supplements == (late,)
    assert compose(march).supplements == ()


def test_a_returned_report_keeps_its_own_records(bureau):
    record = record_of(bureau.mine, bureau.secretary)
    report = submit(report_of(bureau.mine), bureau.secretary)
    services.return_report(actor=bureau.officer, report=report, comments=[("", "请核")], at=NOW)
    assert compose(report).records == (record,)
    assert compose(report_of(bureau.mine, 4)).records == ()


def test_before_the_first_report_nothing_is_late(bureau):
    record_of(bureau.mine, bureau.secretary, held_on=date(2025, 12, 30))
    assert compose(report_of(bureau.mine)).records == ()


# Tasks -----------------------------------------------------------------------------------------


def told(report):
    return [(line.title, line.word) for line in compose(report).tasks]


def test_a_task_is_told_in_the_period_in_which_it_is_due(bureau):
    task_of(bureau.mine, event_of("三月的"), state=TaskState.DONE, completed_on=date(2026, 4, 2))
    task_of(
        bureau.mine,
        event_of("不适用的"),
        state=TaskState.NOT_APPLICABLE,
        reason="无此项业务",
        completed_on=date(2026, 4, 2),
    )
    task_of(bureau.mine, event_of("取消的"), state=TaskState.CANCELLED)
    task_of(bureau.mine, event_of("四月的", month=4))
    task_of(bureau.other, event_of("别人的"))
    report = report_of(bureau.mine)
    assert told(report) == [("三月的", "已完成"), ("不适用的", "不适用")]
    composition = compose(report)
    sums = [
        composition.value(f"tasks.{key}") for key in ("total", "done", "open", "not_applicable")
    ]
    assert sums == [2, 1, 0, 1]


def test_a_task_tells_when_it_took_place_and_how_many_took_part(bureau):
    meeting = record_of(bureau.mine, bureau.secretary, entitled=12, present=0)
    service = record_of(
        bureau.mine, bureau.secretary, kind=RecordKind.VOLUNTEERING, counters={"persons": 56}
    )
    done = {"state": TaskState.DONE, "completed_on": date(2026, 4, 1)}
    task_of(bureau.mine, event_of("会议", position=1), record=meeting, **done)
    task_of(bureau.mine, event_of("志愿", position=2), record=service, **done)
    task_of(bureau.mine, event_of("无记录", position=3), **done)
    assert [(line.day_text, line.present) for line in compose(report_of(bureau.mine)).tasks] == [
        ("3月9日", 0),
        ("3月9日", 56),
        ("4月1日", None),
    ]


def test_what_was_told_unfinished_is_told_again_once_finished(bureau):
    task = task_of(bureau.mine)
    done = task_of(bureau.mine, event_of("早已完成"), state=TaskState.DONE)
    submit(report_of(bureau.mine), bureau.secretary)
    april = report_of(bureau.mine, 4)
    assert told(april) == [("主题党日", "进行中")]
    task.state = TaskState.DONE
    task.completed_on = date(2026, 4, 20)
    task.save()
    assert told(april) == [("主题党日", "已完成")]
    submit(april, bureau.secretary, when=at(2026, 5, 6))
    assert told(report_of(bureau.mine, 5)) == []
    assert done.state == TaskState.DONE


def test_an_overdue_task_stays_in_sight_unless_optional(bureau):
    task_of(bureau.mine, event_of("二月的", month=2))
    task_of(bureau.mine, event_of("选报的", month=2, handling=Handling.OPTIONAL))
    assert told(report_of(bureau.mine)) == [("二月的", "进行中")]


def test_what_a_pending_report_will_tell_is_not_told_by_the_next(bureau):
    submit(report_of(bureau.mine, 1), bureau.secretary)
    task = task_of(bureau.mine, event_of("一月的", month=1))
    services.return_report(
        actor=bureau.officer, report=report_of(bureau.mine, 1), comments=[("", "请核")], at=NOW
    )
    submit(report_of(bureau.mine, 1), bureau.secretary)
    february, march = report_of(bureau.mine, 2), report_of(bureau.mine, 3)
    task.state = TaskState.DONE
    task.save()
    assert told(february) == [("一月的", "已完成")]
    assert told(march) == []


def test_a_tab_in_a_title_does_not_break_the_line(bureau):
    task_of(bureau.mine, event_of("召开\t例会"))
    report = submit(report_of(bureau.mine), bureau.secretary)
    figure = report.figures.get(key__startswith="task:")
    assert figure.text.split("\t") == ["召开 例会", "open", "", ""]


# Heads -----------------------------------------------------------------------------------------


def test_heads_are_those_of_the_last_day_over_the_subtree(bureau):
    below = branch(bureau.mine)
    heads_of(bureau.mine, full=10, probationary=0)
    heads_of(bureau.mine, on=date(2026, 3, 31), full=11, probationary=0)
    heads_of(bureau.mine, on=date(2026, 4, 1), full=99)
    heads_of(below, full=4)
    composition = compose(report_of(bureau.mine))
    assert [composition.value(f"heads.{key}") for key in ("full", "probationary", "activists")] == [
        15,
        0,
        None,
    ]


# Hints -----------------------------------------------------------------------------------------


def hints_of(report):
    return list(hints(compose(report)))


def test_hints_say_what_is_unlikely(bureau):
    assert hints_of(report_of(bureau.mine)) == ["正式党员人数还没有登记，月报上显示“未建档”。"]
    heads_of(bureau.mine, full=16, probationary=2)
    record_of(
        bureau.mine, bureau.secretary, kind=RecordKind.MEMBERS_MEETING, entitled=21, present=18
    )
    task_of(bureau.mine)
    assert hints_of(report_of(bureau.mine)) == [
        "3月9日党员大会应到 21 人，在册党员 18 人，请核对。",
        "还有 1 项任务未完成（「主题党日」），月报上显示“进行中”。",
    ]


def test_hints_raise_no_false_alarm(bureau):
    heads_of(bureau.mine, full=18, probationary=0)
    record_of(
        bureau.mine, bureau.secretary, kind=RecordKind.MEMBERS_MEETING, entitled=18, present=18
    )
    # A theme day may have guests; and a branch without head count would be missed in a sum.
    record_of(bureau.mine, bureau.secretary, entitled=40, present=40)
    assert hints_of(report_of(bureau.mine)) == []
    branch(bureau.mine)
    record_of(
        bureau.mine, bureau.secretary, kind=RecordKind.MEMBERS_MEETING, entitled=30, present=30
    )
    assert hints_of(report_of(bureau.mine)) == []


# Costs -----------------------------------------------------------------------------------------


def test_composing_takes_the_same_queries_however_much_there_is(bureau, django_assert_num_queries):
    report = report_of(bureau.mine)
    submit(report_of(bureau.mine, 2), bureau.secretary)

    def more(count):
        for number in range(count):
            record = record_of(
                branch(bureau.mine),
                bureau.secretary,
                kind=RecordKind.TALK,
                held_on=date(2026, 2 + number % 2, 3),
                counters={"persons": 3},
            )
            task_of(bureau.mine, event_of(f"第{number}项"), record=record, state=TaskState.DONE)

    more(2)
    with django_assert_num_queries(9):
        compose(report)
    more(6)
    with django_assert_num_queries(9):
        compose(report)


@pytest.mark.django_db
def test_a_mark_changes_with_whatever_the_report_says(bureau):
    report = report_of(bureau.mine)
    marks = [compose(report).fingerprint]
    record = record_of(bureau.mine, bureau.secretary, entitled=3, present=3)
    marks.append(compose(report).fingerprint)
    record.topic = "别的主题"
    record.save()
    marks.append(compose(report).fingerprint)
    task_of(bureau.mine)
    marks.append(compose(report).fingerprint)
    assert len(set(marks)) == 4
    assert compose(report).fingerprint == marks[-1]


def test_a_period_of_two_months_counts_both(bureau):
    period_of(
        1,
        last_month=2,
        ends_on=LAST_OF_FEBRUARY,
        due_on=date(2026, 3, 4),
    )
    record_of(bureau.mine, bureau.secretary, held_on=date(2026, 1, 1))
    record_of(bureau.mine, bureau.secretary, held_on=LAST_OF_FEBRUARY)
    composition = compose(report_of(bureau.mine, 1))
    assert composition.value(THEME_DAY) == 2
    assert composition.missing == ()
    assert report_of(bureau.mine, 1).state == ReportState.DRAFT
