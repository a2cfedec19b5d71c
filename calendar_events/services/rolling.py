"""Carrying a year's calendar over into the next one, as a draft."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from calendar_events.choices import CalendarState
from calendar_events.models import Calendar, Event, Figure
from calendar_events.rolling import Rolled, RollOver, roll_over_of
from calendar_events.rollwords import one_year_on
from calendar_events.services.asking import kept_in_copies
from calendar_events.services.calendars import LAST_YEAR
from calendar_events.services.checks import CALENDAR_CHANGED, require_planner
from common import audit
from common.errors import ConflictError, DomainError

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class RolledOver:
    """What was carried over: the draft, and its new lines, parts of split ones aside."""

    calendar: Calendar
    lines: tuple[Rolled, ...]
    plan: RollOver


def check_roll_over(plan: RollOver) -> None:
    """Refuse what can't be carried over, or only into a calendar that the schools have."""
    calendar, target = plan.calendar, plan.target
    if calendar.state != CalendarState.PUBLISHED:
        raise DomainError(f"「{calendar}」还没有发布，不能沿用到下一年。")
    if plan.year > LAST_YEAR:
        raise DomainError(f"年度不能晚于 {LAST_YEAR} 年。")
    if target is not None and target.state == CalendarState.PUBLISHED:
        raise ConflictError(f"{target.year} 年行事历已经发布，不能再用上一年的覆盖；没有改动。")
    if not plan.offered():
        raise ConflictError(f"没有可以沿用的事项：{plan.year} 年的草稿里都已经有了。")


def roll_over(
    *,
    actor: "User | None",
    calendar: Calendar,
    chosen: Collection[int] | None,
    at: datetime,
    dry_run: bool = False,
) -> RolledOver:
    """Make drafts of next year's lines out of the published ``calendar``.

    ``chosen`` are numbers of its lines and of ad-hoc tasks of its year; None takes every line, no
    ad-hoc task, and is refused where the draft holds any line: nobody has looked at what is there.
    Lines that stand there are never changed. They get no author, as imported ones: when the year's
    document comes, importing it may take them away again, and says so.
    """
    require_planner(actor)
    with transaction.atomic():
        locked = Calendar.objects.select_for_update().get(pk=calendar.pk)
        plan = roll_over_of(locked)
        check_roll_over(plan)
        lines = _chosen(plan, chosen)
        target = plan.target or _opened(plan, at=at)
        made = _write(target, lines, at=at)
        left = [each for each in plan.lines if each not in lines]
        audit.record(
            actor=actor,
            verb="calendar_events.roll_over",
            obj=target,
            ids=[event.pk for event in made],
            after={
                "source": str(locked),
                "new": [line.title for line in lines],
                "left_out": [
                    *(line.source.title for line in left),
                    *(each.event.title for each in plan.left_out),
                ],
            },
            at=at,
        )
        if dry_run:
            transaction.set_rollback(True)
    return RolledOver(target, lines, plan)


def _chosen(plan: RollOver, chosen: Collection[int] | None) -> tuple[Rolled, ...]:
    if chosen is None:
        if not plan.fresh:
            raise ConflictError(
                f"{plan.year} 年的草稿里已有 {len(plan.standing) + len(plan.own)} 个事项，"
                f"还缺 {len(plan.lines)} 个；"
                f"请在管理端打开“沿用到 {plan.year} 年”，逐条选择后补充。"
            )
        return plan.lines
    offered = plan.offered()
    if not chosen:
        raise DomainError("请至少保留一个事项。")
    if not set(chosen) <= offered.keys():
        raise ConflictError(CALENDAR_CHANGED)
    return tuple(rolled for pk, rolled in offered.items() if pk in chosen)


def _opened(plan: RollOver, *, at: datetime) -> Calendar:
    """Open the next year under the title of this one."""
    title = one_year_on(plan.calendar.title, year=plan.calendar.year).text
    try:
        with transaction.atomic():
            return Calendar.objects.create(year=plan.year, title=title, created_at=at)
    except IntegrityError as error:
        raise ConflictError(CALENDAR_CHANGED) from error


def _write(target: Calendar, lines: Sequence[Rolled], *, at: datetime) -> list[Event]:
    """Write the lines, each at the end of its month, and the parts after their whole."""
    last: Counter[tuple[int, int]] = Counter()
    for year, month, position in target.events.values_list("year", "first_month", "position"):
        last[year, month] = max(last[year, month], position)
    made = []
    for line in lines:
        place = (line.source.year + 1, line.source.first_month)
        last[place] += 1
        whole = _written(target, line, last[place], None, at=at)
        parts = [_written(target, part, last[place], whole, at=at) for part in line.parts]
        made += [whole, *parts]
    Figure.objects.bulk_create(
        Figure(event=event, name=figure.name, unit=figure.unit, position=figure.position)
        for event in made
        if event.rolled_from is not None
        for figure in event.rolled_from.figures.all()
    )
    return made


def _written(
    target: Calendar, line: Rolled, position: int, whole: Event | None, *, at: datetime
) -> Event:
    source = line.source
    return Event.objects.create(
        calendar=target,
        year=source.year + 1,
        title=line.title,
        demand=line.demand,
        starts_on=line.starts_on,
        ends_on=line.ends_on,
        due_on=line.due_on,
        position=position,
        office_text=source.office_text,
        audience_text=source.audience_text,
        split_from=whole,
        rolled_from=source,
        created_at=at,
        **kept_in_copies(source),
    )
