"""Tasks, records and files as the rows that the portal's lists show."""

from datetime import date, datetime
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone

from activities.choices import COUNTERS, MEETINGS, RecordKind
from activities.models import Record
from calendar_events.agenda import is_optional
from calendar_events.choices import TaskState
from calendar_events.dates import full_day
from calendar_events.models import Task
from common.days import chinese_date
from notifications.texts import day_words
from organizations.models import Organization

Row = dict[str, Any]


def moment_words(at: datetime) -> str:
    """Return 2026年11月3日 14:30, Shanghai time."""
    local = timezone.localtime(at)
    return f"{chinese_date(local)} {local:%H:%M}"


def saved_words(at: datetime, *, on: date) -> str:
    """Return when a draft was saved: 10:32 today, 11月3日 10:32 before."""
    local = timezone.localtime(at)
    clock = f"{local:%H:%M}"
    return clock if local.date() == on else f"{local.month}月{local.day}日 {clock}"


def task_row(task: Task, *, on: date) -> Row:
    """Return a task as a row: title, what to know about it, its state, where it leads."""
    row: Row = {
        "title": task.event.title,
        "url": reverse("calendar_events:task", args=[task.pk]),
        "note": waiting_note(task, on=on),
    }
    if task.state == TaskState.RETURNED:
        row |= {"note": task.comment, "action": "去修改"}
    elif task.state in (TaskState.DONE, TaskState.NOT_APPLICABLE):
        row |= {"note": finished_note(task), "word": task.get_state_display(), "action": "查看"}
    return row


def waiting_note(task: Task, *, on: date) -> str:
    """Return what stands under an open task: since when it is late, which figures it asks."""
    notes = []
    if task.due_on < on and not is_optional(task):
        days = (on - task.due_on).days
        notes.append(f"应于 {day_words(task.due_on)}前完成，已过 {days} 天")
    elif task.extended_reason:
        notes.append(f"已延期到 {day_words(task.due_on)}")
    figures = "、".join(figure.name for figure in task.event.figures.all())
    if figures:
        notes.append(f"要填：{figures}")
    return "；".join(notes)


def finished_note(task: Task) -> str:
    """Return what stands under a finished task: when, how late, or why it doesn't apply."""
    notes = []
    if task.completed_on:
        notes.append(f"{day_words(task.completed_on)}办结")
        late = (task.completed_on - task.due_on).days
        if late > 0 and not is_optional(task):
            notes.append(f"晚 {late} 天")
    if task.reason:
        notes.append(f"理由：{task.reason}")
    return "，".join(notes)


def record_note(record: Record, *, own: Organization | None = None) -> str:
    """Return date, kind and people of a record; whose it is where that isn't ``own``."""
    parts = [day_words(record.held_on), record.get_kind_display()]
    heads = heads_words(record)
    if heads:
        parts.append(heads)
    if own is not None and record.organization_id != own.pk:
        parts.append(record.organization.label)
    return " · ".join(parts)


def heads_words(record: Record) -> str:
    """Return 应到 34 实到 32, 参加 120 人, or nothing."""
    if record.kind in MEETINGS and record.entitled is not None:
        return f"应到 {record.entitled} 实到 {record.present}"
    return f"参加 {record.present} 人" if record.present is not None else ""


def record_row(record: Record, *, own: Organization) -> Row:
    """Return a record as a row of the list."""
    return {
        "title": record.topic,
        "note": record_note(record, own=own),
        "word": "已撤回" if record.withdrawn_at else "",
        "url": reverse("calendar_events:record", args=[record.pk]),
    }


def record_lines(record: Record) -> list[tuple[str, str]]:
    """Return what a record says as pairs of label and words; what wasn't given is left out."""
    given = {counter.key: counter.value for counter in record.counters.all()}
    counted = [
        (each.label, f"{given[each.key]} {each.unit}")
        for each in COUNTERS.get(record.kind, ())
        if each.key in given
    ]
    lines = [
        ("类别", record.get_kind_display()),
        ("日期", full_day(record.held_on)),
        *_people_lines(record),
        *counted,
        ("地点", record.place),
        ("主讲人" if record.kind == RecordKind.PARTY_LESSON else "主持人", record.speaker),
        ("简要情况", record.summary),
    ]
    return [(label, words) for label, words in lines if words]


def _people_lines(record: Record) -> list[tuple[str, str]]:
    labels = ("应到人数", "实到人数") if record.kind in MEETINGS else ("应到人数", "参加人数")
    figures = (record.entitled, record.present)
    pairs = zip(labels, figures, strict=True)
    return [(label, f"{figure} 人") for label, figure in pairs if figure is not None]


def file_rows(record: Record) -> list[Row]:
    """Return the files of a record: name, size, where they are streamed from."""
    return [
        {
            "name": each.name,
            "size_label": filesizeformat(each.size),
            "url": reverse("calendar_events:record_file", args=[record.pk, each.pk]),
        }
        for each in record.attachments.all()
    ]
