"""Import of organisations with their schools: adds new ones, completes those that are there.

What has a history (name, superior, kind) is never changed by a list: the row is refused with the
page where it is done. An organisation is found by its code, or without one by its full name.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from common import audit, imports
from common.collecting import uncollected
from common.errors import ForbiddenError
from common.imports import Outcome, Prepared, Row, Saved
from organizations.imports.batch import Batch
from organizations.imports.columns import ORGANIZATION_COLUMNS
from organizations.imports.places import Places
from organizations.models import FormerName, Organization, School, SchoolLink
from organizations.names import organization_search_text
from organizations.permissions import may_manage_organizations
from organizations.services import found_organizations

if TYPE_CHECKING:
    from accounts.models import User


@uncollected()
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
    """Read the list and save it, or find out what saving would do; ``on`` is the day of the tree.

    Raises `SheetError` where there is no table, `ForbiddenError` for whoever may not.
    """
    if actor is not None and not may_manage_organizations(actor):
        raise ForbiddenError("只有组织科的工作人员可以导入党组织。")
    plan = imports.read(data, ORGANIZATION_COLUMNS, filename=filename, tell=tell)

    def prepare(rows: Sequence[Row]) -> Prepared:
        batch = Batch(plan, rows, on=on)
        Places(batch).settle()
        if batch.problems:
            return Prepared(Saved(problems=batch.problems))
        return _prepared(batch, actor=actor, filename=filename)

    return imports.apply_prepared(plan, prepare=prepare, dry_run=dry_run, only_clean=only_clean)


def _prepared(batch: Batch, *, actor: "User | None", filename: str) -> Prepared:
    """Work out everything that is to be written; count what it adds, completes and leaves."""
    steps = (_completed(batch), _linked(batch), _formerly_named(batch))
    changed = _changed(batch, steps)
    result = Saved(len(batch.new), len(changed), len(batch.old) - len(changed))

    def write() -> None:
        batch.book.save()
        found_organizations(actor=actor, foundings=list(batch.new.values()))
        FormerName.objects.bulk_create(_former_names_of_new(batch))
        for step in steps:
            step.write()
        _record(batch, changed, actor=actor, filename=filename)

    return Prepared(result, write)


def _record(
    batch: Batch, changed: Sequence[audit.RowChange], *, actor: "User | None", filename: str
) -> None:
    """Put the schools that were added, and the list itself, into the log."""
    schools = len(batch.book.added)
    done = {"created": len(batch.new), "changed": len(changed), "new_schools": schools}
    if schools:
        audit.record(
            actor=actor,
            verb="organizations.add_schools",
            model=School,
            label=f"{schools} 个学校（单位）",
            ids=[school.pk for school in batch.book.added],
        )
    if any(done.values()):
        audit.record_rows(
            actor=actor,
            verb="organizations.import",
            model=Organization,
            label=filename,
            changed=changed,
            after=done,
        )


# What is changed of organisations: {organisation id: (before, after)}.
_Changes = dict[int, tuple[dict[str, Any], dict[str, Any]]]


@dataclass(frozen=True)
class _Step:
    """What one step changes of stored organisations, and what writes it."""

    changes: _Changes
    write: Callable[[], object]


def _changed(batch: Batch, steps: Sequence[_Step]) -> list[audit.RowChange]:
    """Put together what the steps change of each organisation."""
    found = []
    for _row, stored in batch.old:
        sides = [step.changes[stored.pk] for step in steps if stored.pk in step.changes]
        if sides:
            before = {name: value for old, _new in sides for name, value in old.items()}
            after = {name: value for _old, new in sides for name, value in new.items()}
            label = f"{stored}（{stored.code}）"
            found.append(audit.RowChange(stored.pk, label, before, after))
    return found


def _completed(batch: Batch) -> _Step:
    """Short names, order and day of founding where the list gives other ones."""
    found: _Changes = {}
    changed: list[Organization] = []
    for row, stored in batch.old:
        founded = row["founded_on"].first if row["founded_on"] else stored.founded_on
        new = {
            "short_name": row["short_name"] or stored.short_name,
            "order": stored.order if row["order"] is None else row["order"],
            "founded_on": stored.founded_on or founded,
        }
        before, after = audit.changes(stored, new)
        if after:
            found[stored.pk] = (before, after)
            for name, value in after.items():
                setattr(stored, name, value)
            stored.pinyin = organization_search_text(stored.name, stored.short_name)
            changed.append(stored)
    fields = ["short_name", "order", "founded_on", "pinyin"]
    return _Step(found, lambda: Organization.objects.bulk_update(changed, fields, batch_size=100))


def _linked(batch: Batch) -> _Step:
    """The schools that the list names and the organisation lacks; none is taken away."""
    held: dict[int, dict[int, str]] = defaultdict(dict)
    links = SchoolLink.objects.values_list("organization", "school", "school__name")
    for organization, school, name in links:
        held[organization][school] = name
    found: _Changes = {}
    added: list[tuple[Organization, School]] = []
    for (_row, stored), schools in zip(batch.old, batch.old_schools, strict=True):
        fresh = [school for school in schools if school.pk not in held[stored.pk]]
        if fresh:
            added += [(stored, school) for school in fresh]
            before = list(held[stored.pk].values())
            found[stored.pk] = (
                {"schools": before},
                {"schools": [*before, *(school.name for school in fresh)]},
            )
    # Schools of the list itself have ids only once they are written.
    return _Step(
        found,
        lambda: SchoolLink.objects.bulk_create(
            SchoolLink(organization=stored, school=school) for stored, school in added
        ),
    )


def _formerly_named(batch: Batch) -> _Step:
    """The former names that the list knows of stored organisations."""
    held = set(FormerName.objects.values_list("organization", "name"))
    found: _Changes = {}
    added: list[FormerName] = []
    for row, stored in batch.old:
        fresh = [name for name in row["former_names"] if (stored.pk, name) not in held]
        if fresh:
            added += [FormerName(organization=stored, name=name) for name in fresh]
            found[stored.pk] = ({}, {"former_names": fresh})
    return _Step(found, lambda: FormerName.objects.bulk_create(added))


def _former_names_of_new(batch: Batch) -> list[FormerName]:
    """Those of the organisations just founded."""
    return [
        FormerName(organization=batch.new[row.number].organization, name=name)
        for row in batch.new_rows()
        for name in row["former_names"]
    ]
