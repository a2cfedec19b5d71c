"""A whole round of reminders: all rooms in one digest, by the scheduler and by hand."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from celery.schedules import crontab
from django.conf import settings
from django.core.management import CommandError, call_command

import calendar_events.services
import reports.services
from bureau import services
from bureau.celery import app
from bureau.jobs import send_reminders
from bureau.schedule import BEAT_SCHEDULE
from bureau.services import remind
from calendar_events.choices import TaskState
from calendar_events.models import Task
from notifications.models import Delivery, Digest, Due, GroupText
from organizations.choices import RoleKind
from reports.choices import PeriodState, ReportState
from reports.models import Period, Report
from tests.calendar_events.builders import at, published_event, record_of, task_of
from tests.factories import RoleFactory
from tests.personas import Bureau, build_bureau

pytestmark = pytest.mark.django_db
# A Friday, three workdays before the 25th.
FRIDAY = at(2026, 3, 20, 9)


@pytest.fixture
def bureau(db) -> Bureau:
    return build_bureau()


def report_of(organization, *, due_on=date(2026, 3, 25), **fields) -> Report:
    period = Period.objects.create(
        year=2026,
        first_month=2,
        last_month=2,
        starts_on=date(2026, 2, 1),
        ends_on=date(2026, 2, 28),
        due_on=due_on,
        state=PeriodState.OPEN,
    )
    return Report.objects.create(period=period, organization=organization, **fields)


def inbox(user) -> list[tuple[str, list[str]]]:
    """The digests of a user, oldest first: title, and what each line begins with."""
    return [
        (digest.subject, [line.split("，")[0] for line in digest.text.splitlines()[:-1]])
        for digest in Digest.objects.visible_to(user).order_by("id")
    ]


def test_all_rooms_come_in_one_digest(bureau):
    task_of(bureau.mine)
    task_of(bureau.mine, published_event("支部大会"))
    report_of(bureau.mine)
    task_of(bureau.other, published_event("党课"))

    done = remind(at=FRIDAY)

    assert (done.written, done.swept.digests, done.swept.dues) == (4, 2, 4)
    assert inbox(bureau.secretary) == [
        (
            "您有 3 件事待办，约需 11 分钟",
            ["1. 〔快到期〕主题党日", "2. 〔快到期〕支部大会", "3. 〔快到期〕2026年2月月报"],
        )
    ]
    assert inbox(bureau.other_secretary) == [
        ("您有 1 件事待办，约需 3 分钟", ["1. 〔快到期〕党课"])
    ]
    assert Digest.objects.count() == 2
    text = GroupText.objects.get()
    assert "主题党日请于3月25日（周三）前完成，尚有 1 家未完成（芙蓉小学党支部）" in text.named
    assert "芙蓉" not in text.unnamed


def test_a_second_round_sends_nothing(bureau):
    task_of(bureau.mine)
    remind(at=FRIDAY)
    done = remind(at=FRIDAY + timedelta(minutes=5))
    assert (done.written, done.swept.digests, Digest.objects.count()) == (0, 0, 1)


def test_the_whole_way_of_a_task_that_nobody_does(monkeypatch, bureau):
    """Looked at every four hours, weekends and nights included; without the month's report."""
    monkeypatch.setattr(services, "open_due_periods", lambda **_: 0)
    task_of(bureau.mine)
    moment = at(2026, 2, 27, 0, 17)
    while moment < at(2026, 4, 10):
        remind(at=moment)
        moment += timedelta(hours=4)

    school = Digest.objects.visible_to(bureau.secretary).order_by("id")
    assert [(f"{row.created_at.astimezone(FRIDAY.tzinfo):%m-%d %H:%M}", row.text[3:9]) for row in school] == [
        ("03-02 12:17", "〔本月〕主题"),
        ("03-20 12:17", "〔快到期〕主"),
        ("03-25 12:17", "〔今天截止〕"),
        ("03-26 12:17", "〔已逾期 1"),
        ("03-30 12:17", "〔已逾期 5"),
    ]  # fmt: skip
    assert inbox(bureau.reviewer) == [("下级 1 项逾期", ["1. 〔下级逾期〕主题党日"])]
    assert Digest.objects.count() == 6


