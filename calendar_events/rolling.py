"""A year's calendar carried over into the next: what each line becomes, worked out but not done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from calendar_events.choices import EventState
from calendar_events.dates import default_due, due_of
from calendar_events.models import Calendar, Event, Vacation
from calendar_events.reading.fold import squeeze
from calendar_events.rollwords import one_year_on
from common.models import overrides
from common.workdays import Overrides, add_workdays, is_workday, known
from notifications.texts import day_words

Holidays = Mapping[tuple[int, str], tuple[date, date]]
_Key = tuple[int, int, str]


@dataclass(frozen=True)
class Rolled:
    """One line a year on. ``due_on`` None takes the usual date; ``due_after`` is what stands."""

    source: Event
    title: str
    demand: str
    starts_on: date | None
    ends_on: date | None
    due_on: date | None
    due_before: date
    due_after: date
    notes: tuple[str, ...]
    parts: "tuple[Rolled, ...]" = ()

    @property
    def number(self) -> str:
        """The number of its source, as a form sends it."""
        return str(self.source.pk)

    @property
    def due_words(self) -> str:
        """The due date a year on, with its weekday: 1月29日（周五）."""
        return day_words(self.due_after)

    @property
    def retitled(self) -> bool:
        """Whether the title reads otherwise."""
        return self.title != self.source.title

    @property
    def changed(self) -> bool:
        """Whether more than the usual dates differs, or somebody should look at it."""
        own = self.retitled or self.demand != self.source.demand or self.due_on is not None
        return own or bool(self.notes) or any(part.changed for part in self.parts)


@dataclass(frozen=True)
class LeftOut:
    """A line that does not go along, and why."""

    event: Event
    reason: str


@dataclass(frozen=True)
class RollOver:
    """What carrying ``calendar`` over would do.

    ``adhoc`` are offered and stay behind unless chosen. ``standing`` are there already, ``own`` the
    lines of the target that come from elsewhere: neither is touched.
    """

    calendar: Calendar
    target: Calendar | None
    carried: tuple[Rolled, ...]
    changed: tuple[Rolled, ...]
    adhoc: tuple[Rolled, ...]
    left_out: tuple[LeftOut, ...]
    standing: tuple[Rolled, ...]
    own: tuple[Event, ...]
    days_known: bool

    @property
    def year(self) -> int:
        """The year carried over into."""
        return self.calendar.year + 1

    @property
    def fresh(self) -> bool:
        """Whether the target holds nothing yet, so that everything goes along unless taken out."""
        return not self.standing and not self.own

    @property
    def own_count(self) -> int:
        """How many lines of the target come from elsewhere."""
        return len(self.own)

    @property
    def adhoc_short(self) -> bool:
        """Whether the ad-hoc tasks are few enough to be shown at once."""
        return len(self.adhoc) <= 5

    @property
    def days_unknown(self) -> str:
        """Say that the workdays of the year are a guess yet."""
        return (
            f"{self.year} 年的调休安排尚未公布，截止日期先按周末和法定节假日推算；"
            "公布后在“工作日调整”登记，没有单独改过的日期会自动跟着变。"
        )

    @property
    def lines(self) -> tuple[Rolled, ...]:
        """The lines of the calendar that can go along, in its order."""
        return tuple(sorted((*self.carried, *self.changed), key=_place))

    def offered(self) -> dict[int, Rolled]:
        """Return whatever may be chosen, by the number of its source."""
        return {each.source.pk: each for each in (*self.lines, *self.adhoc)}


def _place(rolled: Rolled) -> tuple[int, int, int, int]:
    event = rolled.source
    return event.year, event.first_month, event.position, event.pk


def roll_over_of(calendar: Calendar) -> RollOver:
    """Work out what carrying ``calendar`` into the next year would do; queries don't grow."""
    target = Calendar.objects.filter(year=calendar.year + 1).first()
    there = list(target.events.printed()) if target else []
    events = list(_detailed(Event.objects.filter(calendar=calendar)))
    adhoc = _detailed(Event.objects.filter(calendar=None, year=calendar.year))
    maker = _Maker(overrides(), _holidays(calendar.year))
    taken = {event.rolled_from_id for event in there}
    keys = {_key(event.year, event.first_month, event.title): event.pk for event in there}
    going: list[Rolled] = []
    standing: list[Rolled] = []
    left_out: list[LeftOut] = []
    for event in events:
        reason = _stays_behind(event)
        if reason:
            left_out.append(LeftOut(event, reason))
        elif event.split_from_id is None:
            rolled = maker.roll(event, [e for e in events if e.split_from_id == event.pk])
            key = _key(event.year + 1, event.first_month, rolled.title)
            (standing if event.pk in taken or key in keys else going).append(rolled)
    matched = {keys.get(_key(r.source.year + 1, r.source.first_month, r.title)) for r in standing}
    sources = {rolled.source.pk for rolled in standing}
    return RollOver(
        calendar=calendar,
        target=target,
        carried=tuple(each for each in going if not each.changed),
        changed=tuple(each for each in going if each.changed),
        adhoc=tuple(
            maker.roll(event, ())
            for event in adhoc
            if event.state == EventState.PUBLISHED and event.pk not in taken
        ),
        left_out=tuple(left_out),
        standing=tuple(standing),
        own=tuple(e for e in there if e.pk not in matched and e.rolled_from_id not in sources),
        days_known=known(calendar.year + 1, maker.days),
    )


