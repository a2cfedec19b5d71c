"""Stating how many there are, from a day on: typed, imported, or counted from a roster."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from common import audit
from common.errors import DomainError, ForbiddenError
from organizations.choices import HeadCountSource
from organizations.models import HeadCount, Organization, Roster
from organizations.permissions import may_count_heads
from organizations.queries import HEADS, ROSTER_HEADS, head_counts

if TYPE_CHECKING:
    from accounts.models import User

MOST_HEADS = 99_999
HEAD_LABELS = {field.name: str(field.verbose_name) for field in HeadCount._meta.fields}

Counts = Mapping[str, int | None]
# {organisation: {day from which they hold: figures}}, as a roster counts them.
CountsByDay = Mapping[int, Mapping[date, Counts]]


def record_head_count(
    *,
    actor: "User | None",
    organization: Organization,
    on: date,
    counts: Counts,
    source: str = HeadCountSource.TYPED,
) -> HeadCount:
    """State the heads of ``organization`` from the day ``on``, subordinates left out.

    ``counts`` maps names of ``HEADS`` to figures; None says 'not known', a head left out keeps what
    the row before said. A second statement for the same day replaces the first; an equal one
    changes nothing and leaves no trace. Where a roster is kept, only the staff are stated.
    """
    if actor is not None and not may_count_heads(actor, organization):
        raise ForbiddenError("您不能填报这个党组织的人数。")
    check_counts(counts)
    if organization.closed_on is not None and organization.closed_on <= on:
        raise DomainError(
            f"「{organization}」已于 {organization.closed_on:%Y-%m-%d} 撤销，不再统计人数。"
        )
    with transaction.atomic():
        roster = Roster.objects.select_for_update().filter(organization=organization).first()
        before = head_counts([organization.pk], on).get(organization.pk)
        carried = {head: getattr(before, head) for head in HEADS} if before else {}
        new = {**carried, **counts}
        if before is not None and before.on == on and new == carried:
            return before
        if roster is not None:
            if roster.since <= on:
                _leave_to_roster(organization, carried, new)
            carry_staff(organization.pk, on, new.get("staff"))
        held, _created = HeadCount.objects.update_or_create(
            organization=organization, on=on, defaults={**new, "source": source}
        )
        changed = [head for head, figure in new.items() if carried.get(head) != figure]
        audit.record(
            actor=actor,
            verb="organizations.count_heads",
            obj=held,
            before={head: carried[head] for head in changed if head in carried},
            after={head: new[head] for head in changed},
        )
    return held


def join_head_counts(
    *, actor: "User | None", organization: Organization, into: Organization, on: date
) -> HeadCount | None:
    """Add what ``organization`` had last to the figures of ``into`` from the day ``on``.

    None, and nothing is changed, where ``into`` has stated its own for that day or later, where
    they come from its roster, or where there is nothing to add. A figure that ``into`` doesn't know
    stays unknown.
    """
    if Roster.objects.kept_on(on).filter(organization=into).exists():
        return None
    if HeadCount.objects.filter(organization=into, on__gte=on).exists():
        return None
    day_before = on - timedelta(days=1)
    counted = head_counts([organization.pk, into.pk], day_before)
    gone, held = counted.get(organization.pk), counted.get(into.pk)
    if gone is None or held is None:
        return None
    sums = {
        head: getattr(held, head) + getattr(gone, head)
        for head in HEADS
        if getattr(held, head) is not None and getattr(gone, head)
    }
    return record_head_count(actor=actor, organization=into, on=on, counts=sums) if sums else None


def check_counts(counts: Counts) -> None:
    """Refuse unknown heads and figures that can't be."""
    unknown = set(counts) - set(HEADS)
    if unknown:
        raise LookupError(f"No such heads: {sorted(unknown)}.")
    for head, figure in counts.items():
        if figure is not None and not 0 <= figure <= MOST_HEADS:
            raise DomainError(f"{HEAD_LABELS[head]}写的是“{figure}”，应在 0–{MOST_HEADS} 之间。")


def differing_heads(counted: Counts, stated: Counts) -> list[str]:
    """Return the heads that ``stated`` gives otherwise than the roster counts them."""
    return [head for head in ROSTER_HEADS if stated.get(head) != counted.get(head)]


def _leave_to_roster(organization: Organization, counted: Counts, stated: Counts) -> None:
    wrong = differing_heads(counted, stated)
    if wrong:
        heads = "、".join(f"{HEAD_LABELS[head]} {counted.get(head)} 人" for head in wrong)
        raise DomainError(
            f"「{organization}」已启用名册，{heads}是按名册数出来的，请到“党员名册”登记变动；"
            "这里只填教职工。"
        )


def carry_staff(organization_id: int, on: date, staff: int | None) -> None:
    """Give newly stated staff to the later rows that only a roster wrote, up to the next typed."""
    later = HeadCount.objects.filter(organization=organization_id, on__gt=on)
    typed = later.exclude(source=HeadCountSource.ROSTER).order_by("on").first()
    if typed is not None:
        later = later.filter(on__lt=typed.on)
    later.filter(source=HeadCountSource.ROSTER).update(staff=staff)


