"""What can't be the number of a row matches none, in lists and over relations too.

Django sees to it for ``pk=…`` alone; an invented number in a list of ticked rows, or for a related
row, would reach the database and fail there. And where a form comes back, the widgets of the admin
that look rows up ask for whatever was typed in them.
"""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Field, ForeignKey, IntegerField
from django.db.models.fields.related_lookups import RelatedExact, RelatedIn
from django.db.models.lookups import In


def _fitting(values: list[Any], field: Field[Any, Any], connection: Any) -> list[Any]:
    while isinstance(field, ForeignKey):
        field = field.target_field
    if not isinstance(field, IntegerField):
        return values
    low, high = connection.ops.integer_field_range(field.get_internal_type())
    return [value for value in values if not isinstance(value, int) or low <= value <= high]


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        try:
            int(value)
        except ValueError:
            return False
    return True


class _FittingIn(In):
    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        """Leave out what fits into no row."""
        if self.rhs_is_direct_value():
            field = self.lhs.output_field
            self.rhs = _fitting(list(self.rhs), field, connection)
        return super().process_rhs(compiler, connection)


class FittingRelatedIn(_FittingIn, RelatedIn):
    """``organization__in=[…]``."""


class FittingIn(_FittingIn):
    """``pk__in=[…]``."""

    def get_prep_lookup(self) -> Any:
        """Leave out texts that are no numbers."""
        if self.rhs_is_direct_value():
            self.rhs = [value for value in self.rhs if _is_number(value)]
        return super().get_prep_lookup()


class FittingRelatedExact(RelatedExact):
    """``organization=…``."""

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        """Match nothing where the number fits into no row."""
        if not _fitting([self.rhs], self.lhs.output_field, connection):
            raise EmptyResultSet
        return super().process_rhs(compiler, connection)


def install() -> None:
    """Put them in place of Django's own."""
    IntegerField.register_lookup(FittingIn)
    ForeignKey.register_lookup(FittingRelatedIn)
    ForeignKey.register_lookup(FittingRelatedExact)
