"""What the nightly check found, and what became of it."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cadres.choices import FindingForce
from common.models import TimeStamped
from common.scoping import ScopedQuerySet
from organizations.models import Organization
from organizations.models.role import scope_of
from rulebook.registry import rule_of

if TYPE_CHECKING:
    from accounts.models import User


class FindingQuerySet(ScopedQuerySet["Finding"]):
    def visible_to(self, user: "User") -> Self:
        """Findings about the organisations that ``user`` may see."""
        return self.filter(scope_of(user, "organization__"))

    def standing(self) -> Self:
        """Those that still hold, dismissed ones among them."""
        return self.filter(resolved_on=None)

    def waiting(self) -> Self:
        """Those that still hold and that nobody has dismissed."""
        return self.filter(resolved_on=None, dismissed_at=None)


class Finding(TimeStamped):
    """A rule of the rulebook that an organisation doesn't meet, from the day it was first seen.

    ``digest`` stands for the facts that were judged: a dismissal holds as long as it stays the
    same, and with other facts the finding ends and comes back as another row. So the rows are its
    history. ``words`` is the arithmetic, ``reference`` regulation and article.
    """

    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="党组织", related_name="findings"
    )
    rule = models.CharField("规定", max_length=60)
    force = models.CharField("程度", max_length=10, choices=FindingForce.choices)
    words = models.CharField("情况", max_length=300)
    edition = models.CharField("版本", max_length=100, blank=True)
    reference = models.CharField("依据", max_length=400)
    digest = models.CharField("事实摘要", max_length=64, editable=False)
    first_seen = models.DateField("发现日期")
    last_confirmed = models.DateField("最近核对")
    resolved_on = models.DateField("消除日期", null=True, blank=True)
    dismissed_at = models.DateTimeField("忽略时间", null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="忽略人", null=True, related_name="+"
    )
    dismiss_reason = models.CharField("忽略原因", max_length=200, blank=True)

    objects: ClassVar = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "巡检提示"
        verbose_name_plural = "巡检提示"
        ordering: ClassVar = ["-first_seen", "-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["-first_seen", "-id"],
                condition=Q(resolved_on=None),
                name="finding_standing",
            ),
            models.Index(fields=["organization", "rule"], name="finding_of_organization"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "rule"],
                condition=Q(resolved_on=None),
                name="finding_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(resolved_on=None) | Q(resolved_on__gte=F("first_seen")),
                name="finding_resolved_after_seen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}：{self.title}"

    @property
    def state_label(self) -> str:
        """待处理, 已忽略（谁）, 已消除（何时）."""
        if self.resolved_on is not None:
            return f"已消除（{self.resolved_on:%Y-%m-%d}）"
        return f"已忽略（{self.dismissed_by}）" if self.dismissed_at else "待处理"

    @property
    def title(self) -> str:
        """The rule in words: 党支部人数."""
        try:
            return rule_of(self.rule).title
        except KeyError:
            return self.rule
