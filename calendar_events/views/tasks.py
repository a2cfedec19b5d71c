"""A task's page, and the ways to do it: a record, a record that is there, not applicable."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from activities.choices import RecordKind
from activities.permissions import may_change
from activities.queries import made_by
from calendar_events.agenda import agenda
from calendar_events.choices import PENDING, TaskState
from calendar_events.forms.filing import ExistingRecordForm, NotApplicableForm
from calendar_events.models import Task
from calendar_events.permissions import may_complete
from calendar_events.queries import month_tasks, records_for
from calendar_events.services import complete_task, mark_not_applicable, reopen_task
from calendar_events.views.filing import CLEAR_KEY, file_new, keep_as_new, posted_kind, show_form
from calendar_events.views.record_page import TaskPage, draft_words, keys_of, task_stem, task_words
from calendar_events.views.rows import finished_note, record_note, record_row, task_row
from common import drafts
from common.errors import DomainError, ForbiddenError
from notifications.texts import day_words
from organizations.models import Organization
from organizations.portal import PortalRequest, portal_page


def _task(request: PortalRequest, pk: int) -> Task:
    """Return a task that the user may see, with all that its page shows."""
    rows = Task.objects.visible_to(request.user).select_related(
        "event", "organization", "record", "completed_by"
    )
    task: Task = get_object_or_404(rows.prefetch_related("event__figures", "values"), pk=pk)
    return task


def _own_task(request: PortalRequest, pk: int) -> Task:
    """Return a task that the user may do, with what it asks; 403 for one that they only see."""
    rows = Task.objects.visible_to(request.user).select_related("event", "organization")
    task: Task = get_object_or_404(rows.prefetch_related("event__figures"), pk=pk)
    if not may_complete(request.user, task):
        raise PermissionDenied
    return task


def _is_closed(organization: Organization, on: date) -> bool:
    return organization.closed_on is not None and organization.closed_on <= on


@require_http_methods(["GET", "POST"])
@portal_page("month")
def task(request: PortalRequest, pk: int) -> HttpResponse:
    """Fill in the record that does the task; once it is done, what became of it."""
    on = timezone.localdate()
    if request.method == "POST":
        return _file(request, _own_task(request, pk), on)
    row = _task(request, pk)
    fillable = row.state in PENDING and may_complete(request.user, row)
    if not fillable or _is_closed(row.organization, on):
        return _show(request, row, on)
    record = row.record
    if record is not None and may_change(request.user, record) and "kind" not in request.GET:
        return redirect("calendar_events:edit_record", pk=record.pk)
    page = TaskPage(request, row.organization, on, _kind(request, row), row)
    return show_form(page, page.fresh())


def _kind(request: PortalRequest, row: Task) -> str:
    """The kind asked for, else that of what was typed last, else the event's own."""
    wanted = request.GET.get("kind", "")
    held = drafts.latest(owner=request.user, keys=keys_of(task_stem(request, row)))
    last = held.key.rsplit(":", 1)[1] if held else ""
    kinds = (kind for kind in (wanted, last, row.event.record_kind) if kind in RecordKind.values)
    return next(kinds, RecordKind.OTHER)


def _file(request: PortalRequest, row: Task, on: date) -> HttpResponse:
    page = TaskPage(request, row.organization, on, posted_kind(request), row)
    if row.state in PENDING or made_by(request.user, request.POST.get("token", "")) is not None:
        return file_new(page)
    who = f"由 {row.completed_by}" if row.completed_by else ""
    return keep_as_new(
        page,
        f"「{row.event.title}」刚刚已{who}标为“{row.get_state_display()}”。"
        "您填写的内容还在：可以不保存，也可以作为另一条记录保存。",
    )


def _show(request: PortalRequest, row: Task, on: date) -> HttpResponse:
    """What became of the task, and what is next."""
    own = may_complete(request.user, row)
    answers = {each.figure_id: each.value for each in row.values.all()}
    context: dict[str, Any] = {
        "row": row,
        "note": finished_note(row),
        "due_label": day_words(row.due_on),
        "record": record_row(row.record, own=row.organization) if row.record else None,
        "answers": [
            (figure.name, answers.get(figure.pk), figure.unit) for figure in row.event.figures.all()
        ],
        "reopen_url": reverse("calendar_events:reopen", args=[row.pk])
        if own and row.state in (TaskState.DONE, TaskState.NOT_APPLICABLE)
        else "",
        "is_closed": _is_closed(row.organization, on),
        "next": next_rows(row.organization, on=on) if own else [],
        CLEAR_KEY: request.session.pop(CLEAR_KEY, ""),
    }
    return render(request, "calendar_events/task.html", context)


