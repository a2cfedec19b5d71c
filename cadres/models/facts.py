"""Cadres: people who hold or held a post, and the dated facts of their qualification."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from cadres.models.posts import Post
from cadres.models.training import held_posts
from cadres.qualities import SEVERAL, WORDS, FactKind
from common.cells import PartialDate
from common.models import TimeStamped
from common.scoping import ScopedQuerySet
from honours.choices import Known
from organizations.choices import RoleKind
from organizations.models.role import held_roles, scope_through
from people.models import Person

if TYPE_CHECKING:
    from accounts.models import User


class CadreQuerySet(ScopedQuerySet["Cadre"]):
    def visible_to(self, user: "User") -> Self:
        """People who hold or held a post in the scope of ``user``."""
        return self.filter(pk__in=held_posts(user))

    def editable_by(self, user: "User") -> Self:
        """Those of whom ``user`` keeps the file: officers within their kinds of school.

        An officer limited to some of these keeps the file of whoever holds a post there now.
        """
        officers = [role for role in held_roles(user) if role.kind == RoleKind.OFFICER]
        posts = Post.objects.filter(scope_through(officers, "organization__"))
        if not any(role.covers_all for role in officers):
            posts = posts.current()
        return self.filter(pk__in=posts.order_by().values("person"))


class Cadre(Person):
    """A person with a post: the same row, seen as a file (干部档案)."""

    objects: ClassVar = CadreQuerySet.as_manager()  # type: ignore[assignment]  # narrower than Person's

    class Meta:
        proxy = True
        verbose_name = "干部档案"
        verbose_name_plural = "干部档案"
        ordering: ClassVar = ["pinyin", "id"]


class QualificationQuerySet(ScopedQuerySet["Qualification"]):
    def visible_to(self, user: "User") -> Self:
        """Facts of the cadres that ``user`` may see."""
        return self.filter(person__in=held_posts(user))

    def held(self) -> Self:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at=None)

    def on(self, day: date) -> Self:
        """Those that held on ``day``; of which nobody knows since when, always did."""
        begun = Q(since=None) | Q(since__lte=day)
        lasting = Q(until=None) | Q(until__gt=day) | Q(until=day, kind__in=SEVERAL)
        return self.filter(begun, lasting, withdrawn_at=None)


class Qualification(TimeStamped):
    """A fact of somebody's qualification, from ``since`` until before ``until``.

    Of a backbone status ``until`` is its last valid day (有效期至), of the others the first day of
    what followed.
    ``value`` is a word of its kind (``cadres.qualities``), a number of lessons, or a name. Of every
    kind but backbone status one holds at a time. ``since`` None: nobody wrote down since when.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name="姓名", related_name="qualifications"
    )
    kind = models.CharField("项目", max_length=10, choices=FactKind.choices)
    value = models.CharField("内容", max_length=100)
    since = models.DateField("取得时间", null=True, blank=True)
    since_known = models.CharField(
        "时间精确", max_length=5, choices=Known.choices, default=Known.MONTH
    )
    until = models.DateField("至", null=True, blank=True)
    basis = models.CharField("依据", max_length=200, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True, editable=False)
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)

    objects: ClassVar = QualificationQuerySet.as_manager()

    class Meta:
        verbose_name = "任职资格"
        verbose_name_plural = "任职资格"
        ordering: ClassVar = ["person", "kind", "-since", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["person", "kind"], name="qualification_of_person"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                name="qualification_until_after_since",
            ),
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(until=None, withdrawn_at=None) & ~Q(kind__in=SEVERAL),
                name="qualification_one_of_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_kind_display()}：{self.label}"

    @property
    def label(self) -> str:
        """The value in words: 高级教师, 8 节, 市骨干教师."""
        words = WORDS.get(self.kind)
        if words is not None:
            return str(dict(words.choices).get(self.value, self.value))
        return f"{self.value} 节" if self.kind == FactKind.LOAD else self.value

    def holds_on(self, day: date) -> bool:
        """Whether ``day`` lies in its time, as :meth:`QualificationQuerySet.on` asks."""
        last = self.until == day and self.kind in SEVERAL
        lasting = self.until is None or self.until > day or last
        return (self.since is None or self.since <= day) and lasting

    @property
    def began(self) -> PartialDate | None:
        """Since when, as far as it is known."""
        return PartialDate.of(self.since, self.since_known) if self.since else None
