"""The school's side of self-checks."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from attachments.serving import serve
from common import drafts
from common.admin import user_of
from common.errors import ConflictError, DomainError, ForbiddenError
from integrity import services
from integrity.forms import SectionForm
from integrity.models import Evidence, SelfCheck, SelfCheckQuerySet
from integrity.pages import CheckPage, SectionPage, due_note, mending_row, title_of
from integrity.queries import rectifications_of, school_checks
from organizations.portal import PortalRequest, portal_page

CHECKS_A_PAGE = 24
_ALONG = ("assignment__edition__checklist", "organization", "school", "submitted_by")


def _row(request: PortalRequest, pk: int) -> SelfCheck:
    """Return a self-check that the user may see, with what its page names."""
    rows: SelfCheckQuerySet = SelfCheck.objects.visible_to(request.user)
    row: SelfCheck = get_object_or_404(rows.select_related(*_ALONG), pk=pk)
    return row


@require_GET
@portal_page("month")
def check_list(request: PortalRequest) -> HttpResponse:
    """All self-checks of the chosen organisation."""
    on = timezone.localdate()
    page = Paginator(school_checks(request.portal.organization), CHECKS_A_PAGE)
    rows = page.get_page(request.GET.get("page"))
    shown = [
        {
            "title": f"{row.assignment.year}年{title_of(row)}",
            "url": reverse("integrity:self_check", args=[row.pk]),
            "note": due_note(row, on) if row.is_pending else "",
            "word": row.get_state_display(),
            "action": "去填" if row.is_pending else "查看",
        }
        for row in rows
    ]
    return render(request, "integrity/list.html", {"page": rows, "rows": shown})


@require_GET
@portal_page("month")
def self_check(request: PortalRequest, pk: int) -> HttpResponse:
    """One self-check: its parts, how far each is, the button that hands it in."""
    page = CheckPage(request, _row(request, pk), timezone.localdate())
    context = {
        "page": page,
        "row": page.row,
        "title": title_of(page.row),
        "mending": [
            {**mending_row(each, page.on), "word": each.get_state_display(), "action": "查看"}
            for each in rectifications_of(page.row)
        ],
    }
    if page.cleared_key:
        context["autosave_clear"] = page.cleared_key
    return render(request, "integrity/self_check.html", context)


@require_http_methods(["GET", "POST"])
@portal_page("month")
def section(request: PortalRequest, pk: int, section_id: int) -> HttpResponse:
    """One part of it: an answer for each item, what proves it, what was said last year."""
    row = _row(request, pk)
    page = SectionPage(request, row, timezone.localdate(), section_id)
    part = page.part
    if not page.editable:
        if request.method == "POST":
            raise PermissionDenied("filling in is for who files there, while it is open")
        return redirect("integrity:self_check", pk=pk)
    if request.method != "POST":
        return _show(request, page, page.form())
    form = page.form(request.POST, request.FILES)
    if not form.is_valid() or not _saved(request, page, form):
        return _show(request, page, form)
    drafts.discard(owner=request.user, key=page.key)
    messages.success(request, f"「{part.section.title}」已保存。")
    if page.after and "stay" not in request.POST:
        url = reverse("integrity:section", args=[pk, page.after.section.pk])
        return redirect(f"{url}?saved={section_id}")
    return redirect(f"{reverse('integrity:self_check', args=[pk])}?saved={section_id}")


def _saved(request: PortalRequest, page: SectionPage, form: SectionForm) -> bool:
    try:
        services.save_answers(
            actor=request.user,
            self_check=page.row,
            section_id=page.section_id,
            given=form.given(),
            seen=form.cleaned_data["seen"],
            at=timezone.now(),
        )
    except DomainError as error:
        page.stale = isinstance(error, ConflictError)
        form.add_error(None, error.message)
        return False
    return True


def _show(request: PortalRequest, page: SectionPage, form: SectionForm) -> HttpResponse:
    context = {"page": page, "row": page.row, "form": form, "title": title_of(page.row)}
    if page.cleared_key:
        context["autosave_clear"] = page.cleared_key
    return render(request, "integrity/section.html", context)


@require_POST
@portal_page("month")
def submit(request: PortalRequest, pk: int) -> HttpResponse:
    """Hand it in."""
    row = _row(request, pk)
    try:
        services.submit_self_check(actor=request.user, self_check=row, at=timezone.now())
    except ForbiddenError as error:
        raise PermissionDenied(error.message) from error
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{row.assignment}已提交。")
    return redirect("integrity:self_check", pk=pk)


@require_GET
@login_required
def file(request: HttpRequest, pk: int, evidence_id: int) -> HttpResponseBase:
    """Stream a file that proves an answer to whoever may see the self-check; the bureau too."""
    row = get_object_or_404(SelfCheck.objects.visible_to(user_of(request)), pk=pk)
    held = Evidence.objects.filter(answer__self_check=row).exclude(attachment=None)
    found = get_object_or_404(held.select_related("attachment"), pk=evidence_id)
    try:
        return cast("HttpResponseBase", serve(cast("Any", found.attachment), request=request))
    except DomainError as error:
        context = {"status": 404, "title": "附件找不到了", "text": error.message}
        return render(request, "errors/error.html", context, status=404)
