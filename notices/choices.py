"""States of a notice."""

from django.db.models import TextChoices


class NoticeState(TextChoices):
    DRAFT = "draft", "草稿"
    PRINTED = "printed", "已排版"
    ISSUED = "issued", "已印发"
