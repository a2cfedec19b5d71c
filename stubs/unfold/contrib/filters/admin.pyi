from typing import Any

from django.contrib.admin import FieldListFilter, SimpleListFilter

class DropdownFilter(SimpleListFilter): ...
class TextFilter(SimpleListFilter): ...

class RangeDateFilter(FieldListFilter):
    used_parameters: dict[str, Any]
