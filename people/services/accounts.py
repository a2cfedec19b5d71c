"""Entering people, giving them accounts, and helping with accounts."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import services as account_services
from accounts.models import LinkPurpose, User
from common import audit
from common.errors import ConflictError, DomainError, ForbiddenError
from common.jobs import enqueue
from common.models import Job
from common.names import check_mobile, is_mobile, tidy_name
from organizations.services import revoke_all
from people.models import Person
from people.permissions import (
    first_beyond_help,
    may_add,
    may_change,
    may_reset_factor,
    may_unmask,
)
from people.queries import free_username, person_of_mobile

PRINT_SLIPS = "people.print_slips"
_NOT_YOURS = "不在您可以管理的范围内，请联系局党委组织科。"
_SHORTEST_REASON = 2


def create_person(*, actor: User | None, name: str, mobile: str = "", at: datetime) -> Person:
    """Enter a human being; refuses a mobile number that somebody has already.

    The number is left out of the audit log. ``actor`` None is the system.
    """
    _may_add(actor)
    tidy, number = _checked(name, mobile)
    with transaction.atomic():
        return _add_person(actor, tidy, number, user=None, at=at)


def enter_person(*, actor: User | None, name: str, mobile: str = "", at: datetime) -> Person:
    """The same, with an account under the next free user name (`give_user`)."""
    _may_add(actor)
    tidy, number = _checked(name, mobile)
    with transaction.atomic():
        user = _new_user(free_username(tidy), tidy, at=at)
        person = _add_person(actor, tidy, number, user=user, at=at)
        audit.record(actor=actor, verb="people.give_user", obj=user, at=at)
    return person


def change_person(
    *, actor: User, person: Person, name: str, mobile: str | None, at: datetime
) -> Person:
    """Correct the name, and the number unless it is None; the user's name follows."""
    if not may_change(actor, person):
        raise ForbiddenError(f"{person}{_NOT_YOURS}")
    tidy, number = _checked(name, person.mobile if mobile is None else mobile)
    before, after = audit.changes(person, {"name": tidy})
    if number != person.mobile:
        before, after = {**before, "mobile": "原号码"}, {**after, "mobile": "已更换"}
    if not after:
        return person
    with transaction.atomic():
        person.bear(tidy)
        _put_number(person, number)
        _save(person)
        if person.user_id:
            User.objects.filter(pk=person.user_id).update(name=tidy)
        audit.record(
            actor=actor, verb="people.change_person", obj=person, before=before, after=after, at=at
        )
    return person


def give_user(*, actor: User | None, person: Person, username: str = "", at: datetime) -> User:
    """Give ``person`` an account without a password; an empty ``username`` takes the next free one.

    They come in by an activation link (`issue_links`).
    """
    _may_add(actor)
    if person.user_id:
        raise DomainError(f"{person}已有账号。")
    if is_mobile(username):
        raise DomainError("用户名不能是手机号，手机号本来就可以用来登录。")
    with transaction.atomic():
        # Serialises those who give out numbers to the same initials.
        Person.objects.select_for_update().get(pk=person.pk)
        user = _new_user(username or free_username(person.name), person.name, at=at)
        if not Person.objects.filter(pk=person.pk, user=None).update(user=user):
            raise ConflictError(f"{person}刚刚有了账号，请刷新后再看。")
        audit.record(actor=actor, verb="people.give_user", obj=user, at=at)
    person.user = user
    return user


def unmask_mobile(*, actor: User, person: Person, reason: str, at: datetime) -> str:
    """Return the whole number, and write down who wanted it what for."""
    if not may_unmask(actor, person):
        raise ForbiddenError(f"{person}{_NOT_YOURS}")
    if len(reason.strip()) < _SHORTEST_REASON:
        raise DomainError("请写明查看完整号码的原因，例如：电话催办月报。")
    audit.record(
        actor=actor,
        verb="people.unmask_mobile",
        obj=person,
        after={"reason": reason.strip()[:200]},
        at=at,
    )
    return person.mobile


