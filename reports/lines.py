"""The lines of the monthly report, after the form: which there are, in which section, from where.

Sections 一 to 六 come from what is held; 七 and 八 are typed. A line whose room doesn't exist yet
stands here too: it prints 未建档, never 0.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from activities.choices import COUNTERS, MEETINGS, RecordKind

UNRECORDED = "未建档"
NOT_GIVEN = "—"
NOTHING = "无"
# Between the parts of a frozen task line; no form field lets it through.
PART = "\t"


@dataclass(frozen=True)
class Line:
    """One figure of the form. ``key`` is stable: figures are stored and summed up under it."""

    key: str
    section: str
    label: str
    unit: str
    # Whether any room holds it; otherwise it prints 未建档.
    recorded: bool = True
    # Heads stand for a day and don't add up over months.
    is_stock: bool = False


SECTIONS = {
    "basics": "一、基本情况",
    "life": "二、组织生活",
    "tasks": "三、行事历任务",
    "role": "四、作用发挥",
    "integrity": "五、清廉师德",
    "ideology": "六、意识形态与宣传",
}

HEADS = ("full", "probationary", "candidates", "activists")

_LIFE = (
    RecordKind.FIRST_ITEM,
    RecordKind.MEMBERS_MEETING,
    RecordKind.COMMITTEE_MEETING,
    RecordKind.GROUP_MEETING,
    RecordKind.PARTY_LESSON,
    RecordKind.THEME_DAY,
    RecordKind.TALK,
)
# kind -> whether the form asks how often it took place, besides the kind's counters
_COUNTED: dict[str, tuple[tuple[RecordKind, bool], ...]] = {
    "role": (
        (RecordKind.VOLUNTEERING, True),
        (RecordKind.HOME_VISIT, False),
        (RecordKind.SMALL_WISH, False),
        (RecordKind.MODEL_LESSON, False),
        (RecordKind.CIVICS_LESSON, False),
    ),
    "integrity": (
        (RecordKind.WARNING_EDUCATION, True),
        (RecordKind.INTEGRITY_TALK, False),
        (RecordKind.MAJOR_DECISIONS, False),
        (RecordKind.SCHOOL_AFFAIRS, False),
    ),
    "ideology": (
        (RecordKind.IDEOLOGY_STUDY, True),
        (RecordKind.POSITION_CHECK, True),
        (RecordKind.PUBLICITY, False),
    ),
}


def _basics() -> Iterator[Line]:
    labels = ("正式党员", "预备党员", "发展对象", "入党积极分子")
    for key, label in zip(HEADS, labels, strict=True):
        yield Line(f"heads.{key}", "basics", label, "人", is_stock=True)
    yield Line("transfers.in", "basics", "转入", "人", recorded=False)
    yield Line("transfers.out", "basics", "转出", "人", recorded=False)
    yield Line("posts.changes", "basics", "班子变动", "人次", recorded=False)


def _kind(section: str, kind: RecordKind, *, times: bool) -> Iterator[Line]:
    if times:
        yield Line(f"{kind}.times", section, f"{kind.label}次数", "次")
    if kind in MEETINGS:
        yield Line(f"{kind}.entitled", section, f"{kind.label}应到", "人次")
        yield Line(f"{kind}.present", section, f"{kind.label}实到", "人次")
    for counter in COUNTERS.get(kind, ()):
        label = counter.label if kind.label in counter.label else f"{kind.label}{counter.label}"
        yield Line(f"{kind}.{counter.key}", section, label, counter.unit)


def _tasks() -> Iterator[Line]:
    yield Line("tasks.total", "tasks", "应完成任务", "项")
    yield Line("tasks.done", "tasks", "已完成", "项")
    yield Line("tasks.open", "tasks", "进行中", "项")
    yield Line("tasks.not_applicable", "tasks", "不适用", "项")


def _all() -> Iterator[Line]:
    yield from _basics()
    for kind in _LIFE:
        yield from _kind("life", kind, times=True)
    yield from _tasks()
    for section, kinds in _COUNTED.items():
        for kind, times in kinds:
            yield from _kind(section, kind, times=times)


LINES: tuple[Line, ...] = tuple(_all())
BY_KEY: dict[str, Line] = {line.key: line for line in LINES}

# A fixed day every month (支部工作条例): none held needs a word why.
NEEDS_REASON = (f"{RecordKind.THEME_DAY}.times",)


def of_section(section: str) -> tuple[Line, ...]:
    """Return the lines of one section in the order of the form."""
    return tuple(line for line in LINES if line.section == section)
