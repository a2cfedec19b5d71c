"""Persons, their users and roles: one for every part somebody plays in the portal."""

from dataclasses import dataclass
from datetime import date
from itertools import count

from django.contrib.auth.hashers import make_password

from accounts.models import User
from bureau.seed.context import Context
from bureau.seed.names import invented, mobile
from common.names import organization_pinyin
from organizations.choices import RoleKind, SchoolKind
from organizations.models import Organization, Role
from organizations.queries import responsible_people
from people.models import Person

# The password of every demonstration account, printed by `manage.py demo_accounts`.
PASSWORD = "chenglan-2026"  # noqa: S105 - public on purpose, for the demonstration only
ROOT = "局党委"


@dataclass(frozen=True)
class Post:
    """One person in one post. ``part`` is the name under which the context knows the user."""

    part: str
    username: str
    kind: RoleKind
    organization: str = ROOT
    name: str = ""
    office: str = ""
    school_kinds: tuple[str, ...] = ()


POSTS = (
    Post("officer", "zuzhi", RoleKind.OFFICER, office="组织科", name="尉迟静岚"),
    Post("officer_colleague", "zuzhi2", RoleKind.OFFICER, office="组织科"),
    Post(
        "officer_limited",
        "jijiao",
        RoleKind.OFFICER,
        office="基础教育科",
        school_kinds=(SchoolKind.PRIMARY, SchoolKind.KINDERGARTEN),
    ),
    Post("leader", "lingdao", RoleKind.LEADER),
    Post("reviewer", "minban", RoleKind.REVIEWER, "澄岚区民办教育协会"),
    Post("reviewer_branch", "baihe", RoleKind.REVIEWER, "百合幼教集团"),
    Post("secretary", "furong", RoleKind.SECRETARY, "芙蓉小学", name="解喆"),
    Post("deputy", "furong-fu", RoleKind.DEPUTY, "芙蓉小学"),
    Post("clerk", "furong-gs", RoleKind.CLERK, "芙蓉小学", name="查思喆"),
    Post("ill_secretary", "yunkun", RoleKind.SECRETARY, "云堃小学", name="单文堃"),
    Post("acting_head", "yunkun-fu", RoleKind.DEPUTY, "云堃小学", name="查𬭎"),
    Post("two_posts", "hehua", RoleKind.SECRETARY, "荷花小学", name="仇㛃"),
    Post("instructor", "qinghe-fu", RoleKind.DEPUTY, "青禾学校"),
    Post("auditor", "shenji", RoleKind.AUDITOR),
)
# The other two administrators. Built last and without a throw of the dice, so that nobody else's
# name or date depends on them.
ADMINISTRATORS = (
    Post("system_admin", "xitong", RoleKind.SYSTEM_ADMIN, name="冯知远"),
    Post("security_admin", "anquan", RoleKind.SECURITY_ADMIN, name="叶守诚"),
    Post("security_deputy", "anquan2", RoleKind.SECURITY_ADMIN, name="程慎之"),
)
# Those without a secretary of their own: who answers for them instead, and as what.
SHARED = {
    "芦塘荷花柳汀漈下四园联合党支部": ("two_posts", RoleKind.SECRETARY, ""),
    "小云朵幼儿园": ("instructor", RoleKind.DEPUTY, "派驻党建指导员"),
}
_LARGE = 25
_LONG_SINCE = date(2020, 9, 1)
_NUMBERS_APART = 90_001


def build(context: Context) -> None:
    """Build users, persons and roles; then the deputy who acts for the ill secretary."""
    posts = [*POSTS, *_other_posts(context)]
    users = _build_users(context, posts)
    roles = [_role(context, post, user) for post, user in zip(posts, users, strict=True)]
    for short, (part, kind, basis) in SHARED.items():
        where = context.organizations[short]
        since = _since(context)
        roles.append(
            Role(user=context.users[part], organization=where, kind=kind, basis=basis, since=since)
        )
    roles.append(_acting_head(context))
    roles += _administrators(context)
    Role.objects.bulk_create(roles)
    answering = responsible_people(
        [each.pk for each in context.organizations.values()], context.day
    )
    context.heads.update({pk: people[0] for pk, people in answering.items() if people})


def _other_posts(context: Context) -> list[Post]:
    """A secretary for everybody who has none yet, deputies in large ones, some clerks."""
    taken = {post.organization for post in POSTS if post.kind == RoleKind.SECRETARY}
    posts: list[Post] = []
    reporting = set(Organization.objects.reporting().values_list("short_name", flat=True))
    names: dict[str, int] = {}
    for number, short in enumerate(context.organizations):
        if short in taken or short in SHARED or short == ROOT:
            continue
        initials = organization_pinyin(short).split()[-1]
        names[initials] = names.get(initials, 0) + 1
        username = f"{initials}{names[initials] if names[initials] > 1 else ''}"
        posts.append(Post("", username, RoleKind.SECRETARY, short))
        if short in reporting and number % 4 == 0:
            posts.append(Post("", f"{username}-fu", RoleKind.DEPUTY, short))
        if short in reporting and number % 3 == 0:
            posts.append(Post("", f"{username}-gs", RoleKind.CLERK, short))
    return posts


def _build_users(context: Context, posts: list[Post]) -> list[User]:
    spoken_for = {post.name for post in posts}
    names = (name for name in invented(context.rng) if name not in spoken_for)
    # Hashed once: a third of a second, and the same for all of them.
    password = make_password(PASSWORD)
    users = User.objects.bulk_create(
        User(username=post.username, name=post.name or next(names), password=password)
        for post in posts
    )
    numbers = count(1)
    Person.objects.bulk_create(person_of(user, mobile(next(numbers))) for user in users)
    for post, user in zip(posts, users, strict=True):
        if post.part:
            context.users[post.part] = user
    return users


def _administrators(context: Context) -> list[Role]:
    password, numbers = make_password(PASSWORD), count(_NUMBERS_APART)
    users = User.objects.bulk_create(
        User(username=post.username, name=post.name, password=password) for post in ADMINISTRATORS
    )
    Person.objects.bulk_create(person_of(user, mobile(next(numbers))) for user in users)
    context.users.update(
        {post.part: user for post, user in zip(ADMINISTRATORS, users, strict=True)}
    )
    where, since = context.organizations[ROOT], min(context.day, _LONG_SINCE)
    return [
        Role(user=user, organization=where, kind=post.kind, since=since)
        for post, user in zip(ADMINISTRATORS, users, strict=True)
    ]


def person_of(user: User, number: str) -> Person:
    """Return the unsaved person who is ``user``."""
    person = Person(user=user)
    person.bear(user.name)
    person.put_mobile(number)
    return person


def _role(context: Context, post: Post, user: User) -> Role:
    """Who works in the bureau has done so for long: whatever day is shown, they may act today."""
    since = _since(context)
    return Role(
        user=user,
        organization=context.organizations[post.organization],
        kind=post.kind,
        office=context.offices[post.office] if post.office else None,
        school_kinds=list(post.school_kinds),
        since=min(since, _LONG_SINCE) if post.organization == ROOT else since,
    )


def _since(context: Context) -> date:
    return date(context.day.year - context.rng.randint(2, 4), context.rng.choice((3, 9)), 1)


def _acting_head(context: Context) -> Role:
    return Role(
        user=context.users["acting_head"],
        organization=context.organizations["云堃小学"],
        kind=RoleKind.ACTING_HEAD,
        since=context.ago(days=75),
        until=context.ago(days=-75),
        basis=f"澄教委〔{context.ago(days=75).year}〕21号",
    )
