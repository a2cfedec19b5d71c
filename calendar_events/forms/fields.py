"""Fields that a form has only in this instance."""

from collections.abc import Mapping

from django import forms


def take_fields(form: forms.Form, fields: Mapping[str, forms.Field]) -> None:
    """Add ``fields`` to those that ``form`` will copy; call it before the form's own ``__init__``.

    So they are dressed and worded like declared ones, which happens there.
    """
    form.base_fields = {**form.base_fields, **fields}  # type: ignore[misc]  # meant for this one only
