"""The words of digests and group texts: friendly, short; what, until when, how long."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notifications.models import Due

WEEKDAYS = "一二三四五六日"

STAGE_WORDS = {
    "month_start": "本月",
    "three_before": "快到期",
    "on_day": "今天截止",
    "one_after": "已过期 1 天",
    "three_after": "已过期 3 天",
    "superior": "下级逾期",
    "nudge": "催办",
    "change": "有变更",
    "returned": "已退回",
}


@dataclass(frozen=True)
class Words:
    """A title and a text."""

    subject: str
    text: str


def day_words(day: date) -> str:
    """Return 3月25日（周三）."""
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def digest_words(dues: Sequence["Due"]) -> Words:
    """Return what one person reads: a line for each thing, and how long it all takes."""
    minutes = sum(due.minutes for due in dues)
    subject = f"您有 {len(dues)} 件事待办，约需 {minutes} 分钟"
    lines = [f"{number}. {_line(due)}" for number, due in enumerate(dues, start=1)]
    return Words(subject, "\n".join([*lines, "已经办好的请忽略。"]))


def _line(due: "Due") -> str:
    stage = STAGE_WORDS.get(due.stage, due.stage)
    until = f"，{day_words(due.deadline)}前" if due.deadline else ""
    unit = f"{due.unit}：" if due.unit else ""
    return f"〔{stage}〕{unit}{due.subject}{until}，约需 {due.minutes} 分钟"


@dataclass(frozen=True)
class GroupWords:
    """The two versions for a chat group, and whom to call."""

    title: str
    named: str
    unnamed: str
    calls: list[dict[str, object]]


def group_words(dues: Iterable["Due"], *, title: str) -> GroupWords:
    """Return the texts for a group: one that names the units, one that gives numbers only.

    One paragraph for each subject. Deliberately without telephone numbers: those are looked up, and
    their reading recorded, when the list is opened.
    """
    by_subject: dict[tuple[str, date | None, int], list[Due]] = defaultdict(list)
    for due in dues:
        by_subject[due.subject, due.deadline, due.minutes].append(due)
    named, unnamed = [], []
    for (subject, deadline, minutes), rows in by_subject.items():
        units = list(dict.fromkeys(row.unit for row in rows if row.unit))
        head = f"{subject}请于{day_words(deadline)}前完成" if deadline else subject
        tail = f"约需 {minutes} 分钟"
        unnamed.append(f"{head}，尚有 {len(units)} 家未完成，{tail}。")
        named.append(f"{head}，尚有 {len(units)} 家未完成（{'、'.join(units)}），{tail}。")
    calls = [
        {"unit": due.unit, "user_id": due.recipient_id, "what": due.subject}
        for rows in by_subject.values()
        for due in rows
    ]
    return GroupWords(title, _group_text(named), _group_text(unnamed), calls)


def _group_text(paragraphs: list[str]) -> str:
    return "【温馨提示】" + "\n".join([*paragraphs, "已完成的请忽略，谢谢。"])
