"""Who holds which post in a Party organisation, from when until when."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Case, F, Q, Value, When

from cadres.choices import COMMITTEE, Duty, Engagement, PostEnd, PostKind
from common.models import TimeStamped
from common.scoping import ScopedQuerySet
from organizations.models import Organization
from organizations.models.role import scope_of
from people.models import Person

if TYPE_CHECKING:
    from accounts.models import User

_RANKS = [When(kind=kind, then=Value(rank)) for rank, kind in enumerate(PostKind.values)]
# By organisation, then secretary first; those of one kind by when they came.
CUSTOMARY_ORDER = (
    "organization__order", "organization_id", Case(*_RANKS), "since", "id",
)  # fmt: skip


class PostQuerySet(ScopedQuerySet["Post"]):
    def visible_to(self, user: "User") -> Self:
        """Posts in the organisations that ``user`` may see."""
        return self.filter(scope_of(user, "organization__"))

    def current(self) -> Self:
        """Those that are held: nothing is dated ahead."""
        return self.filter(until=None)

    def on(self, day: date) -> Self:
        """Those that were held on ``day``."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)

    def between(self, since: date, until: date | None) -> Self:
        """Those held on some day from ``since`` until before ``until``."""
        begun = Q() if until is None else Q(since__lt=until)
        return self.filter(begun, Q(until=None) | Q(until__gt=since))

    def in_customary_order(self) -> Self:
        """As lists show them; see `CUSTOMARY_ORDER`."""
        return self.order_by(*CUSTOMARY_ORDER)


class Post(TimeStamped):
    """A post that ``person`` holds in ``organization`` from ``since`` until before ``until``.

    A post entered by mistake ends on the day on which it began, and so counts on none.
    ``is_head``: whether the person leads the school or unit as well (一肩挑), None for not known;
    ``administrative_post`` is the post itself. ``group`` names the Party group of its leader.
    """

    person = models.ForeignKey(Person, models.PROTECT, verbose_name="姓名", related_name="posts")
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="党组织", related_name="posts"
    )
    kind = models.CharField("党内职务", max_length=16, choices=PostKind.choices)
    duty = models.CharField("分工", max_length=16, choices=Duty.choices, blank=True)
    group = models.CharField("党小组", max_length=50, blank=True)
    engagement = models.CharField("专／兼职", max_length=10, choices=Engagement.choices, blank=True)
    administrative_post = models.CharField("行政职务", max_length=50, blank=True)
    is_head = models.BooleanField("一肩挑", null=True, blank=True)
    since = models.DateField("任职时间")
    until = models.DateField("卸任时间", null=True, blank=True)
    basis = models.CharField("任职依据", max_length=200, blank=True)
    ended_as = models.CharField("卸任方式", max_length=16, choices=PostEnd.choices, blank=True)
    end_basis = models.CharField("卸任依据", max_length=200, blank=True)

    objects: ClassVar = PostQuerySet.as_manager()

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = "任职"
        ordering: ClassVar = ["organization", "-since", "id"]
        indexes: ClassVar = [
            models.Index(fields=["organization", "kind", "since"], name="post_of_organization"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(until=None, kind=PostKind.SECRETARY),
                name="post_one_secretary",
            ),
            models.UniqueConstraint(
                fields=["person", "organization", "kind", "duty", "group"],
                condition=Q(until=None),
                name="post_held_once",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="post_until_after_since"
            ),
            models.CheckConstraint(
                condition=Q(until=None, ended_as="") | (Q(until__isnull=False) & ~Q(ended_as="")),
                name="post_ended_as_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}（{self.title}）"

    @property
    def title(self) -> str:
        """书记, 纪检委员, 副书记兼纪检委员, 党小组组长（第一党小组）."""
        duty = self.get_duty_display()
        if self.kind == PostKind.MEMBER:
            return duty or PostKind.MEMBER.label
        name = f"{PostKind(self.kind).label}{f'兼{duty}' if duty else ''}"
        return f"{name}（{self.group}）" if self.group else name

    @property
    def in_committee(self) -> bool:
        """Whether whoever holds it sits in the committee."""
        return self.kind in COMMITTEE

    @property
    def union_label(self) -> str:
        """一肩挑 or 分设; empty for not known, and for others than secretaries."""
        if self.is_head is None or self.kind != PostKind.SECRETARY:
            return ""
        return "一肩挑" if self.is_head else "分设"
