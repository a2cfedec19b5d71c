"""The one admin base: scoped, read-only unless its form calls a service, no delete, 50 a page."""

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import PaginationInlineFormSet  # type: ignore[import-untyped]

from common.errors import DomainError, ForbiddenError
from common.forms import limit_days
from common.scoping import ScopedQuerySet

if TYPE_CHECKING:
    from accounts.models import User


_REFUSAL = "_service_refusal"
_OPENED = "_opened_sections"


def user_of(request: HttpRequest) -> "User":
    """Return the user of a request that a door has let in."""
    return cast("User", request.user)


def show_refusal(request: HttpRequest, error: DomainError) -> None:
    """Tell the user why a rule refused; what they may not do at all is 403 instead."""
    if isinstance(error, ForbiddenError):
        raise PermissionDenied(error.message) from error
    messages.error(request, error.message)


class PortalChangeList(ChangeList):
    """A list whose filters are buttons above it, and whose rows get what they show at once."""

    def get_filters(self, request: HttpRequest) -> Any:
        """Return the filters, but leave Unfold's drawer closed."""
        specs, _has_filters, *rest = super().get_filters(request)
        return specs, False, *rest

    def get_results(self, request: HttpRequest) -> None:
        """Let the section add what its columns show, for the whole page in one go."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        cast("PortalAdmin", self.model_admin).prepare_rows(self.result_list)


class PortalAdmin(ModelAdmin[Any]):
    """Shows the rows that ``visible_to`` gives; a room opens more by overriding, never by a flag.

    Django's own permissions aren't asked. ``may_open(user)`` says who sees the section at all; for
    others its pages aren't there (404).
    Writing needs a form whose ``save_model`` calls a service: ``may_add`` and ``may_change`` open
    it. What the service refuses is shown above the form, with everything typed still in it.
    """

    list_per_page = 50
    show_full_result_count = False
    actions: Any = ()
    list_fullwidth = True
    compressed_fields = True
    list_before_template = "common/admin/filters.html"
    # Whether the list offers 导出; see common.admin_exports.
    exports = False

    def may_open(self, user: "User") -> bool:  # noqa: ARG002 - the signature of the rooms' own
        """Who sees this section; closed by default."""
        return False

    def may_add(self, user: "User") -> bool:  # noqa: ARG002 - the signature of the rooms' own
        """Who may add a row through the form; nobody by default."""
        return False

    def may_change(self, user: "User", obj: Any) -> bool:  # noqa: ARG002 - as above
        """Who may change ``obj`` through the form; nobody by default."""
        return False

    def may_follow(self, user: "User") -> bool:  # noqa: ARG002 - as above
        """Whom the rows of the list lead to their pages; everybody who sees the list."""
        return True

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        """Show no link to a page that would not open."""
        if not self.may_follow(user_of(request)):
            return None
        return super().get_list_display_links(request, list_display)

    def option_label(self, obj: Any) -> str:
        """Word ``obj`` where it is suggested to somebody who types (``common.pickers``)."""
        return str(obj)

    def list_links(self, request: HttpRequest) -> list[dict[str, str]]:  # noqa: ARG002 - the rooms' own
        """Buttons above the list that lead elsewhere: ``label`` and ``url``."""
        return []

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list with its buttons."""
        self.require_open(request)
        context = {"list_links": self.list_links(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    def prepare_rows(self, rows: list[Any]) -> None:
        """Put on the rows of one page what its columns show; a constant number of queries."""

    def get_changelist(self, request: HttpRequest, **_kwargs: Any) -> type[ChangeList]:  # noqa: ARG002
        return PortalChangeList

    def require_open(self, request: HttpRequest) -> None:
        """Answer 404 to whom the section is closed: whatever it holds lies outside their scope."""
        if not self._is_open(request):
            raise Http404

    def _is_open(self, request: HttpRequest) -> bool:
        """Ask ``may_open`` once a request: the side bar alone asks four times a section."""
        opened: dict[str, bool] = request.__dict__.setdefault(_OPENED, {})
        key = self.opts.label
        if key not in opened:
            opened[key] = self.may_open(user_of(request))
        return opened[key]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Start at the user's scope."""
        rows = super().get_queryset(request)
        if isinstance(rows, ScopedQuerySet):
            return rows.visible_to(user_of(request))
        return rows

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._is_open(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return self._is_open(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._is_open(request) and self.may_add(user_of(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and self._is_open(request) and self.may_change(user_of(request), obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Answer 404 outside the scope, where Django would redirect to the index."""
        self.require_open(request)
        if object_id is not None and self.get_object(request, object_id) is None:
            raise Http404
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ForbiddenError as error:
            raise PermissionDenied(error.message) from error
        except DomainError as error:
            # Everything has been taken back by now; the second time the form itself refuses.
            setattr(request, _REFUSAL, error.message)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Return the field of the form; one for a day refuses years that are mistyped."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        limit_days([field] if field else [])
        return field

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[ModelForm[Any]]:
        """Return the form; one that refuses where the service has just refused."""
        form: type[ModelForm[Any]] = super().get_form(request, *args, **kwargs)
        message = getattr(request, _REFUSAL, None)
        return _refusing(form, message) if message else form

    def log_addition(self, *_args: Any, **_kwargs: Any) -> None:  # type: ignore[override]  # no LogEntry
        """Write nothing here: services write the audit log."""

    def log_change(self, *_args: Any, **_kwargs: Any) -> None:  # type: ignore[override]  # no LogEntry
        """Write nothing here: services write the audit log."""

    def history_view(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Answer 404: the audit log is read by the audit role alone."""
        raise Http404


class PortalInlineFormSet(PaginationInlineFormSet):  # type: ignore[misc]  # Unfold has no types
    """Says in words when what holds its rows together didn't come, not how that is called."""

    default_error_messages: ClassVar = {
        **PaginationInlineFormSet.default_error_messages,
        "missing_management_form": "没有收到完整的表单，请刷新页面后再试。",
    }


class PortalInline(TabularInline[Any, Any]):
    """Rows that belong to the one shown, to be read only: their own forms and verbs change them."""

    formset = PortalInlineFormSet
    extra = 0
    max_num = 0
    can_delete = False
    show_change_link = False
    # The line above each row would only repeat what the row says.
    hide_title = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


def _refusing(form: type[ModelForm[Any]], message: str) -> type[ModelForm[Any]]:
    def clean(self: ModelForm[Any]) -> dict[str, Any] | None:
        cleaned = form.clean(self)
        self.add_error(None, message)
        return cleaned

    return type(form.__name__, (form,), {"clean": clean})
