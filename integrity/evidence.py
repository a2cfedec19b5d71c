"""What the portal already holds that may prove an answer: the one narrow place that says so.

Each source has a key that items name (``Item.sources``), a label for people, and finds rows of an
organisation within a span of days. A room that comes later adds its finder to ``FINDERS`` and
nothing else. Nothing here is a judgement: whether a row proves anything says the school.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from activities.choices import RecordKind
from activities.models import Record
from honours.models import Honour
from notices.choices import NoticeState
from notices.models import Notice
from organizations.models import Organization
from reports.choices import ReportState
from reports.models import Report

RECORD, REPORT, NOTICE, HONOUR = "record", "report", "notice", "honour"
# So many rows of one source are offered for an item, the newest first.
MOST_OFFERED = 6


@dataclass(frozen=True)
class Offer:
    """A row that may prove something: where it comes from, its number, how it is called."""

    source: str
    ref: int
    label: str

    @property
    def value(self) -> str:
        """What a form sends for it."""
        return f"{self.source}#{self.ref}"


@dataclass(frozen=True)
class Scope:
    """Whose rows, of which days, both included."""

    organization: Organization
    first: date
    last: date


Find = Callable[[Scope, Collection[str]], Iterable[Offer]]


@dataclass(frozen=True)
class Finder:
    """The sources of one room: labels by key, how their rows are found, where the school reads one.

    ``find`` gets the keys that are wanted and takes one query for all of them.
    """

    labels: Mapping[str, str]
    find: Find
    page: str


def _records(scope: Scope, keys: Collection[str]) -> Iterable[Offer]:
    kinds = [key.partition(":")[2] for key in keys]
    held = Record.objects.in_subtree(scope.organization).standing().filter(kind__in=kinds)
    days = held.filter(held_on__gte=scope.first, held_on__lte=scope.last)
    for pk, kind, day, topic in days.values_list("pk", "kind", "held_on", "topic"):
        yield Offer(f"{RECORD}:{kind}", pk, f"{RecordKind(kind).label} {day:%Y-%m-%d} {topic}")


def _reports(scope: Scope, keys: Collection[str]) -> Iterable[Offer]:
    rows = Report.objects.filter(organization=scope.organization, state=ReportState.APPROVED)
    within_year = rows.filter(period__starts_on__gte=scope.first, period__ends_on__lte=scope.last)
    for report in within_year.select_related("period").order_by("-period__starts_on"):
        yield from (Offer(key, report.pk, str(report.period)) for key in keys)


def _notices(scope: Scope, keys: Collection[str]) -> Iterable[Offer]:
    first, last = scope.first, scope.last
    issued = Notice.objects.filter(
        state=NoticeState.ISSUED, issued_at__date__gte=first, issued_at__date__lte=last
    )
    for pk, title, number in issued.order_by("-pk").values_list("pk", "title", "number"):
        label = f"{title}（{number}）" if number else title
        yield from (Offer(key, pk, label) for key in keys)


def _honours(scope: Scope, keys: Collection[str]) -> Iterable[Offer]:
    """Honours of the organisation itself that the bureau has confirmed."""
    held = Honour.objects.confirmed().filter(organization=scope.organization)
    days = held.filter(awarded_on__gte=scope.first, awarded_on__lte=scope.last)
    for pk, title in days.order_by("-awarded_on", "-pk").values_list("pk", "title"):
        yield from (Offer(key, pk, title) for key in keys)


FINDERS: tuple[Finder, ...] = (
    Finder(
        {f"{RECORD}:{kind.value}": str(kind.label) for kind in RecordKind},
        _records,
        "calendar_events:record",
    ),
    Finder({REPORT: "月报"}, _reports, "reports:report"),
    Finder({NOTICE: "公文"}, _notices, "notices:notice"),
    Finder({HONOUR: "荣誉"}, _honours, "honours:honour"),
)
LABELS: dict[str, str] = {key: name for finder in FINDERS for key, name in finder.labels.items()}


def offers(scope: Scope, keys: Iterable[str]) -> dict[str, list[Offer]]:
    """Return by source what ``scope`` holds of ``keys``, the newest first; a query for each room.

    Keys that nobody knows (any more) have nothing to offer.
    """
    wanted = set(keys)
    found: dict[str, list[Offer]] = {key: [] for key in wanted}
    for finder in FINDERS:
        known = wanted.intersection(finder.labels)
        for offer in finder.find(scope, known) if known else ():
            found[offer.source].append(offer)
    return found


def school_page(source: str, ref: int) -> str:
    """Return where the school reads the row; empty for a source that nobody knows any more."""
    page = next((finder.page for finder in FINDERS if source in finder.labels), "")
    return reverse(page, args=[ref]) if page else ""
