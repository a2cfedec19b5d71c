"""Pages of the admin that do one step on one row: form, what it will change, then the step."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from common.admin import PortalAdmin, user_of
from common.errors import DomainError, ForbiddenError
from common.forms import limit_days

if TYPE_CHECKING:
    from accounts.models import User


class VerbForm(forms.Form):
    """The form of one step. A room says what it changes and which service does it.

    ``preview`` returns sentences with numbers and may raise `DomainError`, as the service may.
    """

    danger = False
    # What comes after the form: the sentences of ``preview``.
    next_label = "下一步：核对变动"
    lead = "请核对以下变动，确认后才会生效："

    def __init__(self, data: Any = None, *, actor: "User", obj: Any = None) -> None:
        self.actor, self.obj = actor, obj
        super().__init__(data)
        limit_days(self.fields.values())

    def preview(self) -> list[str]:
        """What the step will change, for whom, in numbers."""
        raise NotImplementedError

    def perform(self) -> str:
        """Call the service; return what to tell the user."""
        raise NotImplementedError


class _Step(Protocol):
    def __call__(self) -> Any: ...


def verb_page(
    admin: PortalAdmin,
    request: HttpRequest,
    *,
    object_id: str,
    form_class: type[VerbForm],
    title: str,
) -> HttpResponse:
    """Show the form, then what it will change, then do it. 404 outside the scope.

    What a rule refuses stands above the form with everything typed still in it.
    """
    obj = admin.get_object(request, object_id)
    if obj is None:
        raise Http404
    # Where nothing is asked, the page says at once what will change.
    asks_nothing: dict[str, str] | None = None if form_class.base_fields else {}
    data = request.POST if request.method == "POST" else asks_nothing
    form = form_class(data, actor=user_of(request), obj=obj)
    page = StepPage(title=f"{title}：{obj}", verb=title, back=_page_of(admin, obj), obj=obj)
    return step_page(admin, request, form=form, page=page)


@dataclass(frozen=True)
class StepPage:
    """What stands around the form of a step, and where it leads afterwards and when given up."""

    title: str
    verb: str
    back: str
    obj: Any = None
    template: str = "common/admin/verb.html"


def step_page(
    admin: PortalAdmin, request: HttpRequest, *, form: VerbForm, page: StepPage
) -> HttpResponse:
    """The same for a step that isn't about one row of the section, such as adding one."""
    changes: list[str] = []
    if form.is_bound and "again" not in request.POST and form.is_valid():
        if "confirmed" in request.POST:
            done = _tried(form, form.perform)
            if done is not None:
                messages.success(request, done)
                return redirect(page.back)
        else:
            changes = _tried(form, form.preview) or []
    context = {
        **admin.admin_site.each_context(request),
        "title": page.title,
        "verb": page.verb,
        "opts": admin.opts,
        "form": form,
        "obj": page.obj,
        "changes": changes,
        "danger": form.danger,
        "back_url": page.back,
    }
    return TemplateResponse(request, page.template, context)


def _tried(form: VerbForm, step: _Step) -> Any:
    try:
        return step()
    except ForbiddenError as error:
        raise PermissionDenied(error.message) from error
    except DomainError as error:
        form.add_error(None, error.message)
        return None


def _page_of(admin: PortalAdmin, obj: models.Model) -> str:
    name = f"{admin.admin_site.name}:{admin.opts.app_label}_{admin.opts.model_name}_change"
    return reverse(name, args=[obj.pk])
