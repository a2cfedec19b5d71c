"""When something with a deadline is worth a reminder: the steps that all rooms share.

The month's first workday, three workdays before, on the day, one and three after, then to the
superior. A step is a day, not an instant: whoever looks later still finds it, and only the latest
one counts, so that a worker that was down for a week doesn't send five reminders at once.
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import TextChoices

from common.workdays import add_workdays, next_workday, workday_from

if TYPE_CHECKING:
    from accounts.models import User
    from notifications.models import Due


class Stage(TextChoices):
    """Why a row was written. Beside the steps: what others did, and a post that is vacant."""

    MONTH_START = "month_start", "本月"
    THREE_BEFORE = "three_before", "快到期"
    ON_DAY = "on_day", "今天截止"
    ONE_AFTER = "one_after", "已逾期"
    THREE_AFTER = "three_after", "已逾期"
    SUPERIOR = "superior", "下级逾期"
    VACANT = "vacant", "无人负责"
    NUDGE = "nudge", "催办"
    RETURNED = "returned", "已退回"
    CHANGE = "change", "变更"
    TERM = "term", "换届提醒"


# What the steps tell to who is responsible, and what they tell to the superior.
OWN = (
    Stage.MONTH_START,
    Stage.THREE_BEFORE,
    Stage.ON_DAY,
    Stage.ONE_AFTER,
    Stage.THREE_AFTER,
)
ABOVE = (Stage.SUPERIOR, Stage.VACANT)

# How many workdays after the due date a superior hears of it.
WORKDAYS_TO_SUPERIOR = 5

Step = tuple[date, Stage]


class Reached(NamedTuple):
    """The latest step for who is responsible and the superior's one, each None before its day."""

    own: Step | None
    above: Step | None


def steps(due_on: date, overrides: Mapping[date, bool]) -> list[Step]:
    """Return the day of each step for something due on ``due_on``, in order.

    The last day is told of on a workday: for a deadline on a Sunday on the Friday before.
    """
    last_day = add_workdays(next_workday(due_on, overrides), -1, overrides)
    start = workday_from(due_on.replace(day=1), overrides)
    return sorted(
        [
            (min(start, last_day), Stage.MONTH_START),
            (add_workdays(due_on, -3, overrides), Stage.THREE_BEFORE),
            (last_day, Stage.ON_DAY),
            (add_workdays(due_on, 1, overrides), Stage.ONE_AFTER),
            (add_workdays(due_on, 3, overrides), Stage.THREE_AFTER),
            (add_workdays(due_on, WORKDAYS_TO_SUPERIOR, overrides), Stage.SUPERIOR),
        ],
        key=lambda step: (step[0], list(Stage).index(step[1])),
    )


def reached(due_on: date, on: date, overrides: Mapping[date, bool]) -> Reached:
    """Return what has been reached on the day ``on``."""
    gone = [step for step in steps(due_on, overrides) if step[0] <= on]
    own = [step for step in gone if step[1] != Stage.SUPERIOR]
    above = [step for step in gone if step[1] == Stage.SUPERIOR]
    return Reached(own[-1] if own else None, above[-1] if above else None)


def handed_over(due: "Due", responsible: Collection["User"]) -> bool:
    """Whether a waiting row is addressed to somebody whom its step no longer concerns.

    ``responsible`` is who answers for the organisation by now: who takes over has rows of their
    own, and once there is somebody, no superior needs to hear of a vacancy.
    """
    if due.stage == Stage.VACANT:
        return bool(responsible)
    return due.stage in OWN and due.recipient_id not in {user.pk for user in responsible}
