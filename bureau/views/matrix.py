"""The matrix of organisations and events: its page, the panel of a cell, print and export."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from bureau.printing import MATRIX_JOB
from bureau.views.addresses import address, links, number
from bureau.views.desk import desk
from bureau.views.matrix_address import Asked, asked_of, month_links
from calendar_events.choices import FINISHED, PENDING, Handling, TaskState
from calendar_events.matrix import (
    LATE,
    LATE_LABEL,
    PAGE_SIZE,
    Matrix,
    MatrixRow,
    late_tasks,
    matrix,
    whole_matrix,
)
from calendar_events.models import Event, Task
from calendar_events.permissions import may_extend, may_return
from calendar_events.queries import Progress, progress_of
from calendar_events.services import return_task
from common import audit
from common.admin import show_refusal, user_of
from common.downloads import download
from common.errors import DomainError
from common.exports import ExportColumn, Heading, write_xlsx
from common.jobs import enqueue
from organizations.choices import SchoolKind
from organizations.models import SchoolGroup
from organizations.permissions import reviewable_by

if TYPE_CHECKING:
    from accounts.models import User

STATES = [
    ("", "全部"),
    (LATE, LATE_LABEL),
    *((state.value, state.label) for state in TaskState if state != TaskState.CANCELLED),
]
SORTS = [
    ("order", "惯例顺序"),
    ("-late", "逾期多的在前"),
    ("-open", "未办多的在前"),
    ("name", "拼音顺序"),
]


@dataclass(frozen=True)
class Head:
    """The head of a column: an event, how far it is, and the link that shows it alone."""

    event: Event
    progress: Progress
    url: str

    @property
    def is_optional(self) -> bool:
        """Whether nobody is late with it."""
        return self.event.handling == Handling.OPTIONAL


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """One page of the matrix; a cell opens a panel beside it."""
    user, query, on = user_of(request), request.GET, timezone.localdate()
    asked = asked_of(query, today=on)
    shown = matrix(
        user,
        asked.year,
        asked.month,
        on=on,
        filters=asked.filters,
        sort=asked.sort,
        page=number(query, "page") or 1,
    )
    heads = _heads(user, query, shown, on=on)
    context = {
        "title": asked.title,
        "asked": asked,
        "matrix": shown,
        "heads": heads,
        "late": _late(user, asked, heads, on=on),
        "may_nudge": reviewable_by(user).exists(),
        "panel": _panel(user, query, on=on),
        "address": address(query, year=asked.year, month=asked.month),
        "query": address(query)[1:],
        "pages": _pages(shown),
        **_choices(query, asked),
    }
    return desk(request, "admin/bureau/matrix.html", context)


def _choices(query: QueryDict, asked: Asked) -> dict[str, Any]:
    groups = SchoolGroup.objects.values_list("pk", "name")
    return {
        "months": month_links(query, asked),
        "states": links(query, "state", STATES),
        "kinds": SchoolKind.choices,
        "groups": list(groups),
        "sorts": SORTS,
        "narrowed": any([asked.filters.search, asked.filters.school_kind, asked.filters.group]),
        "wide_event_url": address(query, event=None),
        "wide_url": address(query, q=None, school_kind=None, group=None, above=None),
    }


def _heads(user: "User", query: QueryDict, shown: Matrix, *, on: date) -> list[Head]:
    progress = progress_of(user, [event.pk for event in shown.events], on=on)
    return [
        Head(event, progress[event.pk], address(query, event=event.pk)) for event in shown.events
    ]


def _late(user: "User", asked: Asked, heads: list[Head], *, on: date) -> int:
    """How many tasks are late at the organisations shown; the heads have counted all of them."""
    if not asked.filters.narrows_rows:
        return sum(head.progress.late for head in heads)
    return late_tasks(user, [head.event for head in heads], on=on, filters=asked.filters).count()


def _pages(shown: Matrix) -> Any:
    """What the pager asks of a page, without reading the rows again."""
    return Paginator(range(shown.count), PAGE_SIZE).get_page(shown.page)


def _panel(user: "User", query: QueryDict, *, on: date) -> dict[str, Any] | None:
    """What a cell opens: the task, its record and figures, and what may be done."""
    chosen = number(query, "task")
    if chosen is None:
        return None
    tasks = Task.objects.visible_to(user).select_related(
        "event", "organization", "record", "completed_by"
    )
    task = get_object_or_404(tasks, pk=chosen)
    waits = task.state in PENDING
    reviews = may_return(user, task)
    return {
        "task": task,
        "late": task.is_late(on),
        "values": task.values.select_related("figure"),
        "files": task.record.attachments.all() if task.record else [],
        "may_return": reviews and task.state in FINISHED,
        "may_nudge": reviews and waits,
        "may_extend": waits and may_extend(user, task),
        "close_url": address(query),
    }


@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a finished task with a comment."""
    task = get_object_or_404(Task.objects.visible_to(user_of(request)), pk=pk)
    try:
        return_task(
            actor=user_of(request),
            task=task,
            comment=request.POST.get("comment", ""),
            at=timezone.now(),
        )
    except DomainError as error:
        show_refusal(request, error)
    else:
        messages.success(request, f"已退回{task.organization.label}，负责人会收到提醒。")
    return redirect(reverse("admin:matrix") + "?" + request.POST.get("query", ""))


@require_POST
def print_out(request: HttpRequest) -> HttpResponse:
    """Have the matrix printed as filtered, all pages; the worker does it."""
    asked = asked_of(request.GET, today=timezone.localdate())
    job = enqueue(
        kind=MATRIX_JOB,
        label=f"打印{asked.title}",
        params={
            "year": asked.year,
            "month": asked.month,
            "filters": asdict(asked.filters),
            "sort": asked.sort,
        },
        owner=user_of(request),
    )
    audit.record(actor=user_of(request), verb="bureau.print_matrix", label=asked.title)
    return redirect("bureau:job", pk=job.pk)


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The matrix as filtered, all pages, as .xlsx."""
    user, on = user_of(request), timezone.localdate()
    asked = asked_of(request.GET, today=on)
    whole = whole_matrix(
        user, asked.year, asked.month, on=on, filters=asked.filters, sort=asked.sort
    )
    content = write_xlsx(whole.rows, _columns(whole), heading=Heading(asked.title, as_of=on))
    audit.record(
        actor=user,
        verb="bureau.export_matrix",
        label=asked.title,
        after={"rows": len(whole.rows)},
        at=timezone.now(),
    )
    return download(content, filename=f"{asked.title}.xlsx")


def _columns(shown: Matrix) -> list[ExportColumn[MatrixRow]]:
    columns = [ExportColumn[MatrixRow]("党组织", lambda row: row.organization.name, 28)]
    for at, event in enumerate(shown.events):
        columns.append(ExportColumn(event.title, _word(at), 16, "center"))
    columns.append(
        ExportColumn("办结／应办", lambda row: f"{row.finished}/{row.total}", 12, "center")
    )
    return columns


def _word(at: int) -> Callable[[MatrixRow], str]:
    def word(row: MatrixRow) -> str:
        cell = row.cells[at]
        return cell.label if cell else ""

    return word
