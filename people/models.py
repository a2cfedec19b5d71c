"""One row for one human being, and their dated Party standings."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When

from common.fields import EncryptedTextField, blind_index
from common.identity import mask_id_number
from common.models import TimeStamped
from common.names import person_pinyin, stroke_key
from common.scoping import ScopedQuerySet
from organizations.models import Organization, School
from organizations.models.role import scope_of
from people.choices import MEMBERS, EndReason, Sex, StandingKind
from people.scope import (
    accounts_alone,
    counting_organizations,
    sees_everybody,
    users_in_scope,
    users_to_help,
)

if TYPE_CHECKING:
    from accounts.models import User


class PersonQuerySet(ScopedQuerySet["Person"]):
    def visible_to(self, user: "User") -> Self:
        """People with a role or a standing in the scope of ``user``.

        Unlimited officers and leaders see all, administrators of accounts only those who have one
        or are on no roster.
        """
        on_roster = Standing.objects.all()
        if accounts_alone(user):
            return self.filter(Q(user__isnull=False) | ~Q(pk__in=on_roster.values("person")))
        if sees_everybody(user):
            return self
        # Each of the two by an index of its own: either or both would be asked of every person.
        with_role = Person.objects.filter(user__in=users_in_scope(user))
        standing = on_roster.visible_to(user).order_by().values("person")
        return self.filter(pk__in=with_role.order_by().values("pk").union(standing))

    def with_id_number(self, *numbers: str) -> Self:
        """Whoever has one of these ID numbers, given in 18 characters; see `with_mobile`."""
        wanted = [blind_index(number) for number in numbers]
        return self.filter(id_index__in=wanted).exclude(id_index="")

    def with_mobile(self, *numbers: str) -> Self:
        """Whoever has one of these numbers, given as 11 digits.

        The second condition is that of the index: without it every look-up reads the whole table.
        """
        wanted = [blind_index(number) for number in numbers]
        return self.filter(mobile_index__in=wanted).exclude(mobile_index="")

    def editable_by(self, user: "User") -> Self:
        """People whose account ``user`` may help with (``people.scope``)."""
        return self.filter(user__in=users_to_help(user))


class Person(TimeStamped):
    """A human being, with at most one user.

    Mobile and ID number stand here and nowhere else: encrypted, with a keyed digest beside each
    (``common.fields.blind_index``) for exact look-up and log-in. ``born_on`` known to the month is
    kept as its first day; it is shown to the month. Nothing is held of religion, ethnicity or kin.
    """

    name = models.CharField("姓名", max_length=50)
    pinyin = models.CharField("拼音", max_length=200, blank=True, editable=False)
    strokes = models.CharField("笔画序", max_length=200, blank=True, editable=False)
    sex = models.CharField("性别", max_length=6, choices=Sex.choices, blank=True)
    born_on = models.DateField("出生年月", null=True, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="用户",
        null=True,
        blank=True,
        related_name="person",
    )
    mobile = EncryptedTextField("手机号", blank=True, default="")
    mobile_index = models.CharField("手机号索引", max_length=64, blank=True, editable=False)
    id_number = EncryptedTextField("身份证号", blank=True, default="")
    id_index = models.CharField("身份证号索引", max_length=64, blank=True, editable=False)

    objects: ClassVar = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "人员"
        verbose_name_plural = "人员"
        ordering: ClassVar = ["pinyin", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mobile_index"], condition=~Q(mobile_index=""), name="person_mobile_once"
            ),
            models.UniqueConstraint(
                fields=["id_index"], condition=~Q(id_index=""), name="person_id_number_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["pinyin", "id"], name="person_by_pinyin"),
            models.Index(fields=["strokes", "id"], name="person_by_strokes"),
        ]

    def __str__(self) -> str:
        return self.name

    def bear(self, name: str) -> None:
        """Take a tidied name, with what it is found and sorted by."""
        self.name, self.pinyin, self.strokes = name, person_pinyin(name), stroke_key(name)

    def put_mobile(self, number: str) -> None:
        """Take a checked number, or none."""
        self.mobile, self.mobile_index = number, blind_index(number) if number else ""

    def put_id_number(self, number: str) -> None:
        """Take a checked number, or none."""
        self.id_number, self.id_index = number, blind_index(number) if number else ""

    @property
    def masked_id_number(self) -> str:
        """The ID number as pages show it: 330***********123X; empty when unknown."""
        return mask_id_number(self.id_number)

    @property
    def born_label(self) -> str:
        """1985.07; empty when unknown."""
        return f"{self.born_on:%Y.%m}" if self.born_on else ""

    @property
    def masked_mobile(self) -> str:
        """The number as pages show it: 138****5678; empty when unknown."""
        number = self.mobile
        return (
            f"{number[:3]}****{number[-4:]}" if len(number) == 11 else ("已登记" if number else "")
        )


_RANKS = [When(kind=kind, then=Value(rank)) for rank, kind in enumerate(StandingKind.values)]
# By organisation, then full members first, then by strokes.
CUSTOMARY_ORDER = (
    "organization__order", "organization_id", Case(*_RANKS), "person__strokes", "id",
)  # fmt: skip


class StandingQuerySet(ScopedQuerySet["Standing"]):
    def visible_to(self, user: "User") -> Self:
        """Standings in the organisations that ``user`` may see; administrators see none."""
        return self.filter(scope_of(user, "organization__"))

    def editable_by(self, user: "User") -> Self:
        """Standings in organisations whose roster ``user`` may keep."""
        return self.filter(organization__in=counting_organizations(user).values("pk"))

    def current(self) -> Self:
        """Those that last: nothing is dated ahead."""
        return self.filter(until=None)

    def on(self, day: date) -> Self:
        """Those that held on ``day``."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)

    def in_customary_order(self) -> Self:
        """As lists show them; see `CUSTOMARY_ORDER`."""
        return self.order_by(*CUSTOMARY_ORDER)


