"""Import of organisations with their schools: adds new ones, completes those that are there.

What has a history (name, superior, kind) is never changed by a list: the row is refused with the
page where it is done. An organisation is found by its code, or without one by its full name.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from common import audit, imports
from common.errors import ForbiddenError
from common.imports import Outcome, Row, Saved
from organizations.imports.batch import Batch
from organizations.imports.columns import ORGANIZATION_COLUMNS
from organizations.imports.places import Places
from organizations.models import FormerName, Organization, School, SchoolLink
from organizations.names import organization_search_text
from organizations.permissions import may_manage_organizations
from organizations.services import found_organizations

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
    """Read the list and save it, or find out what saving would do; ``on`` is the day of the tree.

    Raises `SheetError` where there is no table, `ForbiddenError` for whoever may not.
    """
    if actor is not None and not may_manage_organizations(actor):
        raise ForbiddenError("只有组织科的工作人员可以导入党组织。")
    plan = imports.read(data, ORGANIZATION_COLUMNS, filename=filename, tell=tell)

    def save(rows: Sequence[Row]) -> Saved:
        batch = Batch(plan, rows, on=on)
        Places(batch).settle()
        if batch.problems:
            return Saved(problems=batch.problems)
        return _write(batch, actor=actor, filename=filename)

    return imports.apply(plan, save=save, dry_run=dry_run, only_clean=only_clean)


def _write(batch: Batch, *, actor: "User | None", filename: str) -> Saved:
    """Write everything; count what was added, completed and left as it was."""
    batch.book.save()
    foundings = list(batch.new.values())
    found_organizations(actor=actor, foundings=foundings)
    _add_former_names(batch, foundings_only=True)
    changed = _changed(batch, _complete(batch), _link(batch), _add_former_names(batch))
    schools = len(batch.book.added)
    done = {"created": len(foundings), "changed": len(changed), "new_schools": schools}
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
    return Saved(len(foundings), len(changed), len(batch.old) - len(changed))


# What one step changed: {organisation id: (before, after)}.
_Changes = dict[int, tuple[dict[str, Any], dict[str, Any]]]


def _changed(batch: Batch, *steps: _Changes) -> list[audit.RowChange]:
    """Put together what the steps changed of each organisation."""
    found = []
    for _row, stored in batch.old:
        sides = [step[stored.pk] for step in steps if stored.pk in step]
        if sides:
            before = {name: value for old, _new in sides for name, value in old.items()}
            after = {name: value for _old, new in sides for name, value in new.items()}
            label = f"{stored}（{stored.code}）"
            found.append(audit.RowChange(stored.pk, label, before, after))
    return found


def _complete(batch: Batch) -> _Changes:
    """Write short names, order and day of founding where the list gives other ones."""
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
    Organization.objects.bulk_update(changed, fields, batch_size=100)
    return found


def _link(batch: Batch) -> _Changes:
    """Add the schools that the list names and the organisation lacks; none is taken away."""
    held: dict[int, dict[int, str]] = defaultdict(dict)
    links = SchoolLink.objects.values_list("organization", "school", "school__name")
    for organization, school, name in links:
        held[organization][school] = name
    found: _Changes = {}
    added: list[SchoolLink] = []
    for (_row, stored), schools in zip(batch.old, batch.old_schools, strict=True):
        fresh = [school for school in schools if school.pk not in held[stored.pk]]
        if fresh:
            added += [SchoolLink(organization=stored, school=school) for school in fresh]
            before = list(held[stored.pk].values())
            found[stored.pk] = (
                {"schools": before},
                {"schools": [*before, *(school.name for school in fresh)]},
            )
    SchoolLink.objects.bulk_create(added)
    return found


def _add_former_names(batch: Batch, *, foundings_only: bool = False) -> _Changes:
    """Add the former names that the list knows; those of new organisations are no change."""
    if foundings_only:
        named = [(row, batch.new[row.number].organization) for row in batch.new_rows()]
    else:
        named = [(row, stored) for row, stored in batch.old]
    held = set(FormerName.objects.values_list("organization", "name"))
    found: _Changes = {}
    added: list[FormerName] = []
    for row, organization in named:
        if organization is None:
            continue
        fresh = [name for name in row["former_names"] if (organization.pk, name) not in held]
        if fresh:
            added += [FormerName(organization=organization, name=name) for name in fresh]
            found[organization.pk] = ({}, {"former_names": fresh})
    FormerName.objects.bulk_create(added)
    return found
