"""The school's side of the register: the list, one honour, and what it reports itself."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from attachments.serving import serve
from common.admin import user_of
from common.errors import DomainError, ForbiddenError
from honours import services
from honours.forms import CorrectForm, ReportForm, WithdrawForm
from honours.models import Honour, HonourQuerySet
from honours.queries import overlapping, search_honours, units_of
from honours.scope import held_at
from organizations.models import Organization
from organizations.models.organization import within
from organizations.portal import PortalRequest, portal_page

HONOURS_A_PAGE = 50
_FILTERS = (("", "全部"), ("organization", "集体"), ("person", "个人"), ("waiting", "待核实"))


def _ours(request: PortalRequest) -> HonourQuerySet:
    """Honours of the chosen organisation and those below it, and of who belongs to them."""
    below = Organization.objects.filter(within(request.portal.organization.path))
    rows: HonourQuerySet = Honour.objects.visible_to(request.user).held().filter(held_at(below))
    return rows


def _row(request: PortalRequest, pk: int) -> Honour:
    rows = Honour.objects.visible_to(request.user).select_related("person", "organization")
    row: Honour = get_object_or_404(rows, pk=pk)
    return row


def _own(request: PortalRequest, pk: int) -> Honour:
    """The same, for who may still change it."""
    row = _row(request, pk)
    if not Honour.objects.editable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied("what the bureau has confirmed is corrected by the bureau")
    return row


@require_GET
@portal_page("me")
def register(request: PortalRequest) -> HttpResponse:
    """What the organisation and its people were awarded."""
    text, kind = request.GET.get("q", ""), request.GET.get("kind", "")
    rows = _ours(request)
    if kind == "waiting":
        rows = rows.waiting()
    elif kind in {"person", "organization"}:
        rows = rows.filter(**{f"{kind}__isnull": False})
    shown = search_honours(rows, text).select_related("person", "organization")
    page = Paginator(shown, HONOURS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "organization": request.portal.organization,
        "page": page,
        "query": urlencode({k: v for k, v in (("q", text), ("kind", kind)) if v}),
        "text": text,
        "kind": kind,
        "filters": _filters(kind, text),
        "filtered": bool(text or kind),
    }
    return render(request, "honours/list.html", context)


def _filters(chosen: str, text: str) -> list[dict[str, Any]]:
    search = {"q": text} if text else {}
    return [
        {
            "label": label,
            "current": key == chosen,
            "url": "?" + urlencode({**search, **({"kind": key} if key else {})}),
        }
        for key, label in _FILTERS
    ]


@require_GET
@portal_page("me")
def honour(request: PortalRequest, pk: int) -> HttpResponse:
    """One honour with its files, and what looks like the same."""
    row = _row(request, pk)
    units = units_of([row.person_id], timezone.localdate()) if row.person_id else {}
    context = {
        "row": row,
        "unit": row.organization or units.get(row.person_id or 0),
        "near": overlapping(row) if row.withdrawn_at is None else [],
        "files": _files(row),
        "may_change": Honour.objects.editable_by(request.user).filter(pk=pk).exists(),
    }
    return render(request, "honours/honour.html", context)


def _files(row: Honour) -> list[dict[str, str]]:
    return [
        {
            "name": each.name,
            "size_label": filesizeformat(each.size),
            "url": reverse("honours:file", args=[row.pk, each.pk]),
        }
        for each in row.attachments.all()
    ]


def _done(form: Any, verb: Callable[[], Honour]) -> Honour | None:
    """Call the service; show at the field at fault what it refuses."""
    try:
        return verb()
    except ForbiddenError as error:
        raise PermissionDenied(error.message) from error
    except DomainError as error:
        key = getattr(error, "key", None)
        form.add_error(key if key in form.fields else None, error.message)
        return None


@require_http_methods(["GET", "POST"])
@portal_page("me")
def report(request: PortalRequest) -> HttpResponse:
    """Report an honour with the picture of its certificate; the bureau confirms it."""
    organization = request.portal.organization
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReportForm(*bound, organization=organization)
    if request.method == "POST" and form.is_valid():
        made = _done(
            form,
            lambda: services.enter_honour(
                actor=request.user,
                holder=form.holder_said() or organization,
                facts=form.facts,
                uploads=form.uploads(),
                at=timezone.now(),
            ),
        )
        if made is not None:
            messages.success(request, "已上报，局里核实后计入荣誉档案。")
            return redirect("honours:honour", pk=made.pk)
    return render(request, "honours/form.html", {
        "form": form, "title": "上报荣誉", "back": reverse("honours:list"), "button": "上报",
        "lead": "证书拍一张照片，局里点一下核实，不用再报纸质材料。",
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@portal_page("me")
def correct(request: PortalRequest, pk: int) -> HttpResponse:
    """Put right what the bureau has not looked at yet."""
    row = _own(request, pk)
    form = CorrectForm(request.POST if request.method == "POST" else None, honour=row)
    if request.method == "POST" and form.is_valid():
        verb = services.correct_honour
        if _done(
            form,
            lambda: verb(actor=request.user, honour=row, facts=form.facts, at=timezone.now()),
        ):
            messages.success(request, "已更正。")
            return redirect("honours:honour", pk=pk)
    return render(request, "honours/form.html", {
        "form": form, "title": "更正荣誉", "back": reverse("honours:honour", args=[pk]),
        "button": "保存", "lead": str(row.holder),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@portal_page("me")
def withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    """Take back what was reported by mistake."""
    row = _own(request, pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        verb = services.withdraw_honour
        if _done(
            form,
            lambda: verb(actor=request.user, honour=row, at=timezone.now(), **form.cleaned_data),
        ):
            messages.success(request, "已撤回。")
            return redirect("honours:list")
    return render(request, "honours/form.html", {
        "form": form, "title": "撤回荣誉", "back": reverse("honours:honour", args=[pk]),
        "button": "撤回", "lead": f"{row}撤回后局里不再核实，记录和原因保留。",
    })  # fmt: skip


@require_GET
@login_required
def file(request: HttpRequest, pk: int, file_id: int) -> HttpResponseBase:
    """Stream a file of an honour to whoever may see the honour; the bureau too."""
    rows = Honour.objects.visible_to(user_of(request))
    row: Honour = get_object_or_404(rows, pk=pk)
    attachment = get_object_or_404(row.attachments, pk=file_id)
    try:
        return cast("HttpResponseBase", serve(attachment, request=request))
    except DomainError as error:
        context = {"status": 404, "title": "附件找不到了", "text": error.message}
        return render(request, "errors/error.html", context, status=404)
