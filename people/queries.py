"""Finding people, their numbers for calling, and user names not yet taken."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from common.names import is_mobile, normalize_mobile, person_pinyin
from organizations.models import Role
from people.models import Person, PersonQuerySet

_FALLBACK = "user"


def search_people(queryset: PersonQuerySet, text: str) -> PersonQuerySet:
    """Return those of ``queryset`` whom ``text`` names: part of a name, pinyin, a whole number.

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
    found = Q(name__icontains=word)
    return found | Q(pinyin__contains=word.lower()) if word.isascii() else found


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