def test_after_a_week_without_a_worker_one_digest_with_the_latest_stage(monkeypatch, bureau):
    """Killed between writing and merging, and back after seven days."""
    task_of(bureau.mine)
    report_of(bureau.mine)

    def killed(**_kwargs):
        raise SystemExit

    monkeypatch.setattr(services, "sweep", killed)
    with pytest.raises(SystemExit):
        remind(at=at(2026, 3, 20, 9))
    monkeypatch.undo()
    assert Due.objects.filter(digest=None).count() == 2

    remind(at=at(2026, 3, 27, 16))
    assert inbox(bureau.secretary) == [
        (
            "您有 2 件事待办，约需 8 分钟",
            ["1. 〔已逾期 2 天〕主题党日", "2. 〔已逾期 2 天〕2026年2月月报"],
        )
    ]


def test_a_task_finished_between_writing_and_sweeping_is_not_reminded_of(monkeypatch, bureau):
    task, report = task_of(bureau.mine), report_of(bureau.mine)
    write = services.reports.write_dues

    def finish(**fields):
        written = write(**fields)
        Task.objects.filter(pk=task.pk).update(state=TaskState.DONE)
        Report.objects.filter(pk=report.pk).update(state=ReportState.SUBMITTED)
        return written

    monkeypatch.setattr(services.reports, "write_dues", finish)
    done = remind(at=FRIDAY)
    assert (done.written, done.swept.dues, done.swept.withdrawn) == (2, 0, 2)
    assert Digest.objects.count() == 0
    assert Due.objects.filter(withdrawn_at=FRIDAY).count() == 2


def test_at_night_and_on_holidays_nobody_is_reminded_but_reports_open(bureau):
    task_of(bureau.mine)
    report = report_of(bureau.mine)
    Period.objects.update(state=PeriodState.PLANNED)
    Report.objects.all().delete()
    done = remind(at=at(2026, 3, 21, 9))
    assert (done.swept.resting, done.written, Due.objects.count()) == (True, 0, 0)
    assert Period.objects.get(pk=report.period_id).state == PeriodState.OPEN


def test_a_task_whose_record_was_withdrawn_waits_again(bureau):
    record = record_of(bureau.mine, bureau.secretary, withdrawn_at=FRIDAY)
    task_of(bureau.mine, state=TaskState.DONE, record=record, completed_on=date(2026, 3, 10))
    remind(at=FRIDAY)
    assert inbox(bureau.secretary) == [("您有 1 件事待办，约需 3 分钟", ["1. 〔快到期〕主题党日"])]


def test_a_moved_deadline_is_told_old_and_new(bureau):
    event = published_event()
    task_of(bureau.mine, event)
    calendar_events.services.move_deadline(
        actor=bureau.officer, event=event, due_on=date(2026, 4, 10), reason="会议顺延", at=FRIDAY
    )
    remind(at=FRIDAY)
    assert inbox(bureau.secretary) == [
        (
            "您有 1 件事待办，约需 3 分钟；1 项变更",
            [
                "1. 〔本月〕主题党日",
                "2. 〔变更〕「主题党日」截止日期由3月25日（周三）改为4月10日（周五）",
            ],
        )
    ]


def test_a_nudge_is_told_once_a_day_and_brings_a_text_and_a_list_for_calling(bureau):
    task = task_of(bureau.mine, published_event(due_on=date(2026, 3, 18)))
    remind(at=FRIDAY)
    for _ in range(2):
        calendar_events.services.nudge(actor=bureau.officer, tasks=[task], at=FRIDAY)
    remind(at=FRIDAY + timedelta(minutes=5))

    assert [lines for _, lines in inbox(bureau.secretary)] == [
        ["1. 〔已逾期 2 天〕主题党日"],
        ["1. 〔催办〕主题党日"],
    ]
    text = GroupText.objects.filter(kind="nudge").first()
    assert "主题党日已于3月18日（周三）截止，尚有 1 家未完成（芙蓉小学党支部）" in text.named
    assert "芙蓉" not in text.unnamed
    assert [(call["unit"], call["name"]) for call in text.calls] == [
        ("芙蓉小学党支部", "secretary")
    ]


def test_a_returned_report_is_told_with_its_comments(bureau):
    report = report_of(bureau.mine, state=ReportState.SUBMITTED, version=1)
    reports.services.return_report(
        actor=bureau.officer, report=report, comments=[("", "应到18人、实到21人，请核")], at=FRIDAY
    )
    remind(at=FRIDAY)
    assert inbox(bureau.secretary) == [
        ("您有 1 件事待办，约需 5 分钟", ["1. 〔已退回〕2026年2月月报：应到18人、实到21人"])
    ]
    assert remind(at=at(2026, 3, 25)).swept.digests == 1
    assert inbox(bureau.secretary)[1][1] == ["1. 〔今天截止〕2026年2月月报（已退回"]


