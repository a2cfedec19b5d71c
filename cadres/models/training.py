"""Training classes, and the hours that people have of them or of what took place elsewhere."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from cadres.models.posts import Post
from cadres.qualities import Attendance
from common.models import TimeStamped
from common.scoping import ScopedQuerySet
from honours.scope import belonging
from organizations.choices import SUBMITTING_ROLES, RoleKind
from organizations.models import Organization
from organizations.models.role import held_roles, scope_of, scope_through
from people.models import Person
from people.scope import sees_everybody

if TYPE_CHECKING:
    from accounts.models import User


class TrainingClassQuerySet(ScopedQuerySet["TrainingClass"]):
    def visible_to(self, user: "User") -> Self:
        """Classes held within the scope of ``user``, and those that people of theirs are in."""
        own = TrainingRecord.objects.visible_to(user).filter(
            training_class__isnull=False, withdrawn_at=None
        )
        held = TrainingClass.objects.filter(scope_of(user, "organization__"))
        return self.filter(
            Q(pk__in=held.order_by().values("pk"))
            | Q(pk__in=own.order_by().values("training_class"))
        )

    def editable_by(self, user: "User") -> Self:
        """Classes that ``user`` keeps: officers within their scope, schools their own."""
        held = held_roles(user)
        officers = scope_through(
            (role for role in held if role.kind == RoleKind.OFFICER), "organization__"
        )
        own = [role.organization_id for role in held if role.kind in SUBMITTING_ROLES]
        return self.filter(officers | Q(organization__in=own), withdrawn_at=None)


class TrainingClass(TimeStamped):
    """A training class that an organisation holds: ``hours`` are what the whole of it is worth."""

    title = models.CharField("培训班", max_length=200)
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="主办党组织", related_name="training_classes"
    )
    since = models.DateField("开始日期")
    until = models.DateField("结束日期")
    hours = models.PositiveSmallIntegerField("学时")
    place = models.CharField("地点", max_length=100, blank=True)
    basis = models.CharField("通知（文号）", max_length=200, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True, editable=False)
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)

    objects: ClassVar = TrainingClassQuerySet.as_manager()

    class Meta:
        verbose_name = "培训班"
        verbose_name_plural = "培训班"
        ordering: ClassVar = ["-since", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["-since", "-id"], name="training_class_newest"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="training_class_until_after_since"
            ),
            models.UniqueConstraint(
                fields=["organization", "title", "since"],
                condition=Q(withdrawn_at=None),
                name="training_class_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def days(self) -> str:
        """When: 2026-03-02 or 2026-03-02 至 2026-03-04."""
        first = f"{self.since:%Y-%m-%d}"
        return first if self.until == self.since else f"{first} 至 {self.until:%Y-%m-%d}"


class TrainingRecordQuerySet(ScopedQuerySet["TrainingRecord"]):
    def visible_to(self, user: "User") -> Self:
        """Of those who hold a post in the scope of ``user``, or belong to an organisation there."""
        places = Organization.objects.filter(scope_of(user))
        return self.filter(Q(person__in=held_posts(user)) | belonging(places, "person__"))

    def credited(self) -> Self:
        """Those that count."""
        return self.filter(attended=Attendance.PRESENT, withdrawn_at=None)

    def in_year(self, year: int) -> Self:
        """Those of a calendar year."""
        return self.filter(held_on__gte=date(year, 1, 1), held_on__lte=date(year, 12, 31))


class TrainingRecord(TimeStamped):
    """The part that one person has in a training: of a class, or (without one) elsewhere.

    ``held_on`` is its last day, by which its hours belong to a year. ``hours`` are this person's
    own: who left early has fewer. They count once ``attended`` says so. Whoever should not stand
    in a class any more is withdrawn, never deleted.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name="姓名", related_name="trainings"
    )
    training_class = models.ForeignKey(
        TrainingClass, models.PROTECT, verbose_name="培训班", null=True, blank=True,
        related_name="records",
    )  # fmt: skip
    title = models.CharField("培训名称", max_length=200)
    organiser = models.CharField("主办单位", max_length=200, blank=True)
    held_on = models.DateField("结束日期")
    hours = models.PositiveSmallIntegerField("学时")
    attended = models.CharField(
        "到课", max_length=10, choices=Attendance.choices, default=Attendance.EXPECTED
    )
    basis = models.CharField("证明", max_length=200, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True, editable=False)
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)

    objects: ClassVar = TrainingRecordQuerySet.as_manager()

    class Meta:
        verbose_name = "学时"
        verbose_name_plural = "学时"
        ordering: ClassVar = ["-held_on", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["person", "held_on"], name="training_of_person"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["training_class", "person"],
                condition=Q(withdrawn_at=None),
                name="training_once_a_class",
            ),
            models.UniqueConstraint(
                fields=["person", "title", "held_on"],
                condition=Q(withdrawn_at=None, training_class=None),
                name="training_elsewhere_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.title}"


def held_posts(user: "User") -> "models.QuerySet[Post, int]":
    """Return the ids of the people who hold a post in the scope of ``user``.

    The bureau without limits sees those who held one as well; a school whom it has today.
    """
    posts = Post.objects.visible_to(user).order_by()
    if not sees_everybody(user):
        posts = posts.current()
    return posts.values_list("person", flat=True)
