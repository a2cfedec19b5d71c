"""Schools and other units, their campuses and groups."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q

from common.models import TimeStamped
from common.scoping import ScopedQuerySet
from organizations.choices import Ownership, SchoolKind
from organizations.models.role import kinds_of, scope_of, sees_all

if TYPE_CHECKING:
    from accounts.models import User


class SchoolQuerySet(ScopedQuerySet["School"]):
    def visible_to(self, user: "User") -> Self:
        """Schools in which an organisation works that ``user`` may see; the bureau sees all.

        An officer limited to kinds of school sees those of their kinds without one, too.
        """
        if sees_all(user):
            return self
        seen = School.objects.filter(scope_of(user, "organizations__"))
        return self.filter(Q(pk__in=seen.values("pk")) | Q(kind__in=kinds_of(user)))


class CampusQuerySet(ScopedQuerySet["Campus"]):
    def visible_to(self, user: "User") -> Self:
        """Campuses of the schools that ``user`` may see."""
        return self.filter(school__in=School.objects.visible_to(user).values("pk"))


class School(TimeStamped):
    """A school or another unit (institute, office, retired staff); closed instead of deleted."""

    code = models.CharField("单位代码", max_length=30, unique=True)
    name = models.CharField("全称", max_length=100)
    short_name = models.CharField("简称", max_length=50, blank=True)
    pinyin = models.CharField("拼音", max_length=300, blank=True, editable=False)
    kind = models.CharField("类别", max_length=20, choices=SchoolKind.choices)
    ownership = models.CharField(
        "办学性质", max_length=10, choices=Ownership.choices, default=Ownership.PUBLIC
    )
    order = models.PositiveIntegerField("惯例排序号", default=0)
    opened_on = models.DateField("设立日期", null=True, blank=True)
    closed_on = models.DateField("撤并日期", null=True, blank=True)

    objects: ClassVar = SchoolQuerySet.as_manager()

    class Meta:
        verbose_name = "学校（单位）"
        verbose_name_plural = "学校（单位）"
        ordering: ClassVar = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class Campus(models.Model):
    """A campus of a school, among them schools that were merged into it."""

    school = models.ForeignKey(School, models.PROTECT, verbose_name="学校", related_name="campuses")
    name = models.CharField("校区", max_length=100)
    opened_on = models.DateField("启用日期", null=True, blank=True)
    closed_on = models.DateField("停用日期", null=True, blank=True)

    objects: ClassVar = CampusQuerySet.as_manager()

    class Meta:
        verbose_name = "校区"
        verbose_name_plural = "校区"

    def __str__(self) -> str:
        return self.name


class SchoolMembersQuerySet(ScopedQuerySet["SchoolMembers"]):
    def visible_to(self, user: "User") -> Self:
        """Figures of the schools that ``user`` may see."""
        return self.filter(school__in=School.objects.visible_to(user).values("pk"))


class SchoolMembers(TimeStamped):
    """Full members who work in a school without an organisation of its own, from a day on.

    Where it has one, the head counts of that one say so. Carried forward like a head count; 0 is a
    figure, no row is 'not known'.
    """

    school = models.ForeignKey(
        School, models.PROTECT, verbose_name="学校", related_name="members_counts"
    )
    on = models.DateField("统计日期")
    full = models.PositiveIntegerField("正式党员")

    objects: ClassVar = SchoolMembersQuerySet.as_manager()

    class Meta:
        verbose_name = "学校正式党员数"
        verbose_name_plural = "学校正式党员数"
        ordering: ClassVar = ["school", "-on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school", "on"], name="school_members_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.on:%Y-%m-%d}"


class SchoolGroup(models.Model):
    """A group of schools under one name: an education group, a district, a circle of one's own."""

    name = models.CharField("分组", max_length=100, unique=True)
    schools = models.ManyToManyField(School, verbose_name="学校", related_name="groups", blank=True)
    order = models.PositiveIntegerField("惯例排序号", default=0)

    class Meta:
        verbose_name = "学校分组"
        verbose_name_plural = "学校分组"
        ordering: ClassVar = ["order", "id"]

    def __str__(self) -> str:
        return self.name
