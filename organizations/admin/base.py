"""Who sees and who changes the sections of this room."""

from typing import TYPE_CHECKING, Any

from django.forms import ModelForm
from django.http import HttpRequest

from common.admin import user_of
from common.admin_prints import PrintingAdmin
from organizations.permissions import (
    is_bureau,
    may_manage_organizations,
    may_read_organizations,
)
from organizations.queries import unit_of

if TYPE_CHECKING:
    from django.db.models import Model

    from accounts.models import User


class OrganizationsAdmin(PrintingAdmin):
    """Read by bureau and reviewers within their scope, changed by the organisation office."""

    def may_open(self, user: "User") -> bool:
        return may_read_organizations(user)

    def may_add(self, user: "User") -> bool:
        return may_manage_organizations(user)

    def may_change(self, user: "User", _obj: Any) -> bool:
        return may_manage_organizations(user)

    def unit_name(self, user: "User") -> str:
        return unit_of(user)

    def has_manage_permission(self, request: HttpRequest, _object_id: Any = None) -> bool:
        """Whether the buttons that change a row are shown and answer."""
        return may_manage_organizations(user_of(request))

    def has_grant_permission(self, request: HttpRequest, _object_id: Any = None) -> bool:
        """Whether the buttons that lead to a new role are shown and answer."""
        return may_manage_organizations(user_of(request))


class BureauAdmin(OrganizationsAdmin):
    """The same for what has no organisation of its own: reviewers have no business with it."""

    def may_open(self, user: "User") -> bool:
        return is_bureau(user)


class StoredAdmin(BureauAdmin):
    """The same where one call of a service adds a row or changes it: :meth:`store` says which."""

    def store(self, *, actor: "User", held: Any, values: dict[str, Any]) -> "Model":
        """Add a row where ``held`` is None, change ``held`` otherwise; return what is stored."""
        raise NotImplementedError

    def save_model(
        self,
        request: HttpRequest,
        obj: Any,
        form: ModelForm[Any],
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """Go through the service."""
        held = obj if change else None
        obj.pk = self.store(actor=user_of(request), held=held, values=form.cleaned_data).pk
