"""Schools, the tree, groups, offices and head counts of the demonstration bureau."""

from collections.abc import Iterator
from datetime import date
from itertools import count

from bureau.seed.context import Context
from bureau.seed.plan import (
    BRANCH,
    COMMITTEE,
    FORMER_NAMES,
    GROUPS,
    OFFICES,
    ROOT,
    UNITS,
    Unit,
)
from organizations import services
from organizations.choices import HeadCountSource, Ownership, SchoolKind
from organizations.models import (
    Campus,
    FormerName,
    HeadCount,
    Organization,
    School,
    SchoolGroup,
    SchoolLink,
)

ROOT_FOUNDED = date(1995, 3, 1)
# Organisations whose numbers changed within the year: name -> members before.
CHANGED = {"文澜小学": 25, "澄岚区实验中学": 45, "滨江小学": 32, "芙蓉小学": 25, "第一幼儿园": 12}
MERGED, MERGED_INTO = "柳汀小学", "芙蓉小学"


def build(context: Context) -> None:
    """Build schools, organisations, groups, offices and head counts."""
    builder = _Builder(context)
    builder.found_root()
    for unit in UNITS:
        builder.found(unit, parent=context.organizations["局党委"])
    _group(context)
    _name_offices(context)
    HeadCount.objects.bulk_create(builder.counts)
    _remember(context)


class _Builder:
    """Gives codes and the customary order while it walks down the plan."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.counts: list[HeadCount] = []
        self._schools_made: Iterator[int] = count(1)
        self._organizations_made: Iterator[int] = count(1)
        self._counted_from = date(context.day.year - 1, 1, 1)

    def found_root(self) -> None:
        self._organization(
            name=ROOT, short="局党委", kind=COMMITTEE, parent=None, schools=[], on=ROOT_FOUNDED
        )

    def found(self, unit: Unit, *, parent: Organization) -> None:
        """Found the organisation of ``unit``, its branches and the units below it."""
        schools = self._schools(unit)
        top = self._organization(
            name=unit.full_name,
            short=unit.name,
            kind=unit.organization,
            parent=parent,
            schools=schools,
        )
        below = sum(each.members for each in unit.below)
        own = unit.members - below - sum(members for _, members in unit.branches)
        self._count(top, unit, members=own, with_staff=True)
        for name, members in unit.branches:
            self._found_branch(unit, name, members=members, parent=top)
        for each in unit.below:
            self.found(each, parent=top)

    def _found_branch(self, unit: Unit, name: str, *, members: int, parent: Organization) -> None:
        of_its_own = name in unit.schools
        school = self.context.schools[name if of_its_own else unit.name]
        branch = self._organization(
            name=f"{unit.name}{name}党支部",
            short=f"{unit.name}{name}支部",
            kind=BRANCH,
            parent=parent,
            schools=[school],
        )
        if name.endswith("校区"):
            campus = Campus.objects.create(school=school, name=name)
            SchoolLink.objects.filter(organization=branch).update(campus=campus)
        self._count(branch, unit, members=members, with_staff=False)

    def _schools(self, unit: Unit) -> list[School]:
        prefix = unit.name if unit.branches else ""
        names = [(f"{prefix}{name}", name) for name in unit.schools] or [(unit.name, unit.name)]
        return [self._school(unit, name=name, short=short) for name, short in names]

    def _school(self, unit: Unit, *, name: str, short: str) -> School:
        number = next(self._schools_made)
        school = services.add_school(
            actor=None,
            code=f"CL{number:04}",
            name=name,
            short_name="" if short == name else short,
            kind=unit.kind,
            ownership=Ownership.PRIVATE if unit.private else Ownership.PUBLIC,
            order=number * 10,
        )
        self.context.schools[short] = school
        return school

    def _organization(
        self,
        *,
        name: str,
        short: str,
        kind: str,
        parent: Organization | None,
        schools: list[School],
        on: date | None = None,
    ) -> Organization:
        number = next(self._organizations_made)
        founded = services.found_organization(
            actor=None,
            name=name,
            short_name=short,
            kind=kind,
            code=f"CLD{number:04}",
            parent=parent,
            on=on or self._founded_on(parent),
            schools=schools,
            order=number * 10,
        )
        self.context.organizations[short] = founded
        return founded

    def _founded_on(self, parent: Organization | None) -> date:
        earliest = parent.founded_on.year if parent and parent.founded_on else ROOT_FOUNDED.year
        return date(self.context.rng.randint(max(earliest, 1998), 2019), 9, 1)

    def _count(self, row: Organization, unit: Unit, *, members: int, with_staff: bool) -> None:
        before = CHANGED.get(row.short_name)
        staff = _staff(self.context, unit) if with_staff else None
        if before is not None:
            self._add(row, self._counted_from, before, staff)
        since = self._counted_from if before is None else self._changed_on(row)
        self._add(row, since, members, staff)

    def _changed_on(self, row: Organization) -> date:
        if row.short_name == MERGED_INTO:
            return self.context.merged_on
        return self.context.ago(days=self.context.rng.randint(60, 200)).replace(day=1)

    def _add(self, row: Organization, on: date, members: int, staff: int | None) -> None:
        rng = self.context.rng
        growing = members > 2 and row.short_name != "局离退休干部"
        probationary = rng.randint(0, 2) if growing and members >= 12 else 0
        self.counts.append(
            HeadCount(
                organization=row,
                on=on,
                full=members - probationary,
                probationary=probationary,
                candidates=rng.randint(0, 1 + members // 20) if growing else 0,
                activists=rng.randint(0, 2 + members // 10) if growing else 0,
                staff=staff,
                source=HeadCountSource.IMPORTED,
            )
        )


def _staff(context: Context, unit: Unit) -> int | None:
    if unit.kind == SchoolKind.RETIRED:
        return None
    per_member = context.rng.uniform(5, 8) if unit.private else context.rng.uniform(2.1, 3.2)
    own = unit.members - sum(each.members for each in unit.below)
    return max(round(own * per_member), 8)


def _group(context: Context) -> None:
    for position, (name, members) in enumerate(GROUPS.items(), start=1):
        group = SchoolGroup.objects.create(name=name, order=position * 10)
        group.schools.set(context.schools[each] for each in members)


def _name_offices(context: Context) -> None:
    for position, name in enumerate(OFFICES, start=1):
        context.offices[name] = services.save_office(
            actor=None, office=None, name=name, order=position * 10, grants_roles=position == 1
        )


def _remember(context: Context) -> None:
    until = date(context.day.year - 3, 9, 1)
    FormerName.objects.bulk_create(
        FormerName(organization=context.organizations[short], name=name, until=until)
        for short, name in FORMER_NAMES.items()
    )


def merge(context: Context) -> None:
    """Merge 柳汀小学 into 芙蓉小学 on the latest 1 August."""
    year = context.merged_on.year
    services.merge_organization(
        actor=None,
        organization=Organization.objects.get(pk=context.organizations[MERGED].pk),
        into=context.organizations[MERGED_INTO],
        on=context.merged_on,
        basis=f"澄教委〔{year}〕18号",
        campus="柳汀校区",
    )
