"""Nudging (催办) from the bureau's pages: one task, ticked organisations, or all that is late.

Each way leads to the same preview, which says whom it tells of what before anything is sent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from bureau.views.addresses import number, numbers
from bureau.views.desk import desk
from bureau.views.matrix_address import asked_of
from calendar_events.matrix import late_tasks
from calendar_events.models import Event, Task, TaskQuerySet
from calendar_events.queries import task_events
from calendar_events.services import nudge, prepare_nudge
from common.admin import show_refusal, user_of
from common.errors import DomainError
from organizations.permissions import reviewable_by

if TYPE_CHECKING:
    from accounts.models import User

MOST_NUDGED = 5000


@dataclass(frozen=True)
class Asked:
    """One event of a preview with the organisations that would be told."""

    event: Event
    tasks: tuple[Task, ...]
    late: int


def _reviewer(request: HttpRequest) -> "User":
    """Answer 403 to who reviews nobody."""
    user = user_of(request)
    if not reviewable_by(user).exists():
        raise PermissionDenied("催办由局机关工作人员和上级党组织审核人进行。")
    return user


def _tasks(user: "User") -> TaskQuerySet:
    """Tasks that the user may see and nudge for."""
    rows: TaskQuerySet = Task.objects.visible_to(user)
    rows = rows.pending().filter(organization__in=reviewable_by(user).values("pk"))
    return rows.select_related("event", "organization").order_by(
        "event__due_on", "event_id", "organization__order", "organization_id"
    )


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Preview a nudge for one task, or for what waits at the ticked organisations."""
    user, query = _reviewer(request), request.POST
    one = number(query, "one")
    if one is not None:
        return _preview(request, _tasks(user).filter(pk=one))
    ticked = numbers(query, "organization")
    if not ticked:
        messages.warning(request, "还没有勾选党组织。")
        return _back(request)
    asked = asked_of(query, today=timezone.localdate())
    events = task_events(user, asked.year, asked.month)
    if asked.filters.event is not None:
        events = events.filter(pk=asked.filters.event)
    shown = _tasks(user).compulsory().filter(event__in=events.order_by().values("pk"))
    return _preview(request, shown.filter(organization__in=ticked))


@require_POST
def preview_late(request: HttpRequest) -> HttpResponse:
    """Preview a nudge for all that is late: in the filtered month, or without one at all."""
    user, query, on = _reviewer(request), request.POST, timezone.localdate()
    rows = _tasks(user).overdue(on)
    if number(query, "month") is not None:
        asked = asked_of(query, today=on)
        events = list(task_events(user, asked.year, asked.month))
        late = late_tasks(user, events, on=on, filters=asked.filters)
        rows = rows.filter(pk__in=late.order_by().values("pk"))
    return _preview(request, rows)


def _preview(request: HttpRequest, rows: TaskQuerySet) -> HttpResponse:
    tasks = list(rows[: MOST_NUDGED + 1])
    too_many = len(tasks) > MOST_NUDGED
    context = {
        "title": "催办",
        "prepared": prepare_nudge(tasks=[] if too_many else tasks, at=timezone.now()),
        "too_many": MOST_NUDGED if too_many else 0,
        "asked": _by_event(tasks),
        "ids": ",".join(str(task.pk) for task in tasks),
        "query": request.POST.get("query", ""),
        "back": _back_url(request),
    }
    return desk(request, "admin/bureau/nudge.html", context)


def _by_event(tasks: Iterable[Task]) -> list[Asked]:
    on = timezone.localdate()
    grouped = ((event, tuple(some)) for event, some in groupby(tasks, key=lambda task: task.event))
    return [Asked(event, some, sum(task.is_late(on) for task in some)) for event, some in grouped]


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Nudge, then show the text for the group."""
    user = user_of(request)
    chosen = numbers(request.POST, "task")[:MOST_NUDGED]
    tasks = Task.objects.visible_to(user).filter(pk__in=chosen)
    rows = list(tasks.select_related("event", "organization"))
    try:
        text = nudge(actor=user, tasks=rows, at=timezone.now())
    except DomainError as error:
        show_refusal(request, error)
        return _back(request)
    messages.success(request, "已催办：提醒在工作时间内随下一轮送达；下面的文字可以复制到群里。")
    return redirect("admin:text", pk=text.pk)


def _back(request: HttpRequest) -> HttpResponse:
    return redirect(_back_url(request))


def _back_url(request: HttpRequest) -> str:
    query = request.POST.get("query", "")
    return f"{reverse('admin:matrix')}?{query}" if query else reverse("admin:index")
