"""A unit asks for more than the regulations do; never for less."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from common import audit
from common.errors import ConflictError, DomainError
from organizations.models import Organization, Tightening
from organizations.queries import tightenings_of
from organizations.services.guards import check_basis, check_may_manage, check_open
from rulebook.model import Figure, Number
from rulebook.registry import rule_of
from rulebook.tightening import LooseningError, as_held, tighten
from rulebook.words import day

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_BASIS = 200


@dataclass(frozen=True)
class Demand:
    """A figure before and after it is tightened, and where the one before stands."""

    held: Figure
    wanted: Figure
    where: str


def check_tightening(
    *, organization: Organization, rule: str, figure: str, value: Number, since: date
) -> Demand:
    """Return what would change; raises DomainError with the reason for what may not.

    What holds on that day may stand in the regulation, in what a unit above asks for, or in an
    earlier demand of the organisation's own: the new one must be stricter than all of them.
    """
    check_open(organization, since)
    held, where = _as_held_for(organization, rule=rule, figure=figure, on=since)
    try:
        return Demand(held, tighten(held, value), where)
    except LooseningError as error:
        raise DomainError(f"{error.reason}现行要求见{where}。") from error


def _as_held_for(
    organization: Organization, *, rule: str, figure: str, on: date
) -> tuple[Figure, str]:
    """Return a figure as it holds for ``organization`` on the day ``on``, and where it stands."""
    try:
        asked_for = rule_of(rule)
    except KeyError as error:
        raise DomainError("规章库里没有这一项，请重新选择。") from error
    clause = asked_for.clause_on(on)
    own = tightenings_of([organization.pk], on)[organization.pk]
    if clause is not None:
        asked, used = as_held(asked_for, clause, on, own)
        by = next((each for each in used if each.figure == figure), None)
        if figure in asked.figures:
            return asked[figure], f"{by.by}（{by.basis}）" if by else str(clause.edition)
    raise DomainError(f"{day(on)}时的规定没有这一项数字，不能从严。")


def tighten_rule(
    *,
    actor: "User | None",
    organization: Organization,
    rule: str,
    figure: str,
    value: Number,
    since: date,
    basis: str,
) -> Tightening:
    """Let ``organization`` ask for more from the day ``since``, itself and those below it.

    Raises DomainError with the reason for what is not stricter than what holds for it on that day
    (see ``check_tightening``). What a later edition asks for beyond it wins by itself.
    """
    check_may_manage(actor)
    _check_text(basis)
    check_basis(basis)
    demand = check_tightening(
        organization=organization, rule=rule, figure=figure, value=value, since=since
    )
    with transaction.atomic():
        made = Tightening.objects.create(
            organization=organization,
            rule=rule,
            figure=figure,
            value=str(demand.wanted.value),
            since=since,
            basis=basis.strip(),
        )
        after = {"what": str(made), "organization": organization, "since": since, "basis": basis}
        audit.record(actor=actor, verb="organizations.tighten_rule", obj=made, after=after)
    return made


def end_tightening(
    *, actor: "User | None", tightening: Tightening, until: date, basis: str
) -> Tightening:
    """Say the last day of a demand; what took place until then stays judged by it."""
    check_may_manage(actor)
    check_basis(basis)
    _check_text(basis)
    if until < tightening.since:
        raise DomainError(f"最后一天不能早于 {day(tightening.since)}。")
    before = tightening.until
    with transaction.atomic():
        done = Tightening.objects.filter(pk=tightening.pk, until=before, withdrawn_at=None)
        if not done.update(until=until, end_basis=basis.strip()):
            raise ConflictError("这条规定刚刚被改动或撤回，请刷新后再看。")
        audit.record(
            actor=actor,
            verb="organizations.end_tightening",
            obj=tightening,
            before={"until": before},
            after={"until": until, "basis": basis},
        )
    tightening.refresh_from_db()
    return tightening


def withdraw_tightening(
    *, actor: "User | None", tightening: Tightening, reason: str, at: datetime
) -> Tightening:
    """Take back what was entered by mistake: it counts on no day, past ones included."""
    check_may_manage(actor)
    if not reason.strip():
        raise DomainError("请写明撤回原因。")
    _check_text(reason)
    with transaction.atomic():
        done = Tightening.objects.filter(pk=tightening.pk, withdrawn_at=None)
        if not done.update(withdrawn_at=at, withdrawn_reason=reason.strip()):
            raise ConflictError("这条规定已经撤回。")
        audit.record(
            actor=actor,
            verb="organizations.withdraw_tightening",
            obj=tightening,
            after={"reason": reason},
            at=at,
        )
    tightening.refresh_from_db()
    return tightening


def _check_text(text: str) -> None:
    if len(text) > LONGEST_BASIS:
        raise DomainError(f"最多 {LONGEST_BASIS} 字，写了 {len(text)} 字，请删减。")