def next_rows(organization: Organization, *, on: date) -> list[dict[str, Any]]:
    """Return the most urgent thing that still waits this month, as the rows of a card."""
    month = month_tasks(organization, on.year, on.month)
    held = agenda(month, year=on.year, month=on.month, on=on)
    return [task_row(each, on=on) for each in held.waiting[:1]]


@require_http_methods(["GET", "POST"])
@portal_page("month")
def existing(request: PortalRequest, pk: int) -> HttpResponse:
    """Do the task by a record that is there already."""
    row = _own_task(request, pk)
    if row.state not in PENDING:
        return redirect("calendar_events:task", pk=pk)
    on = timezone.localdate()
    records = {
        record: format_html(
            '<span>{}<span class="check-note">{}</span></span>',
            record.topic,
            record_note(record, own=row.organization),
        )
        for record in records_for(request.user, row)
    }
    form = ExistingRecordForm(request.POST or None, task=row, records=records)
    if request.method == "POST" and form.is_valid():
        try:
            complete_task(
                actor=request.user,
                task=row,
                record=form.record(),
                values=form.answers(),
                on=on,
                at=timezone.now(),
            )
        except ForbiddenError as error:
            raise PermissionDenied from error
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            _forget(request, row)
            return redirect("calendar_events:record_saved", pk=form.record().pk)
    context = {
        "form": form,
        "figures": form.figures_of(row),
        "records": records,
        "task_url": reverse("calendar_events:task", args=[pk]),
        **task_words(row, on=on),
    }
    return render(request, "calendar_events/task_existing.html", context)


@require_http_methods(["GET", "POST"])
@portal_page("month")
def not_applicable(request: PortalRequest, pk: int) -> HttpResponse:
    """Say why the task does not apply."""
    row = _own_task(request, pk)
    if row.state not in PENDING:
        return redirect("calendar_events:task", pk=pk)
    on = timezone.localdate()
    key = _reason_key(request, row)
    draft = drafts.load(owner=request.user, key=key)
    reasons = draft.data.get("reason", []) if draft else []
    form = NotApplicableForm(request.POST or None, initial={"reason": "".join(reasons[:1])})
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            mark_not_applicable(actor=request.user, task=row, reason=reason, at=timezone.now())
        except ForbiddenError as error:
            raise PermissionDenied from error
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            _forget(request, row)
            request.session[CLEAR_KEY] = key
            return redirect("calendar_events:task", pk=pk)
    context = {
        "form": form,
        "task_url": reverse("calendar_events:task", args=[pk]),
        "draft": draft_words(draft, key=key, on=on),
        **task_words(row, on=on),
    }
    return render(request, "calendar_events/task_not_applicable.html", context)


def _forget(request: PortalRequest, row: Task) -> None:
    """Drop what was typed for a task that has been done otherwise."""
    keys = [*keys_of(task_stem(request, row)), _reason_key(request, row)]
    drafts.discard_all(owner=request.user, keys=keys)


def _reason_key(request: PortalRequest, row: Task) -> str:
    return f"{task_stem(request, row)}:reason"


@require_http_methods(["GET", "POST"])
@portal_page("month")
def reopen(request: PortalRequest, pk: int) -> HttpResponse:
    """Open a finished task again, after asking."""
    row = _own_task(request, pk)
    if row.state not in (TaskState.DONE, TaskState.NOT_APPLICABLE):
        return redirect("calendar_events:task", pk=pk)
    if request.method == "POST":
        try:
            reopen_task(actor=request.user, task=row, at=timezone.now())
        except DomainError as error:
            messages.error(request, error.message)
        return redirect("calendar_events:task", pk=pk)
    changes = [f"「{row.event.title}」将回到“待办”，要重新填报"]
    if row.record:
        changes.append(f"记录“{row.record.topic}”保留，不再算作完成这项任务")
    if row.due_on < timezone.localdate():
        changes.append(f"截止日期 {day_words(row.due_on)}已过，重新打开后显示为“已逾期”")
    context = {
        "row": row,
        "changes": changes,
        "task_url": reverse("calendar_events:task", args=[pk]),
    }
    return render(request, "calendar_events/task_reopen.html", context)
