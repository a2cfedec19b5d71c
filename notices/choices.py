"""States of a notice, and the forms that it can have."""

from django.db.models import TextChoices

from notices.documents import forms

FORM_CHOICES = [(form.key, form.label) for form in forms.FORMS]


class NoticeState(TextChoices):
    DRAFT = "draft", "草稿"
    PRINTED = "printed", "已排版"
    ISSUED = "issued", "已印发"
