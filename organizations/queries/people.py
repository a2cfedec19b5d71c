"""Who answers for an organisation, and who stands above it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING

from common.days import chinese_date
from organizations.choices import SCHOOL_ROLES, RoleKind
from organizations.models import Organization, Role, RoleQuerySet, SchoolLink
from organizations.models.role import held_roles, steps
from organizations.queries.tree import paths_on

if TYPE_CHECKING:
    from accounts.models import User

# Who is asked first; the next kind only where nobody holds the one before.
_IN_CHARGE = (RoleKind.ACTING_HEAD, RoleKind.SECRETARY, RoleKind.DEPUTY)
# What a user is called by: the first that isn't empty.
_NAMES = ("user__name", "user__username")
# So many organisations aren't named one by one: naming takes longer than reading all roles.
_MANY = 5_000


def responsible_people(organization_ids: Iterable[int], on: date) -> dict[int, list["User"]]:
    """Return who answers for each organisation: the acting head, else the secretary, else deputies.

    Switched-off users don't count. Every id asked for has an entry, empty where the post is vacant.
    One query.
    """
    held = _held(organization_ids, on, _IN_CHARGE)
    return {pk: _first(roles, _IN_CHARGE) for pk, roles in held.items()}


def head_label(organization_ids: Iterable[int], on: date) -> dict[int, str]:
    """Return each head as prints show it: 张某, 李某（主持工作）, empty where vacant. One query."""
    acting: dict[int, list[str]] = {pk: [] for pk in organization_ids}
    heads: dict[int, list[str]] = {pk: [] for pk in acting}
    kinds = (RoleKind.ACTING_HEAD, RoleKind.SECRETARY)
    rows = _in_office(acting, on, kinds).values_list("organization", "kind", *_NAMES)
    for pk, kind, name, username in rows:
        if pk in acting:
            (acting if kind == RoleKind.ACTING_HEAD else heads)[pk].append(name or username)
    return {pk: _acting(acting[pk][0]) if acting[pk] else "、".join(heads[pk]) for pk in acting}


def acting_words(organization_id: int, on: date, *, head: str) -> str:
    """Return how long the acting head labelled ``head`` acts, and after which document.

    Empty for a secretary. Holds for a former acting head too, whose account is off by now.
    """
    roles = Role.objects.current(on).filter(organization=organization_id, kind=RoleKind.ACTING_HEAD)
    held = roles.select_related("user")
    role = next((each for each in held if _acting(str(each.user)) == head), None)
    if role is None:
        return ""
    until = f"至{chinese_date(role.until)}" if role.until else "起"
    basis = f"，依据{role.basis}" if role.basis else ""
    return f"主持工作：{chinese_date(role.since)}{until}{basis}"


def _acting(name: str) -> str:
    return f"{name}（主持工作）"


def _held(
    organization_ids: Iterable[int], on: date, kinds: Iterable[RoleKind]
) -> dict[int, list[Role]]:
    held: dict[int, list[Role]] = {pk: [] for pk in organization_ids}
    for role in _in_office(held, on, kinds).only("kind", "organization", "user"):
        if role.organization_id in held:
            held[role.organization_id].append(role)
    return held


def _in_office(
    organization_ids: Collection[int], on: date, kinds: Iterable[RoleKind]
) -> RoleQuerySet:
    """Return who holds one of ``kinds``; of very many organisations, in others too."""
    roles: RoleQuerySet = Role.objects.current(on).filter(
        kind__in=list(kinds), user__is_active=True
    )
    if len(organization_ids) <= _MANY:
        roles = roles.filter(organization__in=organization_ids)
    return roles.select_related("user").order_by("since", "id")


def _first(roles: list[Role], kinds: Iterable[RoleKind]) -> list["User"]:
    for kind in kinds:
        found = [role.user for role in roles if role.kind == kind]
        if found:
            return found
    return []


def reviewers_of(organization_ids: Iterable[int], on: date) -> dict[int, list["User"]]:
    """Return who reviews each organisation: reviewers of the nearest superior that has any.

    Where no superior has one, the officers of the organisation office who cover its kinds of
    school. Nobody reviews an organisation in which they hold a school role. Every id has an entry.
    Four queries, whatever the number.
    """
    wanted = list(organization_ids)
    paths = paths_on(wanted, on)
    reviewers = _reviewers(on)
    officers = _officers(wanted, on)
    insiders = _insiders(wanted, on)
    found: dict[int, list[User]] = {}
    for pk in wanted:
        above = reversed(steps(paths.get(pk, ""))[:-1])
        barred = insiders[pk]
        groups = ([user for user in reviewers[each] if user.pk not in barred] for each in above)
        nearest = next(filter(None, groups), None)
        found[pk] = nearest or [user for user in officers[pk] if user.pk not in barred]
    return found


def _reviewers(on: date) -> dict[int, list["User"]]:
    found: dict[int, list[User]] = defaultdict(list)
    roles = Role.objects.current(on).filter(kind=RoleKind.REVIEWER, user__is_active=True)
    for role in roles.select_related("user").order_by("since", "id"):
        found[role.organization_id].append(role.user)
    return found


def _officers(organization_ids: list[int], on: date) -> dict[int, list["User"]]:
    roles = Role.objects.current(on).filter(
        kind=RoleKind.OFFICER, office__grants_roles=True, user__is_active=True
    )
    office = list(roles.select_related("user").order_by("since", "id"))
    kinds: dict[int, set[str]] = {pk: set() for pk in organization_ids}
    if any(role.school_kinds for role in office):
        links = SchoolLink.objects.filter(organization__in=kinds)
        for pk, kind in links.values_list("organization", "school__kind"):
            kinds[pk].add(kind)
    return {
        pk: [
            role.user
            for role in office
            if not role.school_kinds or kinds[pk].intersection(role.school_kinds)
        ]
        for pk in organization_ids
    }


def _insiders(organization_ids: list[int], on: date) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {pk: set() for pk in organization_ids}
    roles = Role.objects.current(on).filter(organization__in=found, kind__in=SCHOOL_ROLES)
    for pk, user_id in roles.values_list("organization", "user"):
        found[pk].add(user_id)
    return found


def roles_besides(role: Role, on: date) -> list[Role]:
    """Return the other roles that the holder of ``role`` has on a day or is to have later."""
    held = Role.objects.lasting(on).filter(user=role.user_id).exclude(pk=role.pk)
    return list(held.select_related("organization").order_by("organization__order", "id"))


def unit_of(user: "User") -> str:
    """Return what stands behind 填报单位 on a list of ``user``: the highest organisation that they
    hold a role in; empty for who holds none.
    """
    held = {role.organization_id for role in held_roles(user)}
    top = Organization.objects.filter(pk__in=held).order_by("path").first()
    return top.name if top else ""
