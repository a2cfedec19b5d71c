"""Who may act where, and for how long: the only source of rights."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone

from common.models import TimeStamped
from common.scoping import ScopedQuerySet
from organizations.choices import (
    ADMINISTRATORS,
    BUREAU_ROLES,
    SCHOOL_ROLES,
    RoleKind,
    RoleState,
    SchoolKind,
)

if TYPE_CHECKING:
    from accounts.models import User

# A step of a path is an organisation's id, padded with zeros: digits sort alike everywhere.
STEP_LENGTH = 7
LAST_STEP = "9" * STEP_LENGTH


def steps(path: str) -> list[int]:
    """Return the ids along ``path``, the root first and the organisation itself last."""
    return [int(path[at : at + STEP_LENGTH]) for at in range(0, len(path), STEP_LENGTH)]


class Office(models.Model):
    """An office (科室) of the bureau. The one that grants roles is the organisation office."""

    name = models.CharField("科室", max_length=50, unique=True)
    grants_roles = models.BooleanField("负责授权（组织科）", default=False)
    order = models.PositiveIntegerField("惯例排序号", default=0)

    class Meta:
        verbose_name = "科室"
        verbose_name_plural = "科室"
        ordering: ClassVar = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class RoleQuerySet(ScopedQuerySet["Role"]):
    def visible_to(self, user: "User") -> Self:
        """Roles in the organisations that ``user`` may see; all for who grants the bureau's."""
        held = held_roles(user)
        if any(role.kind == RoleKind.SECURITY_ADMIN for role in held):
            return self.all()
        return self.filter(scope_through(held, "organization__"))

    def current(self, on: date) -> Self:
        """Roles that hold on the day ``on``."""
        return self.lasting(on).filter(since__lte=on)

    def lasting(self, on: date) -> Self:
        """Roles that hold on the day ``on`` or are to hold later; withdrawn ones never held."""
        return self.filter(Q(until=None) | Q(until__gte=on), withdrawn_at=None)

    def current_of(self, user: "User") -> Self:
        """Roles of ``user`` today; none for anonymous or switched-off users."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.current(timezone.localdate()).filter(user=user)

    def school_roles(self) -> Self:
        """Roles in an organisation of a school."""
        return self.filter(kind__in=SCHOOL_ROLES)

    def scope(self, prefix: str = "") -> Q:
        """Return the condition that these roles put on rows that belong to an organisation.

        ``prefix`` is the lookup from the row to its organisation (``organization__``; empty for
        organisations themselves). A leader and an officer see everything, an officer limited to
        kinds of school only those; reviewers and school roles their subtree; an administrator no
        business data. Reads the roles once: one query.
        """
        return scope_through(self.select_related("organization"), prefix)


class Role(TimeStamped):
    """User x organisation x period, with what the user is there.

    Triggers in the database keep an administrator's account free of any other kind at a time.
    ``school_kinds`` narrows an officer to kinds of school (empty: all). ``until`` is the last day
    included. ``basis`` names the document of an acting head (主持工作) and is printed.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="用户", related_name="roles"
    )
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, verbose_name="党组织", related_name="roles"
    )
    kind = models.CharField("角色", max_length=20, choices=RoleKind.choices)
    office = models.ForeignKey(
        Office, models.PROTECT, verbose_name="科室", null=True, blank=True, related_name="roles"
    )
    school_kinds = models.JSONField("分管学校类别", default=list, blank=True)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    basis = models.CharField("依据", max_length=200, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="授权人", null=True, related_name="+"
    )
    # Granted by mistake: it counts on no day, not even on those that have passed meanwhile.
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True, editable=False)

    objects: ClassVar = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = "角色"
        verbose_name_plural = "角色"
        ordering: ClassVar = ["organization__order", "kind", "-since"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="role_until_after_since"
            ),
            models.UniqueConstraint(
                fields=["user", "organization", "kind", "since"],
                condition=Q(withdrawn_at=None),
                name="role_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_kind_display()}（{self.organization}）"

    @property
    def kinds_label(self) -> str:
        """The kinds of school that an officer is limited to: 小学、幼儿园; empty for all."""
        return "、".join(SchoolKind(kind).label for kind in self.school_kinds)

    def state_on(self, on: date) -> RoleState:
        """How it stands on the day ``on``."""
        if self.withdrawn_at is not None:
            return RoleState.WITHDRAWN
        if self.until is not None and self.until < on:
            return RoleState.ENDED
        return RoleState.TO_COME if self.since > on else RoleState.HELD

    @property
    def covers_all(self) -> bool:
        """Whether it is one of the bureau's that isn't limited to kinds of school."""
        return self.kind in BUREAU_ROLES and not self.school_kinds

    def scope(self, prefix: str = "") -> Q:
        """Return the condition that this role puts on rows; see :meth:`RoleQuerySet.scope`."""
        if self.kind in ADMINISTRATORS:
            return Q(pk__in=[])
        if self.covers_all:
            # True of every row: it leaves no condition for which rows would have to be read.
            return ~Q(pk__in=[])
        if self.kind in BUREAU_ROLES:
            links = apps.get_model("organizations", "SchoolLink")
            chosen = links.objects.filter(school__kind__in=self.school_kinds)
            return Q(**{f"{prefix}pk__in": chosen.values("organization")})
        top = self.organization.path
        return Q(**{f"{prefix}path__gte": top, f"{prefix}path__lte": top + LAST_STEP})


# By user, inside a request; None elsewhere.
roles_asked: ContextVar[dict[int | None, tuple[Role, ...]] | None] = ContextVar(
    "roles_asked", default=None
)


@contextmanager
def roles_asked_once() -> Iterator[None]:
    """Ask for the roles of a user once inside the block, in which nothing may change them.

    The frame of an admin page alone asks three dozen times, and each list asks for its scope. A
    block inside another one belongs to it.
    """
    if roles_asked.get() is not None:
        yield
        return
    token = roles_asked.set({})
    try:
        yield
    finally:
        roles_asked.reset(token)


@contextmanager
def roles_asked_until_changed() -> Iterator[None]:
    """Ask for the roles of a user once inside the block, and anew after whatever may change them.

    That is any statement but a plain SELECT: the beginning and the end of a transaction as well,
    and rows that are locked to be looked at again. The gates before a form of the admin and the
    frame around it ask a dozen times.
    """

    def forget(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's signature
        if asked and (not sql.startswith("SELECT") or "FOR UPDATE" in sql):
            asked.clear()
        return execute(sql, params, many, context)

    with roles_asked_once(), connection.execute_wrapper(forget):
        asked = roles_asked.get()
        yield


@contextmanager
def roles_kept() -> Iterator[None]:
    """Ask for the roles of a user once inside the block, whatever is written in it.

    For what changes no roles: a record with its tasks would otherwise ask after each of its rows.
    """
    token = roles_asked.set(dict(roles_asked.get() or {}))
    try:
        yield
    finally:
        roles_asked.reset(token)


def held_roles(user: "User") -> tuple[Role, ...]:
    """Return the roles that ``user`` holds today, with their offices and organisations."""
    asked = roles_asked.get()
    if asked is not None and user.pk in asked:
        return asked[user.pk]
    roles = tuple(Role.objects.current_of(user).select_related("office", "organization"))
    if asked is not None:
        asked[user.pk] = roles
    return roles


def held_kinds(user: "User") -> set[str]:
    """Return what ``user`` is today, wherever."""
    return {role.kind for role in held_roles(user)}


def sees_all(user: "User") -> bool:
    """Whether the scope of ``user`` leaves no row out, so that none has to be looked for."""
    return any(role.covers_all for role in held_roles(user))


def kinds_of(user: "User") -> set[str]:
    """Return the kinds of school to which roles of the bureau limit ``user``."""
    held = [role for role in held_roles(user) if role.kind in BUREAU_ROLES]
    return {kind for role in held for kind in role.school_kinds}


def scope_of(user: "User", prefix: str = "") -> Q:
    """Return the condition that the roles of ``user`` put on rows; see `RoleQuerySet.scope`."""
    return scope_through(held_roles(user), prefix)


def scope_through(roles: Iterable[Role], prefix: str = "") -> Q:
    """Return the condition that ``roles`` put on rows, one or the other of them."""
    condition = Q(pk__in=[])
    for role in roles:
        condition |= role.scope(prefix)
    return condition
