"""A read calendar into the database: what is new, the same, changed or gone, and then just that.

Lines are told apart by month and title (spaces don't count). A dry run and a real run are one
path inside one transaction; the dry run takes everything back. What the file doesn't say (a due
date, an office) is left as it is, so importing the same file again changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from calendar_events.choices import MAKES_TASKS, CalendarState, EventState, VacationKind
from calendar_events.models import Calendar, Event, Vacation
from calendar_events.reading import ReadCalendar, ReadEvent, read_file, read_text
from calendar_events.reading.fold import squeeze
from calendar_events.reading.model import Period
from calendar_events.services import cancel_event, move_deadline
from calendar_events.services.calendars import delete_drafts
from calendar_events.services.checks import CALENDAR_CHANGED, EVENT_CHANGED, require_planner
from common import audit
from common.errors import ConflictError, DomainError
from organizations.models import Office

if TYPE_CHECKING:
    from accounts.models import User

REASON = "行事历重新导入"
DEMAND_LENGTH = 2000
TITLE_LENGTH = 200

_Key = tuple[int, int, str]
# What an officer may have written by hand stays when the file says nothing.
_OPTIONAL = ("starts_on", "ends_on", "due_on", "office_text", "audience_text")


@dataclass(frozen=True)
class Changed:
    """A line that is there and differs: the columns to write and what stood there.

    ``position`` stands aside.
    """

    event: Event
    fields: dict[str, Any]
    before: dict[str, Any]


@dataclass
class Difference:
    """What importing would do. ``left`` says in words what can't be changed any more."""

    new: list[tuple[int, ReadEvent]] = field(default_factory=list)
    same: list[Event] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    removed: list[Event] = field(default_factory=list)
    positions: dict[int, int] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nothing is to be done."""
        return not (self.new or self.changed or self.removed or self.positions)


def read_upload(*, name: str, data: bytes, year: int) -> ReadCalendar:
    """Read an uploaded file with the bureau's holidays; raises `reading.UnreadableError`."""
    return read_file(name, data, year=year, school_dates=school_dates(year))


def read_pasted(*, text: str, year: int) -> ReadCalendar:
    """Read pasted text with the bureau's holidays; raises `reading.UnreadableError`."""
    return read_text(text, year=year, school_dates=school_dates(year))


def school_dates(year: int) -> dict[str, Period]:
    """Return the holidays entered for ``year`` as reading takes them: 寒假 and 暑假."""
    names = dict(VacationKind.choices)
    rows = Vacation.objects.filter(year=year).values_list("kind", "first_day", "last_day")
    return {names[kind]: (first, last) for kind, first, last in rows}


def import_calendar(
    *,
    actor: "User | None",
    read: ReadCalendar,
    at: datetime,
    replace: bool = False,
    dry_run: bool = False,
) -> Difference:
    """Make the calendar of ``read.year`` what was read, and say what that changed.

    ``actor`` None is the system (the command line). Lines of a draft calendar that the file
    no longer has are removed, unless somebody added them by hand; ``replace`` removes those too.
    A published calendar is only touched with ``replace``: gone lines are cancelled, moved due
    dates moved (both tell the schools), new lines wait as drafts to be published. Refused when the
    title names another year. Doesn't judge the problems of reading: what was read is imported.
    """
    require_planner(actor)
    _check_usable(read)
    with transaction.atomic():
        calendar = _locked(read, at=at)
        difference = _difference(calendar, read, replace=replace)
        _check_published(calendar, difference, replace=replace)
        _apply(difference, calendar, actor=actor, at=at)
        if dry_run:
            transaction.set_rollback(True)
    return difference


def _check_usable(read: ReadCalendar) -> None:
    if read.foreign_year is not None:
        raise DomainError(
            f"标题写的是 {read.foreign_year} 年，要导入的是 {read.year} 年，没有导入。"
            "请核对年度，或改正标题。"
        )
    if not read.events:
        raise DomainError("没有读出任何事项，没有导入。")


def _check_published(calendar: Calendar, difference: Difference, *, replace: bool) -> None:
    published = calendar.state == CalendarState.PUBLISHED
    if published and not difference.empty and not replace:
        raise DomainError(
            f"{calendar.year} 年行事历已经发布，与文件不同：{counts(difference)}。没有导入；"
            "确认要按文件改的话，请选择“替换”（命令行加 --replace）。"
        )


def counts(difference: Difference) -> str:
    """Return the sizes of a difference in words."""
    return (
        f"新增 {len(difference.new)} 项，改动 {len(difference.changed)} 项，"
        f"去掉 {len(difference.removed)} 项，不变 {len(difference.same)} 项"
    )


def _locked(read: ReadCalendar, *, at: datetime) -> Calendar:
    """The calendar's row, locked; made when there is none."""
    found = Calendar.objects.select_for_update().filter(year=read.year).first()
    if found is not None:
        return found
    title = read.title[:TITLE_LENGTH] or f"{read.year}年度党建工作行事历"
    try:
        with transaction.atomic():
            return Calendar.objects.create(year=read.year, title=title, created_at=at)
    except IntegrityError as error:
        raise ConflictError(CALENDAR_CHANGED) from error


