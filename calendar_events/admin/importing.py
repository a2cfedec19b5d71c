"""Importing a calendar in the admin: paste or upload, look at what was read, then take it in.

What was pasted or uploaded waits between the pages in a draft of the officer's own, so that it can
be looked at again and nothing is lost by a log-out.
"""

import base64
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from calendar_events.admin.pages import DeskAdmin, Step, sent
from calendar_events.choices import CalendarState
from calendar_events.dates import full_day
from calendar_events.forms import ImportForm, TakeInForm
from calendar_events.imports import (
    Changed,
    Difference,
    counts,
    import_calendar,
    read_pasted,
    read_upload,
)
from calendar_events.models import Calendar, Event
from calendar_events.queries import pending_by_event
from calendar_events.reading import ReadCalendar, UnreadableError
from common import drafts
from common.errors import DomainError

if TYPE_CHECKING:
    from accounts.models import User


class ImportPages(DeskAdmin):
    """The two pages of an import."""

    def import_urls(self) -> list[URLPattern]:
        """Return their addresses."""
        return [
            self.page("<int:pk>/import/", self.import_page, "import"),
            self.page("<int:pk>/import/check/", self.check_page, "check"),
        ]

    def import_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take text or a file, and lead on to what was read out of it."""
        calendar, actor = self.found(request, pk), self.require_planner(request)
        form = ImportForm(sent(request), request.FILES or None)
        if form.is_valid():
            source = _source(form)
            try:
                _read(source, calendar)
            except UnreadableError as error:
                form.add_error(None, str(error))
            else:
                _keep(actor, calendar, source)
                return redirect("admin:calendar_events_calendar_check", calendar.pk)
        step = Step(f"导入：{calendar}", "读取并预览", _year_url(calendar))
        return self.show(request, "import", title=step.title, step=step, form=form)

    def check_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what was read, what it would change, every problem; then take it in."""
        calendar, actor = self.found(request, pk), self.require_planner(request)
        held = drafts.load(owner=actor, key=_key(calendar))
        if held is None:
            messages.info(request, "请先粘贴文字或选择文件。")
            return redirect("admin:calendar_events_calendar_import", calendar.pk)
        read = _read(held.data, calendar)
        replace = calendar.state == CalendarState.PUBLISHED
        difference, refused = _tried(actor, read, replace=replace)
        form = TakeInForm(sent(request), problems=bool(read.problems), replace=replace)
        step = Step(
            f"核对导入：{calendar}",
            "导入",
            _year_url(calendar),
            _changes(difference),
            danger=replace,
            template="check",
        )

        def act() -> str:
            done = import_calendar(actor=actor, read=read, at=timezone.now(), replace=replace)
            drafts.discard(owner=actor, key=_key(calendar))
            return f"已导入：{counts(done)}。" + "".join(done.left)

        context = {"calendar": calendar, "read": read, "refused": refused}
        return self.run(request, step, form, act, context)


def _year_url(calendar: Calendar) -> str:
    return reverse("admin:calendar_events_calendar_change", args=[calendar.pk])


def _key(calendar: Calendar) -> str:
    return f"calendar:import:{calendar.pk}"


def _source(form: forms.Form) -> dict[str, str]:
    """Return what was given in a shape that a draft can hold."""
    upload = form.cleaned_data["file"]
    if upload is None:
        return {"text": form.cleaned_data["text"]}
    return {"name": upload.name, "content": base64.b64encode(upload.read()).decode()}


def _read(source: dict[str, Any], calendar: Calendar) -> ReadCalendar:
    if "text" in source:
        return read_pasted(text=source["text"], year=calendar.year)
    content = base64.b64decode(source["content"])
    return read_upload(name=source["name"], data=content, year=calendar.year)


def _keep(actor: "User", calendar: Calendar, source: dict[str, str]) -> None:
    held = drafts.load(owner=actor, key=_key(calendar))
    drafts.save(
        owner=actor,
        key=_key(calendar),
        version=held.version if held else 0,
        data=source,
        device="",
        at=timezone.now(),
    )


def _tried(actor: "User", read: ReadCalendar, *, replace: bool) -> tuple[Difference | None, str]:
    """Try the import and take it back; returns what it would change, or why it is refused."""
    try:
        tried = import_calendar(
            actor=actor, read=read, at=timezone.now(), replace=replace, dry_run=True
        )
    except DomainError as error:
        return None, error.message
    return tried, ""


def _changes(difference: Difference | None) -> list[str]:
    if difference is None:
        return []
    rolled = sum(event.rolled_from_id is not None for event in difference.removed)
    kept = sum(
        event.rolled_from_id is not None
        for event in (*difference.same, *(each.event for each in difference.changed))
    )
    from_last_year = (
        f"与沿用上一年的草稿相比：对得上 {kept} 项（分类、范围、数据项保留），"
        f"文件里没有的 {rolled} 项会去掉。"
    )
    new = [f"新增：{event.first_month}月「{event.title}」" for _, event in difference.new]
    waiting = pending_by_event(
        [
            *difference.removed,
            *(each.event for each in difference.changed if "due_on" in each.fields),
        ]
    )
    named = [
        f"改动：{_named(each.event)}：{_fields(each)}{_told(waiting, each.event, '改期')}"
        for each in difference.changed
    ]
    gone = [
        f"去掉：{_named(event)}{_told(waiting, event, '任务取消')}" for event in difference.removed
    ]
    head = [f"{counts(difference)}。", *([from_last_year] if rolled or kept else [])]
    return [*head, *named, *gone, *new, *difference.left]


def _told(waiting: dict[int, int], event: Event, what: str) -> str:
    """Say how many organisations a change of what they have reaches."""
    number = waiting.get(event.pk, 0)
    return f"（{number} 个未办结的党组织{what}并收到通知）" if number else ""


def _named(event: Event) -> str:
    origin = "（沿用自上一年）" if event.rolled_from_id else ""
    return f"{event.first_month}月「{event}」{origin}"


def _fields(changed: Changed) -> str:
    """Say what differs, old beside new."""
    return "；".join(
        f"{Event._meta.get_field(name).verbose_name}由{_value(old)}改为{_value(changed.fields[name])}"  # type: ignore[union-attr]
        for name, old in changed.before.items()
    )


def _value(value: Any) -> str:
    return full_day(value) if isinstance(value, date) else f"“{value}”" if value else "空"
