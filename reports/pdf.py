"""Prints of this room: the report as the field's A4 form, the month's summary as wide tables."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils import timezone

from activities.choices import RecordKind
from organizations.queries import acting_words, head_label
from people.models import Person
from reports.choices import CLOSED, ReportState
from reports.lines import NOT_GIVEN, NOTHING, SECTIONS, UNRECORDED, Line, of_section
from reports.models import FormerVersion, Period, Report
from reports.sheet import Section, Sheet, SheetLine, sheet_of
from reports.summaries import summary
from reports.tables import section_table
from reports.versions import History, report_then, versions_of

if TYPE_CHECKING:
    from accounts.models import User

# A unit that doesn't say what is counted.
BARE_UNIT = "个"


@dataclass(frozen=True)
class LifeRow:
    """One kind of meeting in section 二: how often, how many, when and what about."""

    label: str
    times: str
    entitled: str
    present: str
    note: str


@dataclass(frozen=True)
class Box:
    """One figure in a small table: its words above, itself below."""

    label: str
    value: str


def report_html(
    report: Report,
    *,
    reader: "User | None",
    at: datetime,
    version: FormerVersion | None = None,
) -> str:
    """Return the report as the form prints it, with places for signature and seal.

    ``version`` prints what that one said, and by which it was replaced.

    ``reader`` is who prints it: one's own mobile number is shown whole, others' masked. One that
    wasn't handed in is marked as a draft of the moment ``at``.
    """
    version_words = _version_words(report, version)
    sheet = sheet_of(report) if version is None else History(report, [version]).sheet(version)
    report = report if version is None else report_then(report, version)
    head = _head(report, at=at)
    context = {
        "version_words": version_words,
        "report": report,
        "period": report.period,
        "sheet": sheet,
        "basics": _basics(sheet),
        "life": _life(sheet),
        "tasks": next(each for each in sheet.sections if each.key == "tasks"),
        "small": [(each, _boxes(each)) for each in _small(sheet)],
        "head": head,
        "acting": _acting(report, head, at=at),
        "mobile": _mobile(report, reader=reader),
        "is_draft": report.state not in CLOSED,
        "printed_at": timezone.localtime(at),
        # Not yet written is not nothing.
        "nothing": "" if report.state not in CLOSED else NOTHING,
    }
    return render_to_string("reports/print/report.html", context)


def _version_words(report: Report, version: FormerVersion | None) -> str:
    """Which version is printed and who decided on it, where there was a correction."""
    if report.version == 1 or report.state != ReportState.APPROVED:
        return ""
    shown = next(each for each in versions_of(report) if each.former == version)
    if version is not None:
        return f"第{shown.number}版：{shown.outcome}；后经更正，以第{report.version}版为准。"
    if not shown.reason or shown.comparison is None:
        return ""
    changed = [f"{each.label}由{each.old}改为{each.new}" for each in shown.comparison.changed]
    return f"第{shown.number}版：{'，'.join(changed)}；{shown.outcome}。"


def _head(report: Report, *, at: datetime) -> str:
    """The head who signs: of the day of handing in, else of the moment."""
    if report.state in CLOSED:
        return report.head_label
    return head_label([report.organization_id], timezone.localdate(at))[report.organization_id]


def _acting(report: Report, head: str, *, at: datetime) -> str:
    """Until when and after which document the head acts for the secretary; empty if not."""
    handed_in = report.submitted_at if report.state in CLOSED else None
    return acting_words(report.organization_id, timezone.localdate(handed_in or at), head=head)


def _mobile(report: Report, *, reader: "User | None") -> str:
    """The number of who filled it in; a place to write it where none is known."""
    filler = report.submitted_by
    person = Person.objects.filter(user=filler).first() if filler else None
    if person is None:
        return ""
    number: str = person.mobile if reader == filler else person.masked_mobile
    return number


def _small(sheet: Sheet) -> list[Section]:
    return [each for each in sheet.sections if each.key in ("role", "integrity", "ideology")]


def _basics(sheet: Sheet) -> list[Box]:
    return [_basic(sheet.by_key[line.key]) for line in of_section("basics")]


def _basic(each: SheetLine) -> Box:
    if each.missing:
        return Box(each.label, UNRECORDED)
    return Box(each.label, f"{each.value} {each.unit}")


def _boxes(section: Section) -> list[Box]:
    """One box for each kind of record, as the form words it: 志愿服务（次／人次） 1／56."""
    groups = groupby(section.figures, key=lambda each: each.line.group)
    return [_box(group, list(members)) for group, members in groups]


def _box(group: str, figures: Sequence[SheetLine]) -> Box:
    values = "／".join(each.value for each in figures)
    return Box(f"{group}（{_units([each.line for each in figures])}）", values)


def _units(lines: Sequence[Line]) -> str:
    """What the figures count: their units where these tell them apart, else their words."""
    units = [line.unit for line in lines]
    if len(set(units)) == len(units) and units != [BARE_UNIT]:
        return "／".join(units)
    words = [line.short for line in lines]
    # 校级篇数／区级篇数／市级篇数 says three times what it counts.
    shared = _shared_ending(words) if len(words) > 1 else ""
    return "／".join(word.removesuffix(shared) for word in words) + shared


def _shared_ending(words: Sequence[str]) -> str:
    longest = words[0]
    return next(
        longest[at:]
        for at in range(len(longest) + 1)
        if all(word.endswith(longest[at:]) for word in words)
    )


def _life(sheet: Sheet) -> list[LifeRow]:
    kinds = dict.fromkeys(line.kind for line in of_section("life"))
    return [_life_row(sheet, RecordKind(kind)) for kind in kinds]


def _life_row(sheet: Sheet, kind: RecordKind) -> LifeRow:
    times = sheet.by_key[f"{kind}.times"]
    # A talk has no meeting's two figures; its persons stand where the others have 实到.
    present = sheet.by_key.get(f"{kind}.present") or sheet.by_key.get(f"{kind}.persons")
    entitled = sheet.by_key.get(f"{kind}.entitled")
    return LifeRow(
        kind.label,
        times.value,
        entitled.value if entitled else NOT_GIVEN,
        present.value if present else NOT_GIVEN,
        times.note,
    )


def summary_html(period: Period, organization_ids: Collection[int], *, at: datetime) -> str:
    """Return the summary of ``period`` over these organisations, a table for each section."""
    whole = summary(period, organization_ids)
    tables = [section_table(whole.section(key), title) for key, title in SECTIONS.items()]
    context = {
        "period": period,
        "summary": whole,
        "tables": tables,
        "printed_at": timezone.localtime(at),
    }
    return render_to_string("reports/print/summary.html", context)
