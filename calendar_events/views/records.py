"""The doors of one record: new, shown, changed, withdrawn, its files."""

from datetime import date
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from activities.choices import KIND_GROUPS, RecordKind
from activities.forms import WithdrawForm
from activities.models import Record
from activities.permissions import may_change
from activities.queries import RecordChange, history
from attachments.serving import serve
from calendar_events.choices import TaskState
from calendar_events.models import Task
from calendar_events.services import withdraw_filed
from calendar_events.views.filing import (
    CLEAR_KEY,
    file_change,
    file_new,
    keep_as_new,
    posted_kind,
    show_form,
)
from calendar_events.views.record_page import ChangePage, RecordPage, keys_of
from calendar_events.views.rows import (
    file_rows,
    moment_words,
    record_lines,
    saved_words,
    task_row,
)
from calendar_events.views.tasks import next_rows
from common import drafts
from common.admin import user_of
from common.errors import DomainError, ForbiddenError
from common.intake import row_number
from organizations.models import Organization
from organizations.portal import PortalRequest, portal_page


def _record(request: PortalRequest, pk: int) -> Record:
    """Return a record that the user may see, with all that its page shows."""
    rows = Record.objects.visible_to(request.user).select_related("organization", "created_by")
    record: Record = get_object_or_404(rows.prefetch_related("counters", "attachments"), pk=pk)
    return record


@require_http_methods(["GET", "POST"])
@portal_page("records")
def new_record(request: PortalRequest) -> HttpResponse:
    """File a record that may stand alone; without a kind, choose one first."""
    on = timezone.localdate()
    if request.method == "POST":
        page = RecordPage(request, _filed_for(request), on, posted_kind(request))
        return file_new(page)
    kind = request.GET.get("kind", "")
    if kind not in RecordKind.values:
        return _choose_kind(request, on)
    page = RecordPage(request, request.portal.organization, on, kind)
    return show_form(page, page.fresh())


def _filed_for(request: PortalRequest) -> Organization:
    """The organisation the page was opened for, should another have been chosen meanwhile."""
    wanted = row_number(request.POST.get("organization", ""))
    mine = Organization.objects.editable_by(request.user)
    if wanted is None:
        return request.portal.organization
    organization: Organization = get_object_or_404(mine, pk=wanted)
    return organization


def _choose_kind(request: PortalRequest, on: date) -> HttpResponse:
    """Show the kinds; for a task or a record they lead back to its form."""
    task, record = (row_number(request.GET.get(name, "")) for name in ("task", "record"))
    place = request.path
    if task is not None:
        row = get_object_or_404(Task.objects.editable_by(request.user), pk=task)
        place = reverse("calendar_events:task", args=[row.pk])
    elif record is not None:
        held = get_object_or_404(Record.objects.editable_by(request.user), pk=record)
        place = reverse("calendar_events:edit_record", args=[held.pk])
    groups = [
        {
            "label": label,
            "kinds": [{"label": kind.label, "url": f"{place}?kind={kind.value}"} for kind in kinds],
        }
        for label, kinds in KIND_GROUPS
    ]
    alone = place == request.path
    context = {
        "groups": groups,
        "back_url": reverse("calendar_events:records") if alone else place,
        "drafts": _begun(request, on) if alone else [],
    }
    return render(request, "calendar_events/record_kinds.html", context)


def _begun(request: PortalRequest, on: date) -> list[dict[str, Any]]:
    """Return the records that were begun here and not filed."""
    pages = [
        RecordPage(request, request.portal.organization, on, kind) for kind in RecordKind.values
    ]
    kinds = {page.key: page.kind for page in pages}
    held = drafts.held(owner=request.user, keys=kinds)
    return [
        {
            "title": (draft.data.get("topic") or [""])[0] or RecordKind(kinds[draft.key]).label,
            "note": f"{RecordKind(kinds[draft.key]).label} · 已自动保存 "
            f"{saved_words(draft.saved_at, on=on)}",
            "url": f"{request.path}?kind={kinds[draft.key]}",
            "action": "继续填",
        }
        for draft in held
    ]


@require_GET
@portal_page("records")
def record(request: PortalRequest, pk: int) -> HttpResponse:
    """One record: what it says, which tasks it does, what happened to it."""
    row = _record(request, pk)
    editable = may_change(request.user, row)
    context = {
        "row": row,
        "lines": record_lines(row),
        "files": file_rows(row),
        "tasks": _task_rows(request, row),
        "entries": [_entry(change) for change in history(row)],
        "edit_url": reverse("calendar_events:edit_record", args=[pk]) if editable else "",
        "withdraw_url": reverse("calendar_events:withdraw_record", args=[pk]) if editable else "",
    }
    return render(request, "calendar_events/record.html", context)


