"""When people may be reminded: working hours of workdays, Shanghai time."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.utils import timezone

from common.models import overrides
from common.workdays import is_workday

OPENS, CLOSES = time(8, 30), time(17, 30)


def in_working_hours(at: datetime) -> bool:
    """Whether people may be reminded at ``at``."""
    local = timezone.localtime(at)
    return OPENS <= local.time() <= CLOSES and is_workday(local.date(), overrides())


def reached_on(at: datetime) -> date:
    """Return the latest day whose office hours have begun by ``at``.

    What falls due on a day does so when the office opens, so that the first digest of the day
    speaks of that day.
    """
    opening = timedelta(hours=OPENS.hour, minutes=OPENS.minute)
    return (timezone.localtime(at) - opening).date()


@lru_cache(maxsize=64)
def opening_of(day: date) -> datetime:
    """Return the moment at which the office opens on ``day``."""
    return timezone.make_aware(datetime.combine(day, OPENS))
