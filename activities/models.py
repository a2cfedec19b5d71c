"""Records: what took place, entered once and used everywhere."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from activities.choices import RecordKind
from attachments.models import Attachment
from common.models import TimeStamped
from common.scoping import ScopedQuerySet
from organizations.models import Organization, Role
from organizations.models.organization import within
from organizations.models.role import scope_of

if TYPE_CHECKING:
    from accounts.models import User


class RecordQuerySet(ScopedQuerySet["Record"]):
    def visible_to(self, user: "User") -> Self:
        """Records of the organisations that ``user`` may see."""
        return self.filter(scope_of(user, "organization__"))

    def editable_by(self, user: "User") -> Self:
        """Records of the organisations in which ``user`` holds a school role."""
        return self.filter(
            organization__in=Role.objects.current_of(user).school_roles().values("organization")
        )

    def in_subtree(self, root: Organization) -> Self:
        """Records of ``root`` and of what is below it today."""
        return self.filter(within(root.path, "organization__path"))

    def standing(self) -> Self:
        """Records that were not withdrawn."""
        return self.filter(withdrawn_at=None)


class Record(TimeStamped):
    """One thing that took place: when, what, who, how many.

    ``entitled`` and ``present`` None means not asked or not known; 0 is a figure. ``version`` goes
    up with every change. A record is withdrawn with a reason, never deleted.
    """

    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="党组织", related_name="records"
    )
    kind = models.CharField("类别", max_length=20, choices=RecordKind.choices)
    held_on = models.DateField("日期", db_index=True)
    topic = models.CharField("主题", max_length=200)
    place = models.CharField("地点", max_length=100, blank=True)
    speaker = models.CharField("主讲（主持）", max_length=50, blank=True)
    summary = models.TextField("简要情况", max_length=1000, blank=True)
    entitled = models.PositiveIntegerField("应到人数", null=True, blank=True)
    present = models.PositiveIntegerField("实到人数", null=True, blank=True)
    attachments = models.ManyToManyField(
        Attachment, verbose_name="附件", blank=True, related_name="records"
    )
    token = models.CharField("提交凭据", max_length=40, unique=True)
    version = models.PositiveIntegerField("版本", default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="填写人", related_name="+"
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)

    objects: ClassVar = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = "工作记录"
        verbose_name_plural = "工作记录"
        ordering: ClassVar = ["-held_on", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["organization", "held_on"], name="record_org_day"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(present=None) | Q(entitled=None) | Q(present__lte=F("entitled")),
                name="record_present_within_entitled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held_on:%Y-%m-%d} {self.topic}"


class RecordCounter(models.Model):
    """One further number of a record; which ones a kind asks for stands in ``choices.COUNTERS``."""

    record = models.ForeignKey(Record, models.CASCADE, verbose_name="记录", related_name="counters")
    key = models.CharField("项目", max_length=20)
    value = models.PositiveIntegerField("数值")

    class Meta:
        verbose_name = "数据"
        verbose_name_plural = "数据"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "key"], name="record_counter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.value}"