class Standing(TimeStamped):
    """What a person is in a Party organisation, from ``since`` until before ``until``.

    One at a time: what came before has ended. A standing entered by mistake ends on the day on
    which it began, and so counts on none.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name="人员", related_name="standings"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="党组织", related_name="standings"
    )
    kind = models.CharField("类别", max_length=12, choices=StandingKind.choices)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    ended_as = models.CharField("变动", max_length=12, choices=EndReason.choices, blank=True)

    objects: ClassVar = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = "党员名册"
        verbose_name_plural = "党员名册"
        ordering: ClassVar = ["person", "since", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until=None), name="standing_one_current"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="standing_until_after_since",
            ),
            models.CheckConstraint(
                condition=Q(until=None, ended_as="") | (Q(until__isnull=False) & ~Q(ended_as="")),
                name="standing_ended_as_something",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "kind"],
                condition=Q(until=None),
                name="standing_current_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}（{self.get_kind_display()}）"

    @property
    def is_member(self) -> bool:
        """Whether of a Party member, full or probationary."""
        return self.kind in MEMBERS


class InstructorQuerySet(ScopedQuerySet["Instructor"]):
    def visible_to(self, user: "User") -> Self:
        """Instructors at the schools that ``user`` may see, and those whom their own sends."""
        schools = School.objects.visible_to(user).values("pk")
        return self.filter(Q(school__in=schools) | scope_of(user, "sent_by__"))

    def on(self, day: date) -> Self:
        """Those who were assigned on ``day``."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class Instructor(TimeStamped):
    """A person assigned to a school that can't have an organisation yet (党建指导员).

    From ``since`` until before ``until``; one entered by mistake ends on its first day and so
    counts on none. ``sent_by`` is the organisation that the person comes from, where known.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name="党建指导员", related_name="instructions"
    )
    school = models.ForeignKey(
        School, models.PROTECT, verbose_name="派驻学校", related_name="instructors"
    )
    sent_by = models.ForeignKey(
        Organization,
        models.PROTECT,
        verbose_name="派出党组织",
        null=True,
        blank=True,
        related_name="instructors_sent",
    )
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    basis = models.CharField("依据文件", max_length=200)
    end_basis = models.CharField("结束的依据文件", max_length=200, blank=True)

    objects: ClassVar = InstructorQuerySet.as_manager()

    class Meta:
        verbose_name = "党建指导员"
        verbose_name_plural = "党建指导员"
        ordering: ClassVar = ["school__order", "school", "-since", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "school"], condition=Q(until=None), name="instructor_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="instructor_until_after_since",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}（{self.school}）"