def issue_links(
    *, actor: User, users: Sequence[User], at: datetime
) -> list[tuple[User, LinkPurpose, str]]:
    """Return a link's token for each: to activate for who has no password yet, else to reset.

    All or none; older links end.
    """
    _may_help(actor, *users)
    issued: list[tuple[User, LinkPurpose, str]] = []
    with transaction.atomic():
        for user in users:
            fresh = not user.has_usable_password()
            purpose = LinkPurpose.ACTIVATE if fresh else LinkPurpose.RESET
            token = account_services.issue_link(actor=actor, user=user, purpose=purpose, at=at)
            issued.append((user, purpose, token))
    return issued


def order_slips(*, actor: User, users: Sequence[User]) -> Job:
    """Have slips printed for ``users``; their links are made when the worker prints."""
    _may_help(actor, *users)
    label = f"打印账号纸条（{len(users)} 人）"
    with transaction.atomic():
        job = enqueue(
            kind=PRINT_SLIPS,
            label=label,
            params={"users": [user.pk for user in users]},
            owner=actor,
        )
        audit.record(
            actor=actor, verb="people.order_slips", label=label, ids=[user.pk for user in users]
        )
    return job


def unlock(*, actor: User, user: User, at: datetime) -> None:
    """Let an account log in again at once."""
    _may_help(actor, user)
    account_services.unlock(actor=actor, user=user, at=at)


def reset_factor(*, actor: User, user: User, reason: str, at: datetime) -> None:
    """Take away a second factor that was lost; the password alone lets its owner in again."""
    if not may_reset_factor(actor, user):
        raise ForbiddenError("两步验证由安全管理员重设，自己的请由另一位办理。")
    account_services.end_factor(actor=actor, user=user, reason=reason, at=at)


def switch_off(*, actor: User, user: User, at: datetime) -> None:
    """Shut an account; its tokens for programs end with it."""
    _may_help(actor, user)
    with transaction.atomic():
        account_services.switch_off(actor=actor, user=user, at=at)
        revoke_all(actor=actor, user=user, at=at)


def switch_on(*, actor: User, user: User, at: datetime) -> None:
    """Open an account again."""
    _may_help(actor, user)
    account_services.switch_on(actor=actor, user=user, at=at)


def _may_add(actor: User | None) -> None:
    if actor is not None and not may_add(actor):
        raise ForbiddenError("只有组织科的工作人员和安全管理员可以登记人员、开通账号。")


def _may_help(actor: User, *users: User) -> None:
    beyond = first_beyond_help(actor, users)
    if beyond is not None:
        raise ForbiddenError(f"{beyond}{_NOT_YOURS}")


def _checked(name: str, mobile: str) -> tuple[str, str]:
    tidy = tidy_name(name)
    if not tidy:
        raise DomainError("请填写姓名。")
    return tidy, check_mobile(mobile) if mobile.strip() else ""


def _add_person(
    actor: User | None, name: str, number: str, *, user: User | None, at: datetime
) -> Person:
    person = Person(user=user, created_at=at)
    person.bear(name)
    _put_number(person, number)
    _save(person)
    after = {"name": name, "mobile": "已登记" if number else "未登记"}
    audit.record(actor=actor, verb="people.create_person", obj=person, after=after, at=at)
    return person


def _put_number(person: Person, number: str) -> None:
    holder = person_of_mobile(number) if number else None
    if holder is not None and holder.pk != person.pk:
        raise DomainError(f"这个手机号登记在{holder}名下，同一个人只登记一次，请核对。")
    person.put_mobile(number)


def _save(person: Person) -> None:
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        raise ConflictError("这个手机号刚刚被登记在别人名下，请核对。") from None


def _new_user(username: str, name: str, *, at: datetime) -> User:
    try:
        with transaction.atomic():
            user = User(username=username, name=name, created_at=at)
            user.set_unusable_password()
            user.full_clean(exclude=["password"])
            user.save()
    except ValidationError as error:
        raise DomainError("；".join(error.messages)) from None
    except IntegrityError:
        raise ConflictError(f"用户名“{username}”刚刚被占用，请再试一次。") from None
    return user
