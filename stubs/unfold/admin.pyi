from typing import Any

from django.contrib.admin import ModelAdmin as DjangoModelAdmin
from django.contrib.admin import StackedInline as DjangoStackedInline
from django.contrib.admin import TabularInline as DjangoTabularInline
from django.db.models import Model
from django.http import HttpRequest
from typing_extensions import TypeVar

M = TypeVar("M", bound=Model, default=Any)
P = TypeVar("P", bound=Model, default=Any)

class ModelAdmin(DjangoModelAdmin[M]):
    compressed_fields: bool
    list_fullwidth: bool
    list_filter_submit: bool
    list_before_template: str | None
    list_filter_sheet: bool
    warn_unsaved_form: bool
    actions_list: Any
    actions_row: Any
    actions_detail: Any
    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]: ...

class TabularInline(DjangoTabularInline[M, P]): ...
class StackedInline(DjangoStackedInline[M, P]): ...
