"""Starting, handing over and ending posts, each together with the role of the portal it brings."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone

from cadres.choices import CHOSEN_ENDS, ROLE_OF, SINGLE, PostEnd, PostKind
from cadres.models import Post
from cadres.services.guards import check_begun, check_may_appoint, lock
from common import audit
from common.errors import ConflictError, DomainError
from organizations.models import Organization, Role
from organizations.services import end_role, grant_role, may_be_withdrawn, withdraw_role
from people.facts import check_since
from people.models import Person
from rulebook.words import day

if TYPE_CHECKING:
    from accounts.models import User

# What may be put right without ending the post.
CORRECTABLE = ("duty", "group", "engagement", "administrative_post", "is_head", "basis")


@dataclass(frozen=True)
class Appointment:
    """Who is to hold which post from when, and what else is known of it; empty is 'not known'."""

    person: Person
    organization: Organization
    kind: str
    since: date
    duty: str = ""
    group: str = ""
    engagement: str = ""
    administrative_post: str = ""
    is_head: bool | None = None
    basis: str = ""

    @property
    def title(self) -> str:
        """The post as people call it."""
        return Post(kind=self.kind, duty=self.duty, group=self.group).title


def start_post(*, actor: "User | None", appointment: Appointment, at: datetime) -> Post:
    """Begin a post; a secretary or deputy who has an account gets the role that goes with it."""
    check_appointment(actor=actor, appointment=appointment, at=at)
    today = timezone.localdate(at)
    with transaction.atomic():
        lock(appointment.organization)
        check_overlap(appointment)
        try:
            with transaction.atomic():
                post = Post.objects.create(**vars(appointment))
        except IntegrityError:
            raise ConflictError("这一职务刚刚已被他人登记，请刷新后再看。") from None
        _give_role(actor, post, on=today)
        audit.record(actor=actor, verb="cadres.start_post", obj=post, after=_told(post), at=at)
    return post


def check_appointment(*, actor: "User | None", appointment: Appointment, at: datetime) -> None:
    """Refuse what :func:`start_post` would refuse, but for other posts (:func:`check_overlap`)."""
    organization, kind, since = appointment.organization, appointment.kind, appointment.since
    check_may_appoint(actor, organization, kind)
    today = timezone.localdate(at)
    check_begun(organization, since, on=today, what="任职时间")
    check_since(since, born_on=appointment.person.born_on, on=today)
    if appointment.duty and kind not in (PostKind.MEMBER, PostKind.DEPUTY):
        raise DomainError(f"{PostKind(kind).label}不写委员分工，请留空。")
    if appointment.group and kind != PostKind.GROUP_LEADER:
        raise DomainError("只有党小组组长需要写党小组的名称。")


def check_overlap(appointment: Appointment) -> None:
    """Refuse a second secretary at a time, and a post that the person holds already."""
    held = Post.objects.filter(organization=appointment.organization)
    rows = held.between(appointment.since, None).exclude(until=F("since"))
    for post in rows.select_related("person").order_by("-since"):
        _refuse_beside(appointment, post)


def _refuse_beside(appointment: Appointment, post: Post) -> None:
    place, mine = appointment.organization, post.person_id == appointment.person.pk
    same = post.kind == appointment.kind
    if same and appointment.kind in SINGLE and not mine:
        raise DomainError(
            f"「{place}」在这段时间已有{post}，{_period(post)}。请用“交接”，或先登记其卸任。"
        )
    twice = same and (post.duty, post.group) == (appointment.duty, appointment.group)
    if mine and (twice or (same and appointment.kind in SINGLE)):
        raise DomainError(
            f"{post.person}在这段时间已是「{place}」的{post.title}，{_period(post)}。"
        )
    apart = {post.kind, appointment.kind} == {PostKind.SECRETARY, PostKind.DEPUTY}
    if mine and apart:
        raise DomainError(
            f"{post.person}在这段时间是「{place}」的{post.title}（{_period(post)}），"
            "书记、副书记不能由一人同时担任，请先登记其卸任。"
        )


def end_post(
    *,
    actor: "User | None",
    post: Post,
    on: date,
    reason: str,
    at: datetime,
    basis: str = "",
) -> Post:
    """End a post: ``on`` is the first day on which it isn't held. The role ends the day before."""
    if reason not in CHOSEN_ENDS:
        raise DomainError("请选择卸任方式。")
    on = post.since if reason == PostEnd.MISTAKEN else on
    with transaction.atomic():
        _end(actor, post, on=on, reason=reason, basis=basis, at=at)
    return post


def hand_over(*, actor: "User | None", post: Post, appointment: Appointment, at: datetime) -> Post:
    """End ``post`` and begin the same one of somebody else on the same day, both or neither."""
    if appointment.person.pk == post.person_id:
        raise DomainError(f"{post.person}就是现任，请选择接任的人。")
    next_one = replace(
        appointment,
        organization=post.organization, kind=post.kind, duty=post.duty, group=post.group,
    )  # fmt: skip
    with transaction.atomic():
        _end(
            actor, post, on=appointment.since, reason=PostEnd.HANDED_OVER,
            basis=appointment.basis, at=at,
        )  # fmt: skip
        return start_post(actor=actor, appointment=next_one, at=at)


