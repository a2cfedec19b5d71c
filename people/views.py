"""The school's side of the roster: the list, a person, and the steps of their standing."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.errors import DomainError, ForbiddenError
from organizations.models import Organization, Roster
from organizations.models.organization import within
from organizations.portal import PortalRequest, portal_page
from people import services
from people.choices import NEXT_STEPS, StandingKind
from people.forms import (
    ChangeForm,
    CorrectForm,
    EndForm,
    ReasonForm,
    RegisterForm,
    StartRosterForm,
)
from people.models import Standing, StandingQuerySet
from people.permissions import may_keep_roster, may_unmask_field
from people.queries import compare_heads, search_standings, standings_of
from people.services import SECRET_FIELDS

PERSONS_A_PAGE = 50


def _present(request: PortalRequest) -> StandingQuerySet:
    """Who stands in the chosen organisation or below it today."""
    rows: StandingQuerySet = Standing.objects.visible_to(request.user).current()
    return rows.filter(within(request.portal.organization.path, "organization__path"))


def _row(request: PortalRequest, pk: int) -> Standing:
    rows = Standing.objects.visible_to(request.user).select_related("person", "organization")
    return get_object_or_404(rows, pk=pk)


def _kept(request: PortalRequest, pk: int) -> Standing:
    """The same, for who may change it."""
    row = _row(request, pk)
    if row.until is not None or not may_keep_roster(request.user, row.organization):
        raise PermissionDenied("a roster is kept by its own secretary and by officers")
    return row


@require_GET
@portal_page("me")
def roster(request: PortalRequest) -> HttpResponse:
    """Who stands here, how many they are, and how that compares with what was typed."""
    organization, today = request.portal.organization, timezone.localdate()
    text, kind = request.GET.get("q", ""), request.GET.get("kind", "")
    present = _present(request)
    shown = search_standings(present.filter(kind=kind) if kind else present, text)
    rows = shown.in_customary_order().select_related("person", "organization")
    page = Paginator(rows, PERSONS_A_PAGE).get_page(request.GET.get("page"))
    query = urlencode({key: value for key, value in (("q", text), ("kind", kind)) if value})
    kept = Roster.objects.filter(organization=organization).first()
    context = {
        "organization": organization,
        "page": page,
        "query": query,
        "text": text,
        "kind": kind,
        "filters": _filters(present, kind, text),
        "filtered": bool(text or kind),
        "kept": kept,
        "comparisons": compare_heads(organization, today, roster=kept),
        "may_keep": may_keep_roster(request.user, organization),
    }
    return render(request, "people/roster.html", context)


def _filters(present: StandingQuerySet, chosen: str, text: str) -> list[dict[str, Any]]:
    counted = dict(present.order_by().values_list("kind").annotate(persons=Count("pk")))
    kinds = [("", "全部", sum(counted.values()))]
    kinds += [(kind, label, counted.get(kind, 0)) for kind, label in StandingKind.choices]
    search = {"q": text} if text else {}
    return [
        {
            "label": label,
            "count": count,
            "current": kind == chosen,
            "url": "?" + urlencode({**search, **({"kind": kind} if kind else {})}),
        }
        for kind, label, count in kinds
    ]


@require_GET
@portal_page("me")
def standing(request: PortalRequest, pk: int) -> HttpResponse:
    """One person: what is known, masked, and what they were since when."""
    row = _row(request, pk)
    keeps = row.until is None and may_keep_roster(request.user, row.organization)
    context = {
        "row": row,
        "history": standings_of(row.person, request.user),
        "may_keep": keeps,
        "may_go_on": keeps and bool(NEXT_STEPS[row.kind]),
        "may_unmask": may_unmask_field(request.user, row.person),
    }
    return render(request, "people/standing.html", context)


def _form_page(
    request: PortalRequest,
    form: forms.Form,
    *,
    title: str,
    back: str,
    button: str,
    lead: str = "",
    changes: Sequence[str] = (),
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "back": back,
        "button": button,
        "lead": lead,
        "changes": changes,
    }
    return render(request, "people/roster_form.html", context)


def _typed(request: PortalRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _to_confirm(request: PortalRequest, form: ChangeForm | EndForm) -> list[str]:
    """Return what a step would change, once the form is right and before somebody confirmed it."""
    going_on = form.is_bound and not {"confirmed", "again"} & request.POST.keys()
    return form.changes() if going_on and form.is_valid() else []


def _done(form: Any, verb: Callable[[], object]) -> bool:
    """Call the service; show at the field at fault what it refuses."""
    try:
        verb()
    except ForbiddenError as error:
        raise PermissionDenied(error.message) from error
    except DomainError as error:
        key = getattr(error, "key", None)
        form.add_error(key if key in form.fields else None, error.message)
        return False
    return True


@require_http_methods(["GET", "POST"])
@portal_page("me")
def register(request: PortalRequest) -> HttpResponse:
    """Put somebody on the roster."""
    organization = request.portal.organization
    _require_keeping(request, organization)
    form = RegisterForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        entered = _done(
            form,
            lambda: services.register_person(
                actor=request.user,
                organization=organization,
                kind=values["kind"],
                since=values["since"],
                facts=form.facts,
                at=timezone.now(),
            ),
        )
        if entered:
            messages.success(request, f"已登记{form.facts.name}。")
            return redirect("people:roster")
    back = reverse("people:roster")
    lead = f"登记到「{organization}」的名册"
    return _form_page(request, form, title="登记一人", back=back, button="登记", lead=lead)


def _require_keeping(request: PortalRequest, organization: Organization) -> None:
    if not may_keep_roster(request.user, organization):
        raise PermissionDenied("a roster is kept by its own secretary and by officers")


@require_http_methods(["GET", "POST"])
@portal_page("me")
def change(request: PortalRequest, pk: int) -> HttpResponse:
    """Go on to the next step of a standing."""
    row = _kept(request, pk)
    if not NEXT_STEPS[row.kind]:
        messages.info(request, f"{row.get_kind_display()}没有下一步；减少请选“转出或减少”。")
        return redirect("people:standing", pk=pk)
    form = ChangeForm(_typed(request), standing=row)
    changes = _to_confirm(request, form)
    if form.is_bound and form.is_valid() and "confirmed" in request.POST:
        verb = services.change_standing
        if _done(
            form,
            lambda: verb(actor=request.user, standing=row, at=timezone.now(), **form.cleaned_data),
        ):
            messages.success(request, f"已登记{row.person}的变动。")
            return redirect("people:roster")
    back, lead = reverse("people:standing", args=[pk]), f"现在是{row.get_kind_display()}"
    title, button = f"{row.person}：身份变动", "确认变动" if changes else "下一步：核对"
    return _form_page(
        request, form, title=title, back=back, button=button, lead=lead, changes=changes
    )


@require_http_methods(["GET", "POST"])
@portal_page("me")
def end(request: PortalRequest, pk: int) -> HttpResponse:
    """End a standing: 转出, 去世, 登记有误 ..."""
    row = _kept(request, pk)
    form = EndForm(_typed(request), standing=row)
    changes = _to_confirm(request, form)
    if form.is_bound and form.is_valid() and "confirmed" in request.POST:
        verb = services.end_standing
        if _done(
            form,
            lambda: verb(actor=request.user, standing=row, at=timezone.now(), **form.cleaned_data),
        ):
            messages.success(request, f"{row.person}已从名册减少，以前的记录保留。")
            return redirect("people:roster")
    back, lead = reverse("people:standing", args=[pk]), f"现在是{row.get_kind_display()}"
    title, button = f"{row.person}：转出或减少", "确认减少" if changes else "下一步：核对"
    return _form_page(
        request, form, title=title, back=back, button=button, lead=lead, changes=changes
    )


@require_http_methods(["GET", "POST"])
@portal_page("me")
def correct(request: PortalRequest, pk: int) -> HttpResponse:
    """Put right what is known of a person."""
    row = _kept(request, pk)
    form = CorrectForm(_typed(request), person=row.person)
    if request.method == "POST" and form.is_valid():
        verb = services.correct_person
        if _done(
            form,
            lambda: verb(
                actor=request.user, person=row.person, facts=form.facts, at=timezone.now()
            ),
        ):
            messages.success(request, "已更正。")
            return redirect("people:standing", pk=pk)
    back = reverse("people:standing", args=[pk])
    return _form_page(request, form, title=f"更正{row.person}的信息", back=back, button="保存")


@never_cache
@sensitive_variables("shown")
@require_http_methods(["GET", "POST"])
@portal_page("me")
def number(request: PortalRequest, pk: int, field: str) -> HttpResponse:
    """Ask for a reason, then show a whole number, once."""
    row = _row(request, pk)
    if field not in SECRET_FIELDS:
        raise Http404
    if not may_unmask_field(request.user, row.person):
        raise PermissionDenied("whole numbers are for who keeps the roster")
    form, shown = ReasonForm(_typed(request)), None
    if request.method == "POST" and form.is_valid():
        try:
            shown = services.unmask(
                actor=request.user,
                person=row.person,
                field=field,
                reason=form.cleaned_data["reason"],
                at=timezone.now(),
            )
        except DomainError as error:
            form.add_error("reason", error.message)
    context = {"row": row, "form": form, "shown": shown, "what": SECRET_FIELDS[field]}
    return render(request, "people/number.html", context)


@require_http_methods(["GET", "POST"])
@portal_page("me")
def start(request: PortalRequest) -> HttpResponse:
    """Show roster and typed figures side by side, then let the roster count."""
    organization = request.portal.organization
    _require_keeping(request, organization)
    form = StartRosterForm(_typed(request))
    confirming = False
    if request.method == "POST" and form.is_valid():
        confirming = "confirmed" in request.POST
        if confirming and _done(
            form,
            lambda: services.start_roster(
                actor=request.user,
                organization=organization,
                since=form.cleaned_data["since"],
                at=timezone.now(),
            ),
        ):
            messages.success(request, "名册已启用，人数从此按名册统计。")
            return redirect("people:roster")
    asked = form.is_bound and form.is_valid() and not confirming
    on = form.cleaned_data["since"] if asked else timezone.localdate()
    context = {
        "organization": organization,
        "form": form,
        "asked": asked,
        "comparisons": compare_heads(organization, on),
    }
    return render(request, "people/roster_start.html", context)


@require_POST
@portal_page("me")
def print_out(request: PortalRequest) -> HttpResponse:
    """Have the roster of today printed; the worker does it."""
    rows = _present(request).in_customary_order()
    try:
        job = services.print_roster(actor=request.user, standings=rows, at=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("people:roster")
    return redirect("bureau:job", pk=job.pk)
