"""Splitting an organisation (分设) with the people and roles that go along."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from cadres.models import Post
from cadres.services import carry_post
from common.errors import DomainError
from organizations import services as organizations
from organizations.models import Organization, Role
from organizations.services import Part
from people.services import carry_standings, is_counted, start_roster

if TYPE_CHECKING:
    from accounts.models import User


def split_organization(
    *,
    actor: "User | None",
    organization: Organization,
    part: Part,
    on: date,
    basis: str,
    at: datetime,
    persons: Collection[int] = (),
    posts: Collection[int] = (),
    roles: Collection[int] = (),
) -> Organization:
    """Let ``part`` of ``organization`` become one of its own on the day ``on``; return it.

    ``persons`` (ids) stand on its roster from then on; where the old one's roster counts, the new
    one's does too. ``posts`` (ids) end there and begin here with the roles that go with them; so do
    ``roles`` (ids) that go with no post. Tasks and reports stay with the old one: they were asked
    of it.
    """
    with transaction.atomic():
        [made] = organizations.split_organization(
            actor=actor, organization=organization, parts=[part], on=on, basis=basis
        )
        carry_standings(
            actor=actor, organization=organization, into=made, on=on, persons=persons, at=at
        )
        if persons and is_counted(organization, on):
            start_roster(actor=actor, organization=made, since=on, at=at)
        held = Post.objects.current().filter(organization=organization, pk__in=list(posts))
        for post in held.select_related("person__user", "organization"):
            carry_post(actor=actor, post=post, into=made, on=on, basis=basis, at=at)
        _carry_roles(actor, organization, made, roles, on=on, basis=basis)
    return made


def _carry_roles(
    actor: "User | None",
    organization: Organization,
    made: Organization,
    ids: Collection[int],
    *,
    on: date,
    basis: str,
) -> None:
    held = Role.objects.lasting(on).filter(organization=organization, pk__in=list(ids))
    for role in held.select_related("user", "office"):
        if role.since >= on:
            raise DomainError(
                f"{role.user}的{role.get_kind_display()}角色自 {role.since:%Y-%m-%d} 起，"
                "不能早于这一天分出去。"
            )
        until = role.until
        organizations.end_role(actor=actor, role=role, until=on - timedelta(days=1))
        organizations.grant_role(
            actor=actor,
            user=role.user,
            organization=made,
            kind=role.kind,
            since=on,
            until=until,
            office=role.office,
            school_kinds=role.school_kinds,
            basis=role.basis or basis,
        )
