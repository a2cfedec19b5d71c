"""What changing a published event would mean: which words change, for whom, and who is told."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q
from django.utils import timezone

from calendar_events.choices import FINISHED, PENDING, Handling
from calendar_events.models import Event, Task, TaskQuerySet
from calendar_events.telling import people_told


@dataclass(frozen=True)
class Differing:
    """One thing that changes, in words, old beside new."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Standing:
    """How the tasks of an event are before the change."""

    pending: int
    finished: int
    late: int


@dataclass(frozen=True)
class Effect:
    """What a change does. The tasks come with their organisations.

    ``told`` keep their task and hear of the change; ``given`` get a new one; ``withdrawn`` need not
    do it any more; ``kept`` are finished and stay although the event no longer asks for them.
    ``cleared`` counts tasks whose figures typed so far are lost, ``people`` whoever gets a message.
    """

    event: Event
    changes: tuple[Differing, ...]
    before: Standing
    told: tuple[Task, ...] = ()
    given: tuple[Task, ...] = ()
    withdrawn: tuple[Task, ...] = ()
    kept: int = 0
    cleared: int = 0
    late_after: int = 0
    people: int = 0

    @property
    def organizations(self) -> int:
        """How many organisations get a message."""
        return len({task.organization_id for task in (*self.told, *self.given, *self.withdrawn)})

    @property
    def digest(self) -> str:
        """What was shown, in short: once anything of it is otherwise, it has to be shown again."""
        shown = (
            self.event.pk,
            [(each.label, each.old, each.new) for each in self.changes],
            self.before,
            *(
                sorted(task.organization_id for task in tasks)
                for tasks in (self.told, self.given, self.withdrawn)
            ),
            (self.kept, self.cleared, self.late_after, self.people),
        )
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]


def standing_of(event: Event, *, on: date) -> Standing:
    """Count the tasks of an event and its parts; an optional one is never late."""
    tasks = Task.objects.filter(Q(event=event) | Q(event__split_from=event))
    late = Q(state__in=PENDING, due_on__lt=on) & ~Q(event__handling=Handling.OPTIONAL)
    counted = tasks.aggregate(
        pending=Count("pk", filter=Q(state__in=PENDING)),
        finished=Count("pk", filter=Q(state__in=FINISHED)),
        late=Count("pk", filter=late),
    )
    return Standing(counted["pending"], counted["finished"], counted["late"])


def cancelling(event: Event, *, at: datetime) -> Effect:
    """Return what cancelling ``event`` with its parts would do."""
    family = Q(event=event) | Q(event__split_from=event)
    waiting = with_organizations(Task.objects.filter(family, state__in=PENDING))
    before = standing_of(event, on=timezone.localdate(at))
    return Effect(
        event=event,
        changes=(Differing("状态", event.get_state_display(), "已取消（不能恢复）"),),
        before=before,
        withdrawn=tuple(waiting),
        kept=before.finished,
        people=people_told(waiting, at=at),
    )


def with_organizations(tasks: TaskQuerySet) -> list[Task]:
    """Return tasks with their organisations, in customary order."""
    rows = tasks.select_related("organization")
    return list(rows.order_by("organization__order", "organization_id", "pk"))
