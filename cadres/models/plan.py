"""What a three-year plan asks of the structure of the ranks (队伍结构)."""

from typing import ClassVar

from django.db import models

from cadres.bands import Comparison, Dimension, Group
from common.models import TimeStamped


class Target(TimeStamped):
    """One figure of the plan: what share of a group is to be in a band by the end of a year."""

    group = models.CharField("人员范围", max_length=12, choices=Group.choices)
    dimension = models.CharField("结构", max_length=12, choices=Dimension.choices)
    band = models.CharField("类别", max_length=20)
    comparison = models.CharField("要求", max_length=8, choices=Comparison.choices)
    percent = models.PositiveSmallIntegerField("比例（%）")
    year = models.PositiveSmallIntegerField("到哪一年")
    basis = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        verbose_name = "队伍结构目标"
        verbose_name_plural = "队伍结构目标"
        ordering: ClassVar = ["year", "group", "dimension", "band"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["group", "dimension", "band", "year"], name="target_once_a_year"
            ),
            models.CheckConstraint(
                condition=models.Q(percent__lte=100), name="target_percent_of_a_hundred"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年 {self.get_dimension_display()} {self.demand}"

    @property
    def demand(self) -> str:
        """至少 30%."""
        return f"{self.get_comparison_display()} {self.percent}%"
