"""Files in a form: several at once, checked by their content."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from attachments.checks import check_uploads
from common.errors import DomainError


class SeveralFilesInput(forms.FileInput):
    """A choice of files that takes several at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:  # noqa: ARG002 - Django's signature
        """Return every file under the name; no empty entries."""
        return [each for each in files.getlist(name) if each] if files else []


class SeveralFilesField(forms.FileField):
    """Up to nine files, checked by their content; they are checked again where they are stored."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:  # noqa: ARG002 - Django's signature
        """Return the list of files; name every one that is refused, and why."""
        try:
            check_uploads(data)
        except DomainError as error:
            raise ValidationError(error.message.split("\n")) from error
        return data
