"""What units ask for beyond the regulations."""

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from common.models import TimeStamped
from common.scoping import ScopedQuerySet
from organizations.choices import ADMINISTRATORS, TighteningState
from organizations.models.organization import Organization
from organizations.models.role import held_roles, scope_through, steps
from rulebook import model as rulebook
from rulebook.registry import figures_of, rule_of

if TYPE_CHECKING:
    from accounts.models import User


class TighteningQuerySet(ScopedQuerySet["Tightening"]):
    def visible_to(self, user: "User") -> Self:
        """What those that ``user`` may see have asked for, and those above where ``user`` acts."""
        held = held_roles(user)
        above = {
            pk
            for role in held
            if role.kind not in ADMINISTRATORS
            for pk in steps(role.organization.path)
        }
        return self.filter(scope_through(held, "organization__") | Q(organization__in=above))

    def held_on(self, on: date) -> Self:
        """What holds on the day ``on``; what was withdrawn never held."""
        lasting = Q(until=None) | Q(until__gte=on)
        return self.filter(lasting, since__lte=on, withdrawn_at=None)


class Tightening(TimeStamped):
    """A figure of the rulebook that an organisation tightened for itself and those below it.

    ``rule`` and ``figure`` are the rulebook's names; ``value`` is a whole number or a fraction as
    text (``3``, ``2/3``). ``until`` is the last day. One entered by mistake is withdrawn and counts
    on no day.
    """

    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="作出规定的党组织", related_name="tightenings"
    )
    rule = models.CharField("规定", max_length=60)
    figure = models.CharField("项目", max_length=30)
    value = models.CharField("要求", max_length=20)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    basis = models.CharField("依据文件", max_length=200)
    end_basis = models.CharField("停止的依据文件", max_length=200, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True, editable=False)
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)

    objects: ClassVar = TighteningQuerySet.as_manager()

    class Meta:
        verbose_name = "从严规定"
        verbose_name_plural = "从严规定"
        ordering: ClassVar = ["organization__order", "organization", "rule", "figure", "-since"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="tightening_until_after_since",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.demand}"

    @property
    def number(self) -> rulebook.Number:
        """The value as a number."""
        exact = Fraction(self.value)
        return exact.numerator if exact.denominator == 1 else exact

    @property
    def known(self) -> tuple[rulebook.Rule[Any], rulebook.Figure] | None:
        """The rule and its figure; None where the rulebook has it no longer."""
        try:
            rule = rule_of(self.rule)
        except KeyError:
            return None
        found = {figure.key: figure for figure in figures_of(rule)}.get(self.figure)
        return (rule, found) if found else None

    @property
    def title(self) -> str:
        """Rule and figure in words: 党员大会 · 每季度."""
        known = self.known
        return f"{known[0].title} · {known[1].label}" if known else f"{self.rule} · {self.figure}"

    @property
    def demand(self) -> str:
        """What is asked for in words: 至少 3 次."""
        known = self.known
        return known[1].with_value(self.number).demand if known else self.value

    def state_on(self, on: date) -> TighteningState:
        """How it stands on the day ``on``."""
        if self.withdrawn_at is not None:
            return TighteningState.WITHDRAWN
        if self.until is not None and self.until < on:
            return TighteningState.ENDED
        return TighteningState.TO_COME if self.since > on else TighteningState.HELD

    def for_rulebook(self) -> rulebook.Tightening:
        """The same as the rulebook takes it."""
        return rulebook.Tightening(
            rule=self.rule,
            figure=self.figure,
            value=self.number,
            by=str(self.organization),
            basis=self.basis,
            since=self.since,
            until=self.until,
        )
