"""The matrix of organisations and events, its nudges and its export."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from bureau.views.desk import desk
from calendar_events.choices import FINISHED, PENDING, TaskState
from calendar_events.matrix import (
    LATE,
    LATE_LABEL,
    PAGE_SIZE,
    Matrix,
    MatrixFilters,
    MatrixRow,
    matrix,
    matrix_organizations,
)
from calendar_events.models import Task
from calendar_events.permissions import may_return
from calendar_events.queries import task_events
from calendar_events.services import nudge, prepare_nudge, return_task
from common import audit
from common.admin import show_refusal, user_of
from common.downloads import download
from common.errors import DomainError
from common.exports import ExportColumn, Heading, write_xlsx
from organizations.choices import SchoolKind
from organizations.permissions import is_officer, reviewable_by

if TYPE_CHECKING:
    from accounts.models import User

FIRST_YEAR = 2000
MOST_NUDGED = 5000
LEGEND = [*((state.value, state.label) for state in TaskState), (LATE, LATE_LABEL)]
SORTS = [
    ("order", "惯例顺序"),
    ("-late", "逾期多的在前"),
    ("-open", "未办多的在前"),
    ("name", "拼音"),
]


def _number(query: QueryDict, name: str) -> int | None:
    text = query.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _month(query: QueryDict, today: date) -> tuple[int, int]:
    year, month = _number(query, "year"), _number(query, "month")
    if year is None or month is None or not FIRST_YEAR <= year <= 2100 or not 1 <= month <= 12:
        return today.year, today.month
    return year, month


def _filters(query: QueryDict) -> MatrixFilters:
    return MatrixFilters(
        search=query.get("q", "").strip()[:50],
        state=query.get("state", ""),
        school_kind=query.get("school_kind", ""),
        group=_number(query, "group"),
        above=_number(query, "above"),
        event=_number(query, "event"),
    )


def _address(query: QueryDict, **changes: object) -> str:
    """The page's address with some parameters changed; None and page drop out."""
    kept = {name: value for name, value in query.items() if name not in ("page", "task")}
    kept |= {name: str(value) for name, value in changes.items() if value is not None}
    for name, value in changes.items():
        if value is None:
            kept.pop(name, None)
    return "?" + urlencode(kept)


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """One page of the matrix; a cell opens a panel beside it."""
    user, query, on = user_of(request), request.GET, timezone.localdate()
    year, month = _month(query, on)
    filters = _filters(query)
    shown = matrix(
        user,
        year,
        month,
        on=on,
        filters=filters,
        sort=query.get("sort", "order"),
        page=_number(query, "page") or 1,
    )
    context = {
        "title": f"{year}年{month}月任务完成情况",
        "matrix": shown,
        "filters": filters,
        "year": year,
        "month": month,
        "months": _month_links(query, year, month),
        "states": _links(query, "state", [("", "全部"), (LATE, LATE_LABEL), *TaskState.choices]),
        "kinds": _links(query, "school_kind", [("", "全部学校"), *SchoolKind.choices]),
        "sorts": _links(query, "sort", SORTS),
        "legend": LEGEND,
        "panel": _panel(user, query, on),
        "may_nudge": reviewable_by(user).exists(),
        "address": _address(query, year=year, month=month),
        "kept": [(name, value) for name, value in query.items() if name not in ("page", "task")],
        "pages": _pages(shown),
        "query": _address(query)[1:],
        "export_url": reverse("admin:matrix_export") + _address(query),
    }
    return desk(request, "admin/bureau/matrix.html", context)


def _pages(shown: Matrix) -> Any:
    """What the pager asks of a page, without reading the rows again."""
    return Paginator(range(shown.count), PAGE_SIZE).get_page(shown.page)


def _links(query: QueryDict, name: str, choices: Sequence[tuple[str, Any]]) -> list[dict[str, Any]]:
    chosen = query.get(name, choices[0][0])
    return [
        {
            "label": label,
            "url": _address(query, **{name: value or None}),
            "current": value == chosen,
        }
        for value, label in choices
    ]


def _month_links(query: QueryDict, year: int, month: int) -> list[dict[str, Any]]:
    links = [
        {
            "label": f"{each}月",
            "url": _address(query, year=year, month=each, event=None),
            "current": each == month,
        }
        for each in range(1, 13)
    ]
    before = {
        "label": f"‹ {year - 1}年",
        "url": _address(query, year=year - 1, month=12, event=None),
    }
    after = {"label": f"{year + 1}年 ›", "url": _address(query, year=year + 1, month=1, event=None)}
    return [before, *links, after]


