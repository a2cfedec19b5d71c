"""Official documents, kept as the plain text that the parser of this room reads."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models

from common.models import Job, TimeStamped
from common.scoping import ScopedQuerySet
from notices.choices import FORM_CHOICES, NoticeState
from notices.documents import forms
from notices.documents.parsing import Reading, read_text
from organizations.choices import ADMINISTRATORS, BUREAU_ROLES, RoleKind
from organizations.models import Audience
from organizations.models.role import held_kinds

if TYPE_CHECKING:
    from accounts.models import User


class NoticeQuerySet(ScopedQuerySet["Notice"]):
    def visible_to(self, user: "User") -> Self:
        """Everything for the bureau, issued ones for everybody who holds another role."""
        kinds = held_kinds(user) - {*ADMINISTRATORS}
        if kinds.intersection(BUREAU_ROLES):
            return self
        return self.filter(state=NoticeState.ISSUED) if kinds else self.none()

    def editable_by(self, user: "User") -> Self:
        """Everything for officers of the bureau, nothing for others."""
        return self if RoleKind.OFFICER in held_kinds(user) else self.none()


class Notice(TimeStamped):
    """One official document (公文).

    ``source`` is its full plain text; title and number are read out of it. ``form`` says how it is
    laid out. ``job`` is the latest
    rendering; its result file is the PDF. ``version`` goes up with every change of the text.
    """

    title = models.CharField("标题", max_length=200)
    number = models.CharField("发文字号", max_length=60, blank=True)
    source = models.TextField("正文")
    form = models.CharField("格式", max_length=10, choices=FORM_CHOICES, default=forms.DOCUMENT.key)
    state = models.CharField(
        "状态", max_length=10, choices=NoticeState.choices, default=NoticeState.DRAFT
    )
    audience = models.ForeignKey(
        Audience, models.PROTECT, verbose_name="主送范围", null=True, blank=True, related_name="+"
    )
    job = models.ForeignKey(
        Job, models.PROTECT, verbose_name="排版任务", null=True, blank=True, related_name="+"
    )
    rendered_version = models.PositiveIntegerField("已排版版本", default=0)
    version = models.PositiveIntegerField("版本", default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="拟稿人", related_name="+"
    )
    issued_at = models.DateTimeField("印发时间", null=True, blank=True)

    objects: ClassVar = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "公文"
        verbose_name_plural = "公文"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def reading(self) -> Reading:
        """What the reader of documents makes of the text."""
        return read_text(self.source, form=forms.BY_KEY[self.form])
