"""Composing a report from what is held: records, tasks, head counts of an organisation's subtree.

Nothing here writes. A pending report is composed afresh each time it is looked at; submitting
freezes what was composed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from activities.models import Record
from organizations.models import HeadCount
from organizations.queries import head_counts
from reports.composition.earlier import earlier_reports
from reports.composition.records import countable_records, figures_of, kinds_held
from reports.composition.scope import scope_of
from reports.composition.tasks import TaskLine, task_figures, task_lines
from reports.lines import BY_KEY, HEADS, LINES, NEEDS_REASON, Line
from reports.models import Report

__all__ = ["ComposedLine", "Composition", "TaskLine", "compose", "scope_of"]


@dataclass(frozen=True)
class ComposedLine:
    """One line with its figure. ``value`` None: not known or not asked, never 0."""

    line: Line
    value: int | None
    text: str = ""


@dataclass(frozen=True)
class Composition:
    """Everything a report says by itself, and the records it counted.

    ``members`` are the organisations it speaks for; ``supplements`` those of ``records`` that
    belong to earlier periods (补录); ``missing`` the lines that need a word why nothing took place.
    """

    members: tuple[int, ...]

    lines: tuple[ComposedLine, ...]
    tasks: tuple[TaskLine, ...]
    records: tuple[Record, ...]
    supplements: tuple[Record, ...] = ()
    missing: tuple[Line, ...] = ()

    @cached_property
    def by_key(self) -> Mapping[str, ComposedLine]:
        """The lines by their keys."""
        return {each.line.key: each for each in self.lines}

    def value(self, key: str) -> int | None:
        """Return the figure of one line."""
        return self.by_key[key].value

    @cached_property
    def fingerprint(self) -> str:
        """A short mark of all that it says: who saw it knows whether it changed since."""
        said = [(each.line.key, each.value, each.text) for each in self.lines]
        parts = (said, [each.frozen_text for each in self.tasks], [r.pk for r in self.records])
        return sha256(repr(parts).encode()).hexdigest()[:16]


def compose(report: Report) -> Composition:
    """Compose ``report`` from what is held today for its period; a constant number of queries."""
    members = scope_of(report)
    first = report.period.starts_on
    earlier = earlier_reports(report)
    records = countable_records(report, members, earlier)
    supplements = tuple(record for record in records if record.held_on < first)
    own = kinds_held(record for record in records if record.held_on >= first)
    tasks = task_lines(report, members, earlier)
    heads = head_counts(members, report.period.ends_on).values()
    figures = figures_of(records, first=first) | task_figures(tasks) | _head_figures(list(heads))
    return Composition(
        members=tuple(members),
        lines=tuple(ComposedLine(line, *figures.get(line.key, (None, ""))) for line in LINES),
        tasks=tuple(tasks),
        records=tuple(records),
        supplements=supplements,
        missing=tuple(BY_KEY[key] for key in NEEDS_REASON if BY_KEY[key].kind not in own),
    )


def _head_figures(counts: list[HeadCount]) -> dict[str, tuple[int | None, str]]:
    return {f"heads.{name}": (_sum_known(counts, name), "") for name in HEADS}


def _sum_known(counts: list[HeadCount], name: str) -> int | None:
    """Add up what is known; None when nobody knows anything."""
    known = [value for count in counts if (value := getattr(count, name)) is not None]
    return sum(known) if known else None
