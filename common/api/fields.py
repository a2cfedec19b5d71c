"""Fields and filters that several resources share."""

from datetime import date
from typing import Any, TypeVar

import django_filters
from django import forms
from django.db.models import Model
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
LARGEST_ID = 2**53 - 1
BAD_DAY = f"日期应在 {FIRST_DAY} 至 {LAST_DAY} 之间。"


M = TypeVar("M", bound=Model)


class RowSerializer(serializers.ModelSerializer[M]):
    """A row as it is read: an empty choice is an answer, and the schema says so."""

    def include_extra_kwargs(self, kwargs: Any, extra_kwargs: Any) -> Any:
        """Keep what the framework drops of fields that are read only."""
        empty = "choices" in kwargs and kwargs.get("allow_blank", False)
        found = super().include_extra_kwargs(kwargs, extra_kwargs)
        return {**found, "allow_blank": True} if empty else found


class DayField(serializers.DateField):
    """A day within the years that the portal reckons with."""

    def to_internal_value(self, value: Any) -> date:
        """Refuse a day so far off that reckoning with it would fail."""
        day: date = super().to_internal_value(value)
        if not FIRST_DAY <= day <= LAST_DAY:
            raise serializers.ValidationError(BAD_DAY)
        return day


class IdField(serializers.IntegerField):
    """The identifier of a row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **kwargs)


@extend_schema_field(OpenApiTypes.INT)
class WholeNumberFilter(django_filters.NumberFilter):
    """Compares with a whole number; the package's own takes fractions."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=0, max_value=LARGEST_ID, **kwargs)

    def get_max_validator(self) -> None:
        """Leave the limit to the form field above."""


class DayFilter(django_filters.DateFilter):
    """Compares with a day written 2026-03-25."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, input_formats=["%Y-%m-%d"], **kwargs)


@extend_schema_field(OpenApiTypes.BOOL)
class YesNoFilter(django_filters.BooleanFilter):
    """True or false."""
