"""Terms (届) of Party organisations."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from cadres.choices import TermEnd, TermState
from common.models import TimeStamped
from common.scoping import ScopedQuerySet
from notices.models import Notice
from organizations.models import Organization
from organizations.models.role import scope_of

if TYPE_CHECKING:
    from accounts.models import User


class TermQuerySet(ScopedQuerySet["Term"]):
    def visible_to(self, user: "User") -> Self:
        """Terms of the organisations that ``user`` may see."""
        return self.filter(scope_of(user, "organization__"))

    def current(self) -> Self:
        """The terms that run, over or not: nobody was elected anew yet."""
        return self.filter(until=None)

    def in_state(self, state: str, on: date) -> Self:
        """Running terms that stand so on the day ``on``, as :meth:`Term.state_on` says."""
        over = Q(due_on__lt=on)
        extended = Q(extended_until__gte=on)
        conditions = {
            TermState.RUNNING: Q(remind_on__gt=on),
            TermState.DUE: Q(remind_on__lte=on, due_on__gte=on),
            TermState.EXTENDED: over & extended,
            TermState.OVERDUE: over & (Q(extended_until=None) | Q(extended_until__lt=on)),
        }
        return self.current().filter(conditions.get(TermState(state), Q(pk__in=[])))


class Term(TimeStamped):
    """A term from the election ``since`` until before the next one, ``until``.

    ``due_on`` (届满) and ``remind_on`` follow from the kind and the rulebook of the day of the
    election (``rulebook.terms``) and are kept so that lists can be sorted by them.
    ``extended_until`` is the day to which the superior agreed to put the election off. ``seats`` is
    how many were elected into the committee, 0 for none, None for not known. ``reminded_on`` is the
    day on which the superior's letter was drafted, ``reminder`` the letter.
    """

    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="党组织", related_name="terms"
    )
    since = models.DateField("本届起始")
    due_on = models.DateField("届满时间")
    remind_on = models.DateField("提醒时间")
    seats = models.PositiveSmallIntegerField("委员应有数", null=True, blank=True)
    basis = models.CharField("依据文件", max_length=200, blank=True)
    extended_until = models.DateField("延期至", null=True, blank=True)
    extension_basis = models.CharField("延期的依据文件", max_length=200, blank=True)
    reminded_on = models.DateField("提醒日期", null=True, blank=True)
    reminder = models.ForeignKey(
        Notice, models.PROTECT, verbose_name="换届提醒函", null=True, blank=True, related_name="+"
    )
    until = models.DateField("本届结束", null=True, blank=True)
    ended_as = models.CharField("结束方式", max_length=12, choices=TermEnd.choices, blank=True)

    objects: ClassVar = TermQuerySet.as_manager()

    class Meta:
        verbose_name = "任期"
        verbose_name_plural = "任期"
        ordering: ClassVar = ["due_on", "id"]
        indexes: ClassVar = [
            models.Index(
                fields=["due_on", "id"], condition=Q(until=None), name="term_current_by_due"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(until=None), name="term_one_current"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="term_until_after_since"
            ),
            models.CheckConstraint(
                condition=Q(extended_until=None) | Q(extended_until__gt=F("due_on")),
                name="term_extended_beyond_due",
            ),
            models.CheckConstraint(
                condition=Q(until=None, ended_as="") | (Q(until__isnull=False) & ~Q(ended_as="")),
                name="term_ended_as_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}（{self.since:%Y.%m}起）"

    def state_on(self, on: date) -> TermState:
        """How it stands on the day ``on``; of a term that ended, how it stood."""
        if on < self.remind_on:
            return TermState.RUNNING
        if on <= self.due_on:
            return TermState.DUE
        put_off = self.extended_until is not None and on <= self.extended_until
        return TermState.EXTENDED if put_off else TermState.OVERDUE

    def countdown(self, on: date) -> str:
        """The state with its days: 即将届满，还有 45 天; 已届满未换届，已过 30 天."""
        state = self.state_on(on)
        if state == TermState.EXTENDED and self.extended_until:
            day = f"{self.extended_until:%Y-%m-%d}"
            return f"{state.label}至 {day}，还有 {(self.extended_until - on).days} 天"
        if state == TermState.OVERDUE:
            return f"{state.label}，已过 {(on - self.due_on).days} 天"
        left = (self.due_on - on).days
        return f"{state.label}，还有 {left} 天" if left else f"{state.label}，就在今天"
