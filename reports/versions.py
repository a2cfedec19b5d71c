"""Versions of one report: which there are, who decided on them, what differs figure by figure."""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from activities.models import Record
from common.days import chinese_date
from reports.choices import CLOSED, CorrectionState, Outcome, ReportState
from reports.lines import NOTHING, TEXTS, UNRECORDED
from reports.models import Correction, FormerVersion, Report, ReportFigure
from reports.sheet import Sheet, SheetLine, TaskRow, frozen_sheet, said_at, sheet_of

if TYPE_CHECKING:
    from accounts.models import User

WHOLE = "整份月报"
ABSENT = "没有这一项"
# What is said of a line in which nothing took place; while the school has it, it isn't yet.
_REASON = "本期未开展："


@dataclass(frozen=True)
class Entry:
    """One item of a version in words: its figure, and what stands beside it."""

    label: str
    figure: str
    note: str = ""

    @property
    def whole(self) -> str:
        """Figure and note: 2 次（3月9日《学习》）."""
        if not self.figure:
            return self.note
        return f"{self.figure}（{self.note}）" if self.note else self.figure


@dataclass(frozen=True)
class Change:
    """One item in two versions, and what the reviewer said about the first of them."""

    key: str
    label: str
    old: str
    new: str
    changed: bool
    comment: str = ""


@dataclass(frozen=True)
class Comparison:
    """Two versions: items with a comment, whether changed or not, and other changed ones."""

    commented: tuple[Change, ...]
    others: tuple[Change, ...]
    # What was said of the report as a whole.
    whole: str = ""

    @property
    def changed(self) -> tuple[Change, ...]:
        """All that changed."""
        return (*(each for each in self.commented if each.changed), *self.others)

    @property
    def untouched(self) -> int:
        """How many items with a comment stand as they stood."""
        return sum(not each.changed for each in self.commented)

    @property
    def words(self) -> str:
        """What it comes to: 退回意见 2 项：已改 1 项，未改动 1 项；另有 3 处…."""
        said = len(self.commented)
        parts = []
        if said:
            done = said - self.untouched
            parts.append(f"退回意见 {said} 项：已改动 {done} 项，未改动 {self.untouched} 项")
        more = f"有 {len(self.others)} 处没有意见的改动" if self.others else "没有别的改动"
        parts.append(f"另{more}" if said and self.others else more)
        return "；".join(parts) + "。"


Entries = dict[str, Entry]


def entries_of(sheet: Sheet, texts: Mapping[str, str]) -> Entries:
    """Return every item of a version by its key; ``texts`` are the two typed ones."""
    found: Entries = {}
    for section in sheet.sections:
        found |= {each.line.key: _line_entry(each) for each in section.figures}
        found |= {row.key: _task_entry(row) for row in section.rows}
    for key, label in TEXTS.items():
        found[key] = Entry(label, "", texts[key] or NOTHING)
    return found


def _line_entry(each: SheetLine) -> Entry:
    figure = UNRECORDED if each.missing else f"{each.value} {each.unit}".strip()
    return Entry(each.label, figure, each.note)


def _task_entry(row: TaskRow) -> Entry:
    return Entry(row.label, row.value, row.note)


def compare(before: Entries, after: Entries, comments: Mapping[str, str]) -> Comparison:
    """Compare two versions in the order of the form; ``comments`` are those on ``before``."""
    changes = [
        _change(key, before.get(key), after.get(key), comments.get(key, ""))
        for key in dict.fromkeys([*before, *after])
    ]
    return Comparison(
        commented=tuple(each for each in changes if each.comment),
        others=tuple(each for each in changes if each.changed and not each.comment),
        whole=comments.get("", ""),
    )


def _change(key: str, old: Entry | None, new: Entry | None, comment: str) -> Change:
    known = new or old
    label = known.label if known else WHOLE
    if old is None or new is None or old.figure != new.figure or not old.figure:
        # The figure says it; what stands beside it follows from it.
        words = [each.figure or each.note if each else ABSENT for each in (old, new)]
    else:
        words = [old.whole, new.whole]
    return Change(key, label, words[0], words[1], changed=old != new, comment=comment)


def texts_of(row: Report | FormerVersion) -> dict[str, str]:
    """Return the two typed texts."""
    return {"problems": row.problems, "plans": row.plans}


def version_texts(row: FormerVersion) -> list[dict[str, str]]:
    """Return them with their titles, where they are only read."""
    held = texts_of(row)
    return [{"label": TEXTS[key], "value": held[key] or NOTHING} for key in TEXTS]


class History:
    """What is needed to tell any version of one report again; three queries, however many."""

    def __init__(self, report: Report, versions: Iterable[FormerVersion]) -> None:
        self.report = report
        self._said = list(report.comments.all())
        rows = report.corrections.filter(state=CorrectionState.GRANTED)
        self._granted = list(rows.select_related("asked_by", "decided_by").order_by("-decided_at"))
        late = {pk for each in versions for pk in each.late}
        self._records: dict[int, Record] = Record.objects.in_bulk(late) if late else {}

    def comments(self, number: int) -> dict[str, str]:
        """What the reviewer said about a version."""
        return said_at(each for each in self._said if each.version == number)

    def made_by(self, number: int) -> Correction | None:
        """The correction that made a version; None where it was handed in."""
        return next((each for each in self._granted if each.version == number), None)

    def sheet(self, version: FormerVersion) -> Sheet:
        """A version that another one took the place of."""
        frozen = {
            key: ReportFigure(key=key, value=value, text=text, recorded=recorded)
            for key, value, text, recorded in version.figures
        }
        late = [self._records[pk] for pk in version.late if pk in self._records]
        number = version.number
        granted = [e for e in self._granted if e.version is None or e.version <= number]
        return frozen_sheet(self.report, frozen, self.comments(number), late, granted)

    def entries(self, version: FormerVersion) -> Entries:
        """Its items."""
        return entries_of(self.sheet(version), texts_of(version))


