"""A year of organisational life: what took place in each organisation that reports."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from activities.choices import COUNTERS, MEETINGS, RecordKind
from activities.models import Record, RecordCounter
from bureau.seed.calendar_plan import THEMES
from bureau.seed.context import Context
from common.models import overrides
from common.workdays import Overrides, workdays_of
from organizations.models import Organization
from organizations.queries import subtree_head_counts

MONTHS = 12
_BATCH = 1000


@dataclass(frozen=True)
class Habit:
    """Something that takes place in certain months; ``topic`` may name the ``{theme}``."""

    kind: RecordKind
    topic: str
    months: tuple[int, ...] = tuple(range(1, 13))
    least_members: int = 0
    counters: tuple[tuple[int, int], ...] = ()
    # How often, in per cent of the organisations.
    share: int = 100
    place: str = "党员活动室"


HABITS = (
    Habit(RecordKind.THEME_DAY, "{theme}"),
    Habit(RecordKind.FIRST_ITEM, "学习习近平总书记关于教育的重要论述", share=80, place="会议室"),
    Habit(
        RecordKind.COMMITTEE_MEETING,
        "研究本月党建工作",
        least_members=7,
        place="会议室",
    ),
    Habit(RecordKind.MEMBERS_MEETING, "通报季度工作，讨论发展党员事项", (3, 6, 9, 12)),
    Habit(RecordKind.PARTY_LESSON, "书记讲党课：做新时代“四有”好老师", (3, 6, 9, 12)),
    Habit(RecordKind.TALK, "支委与党员谈心谈话", (1, 4, 7, 10), counters=((3, 9),), share=90),
    Habit(
        RecordKind.VOLUNTEERING,
        "党员护学岗志愿服务",
        (3, 4, 5, 6, 9, 10, 11, 12),
        counters=((4, 20),),
        share=70,
        place="校门口",
    ),
    Habit(RecordKind.MODEL_LESSON, "党员示范课", (4, 5, 10, 11), counters=((1, 6),), share=60),
    Habit(
        RecordKind.WARNING_EDUCATION,
        "观看警示教育片",
        (2, 7, 8),
        counters=((10, 60),),
        share=80,
        place="报告厅",
    ),
    Habit(RecordKind.MAJOR_DECISIONS, "党组织会议集体决策", counters=((1, 4),), share=50),
    Habit(RecordKind.SCHOOL_AFFAIRS, "校务公开栏更新", counters=((2, 8),), share=60),
    Habit(RecordKind.IDEOLOGY_STUDY, "专题研究意识形态工作", (6, 12), place="会议室"),
    Habit(RecordKind.PUBLICITY, "党建宣传报道", counters=((1, 5), (0, 2), (0, 1)), share=55),
)


class Recorder:
    """Collects records and counters, and writes them all at once."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._records: list[Record] = []
        self._counters: list[tuple[Record, str, int]] = []

    def add(
        self,
        *,
        organization: Organization,
        kind: str,
        on: date,
        topic: str,
        members: int,
        place: str = "",
        counters: dict[str, int] | None = None,
    ) -> Record:
        """Note one record; it has an id only after :meth:`write`."""
        head = self.context.heads[organization.pk]
        absent = self.context.rng.choice((0, 0, 0, 1, 1, 2))
        counted = kind in MEETINGS
        if kind == RecordKind.COMMITTEE_MEETING:
            # The committee meets, not everybody: 3 members, 5 in larger organisations.
            members, absent = (5 if members >= 20 else 3), min(absent, 1)
        number = len(self.context.records) + len(self._records)
        row = Record(
            organization=organization,
            kind=kind,
            held_on=on,
            topic=topic,
            place=place,
            speaker=str(head) if kind == RecordKind.PARTY_LESSON else "",
            entitled=members if counted else None,
            present=max(members - absent, 0) if counted else None,
            token=f"seed-{number:06}",
            created_by=head,
            created_at=self.context.at(on, 16, 30),
        )
        self._records.append(row)
        self._counters += [(row, key, value) for key, value in (counters or {}).items()]
        return row

    def write(self) -> None:
        """Write what was noted, and begin afresh."""
        Record.objects.bulk_create(self._records, batch_size=_BATCH)
        RecordCounter.objects.bulk_create(
            (RecordCounter(record=row, key=key, value=value) for row, key, value in self._counters),
            batch_size=_BATCH,
        )
        self._counters = []
        self.context.records += self._records
        self._records = []


def build(context: Context) -> None:
    """File the habits of the last twelve months, up to the day before the one shown."""
    members = members_of(context)
    recorder = Recorder(context)
    days = overrides()
    for organization in reporting(context):
        for first in _months(context.day):
            for habit in _habits(context, first.month, members[organization.pk]):
                on = _day(first, habit, organization, days)
                _record(recorder, organization, habit, on=on, members=members[organization.pk])
    recorder.write()


def reporting(context: Context) -> list[Organization]:
    """The organisations that report, with the one that was merged."""
    rows = Organization.objects.reporting().order_by("order", "id")
    return [row for row in rows if row.pk in context.heads]


def members_of(context: Context) -> dict[int, int]:
    """Members of each organisation and its subordinates, 9 for the one that was merged."""
    ids = [row.pk for row in context.organizations.values()]
    totals = subtree_head_counts(ids, context.day)
    earlier = subtree_head_counts(ids, context.merged_on - timedelta(days=1))
    return {
        pk: (each["full"] or earlier[pk]["full"] or 0)
        + (each["probationary"] or earlier[pk]["probationary"] or 0)
        for pk, each in totals.items()
    }


def _months(day: date) -> Iterator[date]:
    """The first days of the twelve months before the one shown, and of that one."""
    for back in range(MONTHS, -1, -1):
        month = day.year * 12 + day.month - 1 - back
        yield date(month // 12, month % 12 + 1, 1)


def _habits(context: Context, month: int, members: int) -> Iterator[Habit]:
    for habit in HABITS:
        usual = month in habit.months and members >= habit.least_members
        if usual and context.rng.randrange(100) < habit.share:
            yield habit


def _record(
    recorder: Recorder, organization: Organization, habit: Habit, *, on: date, members: int
) -> None:
    rng = recorder.context.rng
    gone = organization.closed_on is not None and on >= organization.closed_on
    if on >= recorder.context.day or gone:
        return
    asked = COUNTERS.get(habit.kind, ())
    counters = {
        counter.key: rng.randint(*span)
        for counter, span in zip(asked, habit.counters, strict=False)
    }
    recorder.add(
        organization=organization,
        kind=habit.kind,
        on=on,
        topic=habit.topic.format(theme=THEMES[on.month - 1]),
        members=members,
        place=habit.place,
        counters=counters,
    )


def _day(first: date, habit: Habit, organization: Organization, days: Overrides) -> date:
    """A workday of the month, always the same for one organisation and habit."""
    found = list(workdays_of(first.year, first.month, days))
    return found[(organization.order // 10 * 7 + HABITS.index(habit) * 5) % len(found)]
