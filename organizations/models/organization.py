"""Party organisations, their dated place in the tree and their dated head counts."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from common.models import TimeStamped
from common.scoping import ScopedQuerySet
from organizations.choices import HeadCountSource, OrganizationKind
from organizations.models.role import LAST_STEP, STEP_LENGTH, Role, scope_of
from organizations.models.school import Campus, School

if TYPE_CHECKING:
    from accounts.models import User


class OrganizationQuerySet(ScopedQuerySet["Organization"]):
    def visible_to(self, user: "User") -> Self:
        """Organisations that any current role of ``user`` lets them see, subtrees included."""
        return self.filter(scope_of(user))

    def editable_by(self, user: "User") -> Self:
        """Organisations for which ``user`` may file something: those they hold a school role in."""
        return self.filter(
            pk__in=Role.objects.current_of(user).school_roles().values("organization")
        )

    def open_on(self, on: date) -> Self:
        """Organisations that exist on the day ``on``."""
        return self.filter(
            Q(founded_on=None) | Q(founded_on__lte=on), Q(closed_on=None) | Q(closed_on__gt=on)
        )

    def under(self, root: "Organization") -> Self:
        """``root`` and everything below it today."""
        return self.filter(within(root.path))

    def reporting(self) -> Self:
        """The topmost organisation of each school: the one that reports for its subtree."""
        links = SchoolLink.objects.filter(organization=OuterRef("pk")).exclude(
            Exists(
                SchoolLink.objects.filter(
                    organization=OuterRef(OuterRef("parent")), school=OuterRef("school")
                )
            )
        )
        return self.filter(Exists(links))


def within(path: str, field: str = "path") -> Q:
    """Condition for being at or below ``path``: a range, as LIKE misses the index on SQLite."""
    return Q(**{f"{field}__gte": path, f"{field}__lte": path + LAST_STEP})


class Organization(TimeStamped):
    """A Party organisation. ``parent`` and ``path`` are today's; the past is in ``Placement``.

    ``path`` is the chain of padded decimal ids from the root, equal in every
    collation. Nothing is deleted: ``closed_on`` ends it.
    """

    code = models.CharField("组织代码", max_length=30, unique=True)
    name = models.CharField("全称", max_length=120)
    short_name = models.CharField("简称", max_length=60, blank=True)
    pinyin = models.CharField("拼音", max_length=400, blank=True, editable=False)
    kind = models.CharField("类别", max_length=20, choices=OrganizationKind.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="上级党组织",
        null=True,
        blank=True,
        related_name="children",
    )
    path = models.CharField("路径", max_length=100, editable=False)
    order = models.PositiveIntegerField("惯例排序号", default=0)
    schools: "models.ManyToManyField[School, SchoolLink]" = models.ManyToManyField(
        School,
        verbose_name="所在学校",
        through="SchoolLink",
        related_name="organizations",
        blank=True,
    )
    founded_on = models.DateField("成立日期", null=True, blank=True)
    closed_on = models.DateField("撤销日期", null=True, blank=True)
    basis = models.CharField("依据文件", max_length=200, blank=True)

    objects: ClassVar = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = "党组织"
        verbose_name_plural = "党组织"
        ordering: ClassVar = ["order", "id"]
        indexes: ClassVar = [
            models.Index(fields=["order", "id"], name="organization_in_order"),
            # Of the field itself: db_index makes a second one for LIKE, which nobody asks.
            models.Index(fields=["path"], name="organization_by_path"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_on=None)
                | Q(founded_on=None)
                | Q(closed_on__gte=F("founded_on")),
                name="organization_closed_after_founded",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open_on(self, on: date) -> bool:
        """Whether it exists on the day ``on``, as :meth:`OrganizationQuerySet.open_on` asks."""
        founded = self.founded_on is None or self.founded_on <= on
        return founded and (self.closed_on is None or self.closed_on > on)

    @property
    def label(self) -> str:
        """Short name where there is one."""
        return self.short_name or self.name

    @property
    def level(self) -> int:
        """Depth in the tree, 0 for the root."""
        return len(self.path) // STEP_LENGTH - 1


class SchoolLink(models.Model):
    """An organisation works in a school; a joint branch in several, a campus where known.

    ``since`` None is as long as both exist. One that ended is a ``FormerSchoolLink``.
    """

    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="党组织", related_name="school_links"
    )
    school = models.ForeignKey(
        School, models.PROTECT, verbose_name="学校", related_name="organization_links"
    )
    campus = models.ForeignKey(
        Campus, models.PROTECT, verbose_name="校区", null=True, blank=True, related_name="+"
    )
    since = models.DateField("自", null=True, blank=True)

    class Meta:
        verbose_name = "所在学校"
        verbose_name_plural = "所在学校"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "school"], name="school_link_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.school}"


class Placement(models.Model):
    """Where an organisation stood in the tree from ``since`` until before ``until``."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="党组织", related_name="placements"
    )
    parent = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="上级党组织", null=True, related_name="+"
    )
    path = models.CharField("路径", max_length=100)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    basis = models.CharField("依据文件", max_length=200, blank=True)

    class Meta:
        verbose_name = "隶属沿革"
        verbose_name_plural = "隶属沿革"
        ordering: ClassVar = ["organization", "since"]
        indexes: ClassVar = [models.Index(fields=["path"], name="placement_by_path")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(until=None), name="placement_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.since:%Y-%m-%d}"


class FormerName(models.Model):
    """A name that an organisation bore until before a day; searched and matched at imports.

    ``is_short`` for a short one (简称). ``basis`` is the document of the renaming.
    """

    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="党组织", related_name="former_names"
    )
    name = models.CharField("曾用名", max_length=120)
    until = models.DateField("使用至", null=True, blank=True)
    is_short = models.BooleanField("简称", default=False, db_default=False)
    basis = models.CharField("依据文件", max_length=200, blank=True, default="", db_default="")

    class Meta:
        verbose_name = "曾用名"
        verbose_name_plural = "曾用名"

    def __str__(self) -> str:
        return self.name


class HeadCountQuerySet(ScopedQuerySet["HeadCount"]):
    def visible_to(self, user: "User") -> Self:
        """Head counts of the organisations that ``user`` may see."""
        return self.filter(scope_of(user, "organization__"))


class HeadCount(TimeStamped):
    """Heads of one organisation from a day on, without those of its subordinates.

    Carried forward: the figure for a day is the latest row on or before it. None is 'not known',
    never 0. Staff (教职工) is counted once, at the topmost organisation of the school.
    """

    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="党组织", related_name="head_counts"
    )
    on = models.DateField("统计日期")
    full = models.PositiveIntegerField("正式党员", null=True, blank=True)
    probationary = models.PositiveIntegerField("预备党员", null=True, blank=True)
    candidates = models.PositiveIntegerField("发展对象", null=True, blank=True)
    activists = models.PositiveIntegerField("入党积极分子", null=True, blank=True)
    staff = models.PositiveIntegerField("教职工", null=True, blank=True)
    source = models.CharField(
        "来源", max_length=10, choices=HeadCountSource.choices, default=HeadCountSource.TYPED
    )

    objects: ClassVar = HeadCountQuerySet.as_manager()

    class Meta:
        verbose_name = "人数"
        verbose_name_plural = "人数"
        ordering: ClassVar = ["organization", "-on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "on"], name="head_count_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.on:%Y-%m-%d}"
