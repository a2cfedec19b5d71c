"""The matrix of the bureau: organisations down, events of a month across, a state in each cell.

Filters, sorting and pages are done by the database; the number of queries is the same for one
organisation and for thirty thousand.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.functional import cached_property

from calendar_events.choices import FINISHED, PENDING, Handling, TaskState
from calendar_events.models import Event, Task, TaskQuerySet
from calendar_events.queries import task_events
from organizations.models import Organization, OrganizationQuerySet
from organizations.models.organization import within
from organizations.queries import search_organizations

if TYPE_CHECKING:
    from accounts.models import User

PAGE_SIZE = 50
LATE = "late"
LATE_LABEL = "已逾期"
CUSTOMARY = ("order", "pk")
SORTS = {"order": CUSTOMARY, "name": ("pinyin", *CUSTOMARY)}
MOST_LATE = "-late"
MOST = {MOST_LATE, "-open"}


@dataclass(frozen=True)
class MatrixFilters:
    """What narrows the matrix; an empty value narrows nothing.

    ``state`` keeps organisations with at least one such task: a task state, or ``late``.
    ``above`` keeps the subtree of an organisation, ``event`` shows one event only.
    """

    search: str = ""
    state: str = ""
    kind: str = ""
    school_kind: str = ""
    group: int | None = None
    above: int | None = None
    event: int | None = None

    @property
    def narrows_rows(self) -> bool:
        """Whether it leaves organisations out that have one of the tasks shown."""
        return self != MatrixFilters(event=self.event)

    @property
    def narrows_units(self) -> bool:
        """Whether it looks at the organisations themselves, not at their tasks alone."""
        return self != MatrixFilters(event=self.event, state=self.state)


@dataclass(frozen=True)
class Cell:
    """One task: its state, whether it is late on the day looked at, and its due date."""

    task_id: int
    state: str
    late: bool
    due_on: date

    @property
    def code(self) -> str:
        """The state for the badge's colour: ``late`` for one that still waits after its day."""
        return LATE if self.late and self.state in PENDING else self.state

    @property
    def tone(self) -> str:
        """The badge's colour where the word alone doesn't give it."""
        return LATE if self.code == LATE else ""

    @property
    def label(self) -> str:
        """The word in the badge; a finished one that was late says so."""
        if self.code == LATE and self.state == TaskState.OPEN:
            return LATE_LABEL
        word = str(TaskState(self.state).label)
        return f"{word}（逾期）" if self.late else word


@dataclass(frozen=True)
class MatrixRow:
    """One organisation with a cell for each event, None where the event doesn't mean it."""

    organization: Organization
    cells: tuple[Cell | None, ...]
    finished: int
    total: int
    late: int


@dataclass(frozen=True)
class Matrix:
    """One page: ``events`` are the columns; ``count`` organisations on ``pages`` pages in all."""

    events: tuple[Event, ...]
    rows: tuple[MatrixRow, ...]
    count: int
    page: int
    pages: int


def matrix(
    user: "User",
    year: int,
    month: int,
    *,
    on: date,
    filters: MatrixFilters | None = None,
    sort: str = "order",
    page: int = 1,
) -> Matrix:
    """Return one page of the matrix of a month as ``user`` sees it on the day ``on``.

    An unknown ``sort`` is the customary order; a page too far is the last one. Cells of the page
    come in one query.
    """
    chosen = filters or MatrixFilters()
    events = _events(user, year, month, filters=chosen)
    rows = _ordered(user, events, sort, on=on, filters=chosen)
    number = _count(user, events, on=on, filters=chosen)
    shown = _Pages(rows, PAGE_SIZE, number).get_page(page)
    return Matrix(
        events=events,
        rows=tuple(_rows(list(shown), events, on=on)),
        count=number,
        page=shown.number,
        pages=shown.paginator.num_pages,
    )


def whole_matrix(
    user: "User",
    year: int,
    month: int,
    *,
    on: date,
    filters: MatrixFilters,
    sort: str = "order",
) -> Matrix:
    """Return what :func:`matrix` shows on all its pages together, for a print or an export."""
    events = _events(user, year, month, filters=filters)
    organizations = list(_ordered(user, events, sort, on=on, filters=filters))
    rows = tuple(_rows(organizations, events, on=on))
    return Matrix(events=events, rows=rows, count=len(rows), page=1, pages=1)


def late_tasks(
    user: "User", events: Sequence[Event], *, on: date, filters: MatrixFilters
) -> TaskQuerySet:
    """Return the overdue tasks of ``events`` at the organisations that a filter shows."""
    return _tasks(user, events, on=on, filters=filters).overdue(on)


class _Pages(Paginator[Any]):
    """Pages of rows that have been counted already."""

    def __init__(self, rows: Any, per_page: int, number: int) -> None:
        super().__init__(rows, per_page)
        self._number = number

    @cached_property
    def count(self) -> int:
        """How many rows there are in all."""
        return self._number


def _count(user: "User", events: Sequence[Event], *, on: date, filters: MatrixFilters) -> int:
    """Return how many organisations stand in the matrix.

    Counted from the tasks alone: to look for a task of each organisation takes twice as long.
    """
    tasks = _looked_at(user, events, filters=filters)
    if filters.state:
        tasks = _in_state(tasks, filters.state, on)
    found: int = tasks.order_by().aggregate(count=Count("organization", distinct=True))["count"]
    return found


def _events(user: "User", year: int, month: int, *, filters: MatrixFilters) -> tuple[Event, ...]:
    columns = task_events(user, year, month)
    if filters.event is not None:
        columns = columns.filter(pk=filters.event)
    return tuple(columns.order_by("first_month", "position", "pk"))


