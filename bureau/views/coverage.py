"""Coverage (党组织覆盖): the table as of a day, the schools behind each figure, file and print."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from bureau.views.addresses import address, day_of, links, number
from bureau.views.desk import desk
from common import audit
from common.admin import user_of
from common.downloads import download
from common.exports import Heading, write_xlsx
from organizations.choices import Ownership, SchoolKind
from organizations.models import Organization, SchoolGroup
from people.coverage import (
    DEFINITION,
    Asked,
    found_in,
    lines,
    list_columns,
    order_print,
    rule_words,
    table_columns,
    table_of,
)
from people.queries.coverage import CELLS, LABELS

A_PAGE = 50
# What has no column of its own, but a list all the same.
_LISTS = {**LABELS, "total": "全部"}


def asked_of(query: QueryDict) -> Asked:
    """Read the address; what is none of the choices is left out."""
    kind, ownership = query.get("kind", ""), query.get("ownership", "")
    return Asked(
        on=day_of(query.get("on", "")) or timezone.localdate(),
        kind=kind if kind in SchoolKind.values else "",
        ownership=ownership if ownership in Ownership.values else "",
        group=number(query, "group"),
    )


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The table by kind of school."""
    asked = asked_of(request.GET)
    context = {
        "title": "党组织覆盖",
        "rows": table_of(user_of(request), asked),
        "cells": CELLS,
        "definition": DEFINITION,
        "rule": rule_words(asked.on),
        **_context(request, asked),
    }
    return desk(request, "admin/bureau/coverage.html", context)


@require_GET
def schools(request: HttpRequest) -> HttpResponse:
    """The schools behind a figure."""
    asked, cell = asked_of(request.GET), _cell(request)
    found = found_in(user_of(request), asked, cell)
    shown = Paginator(found, A_PAGE).get_page(number(request.GET, "page") or 1)
    context = {
        "title": f"党组织覆盖：{_LISTS[cell]}",
        "page": shown,
        "lines": lines(list(shown), asked.on),
        "count": len(found),
        "cells": links(request.GET, "cell", list(_LISTS.items())),
        "rule": rule_words(asked.on),
        **_context(request, asked),
    }
    return desk(request, "admin/bureau/coverage_schools.html", context)


def _cell(request: HttpRequest) -> str:
    cell = request.GET.get("cell", "total")
    if cell not in _LISTS:
        raise Http404
    return cell


def _context(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    query = request.GET
    typed = query.get("on", "")
    groups = [("", "全部"), *((str(pk), name) for pk, name in _groups())]
    return {
        "asked": asked,
        "query": address(query)[1:],
        "unread_day": typed if typed and day_of(typed) is None else "",
        "ownerships": links(query, "ownership", [("", "不限"), *Ownership.choices]),
        "groups": links(query, "group", groups) if len(groups) > 1 else [],
        "kept": [
            (name, query[name]) for name in ("kind", "ownership", "group", "cell") if name in query
        ],
    }


def _groups() -> Sequence[tuple[int, str]]:
    return list(SchoolGroup.objects.values_list("pk", "name"))


def _heading(request: HttpRequest, title: str, on: date) -> Heading:
    root = Organization.objects.visible_to(user_of(request)).order_by("path").first()
    return Heading(title, unit=root.name if root else "", as_of=on)


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The table as .xlsx."""
    asked = asked_of(request.GET)
    rows = table_of(user_of(request), asked)
    heading = _heading(request, "党组织覆盖情况统计表", asked.on)
    content = write_xlsx(rows, table_columns(), heading=heading)
    _record(request, asked, len(rows))
    return download(content, filename=f"党组织覆盖情况{asked.on:%Y%m%d}.xlsx")


@require_GET
def export_schools(request: HttpRequest) -> HttpResponse:
    """The schools behind a figure as .xlsx, all pages."""
    asked, cell = asked_of(request.GET), _cell(request)
    rows = lines(found_in(user_of(request), asked, cell), asked.on)
    heading = _heading(request, f"党组织覆盖情况：{_LISTS[cell]}", asked.on)
    content = write_xlsx(rows, list_columns(), heading=heading)
    _record(request, asked, len(rows))
    return download(content, filename=f"党组织覆盖（{_LISTS[cell]}）{asked.on:%Y%m%d}.xlsx")


def _record(request: HttpRequest, asked: Asked, rows: int) -> None:
    audit.record(
        actor=user_of(request),
        verb="people.export_coverage",
        after={"rows": rows, "on": asked.on},
        at=timezone.now(),
    )


@require_POST
def print_out(request: HttpRequest) -> HttpResponse:
    """Have the table printed with its lists; the worker does it."""
    asked = asked_of(request.GET)
    job = order_print(actor=user_of(request), asked=asked, at=timezone.now())
    back = reverse("admin:coverage") + (address(request.GET) if request.GET else "")
    return redirect(f"{reverse('bureau:job', args=[job.pk])}?back={back}")
