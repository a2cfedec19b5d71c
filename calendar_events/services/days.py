"""The editable tables behind the dates: school holidays and workdays of one's own."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from calendar_events.choices import VacationKind
from calendar_events.models import Vacation
from calendar_events.services.checks import require_planner, within
from common import audit
from common.errors import DomainError
from common.models import WorkdayOverride

if TYPE_CHECKING:
    from accounts.models import User


def set_vacation(
    *, actor: "User", year: int, kind: str, first_day: date, last_day: date, at: datetime
) -> Vacation:
    """Enter or correct the winter or summer holidays of ``year``.

    Calendars read later take their spans (寒假, 暑期) from here; events that stand keep theirs.
    """
    require_planner(actor)
    if kind not in VacationKind.values:
        raise DomainError("请选择寒假或暑假。")
    if first_day > last_day:
        raise DomainError("末日早于首日，请检查。")
    if first_day.year not in (year - 1, year):
        raise DomainError(f"首日是 {first_day.year} 年，与年度 {year} 不符，请检查。")
    days = {"first_day": first_day, "last_day": last_day}
    with transaction.atomic():
        before = Vacation.objects.filter(year=year, kind=kind).values(*days).first()
        vacation, _ = Vacation.objects.update_or_create(year=year, kind=kind, defaults=days)
        _note(actor, "set_vacation", vacation, before, days, at=at)
    return vacation


def set_workday(
    *, actor: "User", day: date, is_workday: bool, name: str = "", at: datetime
) -> WorkdayOverride:
    """Say that ``day`` is worked, or free, whatever the official list says.

    Counts for what is worked out from now on: default due dates and stages of reminders.
    """
    require_planner(actor)
    fields = {"is_workday": is_workday, "name": within(name.strip(), name="说明", limit=50)}
    with transaction.atomic():
        before = WorkdayOverride.objects.filter(date=day).values(*fields).first()
        override, _ = WorkdayOverride.objects.update_or_create(date=day, defaults=fields)
        _note(actor, "set_workday", override, before, fields, at=at)
    return override


def clear_workday(*, actor: "User", override: WorkdayOverride, at: datetime) -> None:
    """Let the official list hold again for the day."""
    require_planner(actor)
    before = {"date": override.date, "is_workday": override.is_workday, "name": override.name}
    with transaction.atomic():
        _note(actor, "clear_workday", override, before, {}, at=at)
        WorkdayOverride.objects.filter(pk=override.pk).delete()


def _note(
    actor: "User",
    verb: str,
    obj: Any,
    before: dict[str, Any] | None,
    after: dict[str, Any],
    *,
    at: datetime,
) -> None:
    name = f"calendar_events.{verb}"
    audit.record(actor=actor, verb=name, obj=obj, before=before, after=after, at=at)
