"""Terms begin with an election, may be put off with approval, and end with the next one."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from cadres.choices import TermEnd
from cadres.deadlines import due_day, last_extension, remind_day
from cadres.models import Term
from cadres.services.guards import check_begun, check_may_keep, lock
from common import audit
from common.errors import ConflictError, DomainError
from notices.models import Notice
from organizations.models import Organization
from organizations.queries import tightenings_of
from organizations.services.guards import check_basis
from rulebook.words import day

if TYPE_CHECKING:
    from accounts.models import User

MOST_SEATS = 50


def begin_term(
    *,
    actor: "User | None",
    organization: Organization,
    since: date,
    at: datetime,
    seats: int | None = None,
    basis: str = "",
) -> Term:
    """Begin a term with the election of the day ``since``; the one that ran ends on that day.

    Posts stay as they are: who leaves and who comes is entered one by one, as people mostly stay.
    """
    check_may_keep(actor, organization)
    today = timezone.localdate(at)
    check_begun(organization, since, on=today, what="选举日期")
    _check_seats(seats)
    with transaction.atomic():
        held = lock(organization)
        _end_running(held, since)
        due = due_day(held.kind, since)
        asked = tightenings_of([held.pk], today)[held.pk]
        term = Term.objects.create(
            organization=held,
            since=since,
            due_on=due,
            remind_on=remind_day(due, on=today, tightenings=asked),
            seats=seats,
            basis=basis.strip(),
        )
        after = {"since": since, "due_on": due, "seats": seats, "basis": basis.strip()}
        audit.record(actor=actor, verb="cadres.begin_term", obj=term, after=after, at=at)
    return term


def _end_running(organization: Organization, since: date) -> None:
    last = Term.objects.filter(organization=organization).exclude(ended_as=TermEnd.MISTAKEN)
    before = last.order_by("-since").first()
    if before is None:
        return
    begun = before.until or before.since
    if since < begun or since == before.since:
        raise DomainError(
            f"「{organization}」上一届从 {day(before.since)}起，新一届不能早于 {day(begun)}，"
            "请核对日期；上一届登记有误的，请先作废。"
        )
    Term.objects.filter(pk=before.pk, until=None).update(until=since, ended_as=TermEnd.RENEWED)


def _check_seats(seats: int | None) -> None:
    if seats is not None and not 0 <= seats <= MOST_SEATS:
        raise DomainError(f"委员应有数应在 0–{MOST_SEATS} 之间，不设委员会的填 0。")


def extend_term(*, actor: "User | None", term: Term, until: date, basis: str, at: datetime) -> Term:
    """Put the next election off to the day ``until``, as the superior agreed; a year at most."""
    check_may_keep(actor, term.organization)
    check_basis(basis)
    asked = tightenings_of([term.organization_id], timezone.localdate(at))[term.organization_id]
    last = last_extension(term.due_on, asked)
    if not term.due_on < until <= last:
        raise DomainError(f"{day(term.due_on)}届满，延期应在这之后、{day(last)}之前，请核对。")
    before = {"extended_until": term.extended_until, "extension_basis": term.extension_basis}
    after = {"extended_until": until, "extension_basis": basis.strip()}
    with transaction.atomic():
        _update(term, after, expected={"extended_until": term.extended_until})
        audit.record(
            actor=actor, verb="cadres.extend_term", obj=term, before=before, after=after, at=at
        )
    return term


def correct_seats(*, actor: "User | None", term: Term, seats: int | None, at: datetime) -> Term:
    """Put right how many were elected into the committee."""
    check_may_keep(actor, term.organization)
    _check_seats(seats)
    with transaction.atomic():
        before = {"seats": term.seats}
        _update(term, {"seats": seats}, expected=before)
        audit.record(
            actor=actor, verb="cadres.correct_seats", obj=term, before=before,
            after={"seats": seats}, at=at,
        )  # fmt: skip
    return term


def withdraw_term(*, actor: "User | None", term: Term, at: datetime) -> Term:
    """Take back a term entered by mistake: it counts on no day, the one before runs on."""
    check_may_keep(actor, term.organization)
    with transaction.atomic():
        lock(term.organization)
        _update(term, {"until": term.since, "ended_as": TermEnd.MISTAKEN}, expected={})
        Term.objects.filter(
            organization=term.organization_id, until=term.since, ended_as=TermEnd.RENEWED
        ).update(until=None, ended_as="")
        audit.record(actor=actor, verb="cadres.withdraw_term", obj=term, at=at)
    return term


def note_reminded(
    *, actor: "User | None", terms: Sequence[Term], notice: Notice, at: datetime
) -> None:
    """Remember the letter that reminds of these terms."""
    on = timezone.localdate(at)
    ids = [term.pk for term in terms]
    with transaction.atomic():
        Term.objects.filter(pk__in=ids).update(reminded_on=on, reminder=notice, updated_at=at)
        audit.record(
            actor=actor, verb="cadres.draft_reminder", model=Term, ids=ids,
            label=notice.title, after={"terms": len(ids), "notice": notice}, at=at,
        )  # fmt: skip


def _update(term: Term, values: Mapping[str, object], *, expected: Mapping[str, object]) -> None:
    if not Term.objects.filter(pk=term.pk, until=None, **expected).update(**values):
        raise ConflictError("这一届刚刚被他人改动或已经结束，请刷新后再看。")
    for name, value in values.items():
        setattr(term, name, value)
