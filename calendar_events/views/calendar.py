"""The year's calendar as a school sees it: lines by month, one's own tasks with their state."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from calendar_events.choices import CalendarState, EventState
from calendar_events.matrix import Cell
from calendar_events.models import Calendar
from calendar_events.year import SchoolLine, SchoolMonth, school_year
from organizations.portal import PortalRequest, portal_page

_TONES = {
    "done": "done",
    "late": "late",
    "returned": "returned",
    "not_applicable": "na",
    "open": "todo",
}


@require_safe
@portal_page("month")
def calendar(request: PortalRequest) -> HttpResponse:
    """Show one published year, by default this one or else the newest."""
    on = timezone.localdate()
    published = Calendar.objects.visible_to(request.user).filter(state=CalendarState.PUBLISHED)
    years = list(published.values_list("year", flat=True))
    year = _year(request.GET.get("year"), years, default=on.year)
    months = school_year(request.user, request.portal.organization, year) if year else []
    context = {
        "portal": request.portal,
        "year": year,
        "years": [each for each in years if each != year],
        "months": [_month(month, on=on) for month in months],
    }
    return render(request, "calendar_events/calendar.html", context)


def _year(asked: str | None, years: list[int], *, default: int) -> int | None:
    """Return the year to show; 404 for one that was asked for and isn't there."""
    if asked is not None:
        found = next((year for year in years if str(year) == asked), None)
        if found is None:
            raise Http404
        return found
    return default if default in years else next(iter(years), None)


def _month(month: SchoolMonth, *, on: date) -> dict[str, Any]:
    return {
        "number": month.month,
        "label": f"{month.month} 月" if month.year == month.of else f"次年 {month.month} 月",
        "anchor": f"month-{month.year}-{month.month}",
        "is_now": (month.year, month.month) == (on.year, on.month),
        "lines": [_line(line, on=on) for line in month.lines],
    }


def _line(line: SchoolLine, *, on: date) -> dict[str, Any]:
    event = line.event
    cells = [
        (task, Cell(task.pk, task.state, task.is_late(on), task.due_on)) for task in line.tasks
    ]
    span = f"{event.months_label} · " if event.first_month != event.last_month else ""
    return {
        "title": event.title,
        "note": f"{span}{_kind(line)}",
        "tasks": [
            {
                "title": task.event.title,
                "url": reverse("calendar_events:task", args=[task.pk]),
                "word": cell.label,
                "tone": _TONES.get(cell.code, ""),
                "due_on": task.due_on,
            }
            for task, cell in cells
        ],
    }


def _kind(line: SchoolLine) -> str:
    """Say what the line is for this school."""
    if line.event.state == EventState.CANCELLED:
        return "已取消"
    if len(line.tasks) > 1:
        return f"分 {len(line.tasks)} 件办"
    return "" if line.tasks else "不用填报"