def _detailed(events: "Iterable[Event]") -> "Iterable[Event]":
    rows = events.select_related("office", "audience", "split_from")  # type: ignore[attr-defined]
    return rows.prefetch_related(  # type: ignore[no-any-return]
        "figures", "audience__groups", "audience__organizations"
    ).order_by("year", "first_month", "position", "pk")


def _holidays(year: int) -> Holidays:
    rows = Vacation.objects.filter(year__in=range(year, year + 3))
    return {(row.year, row.kind): (row.first_day, row.last_day) for row in rows}


def _stays_behind(event: Event) -> str:
    """Say why a line, or a part of one, doesn't go along; empty when it does."""
    if event.state == EventState.CANCELLED:
        return f"已取消：{event.cancelled_reason}" if event.cancelled_reason else "已取消"
    return "还是草稿，没有发布" if event.state == EventState.DRAFT else ""


def _key(year: int, month: int, title: str) -> _Key:
    return year, month, squeeze(title)


@dataclass(frozen=True)
class _Maker:
    """Makes lines of the next year; ``days`` are the bureau's own workdays."""

    days: Overrides
    holidays: Holidays

    def roll(self, event: Event, parts: Iterable[Event]) -> Rolled:
        title = one_year_on(event.title, year=event.year)
        demand = one_year_on(event.demand, year=event.year)
        notes = [f"请核对“{doubt}”" for doubt in dict.fromkeys((*title.doubts, *demand.doubts))]
        if demand.text != event.demand:
            notes.append("“要求”里的年份已改")
        starts_on, ends_on = self._span(event, notes)
        after = _later(event, starts_on, ends_on)
        due_on = self._own_due(event, ends_on, notes)
        return Rolled(
            source=event,
            title=title.text,
            demand=demand.text,
            starts_on=starts_on,
            ends_on=ends_on,
            due_on=due_on,
            due_before=due_of(event, self.days),
            due_after=due_on or default_due(after, self.days),
            notes=tuple(notes),
            parts=tuple(self.roll(part, ()) for part in parts if not _stays_behind(part)),
        )

    def _span(self, event: Event, notes: list[str]) -> tuple[date | None, date | None]:
        """Return first and last day a year on; those of school holidays as they are entered."""
        if event.starts_on is None and event.ends_on is None:
            return None, None
        for (year, kind), days in self.holidays.items():
            if days == (event.starts_on, event.ends_on):
                following = self.holidays.get((year + 1, kind))
                if following is None:
                    word = "寒假" if kind == "winter" else "暑假"
                    notes.append(f"{year + 1} 年{word}还没有登记，起止日期留空")
                    return None, None
                notes.append("起止日期按登记的寒暑假")
                return following
        notes.append("起止日期按上年同日")
        return _same_day(event.starts_on), _same_day(event.ends_on)

    def _own_due(self, event: Event, ends_on: date | None, notes: list[str]) -> date | None:
        """Return the due date a year on where it was not the usual one."""
        if event.due_on is None or event.due_on == default_due(event, self.days):
            return None
        if event.due_on == event.ends_on:
            return ends_on
        day = _same_day(event.due_on)
        assert day is not None
        if is_workday(day, self.days):
            notes.append("截止日期不是月末，按上年同日")
            return day
        notes.append(f"上年同日是休息日（{day.month}月{day.day}日），提前到前一个工作日")
        return add_workdays(day, -1, self.days)


def _later(event: Event, starts_on: date | None, ends_on: date | None) -> Event:
    """Return an unsaved line with the months a year on, to ask for its usual date."""
    return Event(
        year=event.year + 1,
        first_month=event.first_month,
        last_month=event.last_month,
        starts_on=starts_on,
        ends_on=ends_on,
    )


def _same_day(day: date | None) -> date | None:
    """Return the same day a year on; the 28th for the 29th of February."""
    if day is None:
        return None
    leap = (day.month, day.day) == (2, 29)
    return date(day.year + 1, day.month, 28 if leap else day.day)