def _difference(calendar: Calendar, read: ReadCalendar, *, replace: bool) -> Difference:
    difference = Difference()
    standing = {_key_of(event): event for event in calendar.events.printed()}
    positions = _positions(read.events)
    for event in read.events:
        position = positions[id(event)]
        held = standing.pop(_key(event, read.year), None)
        if held is None:
            difference.new.append((position, event))
        elif held.state == EventState.CANCELLED:
            difference.same.append(held)
        else:
            _compare(difference, held, event, position)
    for held in standing.values():
        by_hand = held.created_by_id is not None
        if held.state != EventState.CANCELLED and (replace or not by_hand):
            difference.removed.append(held)
    return difference


def _positions(events: Sequence[ReadEvent]) -> dict[int, int]:
    """The place of each event among those of its first month, from 1, by ``id``."""
    seen: dict[tuple[int, int], int] = {}
    positions: dict[int, int] = {}
    for event in events:
        month = (event.first_year_offset, event.first_month)
        seen[month] = seen.get(month, 0) + 1
        positions[id(event)] = seen[month]
    return positions


def _key(event: ReadEvent, year: int) -> _Key:
    return year + event.first_year_offset, event.first_month, squeeze(event.title)


def _key_of(event: Event) -> _Key:
    return event.year, event.first_month, squeeze(event.title)


def _columns(event: ReadEvent) -> dict[str, Any]:
    """The columns that a read event gives; those it says nothing about are missing."""
    given = {
        "starts_on": event.starts_on,
        "ends_on": event.ends_on,
        "due_on": event.due_on,
        "office_text": event.office,
        "audience_text": event.audience,
    }
    said = {name: value for name, value in given.items() if value}
    return {"title": event.title, "last_month": event.last_month, **said}


def _compare(difference: Difference, held: Event, event: ReadEvent, position: int) -> None:
    before, fields = audit.changes(held, _columns(event))
    if held.position != position:
        difference.positions[held.pk] = position
    if fields:
        difference.changed.append(Changed(held, fields, before))
    else:
        difference.same.append(held)


def _apply(
    difference: Difference, calendar: Calendar, *, actor: "User | None", at: datetime
) -> None:
    if difference.empty:
        return
    offices = {office.name: office for office in Office.objects.all()}
    before = {str(each.event.pk): each.before for each in difference.changed}
    made = [_made(calendar, event, place, offices, at=at) for place, event in difference.new]
    Event.objects.bulk_create(made)
    for each in difference.changed:
        _change(difference, each, offices, actor=actor, at=at)
    _remove(difference.removed, actor=actor, at=at)
    _write_positions(difference.positions)
    audit.record(
        actor=actor,
        verb="calendar_events.import_calendar",
        obj=calendar,
        ids=[*(event.pk for event in made), *(each.event.pk for each in difference.changed)],
        before={"changed": before, "removed": [str(event) for event in difference.removed]},
        after={
            "new": [event.title for event in made],
            "changed": {str(each.event.pk): each.fields for each in difference.changed},
        },
        at=at,
    )


def _made(
    calendar: Calendar, event: ReadEvent, position: int, offices: dict[str, Office], *, at: datetime
) -> Event:
    """A new draft line. ``created_by`` stays empty: it marks lines added by hand."""
    return Event(
        calendar=calendar,
        year=calendar.year + event.first_year_offset,
        first_month=event.first_month,
        position=position,
        demand=event.notes[:DEMAND_LENGTH],
        office=offices.get(event.office),
        created_at=at,
        **_columns(event),
    )


def _change(
    difference: Difference,
    changed: Changed,
    offices: dict[str, Office],
    *,
    actor: "User | None",
    at: datetime,
) -> None:
    event, fields = changed.event, dict(changed.fields)
    due_on: date | None = None
    if event.state == EventState.PUBLISHED and event.handling in MAKES_TASKS:
        due_on = fields.pop("due_on", None)
    office = offices.get(fields.get("office_text", ""))
    if office is not None:
        fields["office"] = office
    kept = Event.objects.filter(pk=event.pk, state=event.state)
    if fields and not kept.update(**fields, updated_at=at):
        raise ConflictError(EVENT_CHANGED)
    if due_on is not None:
        _move_due(difference, event, due_on, actor=actor, at=at)


def _move_due(
    difference: Difference, event: Event, due_on: date, *, actor: "User | None", at: datetime
) -> None:
    """Move a published due date where the rules allow it; else say so and leave it."""
    try:
        move_deadline(actor=actor, event=event, due_on=due_on, reason=REASON, at=at)
    except DomainError as error:
        difference.left.append(f"{event.first_month}月「{event}」的截止日期没有改：{error.message}")


def _remove(events: Sequence[Event], *, actor: "User | None", at: datetime) -> None:
    """Take lines away: drafts with their parts, published ones by cancelling."""
    drafts = []
    for event in events:
        if event.state == EventState.PUBLISHED:
            cancel_event(actor=actor, event=event, reason=REASON, at=at)
        else:
            drafts.append(event.pk)
    family = Q(pk__in=drafts) | Q(split_from__in=drafts)
    delete_drafts(list(Event.objects.filter(family, state=EventState.DRAFT)))


def _write_positions(positions: dict[int, int]) -> None:
    rows = list(Event.objects.filter(pk__in=positions))
    for row in rows:
        row.position = positions[row.pk]
    Event.objects.bulk_update(rows, ["position"])
