"""The peer of our admin lists: Unfold as it comes, with the same columns and the same rows.

Where a column of ours is worked out by more queries, the peer's holds a word that costs nothing.
It has neither filters nor search, nor a scope to ask for, but boxes to tick where ours has them.
"""

from typing import Any

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite

LISTS = (
    "organizations.organization",
    "organizations.school",
    "organizations.headcount",
    "organizations.role",
    "people.person",
    "accounts.user",
    "calendar_events.task",
)


class BareSite(UnfoldAdminSite):
    """Lets everybody in."""

    def has_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - Django's signature
        return True


class BareAdmin(ModelAdmin[Any]):
    """Shows every row, asks nobody."""

    list_per_page = 50
    show_full_result_count = False
    list_fullwidth = True
    actions: Any = ()

    def has_module_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


bare_site = BareSite(name="bare")


@admin.action(description="—")
def _tick(_admin: Any, _request: HttpRequest, _rows: Any) -> None:
    """Do nothing: it is there for the boxes."""


def _word(_row: Any) -> str:
    return "—"


def _column(model: type[Model], name: str) -> Any:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return name if name == "__str__" else _word
    return name


def add_bare(model: type[Model]) -> None:
    """Put the bare list of ``model`` on the bare site."""
    ours = admin.site._registry[model]  # noqa: SLF001 - Django offers no other way to ask
    shown = [_column(model, str(name)) for name in ours.list_display]
    fields = {
        "list_display": shown,
        "list_select_related": ours.list_select_related,
        "ordering": ours.ordering,
        "actions": [_tick] if ours.actions else (),
    }
    bare_site.register(model, type(f"Bare{model.__name__}", (BareAdmin,), fields))
