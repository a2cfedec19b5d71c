"""The work of the world: calendars, tasks, records, reports, notices, in every state."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.models import User
from activities.choices import RecordKind
from activities.models import Record, RecordCounter
from attachments.models import Attachment
from attachments.services import store
from cadres.models import Post, Qualification, Target, TrainingClass, TrainingRecord
from calendar_events.choices import CalendarState, EventState, Handling, TaskState
from calendar_events.models import Calendar, Event, Figure, FigureValue, Task, Vacation
from common.audit import record as note
from common.cells import PartialDate
from common.drafts import save as save_draft
from common.models import AuditEntry, Job, JobState, WorkdayOverride
from honours.choices import Level
from honours.models import Honour
from honours.services import Facts, drafted
from notices.choices import NoticeState
from notices.models import Notice
from notifications.models import Digest, Due, GroupText
from organizations.imports.runs import JOB_KIND, keep
from organizations.models import Organization
from reports.choices import CorrectionState, Outcome, PeriodState, ReportState
from reports.lines import LINES
from reports.models import (
    Comment,
    Correction,
    FormerVersion,
    Period,
    PeriodPlan,
    Report,
    ReportFigure,
)
from tests.attachments.samples import picture, upload
from tests.common.test_grids import one_sheet
from tests.people.lists import KUN, WANG, sheet
from tests.personas import Bureau

NOW = datetime(2026, 3, 10, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
YEAR = NOW.year
DAY = "2026-03-09"
HEADS = one_sheet(("党组织", "正式党员"), ("芙蓉小学党支部", 22))
PDF = b"%PDF-1.7\n%%EOF\n"


def calendar_rows(bureau: Bureau, items: int) -> dict[str, Any]:
    published = Calendar.objects.create(
        year=YEAR, title=f"{YEAR}年度党建工作行事历", state=CalendarState.PUBLISHED
    )
    draft = Calendar.objects.create(year=YEAR + 1, title=f"{YEAR + 1}年度党建工作行事历")
    events, lines = [], []
    for number in range(items):
        Calendar.objects.create(year=YEAR - 1 - number, title=f"{YEAR - 1 - number}年度行事历")
        events.append(_event(published, f"主题党日第{number}次", number, items))
        lines.append(_event(draft, f"待分类事项{number}", number))
        Vacation.objects.create(
            year=YEAR - number,
            kind="summer",
            first_day=date(YEAR - number, 7, 1),
            last_day=date(YEAR - number, 8, 31),
        )
        WorkdayOverride.objects.create(date=date(YEAR, 5, 9 + number), is_workday=True, name="调休")
    whole = _event(draft, "拆分的事项", items)
    for number in range(items):
        part = _event(draft, f"拆分出的任务{number}", number)
        Event.objects.filter(pk=part.pk).update(split_from=whole, handling=Handling.SCHOOL)
    ready = Calendar.objects.create(year=YEAR + 5, title="已分类的行事历")
    sorted_line = _event(ready, "已分类的事项", 1)
    Event.objects.filter(pk=sorted_line.pk).update(handling=Handling.SCHOOL)
    save_draft(
        owner=bureau.officer,
        key=f"calendar:import:{draft.pk}",
        version=0,
        data={"text": "三月\n1. 开展主题党日活动"},
        device="",
        at=NOW,
    )
    return {
        "calendar": published,
        "draft_calendar": draft,
        "ready_calendar": ready,
        "events": events,
        "event": events[0],
        "line": lines[0],
        "split": whole,
        "vacation": Vacation.objects.first(),
        "workday": WorkdayOverride.objects.first(),
    }


def _event(calendar: Calendar, title: str, position: int, figures: int = 1) -> Event:
    published = calendar.state == CalendarState.PUBLISHED
    event = Event.objects.create(
        calendar=calendar,
        year=calendar.year,
        title=title,
        first_month=3,
        last_month=3,
        position=position,
        due_on=date(calendar.year, 3, 25),
        handling=Handling.SCHOOL if published else Handling.UNSORTED,
        state=EventState.PUBLISHED if published else EventState.DRAFT,
    )
    for number in range(figures):
        Figure.objects.create(event=event, name=f"参加人数{number}", unit="人")
    return event


def honour_rows(bureau: Bureau, rows: dict[str, Any], items: int) -> dict[str, Any]:
    """Of each place and of somebody on its roster: confirmed, and reported with a picture."""
    held: dict[str, list[Honour]] = {"mine": [], "other": [], "kinder": []}
    for name, made in held.items():
        place = rows[name]
        person = place.standings.order_by("pk").first().person
        for number in range(items):
            for confirmed, title in ((NOW, f"先进集体第{number}名"), (None, f"示范岗第{number}号")):
                for holder in (place, person):
                    facts = Facts(title, Level.CITY, PartialDate(YEAR - 1, 9), body="市教育局")
                    honour = drafted(holder=holder, facts=facts)
                    honour.confirmed_at = confirmed
                    honour.save()
                    made.append(honour)
    waiting = held["mine"][2]
    content = picture(size=(8, 8))
    for _ in range(items):
        upload_of = upload("证书照片.jpg", content)
        waiting.attachments.add(store(actor=bureau.secretary, upload=upload_of, at=NOW))
    return {
        "honour": held["mine"][1],
        "waiting_honour": waiting,
        "other_honour": held["other"][0],
        "kinder_honour": held["kinder"][0],
        "honour_file": waiting.attachments.first(),
    }


def rank_rows(bureau: Bureau, rows: dict[str, Any], items: int) -> dict[str, Any]:
    """Everybody on the rosters holds a post; with facts, hours, a class of each place, targets."""
    files, classes = {}, {}
    for name in ("mine", "other", "kinder"):
        place = rows[name]
        people = [each.person for each in place.standings.order_by("pk").select_related("person")]
        for person in people:
            Post.objects.create(
                person=person, organization=place, kind="member", since=date(2021, 9, 1)
            )
        files[name] = people[0]
        classes[name] = _class(place, people, items)
    for number in range(items):
        Target.objects.create(
            group="committees", dimension="title", band="senior", comparison="at_least",
            percent=30, year=YEAR + number,
        )  # fmt: skip
    return {
        "cadre": files["mine"],
        "other_cadre": files["other"],
        "kinder_cadre": files["kinder"],
        "training_class": classes["mine"],
        "other_class": classes["other"],
        "kinder_class": classes["kinder"],
        "fact": files["mine"].qualifications.order_by("pk").first(),
        "hours": files["mine"].trainings.order_by("pk").first(),
        "target": Target.objects.order_by("pk").first(),
        "fact_kind": "title",
        "fact_step": "withdraw",
    }


def _class(place: Organization, people: list[Any], items: int) -> TrainingClass:
    made = []
    for number in range(items):
        day = date(YEAR, 1, 12 + number)
        made.append(
            TrainingClass.objects.create(
                organization=place, title=f"第{number}期培训班", since=day, until=day, hours=8
            )
        )
        for person in people:
            TrainingRecord.objects.create(
                person=person, training_class=made[-1], title=made[-1].title, held_on=day,
                hours=8, attended="present",
            )  # fmt: skip
            Qualification.objects.create(
                person=person, kind="backbone", value=f"骨干教师{number}", since=date(2020, 9, 1)
            )
    return made[0]


def record_rows(bureau: Bureau, items: int) -> dict[str, Any]:
    mine, others, withdrawn = [], [], []
    for number in range(items):
        mine.append(_record(bureau.mine, bureau.secretary, f"学习活动{number}"))
        others.append(_record(bureau.other, bureau.other_secretary, f"志愿活动{number}"))
        withdrawn.append(_record(bureau.mine, bureau.clerk, f"误填{number}", withdrawn_at=NOW))
        save_draft(
            owner=bureau.secretary,
            key=f"record:{bureau.secretary.pk}:new:{bureau.mine.pk}:{list(RecordKind)[number]}",
            version=0,
            data={"topic": [f"没填完的{number}"]},
            device="",
            at=NOW,
        )
    files = _files(mine[0], bureau.secretary, items)
    return {
        "record": mine[0],
        "other_record": others[0],
        "withdrawn": withdrawn[0],
        "file": files[0],
        "other_file": _files(others[0], bureau.other_secretary, 1)[0],
    }


def _files(record: Record, owner: User, count: int) -> list[Attachment]:
    """Small pictures, kept in the media folder of the test run."""
    content = picture(size=(8, 8))
    files = [
        store(actor=owner, upload=upload("活动照片.jpg", content), at=NOW) for _ in range(count)
    ]
    record.attachments.set(files)
    return files


def _record(organization: Organization, user: User, topic: str, **more: Any) -> Record:
    record = Record.objects.create(
        organization=organization,
        kind=RecordKind.VOLUNTEERING,
        held_on=date(YEAR, 3, 9),
        topic=topic,
        place="会议室",
        token=f"{organization.pk}-{topic}-0123456789",
        created_by=user,
        **more,
    )
    RecordCounter.objects.create(record=record, key="persons", value=12)
    return record


def task_rows(bureau: Bureau, rows: dict[str, Any], items: int) -> dict[str, Any]:
    """For each published event an open, a late, a done and a returned task in different places."""
    late = [_event(rows["calendar"], f"上月的任务{number}", number) for number in range(items)]
    Event.objects.filter(pk__in=[each.pk for each in late]).update(due_on=date(YEAR, 3, 2))
    done = [_event(rows["calendar"], f"办结的任务{number}", 0, items) for number in range(items)]
    skipped = _event(rows["calendar"], "不适用的任务", items)
    for event in (*rows["events"], *late, *done, skipped):
        event.refresh_from_db()
    open_tasks = [_task(bureau.mine, event) for event in rows["events"]]
    others = [_task(bureau.other, event) for event in rows["events"]]
    for organization in (bureau.mine, rows["extra"], rows["reviewed_extra"], rows["kinder"]):
        for event in late:
            _task(organization, event)
    finished = [
        _task(
            bureau.mine,
            event,
            state=TaskState.DONE,
            record=rows["record"],
            completed_on=date(YEAR, 3, 9),
            completed_by=bureau.secretary,
        )
        for event in done
    ]
    for task in finished:
        for figure in task.event.figures.all():
            FigureValue.objects.create(task=task, figure=figure, value=12)
    applies_not = _task(
        bureau.mine, skipped, state=TaskState.NOT_APPLICABLE, reason="本支部没有党小组"
    )
    returned = _task(rows["reviewed_extra"], skipped, state=TaskState.RETURNED, comment="请补照片")
    return {
        "task": open_tasks[0],
        "done_task": finished[0],
        "skipped_task": applies_not,
        "returned_task": returned,
        "other_task": others[0],
        "kinder_task": Task.objects.filter(organization=rows["kinder"]).first(),
    }


def _task(organization: Organization, event: Event, **fields: Any) -> Task:
    return Task.objects.create(
        event=event, organization=organization, due_on=event.due_on, **fields
    )


def report_rows(bureau: Bureau, rows: dict[str, Any], items: int) -> dict[str, Any]:
    """Months backwards from February: for ``mine`` one report of each state and round."""
    held: dict[str, Report] = {}
    state_names = {
        "report": ReportState.DRAFT,
        "submitted": ReportState.SUBMITTED,
        "returned": ReportState.RETURNED,
        "approved": ReportState.APPROVED,
    }
    months = iter(_months_back())
    for _ in range(items):
        for name, state in state_names.items():
            period = _period(*next(months))
            report = _report(period, bureau.mine, state, bureau, items)
            other = _report(period, bureau.other, state, bureau, items)
            held.setdefault(name, report)
            held.setdefault(f"other_{name}", other)
            held.setdefault(f"kinder_{name}", _report(period, rows["kinder"], state, bureau, 1))
            if state == ReportState.APPROVED:
                held.setdefault("correction", _corrections(report, bureau, items))
                held.setdefault("other_correction", _corrections(other, bureau, items))
    planned = _period(YEAR, 12)
    Period.objects.filter(pk=planned.pk).update(state=PeriodState.PLANNED)
    return {
        **held,
        "period": held["report"].period,
        "planned_period": planned,
        "plan": PeriodPlan.objects.create(year=YEAR),
        "number": 1,
    }


def _months_back() -> Iterator[tuple[int, int]]:
    for back in range(60):
        year, month = divmod(YEAR * 12 + 1 - back, 12)
        yield year, month + 1


def _period(year: int, month: int) -> Period:
    return Period.objects.create(
        year=year,
        first_month=month,
        last_month=month,
        starts_on=date(year, month, 1),
        ends_on=date(year, month, 28),
        due_on=date(year + (month == 12), month % 12 + 1, 12),
        state=PeriodState.OPEN,
        opened_at=NOW,
    )


def _report(
    period: Period, organization: Organization, state: ReportState, bureau: Bureau, comments: int
) -> Report:
    report = Report.objects.create(period=period, organization=organization, state=state)
    if state == ReportState.DRAFT:
        return report
    Report.objects.filter(pk=report.pk).update(
        head_label="张三",
        filler_label="赵办",
        submitted_at=NOW,
        submitted_by=bureau.secretary,
        reviewed_at=NOW,
        reviewed_by=bureau.officer,
        version=1,
    )
    ReportFigure.objects.bulk_create(
        ReportFigure(report=report, key=line.key, value=8 if line.recorded else None,
                     recorded=line.recorded)
        for line in LINES
    )  # fmt: skip
    for number in range(comments):
        if state == ReportState.RETURNED:
            Comment.objects.create(
                report=report,
                key=LINES[number].key,
                text="请核",
                version=1,
                author=bureau.officer,
                at=NOW,
            )
    if state == ReportState.APPROVED:
        _former_versions(report, comments)
    report.refresh_from_db()
    return report


def _former_versions(report: Report, count: int) -> None:
    """Approved before with another figure each time; the report counts them."""
    for number in range(1, count + 1):
        FormerVersion.objects.create(
            report=report,
            number=number,
            outcome=Outcome.APPROVED,
            figures=[[line.key, number, "", line.recorded] for line in LINES],
            kept_at=NOW,
        )
    Report.objects.filter(pk=report.pk).update(version=count + 1)


def _corrections(report: Report, bureau: Bureau, count: int) -> Correction:
    """Several that wait, and as many that were refused; returns one that waits."""
    made = [
        Correction.objects.create(
            report=report,
            key=LINES[number].key,
            old_value=8,
            new_value=9,
            reason="漏了一位",
            state=state,
            asked_by=bureau.secretary,
            decided_by=bureau.officer if state == CorrectionState.REFUSED else None,
        )
        for number in range(count)
        for state in (CorrectionState.ASKED, CorrectionState.REFUSED)
    ]
    return made[0]


def office_rows(bureau: Bureau, items: int) -> dict[str, Any]:
    """Notices, reminders, texts for groups, jobs, the log."""
    issued, drafts, digests, texts, jobs = [], [], [], [], []
    for number in range(items):
        issued.append(_notice(bureau.officer, NoticeState.ISSUED, number))
        drafts.append(_notice(bureau.officer, NoticeState.DRAFT, number))
        digests.append(_digest(bureau.secretary, number, items))
        _digest(bureau.officer, number, items)
        texts.append(_text(bureau, number, items))
        jobs.append(_job(bureau.secretary))
    note(
        actor=bureau.officer,
        verb="notices.issue",
        obj=issued[0],
        before={"state": "printed"},
        after={"state": "issued"},
    )
    return {
        "notice": issued[0],
        "draft_notice": drafts[0],
        "printed_notice": _notice(bureau.officer, NoticeState.PRINTED, items),
        "digest": digests[0],
        "group_text": texts[0],
        "nudge_text": _text(bureau, items, items, created_by=bureau.reviewer),
        "job": jobs[0],
        "desk_job": _job(bureau.officer),
        "run": _import_run(bureau.officer, "head_counts", HEADS),
        "people_run": _import_run(bureau.officer, "secretaries", sheet(WANG, KUN)),
        "entry": AuditEntry.objects.latest("pk"),
    }


def _notice(officer: User, state: NoticeState, number: int) -> Notice:
    job = _job(officer) if state != NoticeState.DRAFT else None
    return Notice.objects.create(
        title=f"关于开展活动的通知（{number}）",
        number=f"澄教党〔{YEAR}〕{number + 1}号",
        source=f"关于开展活动的通知（{number}）\n各党组织：\n请按时开展活动。",
        state=state,
        created_by=officer,
        job=job,
        rendered_version=1 if job else 0,
        issued_at=NOW if state == NoticeState.ISSUED else None,
    )


def _digest(user: User, number: int, dues: int) -> Digest:
    digest = Digest.objects.create(
        key=f"{user.pk}:{number}",
        recipient=user,
        subject=f"第{number}次提醒",
        text="请按时办理",
        created_at=NOW,
    )
    for part in range(dues):
        Due.objects.create(
            key=f"{user.pk}:{number}:{part}",
            recipient=user,
            room="calendar_events",
            subject=f"事项{part}",
            stage="on_day",
            unit="芙蓉小学",
            deadline=date(YEAR, 3, 25),
            link="/month/",
            due_at=NOW,
            digest=digest,
        )
    return digest


def _text(bureau: Bureau, number: int, calls: int, created_by: User | None = None) -> GroupText:
    call = {"unit": "芙蓉小学", "user_id": bureau.secretary.pk, "name": "张三", "what": "主题党日"}
    return GroupText.objects.create(
        kind="nudge",
        key=f"text:{number}",
        title=f"催办（{number}）",
        named="芙蓉小学请尽快上报。",
        unnamed="请未上报的单位尽快上报。",
        calls=[call] * calls,
        created_by=created_by,
    )


def _import_run(officer: User, kind: str, table: bytes) -> Job:
    """An import that was previewed and waits for its button."""
    params = {"kind": kind, "on": DAY, "filename": "名单.xlsx", "path": keep(table)}
    return Job.objects.create(
        kind=JOB_KIND, label="导入", params=params, state=JobState.DONE, owner=officer
    )


def _job(owner: User) -> Job:
    job = Job.objects.create(
        kind="notices.print",
        label="打印",
        params={},
        state=JobState.DONE,
        result_name="文件.pdf",
        owner=owner,
    )
    job.result_path = f"jobs/{job.pk}.pdf"
    job.save()
    target = settings.MEDIA_ROOT / job.result_path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(PDF)
    return job