# From a roster -----------------------------------------------------------------------------------
def start_roster(
    *,
    actor: "User | None",
    organization: Organization,
    since: date,
    counts: CountsByDay,
    at: datetime,
) -> Roster:
    """Let the roster count the heads of ``organization`` from the day ``since`` on.

    ``counts`` are what it counts. The figures typed last stay with the roster, to be compared;
    typed ones of a later day would be overruled unseen, so then it is refused.
    """
    if actor is not None and not may_count_heads(actor, organization):
        raise ForbiddenError("您不能启用这个党组织的名册。")
    with transaction.atomic():
        # Serialises two who start at once.
        Organization.objects.select_for_update().get(pk=organization.pk)
        if Roster.objects.filter(organization=organization).exists():
            raise DomainError(f"「{organization}」的名册已经启用。")
        last = organization.head_counts.order_by("-on").first()
        if last is not None and last.on > since:
            raise DomainError(
                f"最近一次填报的人数是 {last.on:%Y-%m-%d} 的，名册请从这天或以后启用。"
            )
        typed = {"on": last.on.isoformat(), **_figures(last, ROSTER_HEADS)} if last else {}
        roster = Roster.objects.create(
            organization=organization, since=since, typed=typed, started_by=actor
        )
        audit.record(
            actor=actor,
            verb="organizations.start_roster",
            obj=organization,
            after={"since": since},
            at=at,
        )
        state_roster_counts(actor=actor, counts=counts, at=at)
    return roster


def state_roster_counts(*, actor: "User | None", counts: CountsByDay, at: datetime) -> int:
    """Write what rosters count, from each day on; return how many rows are new or other.

    ``counts`` holds every day on which figures change since the roster was started, the first day
    included; rows of other days in between follow them. Staff are carried from the row before.
    Whoever calls has asked for the rights, and holds the rosters' rows locked. A constant number of
    queries; with nothing new no trace.
    """
    first = {pk: min(days) for pk, days in counts.items() if days}
    rows = _rows_by_organization(first)
    changed: list[HeadCount] = []
    replaced: list[tuple[HeadCount, dict[str, int | None]]] = []
    for pk, since in first.items():
        for row, before in _restated(pk, since, counts[pk], rows[pk]):
            changed.append(row)
            if before:
                replaced.append((row, before))
    if changed:
        HeadCount.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["organization", "on"],
            update_fields=[*ROSTER_HEADS, "updated_at"],
        )
        _record_counts(changed, replaced, actor=actor, at=at)
    return len(changed)


def _rows_by_organization(organization_ids: Iterable[int]) -> dict[int, list[HeadCount]]:
    found: dict[int, list[HeadCount]] = defaultdict(list)
    rows = HeadCount.objects.filter(organization__in=list(organization_ids))
    for row in rows.order_by("organization", "on"):
        found[row.organization_id].append(row)
    return found


def _restated(
    pk: int, since: date, counts: Mapping[date, Counts], rows: Sequence[HeadCount]
) -> Iterator[tuple[HeadCount, dict[str, int | None]]]:
    """Yield rows that are to say something else, each with what it said; {} of a new one."""
    held = {row.on: row for row in rows}
    days = sorted(counts)
    stated = [row.on for row in rows]
    for day in sorted({*days, *(on for on in stated if on >= since)}):
        figures = counts[days[bisect_right(days, day) - 1]]
        row = held.get(day)
        if row is None:
            place = bisect_right(stated, day)
            staff = rows[place - 1].staff if place else None
            source = HeadCountSource.ROSTER
            yield HeadCount(organization_id=pk, on=day, staff=staff, source=source, **figures), {}
            continue
        before = _figures(row, ROSTER_HEADS)
        if before != figures:
            for head, figure in figures.items():
                setattr(row, head, figure)
            yield row, before


def _figures(row: HeadCount, heads: Sequence[str]) -> dict[str, int | None]:
    return {head: getattr(row, head) for head in heads}


def _record_counts(
    changed: Sequence[HeadCount],
    replaced: Sequence[tuple[HeadCount, dict[str, int | None]]],
    *,
    actor: "User | None",
    at: datetime,
) -> None:
    names = Organization.objects.in_bulk({row.organization_id for row in changed})
    rows = []
    for row, before in replaced:
        organization = names[row.organization_id]
        label = f"{organization}（{organization.code}）{row.on:%Y-%m-%d}"
        old, new = audit.changes(row, before)[::-1]
        rows.append(audit.RowChange(row.organization_id, label, old, new))
    again = {(row.organization_id, row.on) for row, _before in replaced}
    created = [row for row in changed if (row.organization_id, row.on) not in again]
    audit.record_rows(
        actor=actor,
        verb="organizations.count_roster",
        model=HeadCount,
        label=str(names[changed[0].organization_id]) if len(names) == 1 else f"{len(names)} 个",
        changed=rows,
        created=sorted({row.organization_id for row in created}),
        after=_figures(created[0], ROSTER_HEADS) if len(changed) == len(created) == 1 else None,
        at=at,
    )
