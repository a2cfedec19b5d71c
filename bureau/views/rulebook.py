"""The rulebook: for the bureau in the admin, for secretaries in the portal, and on paper."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from bureau.printing import RULEBOOK_JOB
from bureau.rulebook_page import Group, Wanted, groups
from bureau.views.addresses import Link, address, day_of, links
from bureau.views.desk import desk
from common import audit
from common.admin import user_of
from common.jobs import enqueue
from organizations.models import Tightening
from organizations.permissions import may_manage_organizations
from organizations.portal import PortalRequest, portal_page
from organizations.queries import tightenings_of
from rulebook.model import Field, Force
from rulebook.registry import RULES

LONGEST_SEARCH = 50


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Every rule with its editions, and what units in one's scope have tightened."""
    wanted = _wanted(request.GET)
    user = user_of(request)
    rows = Tightening.objects.visible_to(user).held_on(wanted.on).select_related("organization")
    found = groups(wanted, [row.for_rulebook() for row in rows])
    context = {
        **_context(request, wanted, found),
        "title": "规章库",
        "may_tighten": may_manage_organizations(user),
        "query": request.GET.urlencode(),
    }
    return desk(request, "admin/bureau/rulebook.html", context)


@require_POST
def print_out(request: HttpRequest) -> HttpResponse:
    """Have it printed as filtered; the worker does it."""
    wanted = _wanted(request.GET)
    params = {"wanted": {**asdict(wanted), "on": wanted.on.isoformat()}}
    user = user_of(request)
    job = enqueue(kind=RULEBOOK_JOB, label="打印规章库", params=params, owner=user)
    audit.record(actor=user, verb="bureau.print_rulebook", at=timezone.now())
    return redirect("bureau:job", pk=job.pk)


@require_GET
@portal_page("me")
def school_page(request: PortalRequest) -> HttpResponse:
    """The same for a school, with what the units above it ask for beyond the regulations."""
    wanted = _wanted(request.GET)
    organization = request.portal.organization
    own = tightenings_of([organization.pk], wanted.on)[organization.pk]
    context = _context(request, wanted, groups(wanted, own))
    return render(request, "bureau/rulebook.html", context)


def _wanted(query: QueryDict) -> Wanted:
    """Read the address; a day that is none is today."""
    return Wanted(
        on=day_of(query.get("on", "")) or timezone.localdate(),
        field=_one_of(query.get("field", ""), [each.value for each in Field]),
        force=_one_of(query.get("force", ""), [each.value for each in Force]),
        search=query.get("q", "").strip()[:LONGEST_SEARCH],
        unconfirmed="unconfirmed" in query,
    )


def _one_of(text: str, known: list[str]) -> str:
    return text if text in known else ""


def _choices(kind: type[Field] | type[Force]) -> list[tuple[str, str]]:
    return [(each.value, each.label) for each in kind]


def _context(request: HttpRequest, wanted: Wanted, found: list[Group]) -> dict[str, Any]:
    query = request.GET
    typed = query.get("on", "")
    doubt = address(query, unconfirmed=None if wanted.unconfirmed else 1)
    return {
        "wanted": wanted,
        "groups": found,
        "count": sum(len(group.rows) for group in found),
        "total": len(RULES),
        "fields": links(query, "field", [("", "全部"), *_choices(Field)]),
        "forces": links(query, "force", [("", "不限"), *_choices(Force)]),
        "unconfirmed": Link("只看来源待核实", doubt, wanted.unconfirmed),
        "unread_day": typed if typed and day_of(typed) is None else "",
        "kept": [
            {"name": name, "value": query[name]}
            for name in ("field", "force", "unconfirmed")
            if name in query
        ],
    }
