"""What a step of the tree changes, found out by doing it and taking it back.

A preview that was computed beside the real thing would sooner or later say something else. So the
step itself runs in a transaction that is rolled back; what hangs on the organisations concerned is
listed before and after, and the difference is told.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cadres.models import Post
from calendar_events.models import Task
from integrity.models import Rectification, SelfCheck
from organizations.models import Organization, OrganizationQuerySet, Role
from people.models import Standing
from reports.models import Report

T = TypeVar("T")
_NAMED = 5
# The organisations concerned: asked for before and after, as a step may found new ones.
Places = Callable[[], OrganizationQuerySet]


@dataclass(frozen=True)
class Thing:
    """A row that hangs on an organisation; ``key`` stays its own wherever it goes."""

    key: tuple[object, ...]
    place: int
    label: str


@dataclass(frozen=True)
class Kind:
    """A kind of such rows: its name, its measure word, what becomes of those that go nowhere."""

    name: str
    unit: str
    ended: str
    rows: Callable[[], QuerySet[Any]]
    thing: Callable[[Any], Thing]

    def at(self, places: OrganizationQuerySet) -> QuerySet[Any]:
        """The rows that hang on ``places``."""
        return self.rows().filter(organization__in=places.order_by().values("pk"))

    def things(self, places: OrganizationQuerySet) -> list[Thing]:
        """The same one by one."""
        return [self.thing(row) for row in self.at(places)]


def _tasks() -> QuerySet[Any]:
    return Task.objects.pending().select_related("event").order_by("due_on", "pk")


def _reports() -> QuerySet[Any]:
    rows = Report.objects.pending().select_related("period")
    return rows.order_by("period__starts_on", "pk")


def _self_checks() -> QuerySet[Any]:
    rows = SelfCheck.objects.pending().select_related(
        "assignment__edition__checklist", "school", "organization"
    )
    return rows.order_by("pk")


def _rectifications() -> QuerySet[Any]:
    return Rectification.objects.pending().select_related("item").order_by("due_on", "pk")


def _roles() -> QuerySet[Any]:
    rows = Role.objects.lasting(timezone.localdate()).select_related("user")
    return rows.order_by("organization", "pk")


def _standings() -> QuerySet[Any]:
    return Standing.objects.current().select_related("person").in_customary_order()


def _posts() -> QuerySet[Any]:
    return Post.objects.current().select_related("person").in_customary_order()


# Whatever else hangs on an organisation joins here, and is carried or ended by bureau.closing and
# bureau.splitting.
KINDS = (
    Kind(
        "未办结的任务", "项", "取消", _tasks,
        lambda row: Thing((row.pk,), row.organization_id, row.event.title),
    ),
    Kind(
        "未报的月报", "份", "标为“无需报送”，不再计入应报", _reports,
        lambda row: Thing((row.pk,), row.organization_id, str(row.period)),
    ),
    Kind(
        "未交的清单自查", "份", "标为“无需自查”", _self_checks,
        lambda row: Thing((row.pk,), row.organization_id, str(row)),
    ),
    Kind(
        "未完成的整改", "项", "取消", _rectifications,
        lambda row: Thing((row.pk,), row.organization_id, str(row.item)),
    ),
    Kind(
        "角色", "个", "到前一天为止", _roles,
        lambda row: Thing(
            (row.user_id, row.kind),
            row.organization_id,
            f"{row.user}（{row.get_kind_display()}）",
        ),
    ),
    Kind(
        "班子任职", "项", "卸任", _posts,
        lambda row: Thing(
            (row.person_id, row.kind, row.duty, row.group), row.organization_id, str(row)
        ),
    ),
    Kind(
        "名册上", "人", "不再在册", _standings,
        lambda row: Thing((row.person_id,), row.organization_id, str(row.person)),
    ),
)  # fmt: skip


def rehearse(step: Callable[[], object], *, places: Places, of: Organization) -> list[str]:
    """Return sentences on what ``step`` ends, moves and leaves of ``of``; nothing stays of it.

    Raises what the step raises. For steps on one organisation or two: every row is looked at.
    """
    with transaction.atomic():
        before = [kind.things(places()) for kind in KINDS]
        step()
        after = [kind.things(places()) for kind in KINDS]
        names = {row.pk: row.label for row in places()}
        transaction.set_rollback(True)
    return [
        line
        for kind, old, new in zip(KINDS, before, after, strict=True)
        for line in _told(
            kind, [each for each in old if each.place == of.pk], _new(old, new, of), names
        )
    ]


def rehearse_whole(step: Callable[[], T], *, places: Places) -> tuple[T, list[str]]:
    """The same for a step that takes everything along as it is: return its answer, and how much.

    Rows are only counted, so a subtree of thousands costs no more than one branch.
    """
    with transaction.atomic():
        answer = step()
        counted = [(kind, kind.at(places()).count()) for kind in KINDS]
        transaction.set_rollback(True)
    told = "、".join(f"{kind.name} {count} {kind.unit}" for kind, count in counted if count)
    return answer, [f"{told}，都不变。"] if told else []


def _new(before: Sequence[Thing], after: Sequence[Thing], of: Organization) -> list[Thing]:
    """Leave out what others had already: somebody who held the same role there didn't bring it."""
    had = {(thing.key, thing.place) for thing in before if thing.place != of.pk}
    return [thing for thing in after if (thing.key, thing.place) not in had]


def _told(
    kind: Kind, before: Sequence[Thing], after: Sequence[Thing], names: dict[int, str]
) -> Iterable[str]:
    where = {thing.key: thing.place for thing in after}
    ended = [thing for thing in before if thing.key not in where]
    moved: dict[int, list[Thing]] = defaultdict(list)
    for thing in before:
        place = where.get(thing.key, thing.place)
        if place != thing.place:
            moved[place].append(thing)
    if ended:
        yield f"{kind.name} {_counted(kind, ended)}，将{kind.ended}。"
    for place, things in moved.items():
        yield f"{kind.name} {_counted(kind, things)}，转到「{names.get(place, '')}」。"
    kept = len(before) - len(ended) - sum(map(len, moved.values()))
    if kept:
        yield f"{kind.name} {kept} {kind.unit}不变。"


def _counted(kind: Kind, things: Sequence[Thing]) -> str:
    labels = "、".join(dict.fromkeys(each.label for each in things[:_NAMED]))
    more = "等" if len(things) > _NAMED else ""
    return f"{len(things)} {kind.unit}（{labels}{more}）"
