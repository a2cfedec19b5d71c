"""The calendar of the year, published; an ad-hoc task; a moved deadline."""

from datetime import date, timedelta

from bureau.seed.calendar_plan import ADHOC, ADHOC_DEMAND, EVENTS, PlannedEvent
from bureau.seed.context import Context
from calendar_events import imports, services
from calendar_events.choices import MAKES_TASKS, VacationKind
from calendar_events.models import Calendar, Event
from common.models import overrides
from common.workdays import add_workdays, workday_from

# A moved deadline is moved so many days before the day shown.
MOVED_DAYS_AGO = 8


def build(context: Context) -> None:
    """Import the calendar from text, sort and publish it; hand out the ad-hoc task."""
    year = context.day.year
    published_on = min(date(year, 1, 4), context.day)
    at = context.at(published_on)
    officer = context.users["officer"]
    _holidays(context)
    read = imports.read_pasted(text=_text(year), year=year)
    imports.import_calendar(actor=officer, read=read, at=at)
    calendar = Calendar.objects.get(year=year)
    events = _planned(calendar)
    handlings = {event.pk: planned.handling for event, planned in events}
    services.sort_events(actor=officer, calendar=calendar, handlings=handlings, at=at)
    _arrange(context, events)
    for event, planned in events:
        if planned.figures:
            figures = [services.FigureAsked(name, unit) for name, unit in planned.figures]
            services.ask_figures(actor=officer, event=event, figures=figures, at=at)
    services.publish_calendar(actor=officer, calendar=calendar, at=at)
    _adhoc(context)


def _holidays(context: Context) -> None:
    year, officer = context.day.year, context.users["officer"]
    spans = (
        (VacationKind.WINTER, date(year, 1, 24), date(year, 2, 20)),
        (VacationKind.SUMMER, date(year, 7, 1), date(year, 8, 31)),
    )
    for kind, first, last in spans:
        services.set_vacation(
            actor=officer,
            year=year,
            kind=kind,
            first_day=first,
            last_day=last,
            at=context.at(min(date(year, 1, 4), context.day), 8),
        )


def _text(year: int) -> str:
    """The calendar as a bureau writes it down: a line for each month, its events numbered."""
    lines = [f"{year} 年度党建工作行事历"]
    for month in range(1, 13):
        titles = [each.title_in(year) for each in EVENTS if each.month == month]
        numbered = "；".join(f"{place}. {title}" for place, title in enumerate(titles, start=1))
        lines.append(f"{month}月\t{numbered}。")
    return "\n".join(lines)


def _planned(calendar: Calendar) -> list[tuple[Event, PlannedEvent]]:
    """Pair the lines that were read with the plan; both are in the order of the calendar."""
    events = calendar.events.order_by("first_month", "position")
    return list(zip(events, EVENTS, strict=True))


def _arrange(context: Context, events: list[tuple[Event, PlannedEvent]]) -> None:
    """Say who is responsible and which kind of record does a task."""
    for event, planned in events:
        event.office = context.offices["宣传科" if "教师" in event.title else "组织科"]
        event.record_kind = planned.record_kind if planned.handling in MAKES_TASKS else ""
    Event.objects.bulk_update([event for event, _ in events], ["office", "record_kind"])


def _adhoc(context: Context) -> None:
    """An ad-hoc task of three weeks ago, due some days ago: the one that four are late with."""
    days = overrides()
    services.create_adhoc_task(
        actor=context.users["officer"],
        title=ADHOC,
        demand=ADHOC_DEMAND,
        due_on=add_workdays(context.day, -4, days),
        audience=services.AudienceChoice(),
        figures=[services.FigureAsked("使用次数", "次")],
        office=context.offices["组织科"],
        at=context.at(workday_from(context.ago(days=21), days)),
    )


def move(context: Context) -> None:
    """Move the deadline of the first event that is still to come by five workdays."""
    at = context.ago(days=MOVED_DAYS_AGO)
    event = (
        Event.objects.filter(calendar__year=context.day.year, handling__in=MAKES_TASKS)
        .filter(due_on__gte=context.day + timedelta(days=1))
        .order_by("due_on", "position")
        .first()
    )
    if event is None or event.due_on is None:
        return
    services.move_deadline(
        actor=context.users["officer"],
        event=event,
        due_on=add_workdays(event.due_on, 5, overrides()),
        reason="与全区教育督导时间冲突",
        at=context.at(at, 10),
    )
