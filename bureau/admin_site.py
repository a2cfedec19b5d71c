"""The bureau's admin: opened by roles, closed to everybody else, with the portal's own log-in."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from unfold.sites import UnfoldAdminSite

from accounts import second_step
from accounts.views import log_out
from bureau.desk_pages import Page, organization_pages
from common.admin import PortalAdmin, user_of
from organizations.permissions import (
    is_administrator,
    may_enter_admin,
    may_read_organizations,
)

METHODS = ("GET", "HEAD", "POST")
# Pages of Django's and Unfold's own that show something and take nothing.
READ_ONLY = frozenset({
    "index", "search", "app_list", "autocomplete", "jsi18n", "view_on_site",
    "password_change", "password_change_done",
})  # fmt: skip
NO_ENTRY = "您的角色不能进入管理端。"


def _for_business(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Keep out the administrators: all business data lies outside their scope."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_read_organizations(user_of(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return inner


def _owes_factor(request: HttpRequest) -> bool:
    """Whether an administrator came in without a second factor; leaving is always open."""
    match = request.resolver_match
    if not settings.SECOND_FACTOR_REQUIRED or (match and match.url_name == "logout"):
        return False
    return is_administrator(user_of(request)) and not second_step.passed(request)


def _loosened(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        # What django-csp's own decorator does, for every view of the site at once.
        setattr(response, "_csp_replace", settings.ADMIN_CONTENT_SECURITY_POLICY["DIRECTIVES"])  # noqa: B010
        return response

    return inner


class Suggestions(AutocompleteJsonView):
    """What is suggested to somebody who types, worded by the section that it comes from."""

    def has_perm(self, request: HttpRequest, obj: Any = None) -> bool:
        """Answer 404 about a closed section, as its other pages do."""
        cast(PortalAdmin, self.model_admin).require_open(request)
        return super().has_perm(request, obj)

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        """Return id and words of one row."""
        words = cast(PortalAdmin, self.model_admin).option_label(obj)
        return {"id": str(getattr(obj, to_field_name)), "text": words}


class PortalAdminSite(UnfoldAdminSite):
    """Asks for a role, never for a staff flag; logs in at the portal's own page."""

    site_header = "党建工作平台"
    site_title = "党建工作平台"
    index_title = "工作台"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and may_enter_admin(user_of(request))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """List the sections of one room only: the side bar of each page is written out by us.

        Asking every section of every room who may do what took forty queries a page.
        """
        return super().get_app_list(request, app_label) if app_label else []

    def index(
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002 - Django's signature
    ) -> TemplateResponse:
        """The bureau's home instead of Django's list of models."""
        from bureau.views import desk

        return desk.home(request)

    def extra_urls(self) -> list[URLPattern]:
        """The bureau's own pages, behind the same gate as every admin page."""
        from bureau.views import (
            accounts,
            desk,
            matrix,
            nudges,
            review,
            summary,
            system,
            texts,
            versions,
        )

        pages: tuple[Page, ...] = (
            ("matrix/", matrix.page, "matrix"),
            ("matrix/export/", matrix.export, "matrix_export"),
            ("matrix/print/", matrix.print_out, "matrix_print"),
            ("matrix/nudge/", nudges.preview, "nudge_preview"),
            ("matrix/nudge/late/", nudges.preview_late, "nudge_late"),
            ("matrix/nudge/send/", nudges.send, "send_nudge"),
            ("matrix/tasks/<int:pk>/return/", matrix.send_back, "return_task"),
            ("review/", review.queue, "review"),
            ("review/approve/preview/", review.approve_preview, "approve_preview"),
            ("review/approve/", review.approve_several, "approve_several"),
            ("review/<int:pk>/", review.report, "review_report"),
            ("review/<int:pk>/approve/", review.approve, "approve_report"),
            ("review/<int:pk>/return/", review.send_back, "return_report"),
            ("review/<int:pk>/print/", review.print_out, "print_report"),
            ("review/<int:pk>/versions/", versions.page, "report_versions"),
            ("review/<int:pk>/versions/<int:number>/", versions.version, "report_version"),
            ("review/<int:pk>/versions/<int:number>/print/", versions.print_out, "print_version"),
            ("corrections/", review.corrections, "corrections"),
            ("corrections/<int:pk>/grant/", review.grant, "grant_correction"),
            ("corrections/<int:pk>/refuse/", review.refuse, "refuse_correction"),
            ("summary/", summary.newest, "summary_newest"),
            ("summary/<int:pk>/", summary.page, "summary"),
            ("summary/<int:pk>/finalise/", summary.finalise, "finalise_summary"),
            ("summary/<int:pk>/print/", summary.print_out, "print_summary"),
            ("summary/<int:pk>/export/", summary.export, "export_summary"),
            *organization_pages(),
            ("texts/", texts.page, "texts"),
            ("texts/<int:pk>/", texts.text, "text"),
            ("texts/<int:pk>/calls/", texts.call_list, "call_list"),
            ("texts/<int:pk>/sent/", texts.mark_sent, "mark_text_sent"),
        )
        off = "accounts/user/<int:pk>/off/"
        return [
            path("jobs/<int:pk>/", self.admin_view(desk.job), name="job"),
            path("system/", self.admin_view(system.page), name="system"),
            path(off, self.admin_view(accounts.switch_off), name="accounts_user_off"),
            *(
                path(route, self.admin_view(_for_business(view)), name=name)
                for route, view, name in pages
            ),
        ]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Gate the view, and loosen the CSP for the admin's Alpine and for nothing else."""
        return self._gated(_loosened(super().admin_view(view, cacheable)))

    def autocomplete_view(  # type: ignore[override]  # any class-based view returns the base
        self, request: HttpRequest
    ) -> HttpResponseBase:
        """Suggest rows in the words of their section: two people of one name must differ."""
        return Suggestions.as_view(admin_site=self)(request)

    def _gated(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """Say 403 to who is logged in without a role, where Django would lead to a log-in."""

        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not self.has_permission(request):
                raise PermissionDenied(NO_ENTRY)
            if _owes_factor(request):
                messages.warning(request, "管理员须先设好两步验证，才能进入管理端。")
                return redirect("accounts:factor")
            match = request.resolver_match
            methods = METHODS[:2] if match and match.url_name in READ_ONLY else METHODS
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return view(request, *args, **kwargs)

        return inner

    def login(
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002 - Django's signature
    ) -> HttpResponse:
        """Send to the portal's log-in; who is in already goes on, or gets 403 without a role."""
        if request.method not in METHODS[:2]:
            return HttpResponseNotAllowed(METHODS[:2])
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not self.has_permission(request):
            raise PermissionDenied(NO_ENTRY)
        return redirect("admin:index")

    def logout(  # type: ignore[override]  # a redirect instead of a page
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002 - Django's signature
    ) -> HttpResponse:
        """Log out as everywhere else, with an entry in the audit log."""
        return log_out(request)

    def password_change(  # type: ignore[override]  # a redirect instead of a page
        self,
        request: HttpRequest,  # noqa: ARG002 - Django's signature
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002 - Django's signature
    ) -> HttpResponse:
        """Send to the portal's own page."""
        return redirect("accounts:password")
