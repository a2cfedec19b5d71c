"""Official documents, kept as the plain text that the parser of this room reads."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models

from common.models import Job, TimeStamped
from common.scoping import ScopedQuerySet
from notices.choices import NoticeState
from organizations.choices import BUREAU_ROLES, RoleKind
from organizations.models import Audience, Role

if TYPE_CHECKING:
    from accounts.models import User


class NoticeQuerySet(ScopedQuerySet["Notice"]):
    def visible_to(self, user: "User") -> Self:
        """Everything for the bureau, issued ones for everybody who holds another role."""
        roles = Role.objects.current_of(user).exclude(kind=RoleKind.AUDITOR)
        if roles.filter(kind__in=BUREAU_ROLES).exists():
            return self
        return self.filter(state=NoticeState.ISSUED) if roles.exists() else self.none()

    def editable_by(self, user: "User") -> Self:
        """Everything for officers of the bureau, nothing for others."""
        officer = Role.objects.current_of(user).filter(kind=RoleKind.OFFICER).exists()
        return self if officer else self.none()


class Notice(TimeStamped):
    """One official document (公文).

    ``source`` is its full plain text; title and number are read out of it. ``job`` is the latest
    rendering; its result file is the PDF. ``version`` goes up with every change of the text.
    """

    title = models.CharField("标题", max_length=200)
    number = models.CharField("发文字号", max_length=60, blank=True)
    source = models.TextField("正文")
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
