"""The register of honours: of a person or of an organisation."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import ExtractYear

from attachments.models import Attachment
from common.cells import PartialDate
from common.models import TimeStamped
from common.scoping import ScopedQuerySet
from honours.choices import HonourState, Known, Level
from honours.scope import reach
from organizations.choices import SCHOOL_ROLES, RoleKind
from organizations.models import Organization
from organizations.models.role import held_roles
from people.models import Person

if TYPE_CHECKING:
    from accounts.models import User

_HOLDERS = ("person", "organization")


class HonourQuerySet(ScopedQuerySet["Honour"]):
    def visible_to(self, user: "User") -> Self:
        """Honours of the organisations that ``user`` may see, and of who belongs to them."""
        return self.filter(reach(held_roles(user)))

    def editable_by(self, user: "User") -> Self:
        """What ``user`` may correct and take back.

        Officers all within their scope; a school what it has reported itself, until the bureau has
        looked at it.
        """
        held = held_roles(user)
        kept = reach(role for role in held if role.kind == RoleKind.OFFICER)
        reported = reach(role for role in held if role.kind in SCHOOL_ROLES)
        return self.filter(kept | (Q(confirmed_at=None) & reported), withdrawn_at=None)

    def held(self) -> Self:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at=None)

    def confirmed(self) -> Self:
        """Those that count elsewhere: the bureau has looked at them."""
        return self.filter(withdrawn_at=None, confirmed_at__isnull=False)

    def waiting(self) -> Self:
        """Those that a school has reported and nobody has looked at."""
        return self.filter(withdrawn_at=None, confirmed_at=None)

    def valid_on(self, on: date) -> Self:
        """Those whose validity has not run out by the day ``on``; without an end it does not."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=on), awarded_on__lte=on)

    def repeated(self) -> Self:
        """Those beside which another one looks like the same; see `Honour.overlaps`."""
        found = Q()
        for holder in _HOLDERS:
            others = Honour.objects.filter(**{holder: OuterRef(holder)}, withdrawn_at=None).exclude(
                pk=OuterRef("pk")
            )
            alike = others.filter(
                alike=OuterRef("alike"),
                awarded_on__lte=OuterRef("lasts_until"),
                lasts_until__gte=OuterRef("awarded_on"),
            )
            work = (
                others.exclude(work_alike="")
                .filter(
                    work_alike=OuterRef("work_alike"),
                    awarded_on__year=ExtractYear(OuterRef("awarded_on")),
                )
                .exclude(level=OuterRef("level"))
            )
            found |= Q(Exists(alike.order_by())) | Q(Exists(work.order_by()))
        return self.filter(found, withdrawn_at=None)


class Honour(TimeStamped):
    """What a person or an organisation was awarded; exactly one of the two.

    ``awarded_on`` is the first day that it can be, ``awarded_known`` says how much of it is known.
    ``valid_until`` None: no end is stated. ``lasts_until`` is up to when another one alike would
    overlap: the end stated, else the end of the year, as what is awarded yearly is no repetition.
    ``alike`` and ``work_alike`` are what names are compared by (``honours.likeness``).
    """

    person = models.ForeignKey(
        Person, models.PROTECT, verbose_name="个人", null=True, blank=True, related_name="honours"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="党组织", null=True, blank=True,
        related_name="honours",
    )  # fmt: skip
    title = models.CharField("荣誉名称", max_length=200)
    level = models.CharField("级别", max_length=12, choices=Level.choices)
    body = models.CharField("授予单位", max_length=200, blank=True)
    awarded_on = models.DateField("授予时间")
    awarded_known = models.CharField(
        "授予时间精确", max_length=5, choices=Known.choices, default=Known.DAY
    )
    document = models.CharField("文号（证书号）", max_length=100, blank=True)
    valid_until = models.DateField("有效期至", null=True, blank=True)
    work = models.CharField("获奖作品（项目）", max_length=200, blank=True)
    basis = models.CharField("来源", max_length=200, blank=True)
    attachments = models.ManyToManyField(
        Attachment, verbose_name="证书、文件", blank=True, related_name="honours"
    )
    confirmed_at = models.DateTimeField("核实时间", null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True, editable=False)
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)
    alike = models.CharField("同类名称", max_length=200, blank=True, editable=False)
    work_alike = models.CharField("同类作品", max_length=200, blank=True, editable=False)
    lasts_until = models.DateField("比较到", editable=False)

    objects: ClassVar = HonourQuerySet.as_manager()

    class Meta:
        verbose_name = "荣誉"
        verbose_name_plural = "荣誉"
        ordering: ClassVar = ["-awarded_on", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["-awarded_on", "-id"], name="honour_newest"),
            models.Index(fields=["person", "alike"], name="honour_person_alike"),
            models.Index(fields=["organization", "alike"], name="honour_organization_alike"),
            models.Index(
                fields=["-awarded_on", "-id"],
                condition=Q(confirmed_at=None, withdrawn_at=None),
                name="honour_waiting",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(person=None, organization__isnull=False)
                | Q(person__isnull=False, organization=None),
                name="honour_of_person_or_organization",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("awarded_on")),
                name="honour_valid_after_awarded",
            ),
            *(
                models.UniqueConstraint(
                    fields=[holder, "title", "level", "awarded_on", "awarded_known", "work"],
                    condition=Q(withdrawn_at=None),
                    name=f"honour_once_a_{holder}",
                )
                for holder in _HOLDERS
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder}：{self.title}（{self.get_level_display()}，{self.awarded}）"

    @property
    def holder(self) -> Person | Organization:
        """Whose it is."""
        return self.person or self.organization  # type: ignore[return-value]  # one of them is set

    @property
    def awarded(self) -> PartialDate:
        """When, as far as it is known."""
        return PartialDate.of(self.awarded_on, self.awarded_known)

    @property
    def validity(self) -> str:
        """Until when, in words."""
        return f"至 {self.valid_until:%Y-%m-%d}" if self.valid_until else "未注明期限"

    @property
    def state(self) -> HonourState:
        """How the entry stands."""
        if self.withdrawn_at is not None:
            return HonourState.WITHDRAWN
        return HonourState.REPORTED if self.confirmed_at is None else HonourState.CONFIRMED

    @property
    def line(self) -> str:
        """Without its holder: 优秀教师（区级，2024.09，区教育局）."""
        parts = (self.get_level_display(), str(self.awarded), self.body)
        return f"{self.title}（{'，'.join(part for part in parts if part)}）"

    def overlaps(self, other: "Honour") -> bool:
        """Whether ``other`` of the same holder looks like the same honour.

        A like name in overlapping validity, or the same work at another level in the same year.
        """
        alike = self.alike == other.alike
        meets = self.awarded_on <= other.lasts_until and other.awarded_on <= self.lasts_until
        work = bool(self.work_alike) and self.work_alike == other.work_alike
        year = self.awarded_on.year == other.awarded_on.year
        return (alike and meets) or (work and year and self.level != other.level)