def _ordered(
    user: "User", events: Sequence[Event], sort: str, *, on: date, filters: MatrixFilters
) -> "OrganizationQuerySet | _Most":
    """Return the organisations of the matrix in order, fetched as far as they are looked at."""
    rows = matrix_organizations(user, events, on=on, filters=filters)
    customary = rows.order_by(*SORTS.get(sort, CUSTOMARY))
    if sort not in MOST:
        return customary
    counted = _counted_by(sort, _tasks(user, events, on=on, filters=filters), on=on)
    each = counted.order_by().values_list("organization").annotate(number=Count("*"))
    own = _counted_by(sort, _asked(events), on=on).filter(organization=OuterRef("pk"))
    return _Most(
        leading=each.order_by("-number", "organization__order", "organization_id"),
        others=customary.filter(~Exists(own)),
    )


def _counted_by(sort: str, tasks: TaskQuerySet, *, on: date) -> TaskQuerySet:
    return tasks.overdue(on) if sort == MOST_LATE else tasks.pending()


@dataclass(frozen=True)
class _Most:
    """Organisations by how many of some tasks they have: ``leading`` are ids, ``others`` have none.

    A page asks for its own rows only: to count the tasks of thirty thousand and put all of them in
    order for fifty took half a second.
    """

    leading: Any
    others: OrganizationQuerySet

    def __iter__(self) -> Iterator[Organization]:
        yield from _in_turn(self.leading)
        yield from self.others

    def __getitem__(self, part: slice) -> list[Organization]:
        found = _in_turn(self.leading[part])
        short = part.stop - part.start - len(found)
        if short:
            start = 0 if found else part.start - self.leading.count()
            found += self.others[start : start + short]
        return found


def _in_turn(counted: Any) -> list[Organization]:
    ids = [pk for pk, _number in counted]
    held = Organization.objects.in_bulk(ids)
    return [held[pk] for pk in ids]


def matrix_organizations(
    user: "User", events: Sequence[Event], *, on: date, filters: MatrixFilters
) -> OrganizationQuerySet:
    """Return the organisations that stand in the matrix.

    For actions on all that a filter shows (催办 全部, export) as well as for one page.
    """
    mine = _asked(events).filter(organization=OuterRef("pk"))
    if filters.state:
        mine = _in_state(mine, filters.state, on)
    return _looked_for(user, filters).filter(Exists(mine))


def _looked_for(user: "User", filters: MatrixFilters) -> OrganizationQuerySet:
    visible: OrganizationQuerySet = Organization.objects.visible_to(user)
    return search_organizations(visible, filters.search).filter(_narrowed(filters))


def _looked_at(user: "User", events: Sequence[Event], *, filters: MatrixFilters) -> TaskQuerySet:
    """Return the tasks at the organisations that a filter looks for, whatever state it asks."""
    if not filters.narrows_units:
        return _asked(events).visible_to(user)
    found = _looked_for(user, filters).order_by()
    return _asked(events).filter(organization__in=found.values("pk"))


def _tasks(
    user: "User", events: Sequence[Event], *, on: date, filters: MatrixFilters
) -> TaskQuerySet:
    """Return the tasks at the organisations that stand in the matrix."""
    tasks = _looked_at(user, events, filters=filters)
    if not filters.state:
        return tasks
    found = _in_state(_asked(events), filters.state, on).order_by()
    return tasks.filter(organization__in=found.values("organization"))


def _asked(events: Sequence[Event]) -> TaskQuerySet:
    """Return what the cells of the matrix come from."""
    tasks: TaskQuerySet = Task.objects.filter(event__in=[event.pk for event in events])
    return tasks.exclude(state=TaskState.CANCELLED)


def _narrowed(filters: MatrixFilters) -> Q:
    condition = Q()
    if filters.kind:
        condition &= Q(kind=filters.kind)
    if filters.school_kind:
        like = Organization.objects.filter(schools__kind=filters.school_kind)
        condition &= Q(pk__in=like.values("pk"))
    if filters.group is not None:
        grouped = Organization.objects.filter(schools__groups=filters.group)
        condition &= Q(pk__in=grouped.values("pk"))
    if filters.above is not None:
        top = Organization.objects.filter(pk=filters.above).values_list("path", flat=True).first()
        condition &= within(top) if top else Q(pk__in=[])
    return condition


def _in_state(tasks: TaskQuerySet, state: str, on: date) -> TaskQuerySet:
    return tasks.overdue(on) if state == LATE else tasks.filter(state=state)


def _rows(
    organizations: Sequence[Organization], events: Sequence[Event], *, on: date
) -> list[MatrixRow]:
    optional = {event.pk for event in events if event.handling == Handling.OPTIONAL}
    tasks = Task.objects.filter(event__in=events).exclude(state=TaskState.CANCELLED)
    if len(organizations) <= PAGE_SIZE:
        # Of a whole matrix the events are narrow enough; a database takes only so many ids.
        tasks = tasks.filter(organization__in=organizations)
    tasks = tasks.select_related("event")
    cells = {
        (task.organization_id, task.event_id): Cell(
            task.pk, task.state, task.is_late(on), task.due_on
        )
        for task in tasks
    }
    return [
        _row(each, [cells.get((each.pk, event.pk)) for event in events], events, optional)
        for each in organizations
    ]


def _row(
    organization: Organization,
    cells: Sequence[Cell | None],
    events: Sequence[Event],
    optional: set[int],
) -> MatrixRow:
    asked = zip(events, cells, strict=True)
    counted = [cell for event, cell in asked if cell and event.pk not in optional]
    return MatrixRow(
        organization=organization,
        cells=tuple(cells),
        finished=sum(cell.state in FINISHED for cell in counted),
        total=len(counted),
        late=sum(cell.code == LATE for cell in counted),
    )
