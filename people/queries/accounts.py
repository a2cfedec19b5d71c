"""Finding people, their numbers for calling, and user names not yet taken."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from common.days import chinese_date
from common.names import is_mobile, normalize_mobile, person_pinyin
from organizations.choices import BUREAU_ROLES, ROLE_LINES, TOP_ROLES, RoleKind, SchoolKind
from organizations.models import Office, Organization, Role
from organizations.permissions import has_security_admin
from people.models import Person, PersonQuerySet

_FALLBACK = "user"


def search_people(queryset: PersonQuerySet, text: str) -> PersonQuerySet:
    """Return those of ``queryset`` whom ``text`` names: part of a name, the beginning of their
    pinyin or of its initials, a whole number.

    A blank text changes nothing. Part of a number finds nobody: numbers are encrypted.
    """
    number = normalize_mobile(text)
    if is_mobile(number):
        return queryset.with_mobile(number)
    for word in unicodedata.normalize("NFKC", text).split():
        queryset = queryset.filter(_named(word))
    return queryset


def search_users(queryset: QuerySet[User], text: str) -> QuerySet[User]:
    """The same for users, by user name as well."""
    if not text.strip():
        return queryset
    people = search_people(Person.objects.filter(user=OuterRef("pk")), text)
    word = text.strip()
    return queryset.filter(Q(username__icontains=word) | Q(name__icontains=word) | Exists(people))


def _named(word: str) -> Q:
    found = Q(name__holds=word)
    return found | Q(pinyin__begins=word.lower()) if word.isascii() else found


def person_of_mobile(number: str) -> Person | None:
    """Return the one who has this number, given as 11 digits."""
    found: Person | None = Person.objects.with_mobile(number).first()
    return found


def calling_list(user_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return name and unmasked number by user, for a list to call from.

    Asks for no rights: the door that shows it does, and writes to the audit log whose it showed.
    Users without a person have no entry; an unknown number is empty.
    """
    people = Person.objects.filter(user__in=list(user_ids))
    return {person.user_id: (person.name, person.mobile) for person in people if person.user_id}


def posts(user_ids: Iterable[int], on: date) -> dict[int, list[Role]]:
    """Return the roles that hold on a day, by user; every id has an entry. One query."""
    found: dict[int, list[Role]] = {user_id: [] for user_id in user_ids}
    roles = Role.objects.current(on).filter(user__in=list(found))
    for role in roles.select_related("organization", "user").order_by("organization__order", "id"):
        found[role.user_id].append(role)
    return found


def posts_of(user: str = "") -> Prefetch[str]:
    """Return the prefetch that puts the roles of today on ``user`` as ``roles_today``."""
    roles = Role.objects.current(timezone.localdate()).select_related("organization")
    lookup = f"{user}__roles" if user else "roles"
    return Prefetch(lookup, queryset=roles.order_by("organization__order"), to_attr="roles_today")


def roles_today(user: User) -> list[Role]:
    """Return what `posts_of` put on ``user``."""
    found: list[Role] = vars(user)["roles_today"]
    return found


def post_text(roles: Iterable[Role]) -> str:
    """Return roles as a line: 芙蓉小学党支部书记、荷花小学党支部党务干事."""
    return "、".join(f"{role.organization.label}{role.get_kind_display()}" for role in roles)


def grant_sentences(
    *,
    user: User,
    organization: Organization,
    kind: str,
    since: date,
    until: date | None,
    office: Office | None,
    school_kinds: Sequence[str],
    basis: str,
    on: date,
) -> list[str]:
    """Return what granting a role comes to, to be read before it is done."""
    label = RoleKind(kind).label
    of = f"（{office}）" if office else ""
    lines = [
        f"{user.name}（用户名 {user.username}）将担任「{organization}」{label}{of}。",
        f"可以：{ROLE_LINES[RoleKind(kind)]}",
        _duration(since, until, on),
    ]
    if kind in BUREAU_ROLES:
        kinds = "、".join(SchoolKind(each).label for each in school_kinds)
        lines.append(f"分管：{kinds or '全部学校和单位'}。")
    if basis:
        lines.append(f"依据：{basis}。")
    if kind == RoleKind.SECURITY_ADMIN and not has_security_admin():
        lines.append("从此局机关、局领导和三类管理员的角色都由安全管理员授予，组织科只授学校的。")
    held = post_text(posts([user.pk], on)[user.pk])
    lines.append(
        f"{user.name}现在还是{held}，这些不变，登录后可以切换。"
        if held
        else f"{user.name}现在没有别的角色。"
    )
    if kind not in TOP_ROLES:
        lines.append(f"「{organization}」现有：{_holders(organization, on) or '还没有人'}。")
    if not user.has_usable_password():
        lines.append("这个账号还没有激活，授予后请把激活链接交给本人。")
    return lines


def _duration(since: date, until: date | None, on: date) -> str:
    start = f"从 {chinese_date(since)} 起" + ("（今天，马上生效）" if since == on else "")
    if since < on:
        start += "（日期已过，马上生效，以前的报表也按此统计）"
    if since > on:
        start += "（到那天才生效）"
    if until is None:
        return f"{start}，一直有效，直到有人结束它。"
    return f"{start}，到 {chinese_date(until)} 为止（当天仍有效）。"


def _holders(organization: Organization, on: date) -> str:
    roles = Role.objects.current(on).filter(organization=organization).select_related("user")
    return "、".join(f"{role.get_kind_display()}{role.user}" for role in roles.order_by("id"))


def option_label(user: User) -> str:
    """Return a user as they are suggested, for `posts_of`: 王芳（wangf01）芙蓉小学书记."""
    state = "" if user.is_active else "（已停用）"
    return f"{user.name}（{user.username}）{post_text(roles_today(user)) or '还没有角色'}{state}"


def free_username(name: str) -> str:
    """Return a user name nobody has: the initials of ``name`` and a number: zs01, zs02 ..."""
    words = person_pinyin(name).split()
    initials = re.sub("[^a-z]", "", words[1]) if len(words) > 1 else ""
    stem = initials or _FALLBACK
    taken = User.objects.filter(username__istartswith=stem).values_list("username", flat=True)
    numbers = [int(found[1]) for each in taken if (found := _numbered(stem, each))]
    return f"{stem}{max(numbers, default=0) + 1:02}"


def _numbered(stem: str, username: str) -> re.Match[str] | None:
    return re.fullmatch(rf"{stem}(\d{{2,9}})", username.lower())