def test_who_stands_in_for_the_secretary_gets_the_reminders(bureau):
    acting = RoleFactory(organization=bureau.mine, kind=RoleKind.ACTING_HEAD).user
    task_of(bureau.mine)
    report_of(bureau.mine)
    remind(at=FRIDAY)
    assert list(Digest.objects.values_list("recipient", flat=True)) == [acting.pk]


def test_where_nobody_answers_the_superior_is_told(bureau):
    bureau.mine.roles.all().delete()
    task_of(bureau.mine)
    report_of(bureau.mine)
    remind(at=FRIDAY)
    assert inbox(bureau.reviewer) == [
        (
            "2 项无人负责",
            ["1. 〔无人负责〕主题党日", "2. 〔无人负责〕2026年2月月报"],
        )
    ]
    assert Digest.objects.count() == 1


def test_reports_have_their_superior_too(bureau):
    report = report_of(bureau.mine)
    remind(at=at(2026, 4, 2))
    assert inbox(bureau.secretary)[0][1] == ["1. 〔已逾期 8 天〕2026年2月月报"]
    assert inbox(bureau.reviewer)[0][1] == ["1. 〔下级逾期〕2026年2月月报"]
    links = {due.stage: due.link for due in Due.objects.all()}
    assert links == {
        "three_after": f"/reports/{report.pk}/",
        "superior": f"/admin/review/{report.pk}/",
    }


# By hand ------------------------------------------------------------------------------------------


def by_hand(capsys, moment: str) -> str:
    call_command("send_reminders", at=moment)
    return capsys.readouterr().out


def test_the_command_does_the_same_and_prints_counts(bureau, capsys):
    bureau.secretary.email = "shuji@example.org"
    bureau.secretary.save()
    task_of(bureau.mine)
    report_of(bureau.mine)
    assert by_hand(capsys, "2026-03-20T09:00") == (
        "2026-03-20 09:00 新增到期项 2，合并 2 项成 1 条提醒，撤回 0 项；"
        "邮件已发 1 封，未发出 0 封，不明 0 封，待发 0 封。\n"
    )
    assert by_hand(capsys, "2026-03-20T09:00") == (
        "2026-03-20 09:00 新增到期项 0，合并 0 项成 0 条提醒，撤回 0 项；"
        "邮件已发 0 封，未发出 0 封，不明 0 封，待发 0 封。\n"
    )
    assert Delivery.objects.get().state == "sent"


def test_the_command_says_when_it_is_no_working_hour(bureau, capsys):
    task_of(bureau.mine)
    assert by_hand(capsys, "2026-03-21 09:00") == (
        "2026-03-21 09:00 不是工作时间（工作日 8:30—17:30），没有发提醒，留到下一个工作时段。\n"
    )


@pytest.mark.parametrize(
    "text", ["tomorrow", "2026-03-20", "2026-13-01T09:00", "2026-03-20T09:00Z"]
)
def test_the_command_refuses_what_is_no_moment(text, db):
    with pytest.raises(CommandError) as caught:
        call_command("send_reminders", at=text)
    assert str(caught.value) == f"--at 写的是“{text}”，应写成 2022-03-01T09:00 的样子。"


def test_years_ago_works_as_well(bureau, capsys):
    task_of(bureau.mine, published_event(year=2022, month=3, due_on=date(2022, 3, 4)))
    assert by_hand(capsys, "2022-03-01T09:00").startswith(
        "2022-03-01 09:00 新增到期项 1，合并 1 项成 1 条提醒"
    )
    assert Digest.objects.get().created_at == datetime(
        2022, 3, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai")
    )


# The timetable ------------------------------------------------------------------------------------


def test_the_task_runs_a_round(bureau):
    task_of(bureau.mine)
    with time_machine.travel(FRIDAY, tick=False):
        send_reminders()
    assert Digest.objects.get().created_at == FRIDAY


def test_every_entry_of_the_timetable_is_a_task_and_expires():
    app.loader.import_default_modules()
    app.finalize()
    assert {entry["task"] for entry in BEAT_SCHEDULE.values()} <= set(app.tasks)
    assert all(entry["options"]["expires"] > 0 for entry in BEAT_SCHEDULE.values())


def test_the_night_is_shanghais():
    assert settings.CELERY_TIMEZONE == "Asia/Shanghai"
    tidy = BEAT_SCHEDULE["tidy"]["schedule"]
    assert isinstance(tidy, crontab)
    assert (tidy.hour, tidy.minute) == ({3}, {20})
