"""A row found by typing a part of its name, in forms of the admin.

The look-up is Django's autocomplete: it asks the admin section of the row's model, so it finds what
the user may see there, the way it is searched there. A forged id is an invalid choice.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, Model, QuerySet

from common.intake import row_number

_LOOK = {"class": "unfold-admin-autocomplete max-w-2xl"}


class Picker(AutocompleteSelect):
    """Django's box to type into; shows what was sent only where it is an id at all."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        """Return the chosen rows; Django's own looks up whatever was sent."""
        return super().optgroups(name, [each for each in value if row_number(each)], attr)


class PickedField(forms.ModelChoiceField["Model"]):
    """One row of ``queryset``, typed for; ``source`` is the foreign key that it is meant for.

    ``label_of`` words the row once it is chosen, as its section does in the list of suggestions
    (``option_label``).
    """

    def __init__(
        self,
        queryset: QuerySet[Any],
        *,
        source: "ForeignKey[Any, Any]",
        label_of: Callable[[Any], str] = str,
        **options: Any,
    ) -> None:
        self.label_of = label_of
        super().__init__(queryset, widget=Picker(source, admin.site, attrs=_LOOK), **options)

    def label_from_instance(self, obj: Any) -> str:
        """Word a row that is chosen."""
        return self.label_of(obj)

    def to_python(self, value: Any) -> Any:
        """Refuse what is no id without asking the database."""
        if value in self.empty_values or isinstance(value, Model) or row_number(value):
            return super().to_python(value)
        raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
