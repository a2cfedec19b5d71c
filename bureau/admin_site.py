"""The bureau's admin: opened by roles, closed to everybody else, one log-in for the whole portal."""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.sites import UnfoldAdminSite

from common.admin import user_of
from organizations.permissions import may_enter_admin


class PortalAdminSite(UnfoldAdminSite):
    """Asks for a role, never for a staff flag; logs in at the portal's own page."""

    site_header = "党建工作平台"
    site_title = "党建工作平台"
    index_title = "工作台"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and may_enter_admin(user_of(request))

    def admin_view(
        self,
        view: Callable[..., HttpResponse],
        cacheable: bool = False,  # noqa: FBT001, FBT002 - Django's signature
    ) -> Callable[..., HttpResponse]:
        """Loosen the CSP for the admin's Alpine, and for nothing else."""
        inner = super().admin_view(view, cacheable)

        def loosened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = inner(request, *args, **kwargs)
            policy = settings.ADMIN_CONTENT_SECURITY_POLICY["DIRECTIVES"]
            response._csp_replace = policy  # type: ignore[attr-defined]  # django-csp reads it  # noqa: SLF001
            return response

        return loosened

    def login(
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002 - Django's signature
    ) -> HttpResponse:
        """Send to the portal's log-in; who is in already but holds no role gets 403."""
        if request.user.is_authenticated:
            raise PermissionDenied("您的角色不能进入管理端。")
        return cast(
            "HttpResponse", redirect_to_login(request.get_full_path(), reverse(settings.LOGIN_URL))
        )