def _panel(user: "User", query: QueryDict, on: date) -> dict[str, Any] | None:
    """What a cell opens: the task, its record and figures, and what may be done."""
    chosen = _number(query, "task")
    if chosen is None:
        return None
    tasks = Task.objects.visible_to(user).select_related(
        "event", "organization", "record", "completed_by"
    )
    task = get_object_or_404(tasks, pk=chosen)
    reviewing = may_return(user, task)
    return {
        "task": task,
        "late": task.is_late(on),
        "values": task.values.select_related("figure"),
        "files": task.record.attachments.all() if task.record else [],
        "may_return": reviewing and task.state in FINISHED,
        "may_nudge": reviewing and task.state in PENDING,
        "close_url": _address(query),
    }


def _asked_tasks(request: HttpRequest) -> list[Task]:
    """The tasks a nudge is meant for: ticked ones, or all that wait where nothing is ticked."""
    user, query, on = user_of(request), request.POST, timezone.localdate()
    year, month = _month(query, on)
    events = task_events(user, year, month)
    rows = Task.objects.visible_to(user).select_related("event", "organization")
    one = _number(query, "one")
    if one is not None:
        return list(rows.filter(pk=one))
    ticked = [int(each) for each in query.getlist("organization") if each.isdecimal()]
    if not ticked:
        found = matrix_organizations(user, list(events), on=on, filters=_filters(query))
        ticked = list(found.values_list("pk", flat=True))
    waiting = rows.filter(organization__in=ticked, event__in=events)
    return list(waiting.overdue(on)[:MOST_NUDGED])


@require_POST
def nudge_preview(request: HttpRequest) -> HttpResponse:
    """Say whom a nudge would tell of what, before it does."""
    if not reviewable_by(user_of(request)).exists():
        raise PermissionDenied("催办由审核人或局机关工作人员进行。")
    tasks = _asked_tasks(request)
    prepared = prepare_nudge(tasks=tasks, at=timezone.now())
    context = {
        "title": "催办",
        "prepared": prepared,
        "tasks": tasks,
        "back": reverse("admin:matrix") + "?" + request.POST.get("query", ""),
        "query": request.POST.get("query", ""),
    }
    return desk(request, "admin/bureau/nudge.html", context)


@require_POST
def send_nudge(request: HttpRequest) -> HttpResponse:
    """Nudge, then show the text for the group."""
    chosen = [int(each) for each in request.POST.getlist("task") if each.isdecimal()]
    tasks = Task.objects.visible_to(user_of(request)).filter(pk__in=chosen[:MOST_NUDGED])
    rows = list(tasks.select_related("event", "organization"))
    try:
        text = nudge(actor=user_of(request), tasks=rows, at=timezone.now())
    except DomainError as error:
        show_refusal(request, error)
        return redirect(reverse("admin:matrix") + "?" + request.POST.get("query", ""))
    messages.success(request, "催办已写入，工作时间内随下一轮提醒送达。")
    if is_officer(user_of(request)):
        return redirect("admin:text", pk=text.pk)
    return redirect(reverse("admin:matrix") + "?" + request.POST.get("query", ""))


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


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The matrix as filtered, all pages, as .xlsx."""
    user, query, on = user_of(request), request.GET, timezone.localdate()
    year, month = _month(query, on)
    rows: list[MatrixRow] = []
    number = 1
    while True:
        part: Matrix = matrix(
            user,
            year,
            month,
            on=on,
            filters=_filters(query),
            sort=query.get("sort", "order"),
            page=number,
        )
        rows += part.rows
        if number >= part.pages:
            break
        number += 1
    title = f"{year}年{month}月任务完成情况"
    content = write_xlsx(rows, _columns(part), heading=Heading(title, as_of=on))
    audit.record(actor=user, verb="bureau.export_matrix", label=title, after={"rows": len(rows)})
    return download(content, filename=f"{title}.xlsx")


def _columns(shown: Matrix) -> list[ExportColumn[MatrixRow]]:
    columns = [ExportColumn[MatrixRow]("党组织", lambda row: row.organization.name, 28)]
    for at, event in enumerate(shown.events):
        columns.append(ExportColumn(event.title, _word(at), 16))
    columns.append(ExportColumn("完成", lambda row: f"{row.finished}/{row.total}", 8, "center"))
    return columns


def _word(at: int) -> Any:
    def word(row: MatrixRow) -> str:
        cell = row.cells[at]
        return cell.label if cell else ""

    return word
