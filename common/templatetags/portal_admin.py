"""What the templates of our admin pages need beyond Django's and Unfold's own tags."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.contrib.admin.filters import ListFilter
from django.contrib.admin.views.main import ChangeList

register = template.Library()


@register.simple_tag
def filter_choices(changelist: ChangeList, spec: ListFilter) -> Iterator[Any]:
    """Return what one filter of a list offers: ``selected``, ``query_string``, ``display``."""
    return spec.choices(changelist)
