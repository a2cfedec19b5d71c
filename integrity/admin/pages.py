"""What the sections of this room share in the admin."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from calendar_events.admin.pages import DeskAdmin
from common.admin import user_of
from integrity.permissions import may_plan

if TYPE_CHECKING:
    from accounts.models import User


class IntegrityAdmin(DeskAdmin):
    """Read by bureau and reviewers within their scope; unlimited officers write and assign."""

    def may_add(self, user: "User") -> bool:
        """Who writes checklists."""
        return may_plan(user)

    def require_writer(self, request: HttpRequest) -> "User":
        """Answer 403 unless the user writes and assigns checklists; returns them."""
        user = user_of(request)
        self.require(may_plan(user))
        return user

    def show(
        self, request: HttpRequest, template: str, *, title: str, **context: Any
    ) -> HttpResponse:
        """Render a page: of the room that the template names, else one that rooms share."""
        if "/" not in template:
            return super().show(request, template, title=title, **context)
        values = {**self.admin_site.each_context(request), "title": title, **context}
        return TemplateResponse(request, f"admin/{template}.html", values)
