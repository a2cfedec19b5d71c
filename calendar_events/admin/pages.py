"""What our own pages in the admin share: the gate in front of them, and pages that do one thing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from calendar_events.permissions import may_plan
from common.admin import PortalAdmin, user_of
from common.errors import ConflictError, DomainError, ForbiddenError
from common.intake import row_number
from organizations.choices import BUREAU_ROLES, RoleKind
from organizations.permissions import holds

if TYPE_CHECKING:
    from accounts.models import User

READ = ("GET", "HEAD")
WRITE = (*READ, "POST")


@dataclass(frozen=True)
class Step:
    """A page that does one thing: what will change for whom, in numbers, and the button's words.

    ``back`` is where it leads afterwards, and where 返回 leads.
    """

    title: str
    button: str
    back: str
    changes: Sequence[str] = ()
    warning: str = ""
    danger: bool = False
    template: str = "step"


class DeskAdmin(PortalAdmin):
    """A section with pages of its own; officers write, leaders and reviewers read."""

    def may_open(self, user: "User") -> bool:
        """Bureau and reviewers; an auditor sees no business data."""
        return holds(user, *BUREAU_ROLES, RoleKind.REVIEWER)

    def may_add(self, user: "User") -> bool:
        """Officers; the add page is one of our own."""
        return may_plan(user)

    def page(
        self,
        route: str,
        view: Callable[..., HttpResponse],
        name: str,
        methods: Sequence[str] = WRITE,
    ) -> URLPattern:
        """Return the address of an own page behind the admin's gate."""

        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            self.require_open(request)
            return view(request, *args, **kwargs)

        label = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
        return path(route, self.admin_site.admin_view(gated), name=label)

    def found(self, request: HttpRequest, pk: int | str) -> Any:
        """Return the row from the user's scope, or 404."""
        return get_object_or_404(self.get_queryset(request), pk=row_number(pk))

    def require(self, allowed: bool) -> None:  # noqa: FBT001 - the only thing it takes
        """Answer 403 to who sees the page's object but may not do this to it."""
        if not allowed:
            raise PermissionDenied

    def require_planner(self, request: HttpRequest) -> "User":
        """Answer 403 unless the user is an officer; returns them."""
        user = user_of(request)
        self.require(may_plan(user))
        return user

    def show(
        self, request: HttpRequest, template: str, *, title: str, **context: Any
    ) -> HttpResponse:
        """Render a page inside the admin's frame."""
        values = {**self.admin_site.each_context(request), "title": title, **context}
        return TemplateResponse(request, f"admin/calendar_events/{template}.html", values)

    def run(
        self,
        request: HttpRequest,
        step: Step,
        form: forms.Form,
        act: Callable[[], str],
        context: Mapping[str, Any] | None = None,
    ) -> HttpResponse:
        """Show ``form``; once it is sent and in order, ``act`` and go back with its message.

        What a rule refuses stands above the form with everything typed still in it. What somebody
        else changed first sends back to the object's page, which shows how it is now.
        """
        if form.is_bound and form.is_valid():
            try:
                done = act()
            except ForbiddenError as error:
                raise PermissionDenied(error.message) from error
            except ConflictError as error:
                messages.error(request, error.message)
                return redirect(step.back)
            except DomainError as error:
                form.add_error(None, error.message)
            else:
                messages.success(request, done)
                return redirect(step.back)
        return self.show(
            request, step.template, title=step.title, step=step, form=form, **(context or {})
        )


def sent(request: HttpRequest) -> Any:
    """Return what a form gets as its data: nothing until it was sent."""
    return request.POST if request.method == "POST" else None
