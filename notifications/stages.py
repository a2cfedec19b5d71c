"""When something with a deadline is worth a reminder: the steps that all rooms share.

The month's first workday, three workdays before, on the day, one and three after, then to the
superior. A step is a day, not an instant: whoever looks later still finds it, and only the latest
one counts, so that a worker that was down for a week doesn't send five reminders at once.
"""

from collections.abc import Mapping
from datetime import date

from django.db.models import TextChoices

from common.workdays import add_workdays, nth_workday_of


class Stage(TextChoices):
    MONTH_START = "month_start", "本月"
    THREE_BEFORE = "three_before", "快到期"
    ON_DAY = "on_day", "今天截止"
    ONE_AFTER = "one_after", "已过期 1 天"
    THREE_AFTER = "three_after", "已过期 3 天"
    SUPERIOR = "superior", "下级逾期"


# How many workdays after the due date a superior hears of it.
WORKDAYS_TO_SUPERIOR = 5


def steps(due_on: date, overrides: Mapping[date, bool]) -> list[tuple[date, Stage]]:
    """Return the day of each step for something due on ``due_on``, in order."""
    start = nth_workday_of(due_on.year, due_on.month, 1, overrides)
    return sorted(
        [
            (min(start, due_on), Stage.MONTH_START),
            (add_workdays(due_on, -3, overrides), Stage.THREE_BEFORE),
            (due_on, Stage.ON_DAY),
            (add_workdays(due_on, 1, overrides), Stage.ONE_AFTER),
            (add_workdays(due_on, 3, overrides), Stage.THREE_AFTER),
            (add_workdays(due_on, WORKDAYS_TO_SUPERIOR, overrides), Stage.SUPERIOR),
        ],
        key=lambda step: (step[0], list(Stage).index(step[1])),
    )


def stage_on(due_on: date, on: date, overrides: Mapping[date, bool]) -> Stage | None:
    """Return the latest step reached on the day ``on``, None before the first."""
    reached = [stage for day, stage in steps(due_on, overrides) if day <= on]
    return reached[-1] if reached else None
