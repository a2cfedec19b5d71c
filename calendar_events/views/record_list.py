"""The list of records: by month, by kind, searched."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from activities.choices import RecordKind
from activities.models import Record
from activities.queries import kinds_held, months_held, searched
from calendar_events.views.rows import record_row
from common.days import chinese_date
from organizations.models import Organization
from organizations.portal import PortalRequest, portal_page

RECORDS_A_PAGE = 30
LONGEST_SEARCH = 50


@dataclass(frozen=True)
class Wanted:
    """What the address asks for; what can't be is left out.

    ``first`` and ``last`` (``from`` and ``to``) are days, both included: a figure of the monthly
    report leads to the records of its period.
    """

    month: date | None
    kind: str
    text: str
    first: date | None = None
    last: date | None = None

    @classmethod
    def of(cls, request: HttpRequest) -> "Wanted":
        """Read the address."""
        kind = request.GET.get("kind", "")
        return cls(
            month=_month(request.GET.get("month", "")),
            kind=kind if kind in RecordKind.values else "",
            text=request.GET.get("q", "").strip().replace("\x00", "")[:LONGEST_SEARCH],
            first=_day(request.GET.get("from", "")),
            last=_day(request.GET.get("to", "")),
        )

    @property
    def days(self) -> str:
        """2026年2月26日—2026年3月25日, or what of it is asked for."""
        if self.first is None and self.last is None:
            return ""
        ends = (chinese_date(day) if day else "" for day in (self.first, self.last))
        return "—".join(ends)

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.month or self.kind or self.text or self.days)

    def query(self, **other: str) -> str:
        """Return the address's parameters with some replaced; empty ones left out."""
        values = {
            "month": month_key(self.month) if self.month else "",
            "kind": self.kind,
            "q": self.text,
            "from": self.first.isoformat() if self.first else "",
            "to": self.last.isoformat() if self.last else "",
            **other,
        }
        data = QueryDict(mutable=True)
        data.update({name: value for name, value in values.items() if value})
        return data.urlencode()


def month_key(day: date) -> str:
    """Return 2026-11, as the address has it."""
    return f"{day:%Y-%m}"


def month_label(day: date) -> str:
    """Return 2026年11月."""
    return f"{day.year}年{day.month}月"


def _month(text: str) -> date | None:
    if not re.fullmatch(r"[12]\d{3}-(0[1-9]|1[0-2])", text, re.ASCII):
        return None
    return date.fromisoformat(f"{text}-01")


def _day(text: str) -> date | None:
    if not re.fullmatch(r"[12]\d{3}-\d\d-\d\d", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_GET
@portal_page("records")
def records(request: PortalRequest) -> HttpResponse:
    """What has taken place, newest first."""
    wanted = Wanted.of(request)
    organization = request.portal.organization
    held = Record.objects.visible_to(request.user).in_subtree(organization)
    shown = searched(
        held,
        text=wanted.text,
        kind=wanted.kind,
        month=wanted.month,
        first=wanted.first,
        last=wanted.last,
    )
    page = Paginator(shown.select_related("organization"), RECORDS_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "groups": _groups(list(page.object_list), organization),
        "page": page,
        "query": wanted.query(),
        "wanted": wanted,
        "wanted_month": month_key(wanted.month) if wanted.month else "",
        "filtered": bool(wanted),
        "all_url": request.path,
        "new_url": reverse("calendar_events:new_record"),
        "kinds": [(kind, RecordKind(kind).label) for kind in kinds_held(held)],
        **_months(months_held(held), wanted),
    }
    return render(request, "calendar_events/record_list.html", context)


def _groups(rows: Sequence[Record], own: Organization) -> list[dict[str, Any]]:
    months = groupby(rows, key=lambda each: month_label(each.held_on))
    return [
        {"label": label, "records": [record_row(each, own=own) for each in several]}
        for label, several in months
    ]


def _months(held: Sequence[date], wanted: Wanted) -> dict[str, Any]:
    """Return the months to choose from, and the neighbours of the one that is shown."""
    context: dict[str, Any] = {"months": [(month_key(day), month_label(day)) for day in held]}
    if wanted.month:
        before = [day for day in held if day < wanted.month]
        after = [day for day in held if day > wanted.month]
        context |= {
            "previous": _turn(before[0], wanted) if before else None,
            "following": _turn(after[-1], wanted) if after else None,
        }
    return context


def _turn(month: date, wanted: Wanted) -> dict[str, str]:
    return {"label": month_label(month), "url": f"?{wanted.query(month=month_key(month))}"}
