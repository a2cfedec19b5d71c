"""What became of organisations: mergers, splits, and schools in which they worked before."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from common.models import TimeStamped
from organizations.choices import SuccessionKind
from organizations.models.organization import Organization
from organizations.models.school import Campus, School


class Succession(TimeStamped):
    """``successor`` took over from ``predecessor`` on a day: all of it (并入) or a part (分设).

    A merger that was taken back stays, marked ``taken_back``.
    """

    predecessor = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="原党组织", related_name="successions"
    )
    successor = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="承接的党组织", related_name="precessions"
    )
    kind = models.CharField("方式", max_length=10, choices=SuccessionKind.choices)
    on = models.DateField("日期")
    basis = models.CharField("依据文件", max_length=200)
    taken_back = models.BooleanField("已恢复", default=False)

    class Meta:
        verbose_name = "承接关系"
        verbose_name_plural = "承接关系"
        ordering: ClassVar = ["on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="succession_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor}{self.get_kind_display()}{self.successor}"


class FormerSchoolLink(models.Model):
    """An organisation worked in a school until before a day."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="党组织", related_name="former_links"
    )
    school = models.ForeignKey(
        School, models.PROTECT, verbose_name="学校", related_name="former_links"
    )
    campus = models.ForeignKey(
        Campus, models.PROTECT, verbose_name="校区", null=True, blank=True, related_name="+"
    )
    since = models.DateField("自", null=True, blank=True)
    until = models.DateField("至")
    basis = models.CharField("依据文件", max_length=200, blank=True)

    class Meta:
        verbose_name = "曾在学校"
        verbose_name_plural = "曾在学校"
        ordering: ClassVar = ["organization", "until", "id"]

    def __str__(self) -> str:
        return f"{self.organization} · {self.school}"