def carry_post(
    *, actor: "User | None", post: Post, into: Organization, on: date, basis: str, at: datetime
) -> Post:
    """End ``post`` and begin the same one in ``into``, which was split off; roles go along."""
    appointment = Appointment(
        person=post.person, organization=into, kind=post.kind, since=on, duty=post.duty,
        group=post.group, engagement=post.engagement,
        administrative_post=post.administrative_post, is_head=post.is_head, basis=basis,
    )  # fmt: skip
    with transaction.atomic():
        _end(actor, post, on=on, reason=PostEnd.MERGED, basis=basis, at=at)
        return start_post(actor=actor, appointment=appointment, at=at)


def correct_post(
    *, actor: "User | None", post: Post, values: Mapping[str, object], at: datetime
) -> Post:
    """Put right what is known of a post (`CORRECTABLE`); who, where and when stay as they are."""
    check_may_appoint(actor, post.organization, post.kind)
    wanted = {name: value for name, value in values.items() if name in CORRECTABLE}
    before, after = audit.changes(post, wanted)
    if not after:
        return post
    if after.get("duty") and post.kind not in (PostKind.MEMBER, PostKind.DEPUTY):
        raise DomainError(f"{PostKind(post.kind).label}不写委员分工，请留空。")
    with transaction.atomic():
        if not Post.objects.filter(pk=post.pk, **before).update(**after, updated_at=at):
            raise ConflictError("这一任职刚刚被他人改动，请刷新后再看。")
        audit.record(
            actor=actor, verb="cadres.correct_post", obj=post, before=before, after=after, at=at
        )
    post.refresh_from_db()
    return post


def _end(
    actor: "User | None", post: Post, *, on: date, reason: str, basis: str, at: datetime
) -> None:
    check_may_appoint(actor, post.organization, post.kind)
    if on > timezone.localdate(at):
        raise DomainError(f"卸任时间 {day(on)}还没有到，请到那天再登记。")
    if on < post.since:
        raise DomainError(f"{post}从 {day(post.since)}起任职，卸任时间不能早于这一天。")
    values = {"until": on, "ended_as": reason, "end_basis": basis.strip()}
    if not Post.objects.filter(pk=post.pk, until=None).update(**values, updated_at=at):
        raise ConflictError("这一任职刚刚已被他人登记卸任，请刷新后再看。")
    for name, value in values.items():
        setattr(post, name, value)
    _take_role(actor, post, on=on, at=at)
    audit.record(
        actor=actor, verb="cadres.end_post", obj=post, after={**values, "person": post.person},
        at=at,
    )  # fmt: skip


def roles_with(post: Post, on: date) -> list[Role]:
    """Return the roles of the portal that go with ``post`` and last on ``on`` or longer."""
    kind = ROLE_OF.get(post.kind)
    if kind is None or post.person.user_id is None:
        return []
    held = Role.objects.lasting(on).filter(
        user=post.person.user_id, organization=post.organization_id, kind=kind
    )
    return list(held.select_related("user", "office", "organization"))


def _give_role(actor: "User | None", post: Post, *, on: date) -> None:
    """Grant the role unless one lasts on the day ``on``; one that has ended gives no rights."""
    kind, user = ROLE_OF.get(post.kind), post.person.user
    if kind is None or user is None or not user.is_active or roles_with(post, on):
        return
    grant_role(
        actor=actor, user=user, organization=post.organization, kind=kind,
        since=_free_from(post, kind), basis=post.basis,
    )  # fmt: skip


def _free_from(post: Post, kind: str) -> date:
    """Return the first day of the post, or the one after the last of a role that has ended since.

    One of these was left over by a post that was entered by mistake, or ended by hand. Where
    several hold one at a time, only their own are in the way.
    """
    others = Role.objects.lasting(post.since).filter(organization=post.organization_id, kind=kind)
    if post.kind not in SINGLE:
        others = others.filter(user=post.person.user_id)
    last = others.aggregate(last=Max("until"))["last"]
    return max(post.since, last + timedelta(days=1)) if last else post.since


def _take_role(actor: "User | None", post: Post, *, on: date, at: datetime) -> None:
    """End the role on the last day of the post; one that began since is taken back if it may be.

    A post entered by mistake didn't bring a role that began before it: that one stays.
    """
    others = Post.objects.current().filter(
        person=post.person_id, organization=post.organization_id, kind=post.kind
    )
    if others.exists():
        return
    last = on - timedelta(days=1)
    for role in roles_with(post, on):
        if role.since <= last:
            if post.ended_as != PostEnd.MISTAKEN:
                end_role(actor=actor, role=role, until=last)
        elif may_be_withdrawn(role, on=timezone.localdate(at)):
            withdraw_role(actor=actor, role=role, at=at)
        elif role.until != role.since:
            end_role(actor=actor, role=role, until=role.since)


def _period(post: Post) -> str:
    return f"{day(post.since)}至{day(post.until) if post.until else '今'}"


def _told(post: Post) -> dict[str, object]:
    return {
        "person": post.person,
        "organization": post.organization,
        "post": post.title,
        "since": post.since,
        "engagement": post.engagement,
        "administrative_post": post.administrative_post,
        "basis": post.basis,
    }
