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
# Keys of frozen task lines: this, and the task's id.
TASK_KEY = "task:"


@dataclass(frozen=True)
class Line:
    """One figure of the form. ``key`` is stable: figures are stored and summed up under it.

    ``label`` says it whole (党员大会应到); ``group`` and ``short`` are its two parts where a table
    has a head of two rows (党员大会 / 应到), both empty where the label stands alone.
    """

    key: str
    section: str
    label: str
    unit: str
    # Whether any room holds it; otherwise it prints 未建档.
    recorded: bool = True
    # Heads stand for a day and don't add up over months.
    is_stock: bool = False
    group: str = ""
    short: str = ""

    @property
    def short_unit(self) -> str:
        """The unit under ``short`` in the head of a table; empty where that says it already."""
        return "" if self.unit in (self.short or self.label) else self.unit

    @property
    def kind(self) -> str:
        """What it speaks of: the kind of record, or heads, tasks, transfers, posts."""
        return self.key.partition(".")[0]


SECTIONS = {
    "basics": "一、基本情况",
    "life": "二、组织生活",
    "tasks": "三、行事历任务",
    "role": "四、作用发挥",
    "integrity": "五、清廉师德",
    "ideology": "六、意识形态与宣传",
}
TEXTS = {"problems": "七、问题与建议", "plans": "八、下月打算"}

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
# The kinds of records that the form counts; others stand in no report.
KINDS: tuple[RecordKind, ...] = (
    *_LIFE,
    *(kind for kinds in _COUNTED.values() for kind, _ in kinds),
)


def _basics() -> Iterator[Line]:
    labels = ("正式党员", "预备党员", "发展对象", "入党积极分子")
    for key, label in zip(HEADS, labels, strict=True):
        yield Line(f"heads.{key}", "basics", label, "人", is_stock=True)
    yield Line("transfers.in", "basics", "转入", "人", recorded=False)
    yield Line("transfers.out", "basics", "转出", "人", recorded=False)
    yield Line("posts.changes", "basics", "班子变动", "人次", recorded=False)


def _kind(section: str, kind: RecordKind, *, times: bool) -> Iterator[Line]:
    def line(key: str, short: str, unit: str) -> Line:
        label = _joined(kind.label, short)
        rest = label.removeprefix(kind.label)
        return Line(f"{kind}.{key}", section, label, unit, group=kind.label, short=rest)

    if times:
        yield line("times", "次数", "次")
    if kind in MEETINGS:
        yield line("entitled", "应到", "人次")
        yield line("present", "实到", "人次")
    for counter in COUNTERS.get(kind, ()):
        yield line(counter.key, counter.label, counter.unit)


def _joined(first: str, second: str) -> str:
    """Put two words together and say once what both say: 谈心谈话 + 谈话人次 = 谈心谈话人次."""
    shared = next(n for n in range(len(second), -1, -1) if first.endswith(second[:n]))
    return first + second[shared:]


def _tasks() -> Iterator[Line]:
    names = {"total": "应完成", "done": "已完成", "open": "进行中", "not_applicable": "不适用"}
    for key, short in names.items():
        label = "应完成任务" if key == "total" else short
        yield Line(f"tasks.{key}", "tasks", label, "项", group="行事历任务", short=short)


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


def label_of(key: str) -> str:
    """Return the words of a figure's or text's key; the whole report where it names neither."""
    if key in BY_KEY:
        return BY_KEY[key].label
    return TEXTS.get(key, "整份月报")
