"""What fell short and has to be mended: who does it until when, how it was proved and judged."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from attachments.models import Attachment
from common.models import TimeStamped
from common.scoping import ScopedQuerySet
from integrity.choices import RectificationState, StepKind
from integrity.models.assignment import SelfCheck
from integrity.models.checklist import Item
from organizations.models import Organization, Role
from organizations.models.role import scope_of

if TYPE_CHECKING:
    from accounts.models import User


class RectificationQuerySet(ScopedQuerySet["Rectification"]):
    def visible_to(self, user: "User") -> Self:
        """Those of the organisations that ``user`` may see."""
        return self.filter(scope_of(user, "organization__"))

    def editable_by(self, user: "User") -> Self:
        """Those of the organisations in which ``user`` holds a school role."""
        return self.filter(
            organization__in=Role.objects.current_of(user).school_roles().values("organization")
        )

    def pending(self) -> Self:
        """Those that wait for the school."""
        return self.filter(state=RectificationState.OPEN)


class Rectification(TimeStamped):
    """One item of a self-check that has to be mended (整改).

    ``demand`` says what, ``owner`` who of the school does it, in words. ``reopened`` counts how
    often the bureau found it not mended. What happened stands in its steps.
    """

    self_check = models.ForeignKey(
        SelfCheck, models.PROTECT, verbose_name="自查表", related_name="rectifications"
    )
    item = models.ForeignKey(
        Item, models.PROTECT, verbose_name="检查项目", related_name="rectifications"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="党组织", related_name="rectifications"
    )
    demand = models.CharField("整改要求", max_length=200)
    owner = models.CharField("责任人", max_length=50, blank=True)
    due_on = models.DateField("整改期限")
    state = models.CharField(
        "状态",
        max_length=10,
        choices=RectificationState.choices,
        default=RectificationState.OPEN,
    )
    reopened = models.PositiveSmallIntegerField("重新整改次数", default=0)
    opened_on = models.DateField("下达日期")
    closed_on = models.DateField("完成日期", null=True, blank=True)

    objects: ClassVar = RectificationQuerySet.as_manager()

    class Meta:
        verbose_name = "整改"
        verbose_name_plural = "整改"
        ordering: ClassVar = ["-due_on", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["-due_on", "-id"], name="rectification_in_order"),
            models.Index(fields=["state", "due_on"], name="rectification_by_state"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["self_check", "item"],
                condition=~Q(state=RectificationState.CANCELLED),
                name="rectification_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.self_check.unit}：{self.item}"

    def is_late(self, on: date) -> bool:
        """Whether it still waits for the school after its last day."""
        return self.state == RectificationState.OPEN and self.due_on < on


class RectificationStep(models.Model):
    """Something that happened to a rectification: proof handed in, found mended or not."""

    rectification = models.ForeignKey(
        Rectification, models.PROTECT, verbose_name="整改", related_name="steps"
    )
    kind = models.CharField("环节", max_length=10, choices=StepKind.choices)
    text = models.CharField("说明", max_length=500, blank=True)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="办理人", related_name="+"
    )
    attachments = models.ManyToManyField(
        Attachment, verbose_name="附件", blank=True, related_name="rectification_steps"
    )

    class Meta:
        verbose_name = "整改过程"
        verbose_name_plural = "整改过程"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.rectification} {self.get_kind_display()}"
