"""Import of head counts: one row for each organisation, without those of its subordinates."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from common import audit, imports
from common.errors import ForbiddenError
from common.imports import Outcome, Plan, Row, RowProblem, Saved, Values
from common.resolving import NameResolver
from organizations.choices import HeadCountSource
from organizations.imports.columns import head_count_columns
from organizations.models import HeadCount, Organization, Roster
from organizations.permissions import is_officer
from organizations.queries import HEADS, head_counts, swollen_counts
from organizations.queries.heads import counts_of_day
from organizations.queries.names import closed_names, organization_names
from organizations.services.head_counts import carry_staff, differing_heads

if TYPE_CHECKING:
    from accounts.models import User


def run(
    *,
    actor: "User | None",
    data: bytes,
    filename: str,
    dry_run: bool,
    only_clean: bool = False,
    on: date,
    tell: imports.Tell | None = None,
) -> Outcome:
    """Read the list and save it, or find out what saving would do.

    ``on`` is the day for rows without 统计日期. A head left empty keeps what that day's row said,
    and is not known in a new one. Raises `SheetError` and `ForbiddenError` as organisations do.
    """
    if actor is not None and not is_officer(actor):
        raise ForbiddenError("只有局机关工作人员可以导入人数。")
    resolver = NameResolver("党组织", organization_names(on), gone=closed_names(on))
    columns = head_count_columns(resolver)
    plan = imports.read(data, columns, filename=filename, check=_check, tell=tell)

    def save(rows: Sequence[Row]) -> Saved:
        counted = _counted(rows, on)
        problems = [*_outside(plan, rows, actor), *_overruling(plan, rows, counted, on)]
        if problems:
            return Saved(problems=problems)
        return _write(rows, actor=actor, filename=filename, on=on, counted=counted)

    return imports.apply(plan, save=save, dry_run=dry_run, only_clean=only_clean)


def _check(values: Values) -> Iterator[tuple[str, str]]:
    members, full, probationary = (values[key] for key in ("members", "full", "probationary"))
    if all(values[key] is None for key in ("members", *HEADS)):
        yield "full", "这一行没有填人数，请补上或去掉这一行。"
    if members is None:
        return
    if full is not None and probationary is not None:
        if full + probationary != members:
            yield "members", f"正式 {full} 加预备 {probationary} 是 {full + probationary}，请核对。"
        return
    for key, part in (("full", full), ("probationary", probationary)):
        if part is not None and part > members:
            yield key, f"多于党员数 {members}，请核对。"


def _outside(plan: Plan, rows: Sequence[Row], actor: "User | None") -> Iterator[RowProblem]:
    """Refuse organisations that the officer has no say in."""
    if actor is None:
        return
    seen = set(Organization.objects.visible_to(actor).values_list("pk", flat=True))
    for row in rows:
        if row["organization"] not in seen:
            yield plan.problem(row, "organization", "不在您分管的学校类别里，请去掉这一行。")


Counted = dict[tuple[int, date], dict[str, Any]]


def _counted(rows: Sequence[Row], on: date) -> Counted:
    """Return the figures as of the row's day where a roster counts them; a query for each day."""
    wanted = {(row["organization"], row["on"] or on) for row in rows}
    rosters = Roster.objects.filter(organization__in={pk for pk, _ in wanted})
    since = dict(rosters.values_list("organization", "since"))
    kept = {(pk, day) for pk, day in wanted if pk in since and since[pk] <= day}
    found: Counted = {}
    for day in {day for _, day in kept}:
        held = head_counts([pk for pk, of in kept if of == day], day)
        for pk, row in held.items():
            found[pk, day] = {head: getattr(row, head) for head in HEADS}
    return found


def _overruling(
    plan: Plan, rows: Sequence[Row], counted: Counted, on: date
) -> Iterator[RowProblem]:
    """Refuse members typed otherwise than the roster counts them."""
    for row in rows:
        held = counted.get((row["organization"], row["on"] or on), {})
        for head in differing_heads(held, {**held, **_figures(row)}) if held else ():
            yield plan.problem(
                row, head, f"已启用名册，按名册是 {held[head]} 人；请在名册里登记变动，这里留空。"
            )


def _figures(row: Row) -> dict[str, Any]:
    """Return what a row says; of 党员数 without 正式党员 the probationary ones are taken off."""
    figures = {head: row[head] for head in HEADS if row[head] is not None}
    if row["members"] is not None and "full" not in figures:
        figures["full"] = row["members"] - figures.get("probationary", 0)
    elif row["members"] is not None and "probationary" not in figures:
        figures["probationary"] = row["members"] - figures["full"]
    return figures


def _write(
    rows: Sequence[Row], *, actor: "User | None", filename: str, on: date, counted: Counted
) -> Saved:
    days = {row["on"] or on for row in rows}
    held = counts_of_day(days)
    written: list[HeadCount] = []
    replaced: list[tuple[HeadCount, dict[str, Any]]] = []
    for row in rows:
        key = (row["organization"], row["on"] or on)
        before = held.get(key, {})
        after = {**dict.fromkeys(HEADS), **counted.get(key, {}), **before, **_figures(row)}
        if after != before:
            source = HeadCountSource.IMPORTED
            count = HeadCount(organization_id=key[0], on=key[1], source=source, **after)
            written.append(count)
            if key in counted:
                carry_staff(*key, after["staff"])
            if before:
                replaced.append((count, before))
    HeadCount.objects.bulk_create(
        written,
        update_conflicts=True,
        unique_fields=["organization", "on"],
        update_fields=[*HEADS, "source", "updated_at"],
    )
    if written:
        _record(written, replaced, actor=actor, filename=filename)
    changed = len(replaced)
    return Saved(
        len(written) - changed,
        changed,
        len(rows) - len(written),
        warnings=_swollen({row["organization"] for row in rows}, days),
    )


def _record(
    written: Sequence[HeadCount],
    replaced: Sequence[tuple[HeadCount, dict[str, Any]]],
    *,
    actor: "User | None",
    filename: str,
) -> None:
    """Keep in the log what each replaced statement said before."""
    names = Organization.objects.in_bulk({count.organization_id for count, _before in replaced})
    changed = []
    for count, before in replaced:
        organization = names[count.organization_id]
        label = f"{organization}（{organization.code}）{count.on:%Y-%m-%d}"
        old, new = audit.changes(count, before)[::-1]
        changed.append(audit.RowChange(count.organization_id, label, old, new))
    again = {(count.organization_id, count.on) for count, _before in replaced}
    created = [row for row in written if (row.organization_id, row.on) not in again]
    days = sorted({row.on for row in written})
    audit.record_rows(
        actor=actor,
        verb="organizations.import_head_counts",
        model=HeadCount,
        label=filename,
        changed=changed,
        created=sorted(row.organization_id for row in created),
        after={"on": days, "created": len(created), "changed": len(changed)},
    )


def _swollen(organization_ids: set[int], days: set[date]) -> list[str]:
    """Name the figures that seem to have the subordinates in them; each once."""
    found = (each for day in sorted(days) for each in swollen_counts(organization_ids, day))
    return list(dict.fromkeys(each.sentence for each in found))