def _task_rows(request: PortalRequest, row: Record) -> list[dict[str, Any]]:
    on = timezone.localdate()
    tasks = Task.objects.visible_to(request.user).filter(record=row)
    shown = tasks.select_related("event").prefetch_related("event__figures")
    return [task_row(each, on=on) for each in shown]


def _entry(change: RecordChange) -> dict[str, Any]:
    return {
        "what": change.what,
        "who": change.who,
        "when": moment_words(change.at),
        "note": change.note,
    }


@require_GET
@portal_page("records")
def record_saved(request: PortalRequest, pk: int) -> HttpResponse:
    """After saving: what the record does, and what is next."""
    row = _record(request, pk)
    done = Task.objects.visible_to(request.user).filter(record=row, state=TaskState.DONE)
    tasks = list(done.select_related("event", "organization").prefetch_related("event__figures"))
    organization = tasks[0].organization if tasks else row.organization
    on = timezone.localdate()
    context = {
        "row": row,
        "tasks": [task_row(each, on=on) for each in tasks],
        "next": next_rows(organization, on=on),
        "record_url": reverse("calendar_events:record", args=[pk]),
        CLEAR_KEY: request.session.pop(CLEAR_KEY, ""),
    }
    return render(request, "calendar_events/record_saved.html", context)


@require_http_methods(["GET", "POST"])
@portal_page("records")
def edit_record(request: PortalRequest, pk: int) -> HttpResponse:
    """Change a record and what its tasks ask."""
    row = _record(request, pk)
    on = timezone.localdate()
    if request.method == "POST":
        page = ChangePage(request, row.organization, on, posted_kind(request), row)
        if row.withdrawn_at is not None:
            return keep_as_new(page, "这条记录已经撤回；您填写的内容还在，可以另存为新记录。")
        _require_change(request, row)
        return file_change(page)
    if row.withdrawn_at is not None:
        return redirect("calendar_events:record", pk=pk)
    _require_change(request, row)
    page = ChangePage(request, row.organization, on, _kind(request, row), row)
    return show_form(page, page.fresh())


def _require_change(request: PortalRequest, row: Record) -> None:
    if not may_change(request.user, row):
        raise PermissionDenied


def _kind(request: PortalRequest, row: Record) -> str:
    """The kind asked for, else that of what was typed last, else the record's own."""
    wanted = request.GET.get("kind", "")
    if wanted in RecordKind.values:
        return wanted
    stem = ChangePage(request, row.organization, row.held_on, row.kind, row).stem
    held = drafts.latest(owner=request.user, keys=keys_of(stem))
    return held.key.rsplit(":", 1)[1] if held else row.kind


@require_http_methods(["GET", "POST"])
@portal_page("records")
def withdraw_record(request: PortalRequest, pk: int) -> HttpResponse:
    """Take a record back, after saying which tasks open again."""
    row = _record(request, pk)
    if row.withdrawn_at is not None:
        return redirect("calendar_events:record", pk=pk)
    _require_change(request, row)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            withdraw_filed(actor=request.user, record=row, reason=reason, at=timezone.now())
        except ForbiddenError as error:
            raise PermissionDenied from error
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return redirect("calendar_events:record", pk=pk)
    done = Task.objects.filter(record=row, state=TaskState.DONE).select_related("event")
    context = {
        "row": row,
        "form": form,
        "changes": [f"任务「{each.event.title}」回到“待办”，要重新填报" for each in done],
        "record_url": reverse("calendar_events:record", args=[pk]),
    }
    return render(request, "calendar_events/record_withdraw.html", context)


@require_GET
@login_required
def record_file(request: HttpRequest, pk: int, file_id: int) -> HttpResponseBase:
    """Stream a file of a record to whoever may see the record; the bureau too."""
    row: Record = get_object_or_404(Record.objects.visible_to(user_of(request)), pk=pk)
    attachment = get_object_or_404(row.attachments, pk=file_id)
    try:
        return cast("HttpResponseBase", serve(attachment, request=request))
    except DomainError as error:
        context = {"status": 404, "title": "附件找不到了", "text": error.message}
        return render(request, "errors/error.html", context, status=404)
