"""Import of organisations with their schools: adds new ones, completes those that are there.

What has a history (name, superior, kind) is never changed by a list: the row is refused with the
page where it is done. An organisation is found by its code, or without one by its full name.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from common import audit, imports
from common.errors import ForbiddenError
from common.imports import Outcome, Row, Saved
from organizations.imports.batch import Batch
from organizations.imports.columns import ORGANIZATION_COLUMNS
from organizations.imports.places import Places
from organizations.models import FormerName, Organization, SchoolLink
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
) -> Outcome:
    """Read the list and save it, or find out what saving would do; ``on`` is the day of the tree.

    Raises `SheetError` where there is no table, `ForbiddenError` for whoever may not.
    """
    if actor is not None and not may_manage_organizations(actor):
        raise ForbiddenError("只有组织科的工作人员可以导入党组织。")
    plan = imports.read(data, ORGANIZATION_COLUMNS, filename=filename)

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
    changed = _complete(batch) | _link(batch) | _add_former_names(batch, foundings_only=False)
    done = {"created": len(foundings), "changed": len(changed), "schools": len(batch.book.added)}
    if any(done.values()):
        audit.record(
            actor=actor,
            verb="organizations.import",
            label=filename,
            after=done,
            ids=sorted(changed),
        )
    return Saved(len(foundings), len(changed), len(batch.old) - len(changed))


def _complete(batch: Batch) -> set[int]:
    """Write short names, order and day of founding where the list gives other ones."""
    changed: list[Organization] = []
    for row, stored in batch.old:
        founded = row["founded_on"].first if row["founded_on"] else stored.founded_on
        new = {
            "short_name": row["short_name"] or stored.short_name,
            "order": stored.order if row["order"] is None else row["order"],
            "founded_on": stored.founded_on or founded,
        }
        _before, after = audit.changes(stored, new)
        if after:
            for name, value in after.items():
                setattr(stored, name, value)
            stored.pinyin = organization_search_text(stored.name, stored.short_name)
            changed.append(stored)
    fields = ["short_name", "order", "founded_on", "pinyin"]
    Organization.objects.bulk_update(changed, fields, batch_size=100)
    return {each.pk for each in changed}


def _link(batch: Batch) -> set[int]:
    """Add the schools that the list names and the organisation lacks; none is taken away."""
    held = set(SchoolLink.objects.values_list("organization", "school"))
    added = [
        SchoolLink(organization=stored, school=school)
        for (_row, stored), schools in zip(batch.old, batch.old_schools, strict=True)
        for school in schools
        if (stored.pk, school.pk) not in held
    ]
    SchoolLink.objects.bulk_create(added)
    return {link.organization_id for link in added}


def _add_former_names(batch: Batch, *, foundings_only: bool) -> set[int]:
    if foundings_only:
        named = [(row, batch.new[row.number].organization) for row in batch.new_rows()]
    else:
        named = [(row, stored) for row, stored in batch.old]
    held = set(FormerName.objects.values_list("organization", "name"))
    added = [
        FormerName(organization=organization, name=name)
        for row, organization in named
        for name in row["former_names"]
        if organization and (organization.pk, name) not in held
    ]
    FormerName.objects.bulk_create(added)
    return {row.organization_id for row in added}
