"""The bureau's side: drafting, checking, printing and issuing notices."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from common.admin import PortalAdmin, show_refusal, user_of
from common.errors import DomainError
from notices.forms import NoticeForm
from notices.models import Notice
from notices.permissions import may_change, may_draft
from notices.services import change_notice, draft_notice, issue_notice, print_notice
from organizations.permissions import may_read_organizations


@admin.register(Notice)
class NoticeAdmin(PortalAdmin):
    """Notices as plain text with what the reader of documents found in it."""

    form = NoticeForm
    list_display = ("title", "number", "form", "state", "created_by", "created_at", "issued_at")
    list_filter = ("state", "form")
    search_fields = ("title", "number", "source")
    list_select_related = ("created_by",)
    change_form_outer_after_template = "admin/notices/actions.html"

    def may_open(self, user: Any) -> bool:
        """The bureau all of them, superior reviewers the issued ones."""
        return may_read_organizations(user)

    def may_add(self, user: Any) -> bool:
        return may_draft(user)

    def may_change(self, user: Any, obj: Notice) -> bool:
        return may_change(user, obj)

    def get_fields(self, request: HttpRequest, obj: Notice | None = None) -> Any:
        typed = ("form", "source")
        return (*typed, "version") if obj is None or self._open(request, obj) else typed

    def _open(self, request: HttpRequest, obj: Notice) -> bool:
        return self.may_change(user_of(request), obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Go through the service; a refusal is shown and nothing is written."""
        typed = form.cleaned_data
        at = timezone.now()
        if not change:
            made = draft_notice(
                actor=user_of(request), source=typed["source"], form=typed["form"], at=at
            )
            obj.pk = made.pk
            return
        held = Notice.objects.get(pk=obj.pk)
        version = typed.get("version") or 0
        change_notice(
            actor=user_of(request),
            notice=held,
            source=typed["source"],
            form=typed["form"],
            version=version,
            at=at,
        )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Add what the reader found in the text, and the notice's present state."""
        notice = self.get_object(request, object_id) if object_id else None
        extra: dict[str, Any] = {**(extra_context or {}), "notice": notice}
        if isinstance(notice, Notice):
            extra["findings"] = [str(each) for each in notice.reading.findings]
            extra["may_change"] = self._open(request, notice)
            extra["is_printed"] = notice.rendered_version == notice.version
        try:
            return super().changeform_view(request, object_id, form_url, extra)
        except DomainError as error:
            show_refusal(request, error)
            return redirect(request.get_full_path())

    def get_urls(self) -> list[URLPattern]:
        """The verbs beside the form."""
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/print/", wrap(require_POST(self.print_view)), name="print_notice"),
            path("<int:pk>/issue/", wrap(require_POST(self.issue_view)), name="issue_notice"),
        ]
        return own + super().get_urls()

    def print_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have it laid out and show how far that is."""
        notice = get_object_or_404(self.get_queryset(request), pk=pk)
        try:
            job = print_notice(actor=user_of(request), notice=notice, at=timezone.now())
        except DomainError as error:
            show_refusal(request, error)
            return redirect(_page(pk))
        return redirect("bureau:job", pk=job.pk)

    def issue_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Issue it."""
        notice = get_object_or_404(self.get_queryset(request), pk=pk)
        try:
            issue_notice(actor=user_of(request), notice=notice, at=timezone.now())
        except DomainError as error:
            show_refusal(request, error)
        else:
            messages.success(request, f"《{notice.title}》已印发，各党组织可以在「公文」里看到。")
        return redirect(_page(pk))


def _page(pk: int) -> str:
    return reverse("admin:notices_notice_change", args=[pk])
