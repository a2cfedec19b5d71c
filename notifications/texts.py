"""The words of digests and group texts: friendly, short; what, until when, how long."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from notifications.stages import ABOVE, OWN, Stage

if TYPE_CHECKING:
    from notifications.models import Due

WEEKDAYS = "一二三四五六日"
# A digest lists so many units by name; the rest is a number.
UNITS_BY_NAME = 10


@dataclass(frozen=True)
class Words:
    """A title and a text."""

    subject: str
    text: str


def day_words(day: date) -> str:
    """Return 3月25日（周三）."""
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def digest_words(dues: Sequence["Due"], *, on: date) -> Words:
    """Return what one person reads on the day ``on``: a line for each thing to do, then the rest.

    What subordinates are late with stands in one line for each subject. The words follow from
    the deadline and ``on``, not from the step that was reached: a text that goes out late is true.
    """
    above = [due for due in dues if due.stage in ABOVE]
    changes = [due for due in dues if due.stage == Stage.CHANGE]
    own = sorted((due for due in dues if due.stage not in (*ABOVE, Stage.CHANGE)), key=_urgency)
    with_unit = len({due.unit for due in (*own, *changes)}) > 1
    lines = [
        *(_own_line(due, on=on, with_unit=with_unit) for due in own),
        *(_change_line(due, with_unit=with_unit) for due in changes),
        *_above_lines(above),
    ]
    numbered = [f"{number}. {line}" for number, line in enumerate(lines, start=1)]
    return Words(_subject(own, changes, above), "\n".join([*numbered, "已经办好的请忽略。"]))


def _urgency(due: "Due") -> tuple[bool, date]:
    return due.stage != Stage.RETURNED, due.deadline or date.max


def _subject(own: Sequence["Due"], changes: Sequence["Due"], above: Sequence["Due"]) -> str:
    late = sum(due.stage == Stage.SUPERIOR for due in above)
    vacant = len(above) - late
    parts = [
        (len(own), f"您有 {len(own)} 件事待办，约需 {sum(due.minutes for due in own)} 分钟"),
        (len(changes), f"{len(changes)} 项变更"),
        (late, f"下级 {late} 项逾期"),
        (vacant, f"{vacant} 项无人负责"),
    ]
    return "；".join(words for count, words in parts if count)


def _own_line(due: "Due", *, on: date, with_unit: bool) -> str:
    unit = f"{due.unit}：" if with_unit and due.unit else ""
    return (
        f"〔{_mark(due, on=on)}〕{unit}{due.subject}{_until(due, on=on)}，约需 {due.minutes} 分钟"
    )


def _change_line(due: "Due", *, with_unit: bool) -> str:
    unit = f"{due.unit}：" if with_unit and due.unit else ""
    return f"〔{Stage.CHANGE.label}〕{unit}{due.subject}"


def _mark(due: "Due", *, on: date) -> str:
    """Return the state that the line begins with, as it is on the day ``on``."""
    if due.stage not in OWN or due.deadline is None:
        return str(Stage(due.stage).label)
    if due.deadline < on:
        return f"已逾期 {(on - due.deadline).days} 天"
    if due.deadline == on:
        return str(Stage.ON_DAY.label)
    return str(Stage.MONTH_START.label if due.stage == Stage.MONTH_START else "快到期")


def _until(due: "Due", *, on: date) -> str:
    if due.deadline is None or due.stage == Stage.RETURNED:
        return ""
    day = day_words(due.deadline)
    return f"，{day}截止" if due.deadline < on else f"，{day}前"


def _above_lines(dues: Iterable["Due"]) -> list[str]:
    grouped: dict[tuple[str, str, date | None], list[str]] = defaultdict(list)
    for due in dues:
        grouped[due.stage, due.subject, due.deadline].append(due.unit)
    return [
        f"〔{Stage(stage).label}〕{subject}{f'，{day_words(deadline)}截止' if deadline else ''}："
        f"{_units(units)}{'，请明确负责人' if stage == Stage.VACANT else ''}"
        for (stage, subject, deadline), units in grouped.items()
    ]


def _units(units: Sequence[str]) -> str:
    named = "、".join(units[:UNITS_BY_NAME])
    if len(units) > UNITS_BY_NAME:
        return f"{named}等 {len(units)} 家"
    return f"{named}，共 {len(units)} 家" if len(units) > 1 else named


@dataclass(frozen=True)
class GroupWords:
    """The two versions for a chat group, and whom to call."""

    title: str
    named: str
    unnamed: str
    calls: list[dict[str, object]]


def group_words(dues: Iterable["Due"], *, title: str, on: date | None = None) -> GroupWords:
    """Return the texts for a group: one that names the units, one that gives numbers only.

    One paragraph for each subject, as it stands on the day ``on`` (default: the day each row is
    of). Deliberately without telephone numbers: those are looked up, and their reading recorded,
    when the list is opened. ``dues`` come with their recipients.
    """
    rows = list(dues)
    by_subject: dict[tuple[str, date | None, str, int], list[Due]] = defaultdict(list)
    for due in rows:
        phase = _phase(due, on=on or timezone.localdate(due.due_at))
        by_subject[due.subject, due.deadline, phase, due.minutes].append(due)
    named, unnamed = [], []
    for (subject, deadline, phase, minutes), group in by_subject.items():
        units = list(dict.fromkeys(due.unit for due in group if due.unit))
        head, tail = _group_frame(subject, deadline, phase, len(units))
        names = f"（{'、'.join(units)}）" if units else ""
        named.append(f"{head}{names}{tail}，约需 {minutes} 分钟。")
        unnamed.append(f"{head}{tail}，约需 {minutes} 分钟。")
    return GroupWords(title, _group_text(named), _group_text(unnamed), _calls(rows))


def _phase(due: "Due", *, on: date) -> str:
    if due.deadline is not None and due.deadline < on:
        return "late"
    return "start" if due.stage == Stage.MONTH_START else "waiting"


def _group_frame(subject: str, deadline: date | None, phase: str, count: int) -> tuple[str, str]:
    """Return what stands before and after the names of units."""
    day = day_words(deadline) if deadline else ""
    if phase == "late":
        return f"{subject}已于{day}截止，尚有 {count} 家未完成", "，请尽快补报"
    head = f"{subject}请于{day}前完成" if day else subject
    return (head if phase == "start" else f"{head}，尚有 {count} 家未完成"), ""


def _calls(dues: Iterable["Due"]) -> list[dict[str, object]]:
    """One call for each unit and person, whatever it is about."""
    by_person: dict[tuple[str, int], list[Due]] = defaultdict(list)
    for due in dues:
        by_person[due.unit, due.recipient_id].append(due)
    return [
        {
            "unit": unit,
            "user_id": user_id,
            "name": rows[0].recipient.name,
            "what": "、".join(dict.fromkeys(row.subject for row in rows)),
        }
        for (unit, user_id), rows in by_person.items()
    ]


def _group_text(paragraphs: list[str]) -> str:
    return "【温馨提示】" + "\n".join([*paragraphs, "已完成的请忽略，谢谢。"])