def since_returned(report: Report, sheet: Sheet) -> Comparison | None:
    """Compare ``report`` with what was returned last: what the comments have come to.

    None where it wasn't returned, is approved already, or what it said wasn't kept. ``sheet`` is
    that of the report. While the school has it, the reasons it may type again are left aside.
    """
    pending = report.state == ReportState.RETURNED
    if not pending and report.state != ReportState.SUBMITTED:
        return None
    number = report.version - (0 if pending else 1)
    returned = report.former_versions.filter(number=number, outcome=Outcome.RETURNED)
    version = returned.first() if number else None
    if version is None:
        return None
    history = History(report, [version])
    before, after = history.entries(version), entries_of(sheet, texts_of(report))
    if pending:
        before = {key: _without_reason(each) for key, each in before.items()}
    return compare(before, after, history.comments(number))


def _without_reason(each: Entry) -> Entry:
    parts = [part for part in each.note.split("；") if not part.startswith(_REASON)]
    return Entry(each.label, each.figure, "；".join(parts))


@dataclass(frozen=True)
class Version:
    """One version of a report for the list: where it comes from, what became of it, what differs.

    ``former`` is None for the one that counts now. ``comparison`` is with the version before it,
    None for the first and where that one wasn't kept.
    """

    number: int
    origin: str
    outcome: str
    approved: bool
    former: FormerVersion | None
    comparison: Comparison | None
    comments: tuple[tuple[str, str], ...] = ()
    reason: str = ""

    @property
    def current(self) -> bool:
        """Whether it is the one that counts now."""
        return self.former is None


def versions_of(report: Report) -> list[Version]:
    """Return the versions of ``report`` that are known, newest first, each with what differs."""
    rows = report.former_versions.select_related("submitted_by", "reviewed_by")
    formers = list(rows.order_by("number"))
    history = History(report, formers)
    said = {each.number: history.entries(each) for each in formers}
    found = [_former(each, history, said) for each in formers]
    if report.state in CLOSED:
        said[report.version] = entries_of(sheet_of(report), texts_of(report))
        found.append(_current(history, said))
    return found[::-1]


def _former(former: FormerVersion, history: History, said: dict[int, Entries]) -> Version:
    number, made_by = former.number, history.made_by(former.number)
    approved = former.outcome == Outcome.APPROVED
    verdict = "同意更正" if made_by else "审核通过" if approved else "退回"
    comments = {} if approved else history.comments(number)
    items = said[number]
    return Version(
        number,
        _origin(former, made_by),
        _words(former.reviewed_by, former.reviewed_at, verdict),
        approved=approved,
        former=former,
        comparison=_with_before(history, number, said),
        comments=tuple(
            (items[key].label if key in items else WHOLE, text) for key, text in comments.items()
        ),
        reason=made_by.reason if made_by else "",
    )


def _current(history: History, said: dict[int, Entries]) -> Version:
    report, made_by = history.report, history.made_by(history.report.version)
    approved = report.state == ReportState.APPROVED
    if made_by is not None:
        outcome = _words(made_by.decided_by, made_by.decided_at, "同意更正")
    else:
        passed = _words(report.reviewed_by, report.reviewed_at, "审核通过")
        outcome = passed if approved else "等待审核"
    return Version(
        report.version,
        _origin(report, made_by),
        outcome,
        approved=approved,
        former=None,
        comparison=_with_before(history, report.version, said),
        reason=made_by.reason if made_by else "",
    )


def _with_before(history: History, number: int, said: dict[int, Entries]) -> Comparison | None:
    if number - 1 not in said:
        return None
    return compare(said[number - 1], said[number], history.comments(number - 1))


def _origin(row: Report | FormerVersion, made_by: Correction | None) -> str:
    if made_by is not None:
        return _words(made_by.asked_by, made_by.created_at, f"申请更正「{made_by.label}」")
    return _words(row.submitted_by, row.submitted_at, "提交")


def _words(who: "User | None", at: datetime | None, what: str) -> str:
    return " ".join(filter(None, [str(who or ""), moment_words(at) if at else "", what]))


def moment_words(at: datetime) -> str:
    """Return 2026年11月3日 14:30, Shanghai time."""
    local = timezone.localtime(at)
    return f"{chinese_date(local)} {local:%H:%M}"


def report_then(report: Report, version: FormerVersion) -> Report:
    """Return ``report`` with the words and names of ``version``: for its page and its print.

    Not to be saved.
    """
    then = copy(report)
    for name in ("head_label", "filler_label", "reviewer_label", "problems", "plans"):
        setattr(then, name, getattr(version, name))
    then.submitted_at, then.submitted_by = version.submitted_at, version.submitted_by
    then.reviewed_at, then.reviewed_by = version.reviewed_at, version.reviewed_by
    then.version = version.number
    approved = version.outcome == Outcome.APPROVED
    then.state = ReportState.APPROVED if approved else ReportState.RETURNED
    return then
