"""Reads of checklists, each named after the page or figure it serves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, Q, Sum

from integrity.choices import (
    PENDING,
    VETO_LABELS,
    AssignmentState,
    SelfCheckState,
    Verdict,
)
from integrity.evidence import Offer, Scope, offers
from integrity.models import (
    Answer,
    Assignment,
    Evidence,
    Item,
    Rectification,
    RectificationQuerySet,
    Section,
    SelfCheck,
    SelfCheckQuerySet,
)

if TYPE_CHECKING:
    from accounts.models import User
    from organizations.models import Organization


def kinds_of(self_check: SelfCheck) -> tuple[str, ...]:
    """Return the kinds of school that it is about; one query where organisations answer."""
    if self_check.school is not None:
        return (self_check.school.kind,)
    return tuple(self_check.organization.schools.values_list("kind", flat=True))


def year_scope(self_check: SelfCheck) -> Scope:
    """Return whose rows of which days may prove its answers: those of its year."""
    year = self_check.assignment.year
    return Scope(self_check.organization, date(year, 1, 1), date(year, 12, 31))


@dataclass(frozen=True)
class Former:
    """What was said of an item the year before."""

    year: int
    words: str
    reason: str
    remark: str


@dataclass
class Line:
    """One item as a page shows it, with what was answered.

    ``number`` counts those that apply: a school isn't shown gaps where others are asked.
    """

    item: Item
    bars: bool
    number: int = 0
    answer: Answer | None = None
    evidence: list[Evidence] = field(default_factory=list)
    former: Former | None = None
    offered: list[Offer] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The conclusion in words; empty without an answer."""
        return verdict_words(self.answer.verdict, bars=self.bars) if self.answer else ""


@dataclass
class Part:
    """A section with the items that apply; ``withdrawn`` were answered and are asked no longer."""

    section: Section
    lines: list[Line] = field(default_factory=list)
    withdrawn: list[Line] = field(default_factory=list)

    @property
    def answered(self) -> int:
        """How many have an answer."""
        return sum(line.answer is not None for line in self.lines)

    @property
    def is_done(self) -> bool:
        """Whether each has one."""
        return self.answered == len(self.lines)


def verdict_words(verdict: str, *, bars: bool) -> str:
    """Return 符合; of an item that bars, 没有发生."""
    known = Verdict(verdict)
    return str(VETO_LABELS.get(known, known.label) if bars else known.label)


def parts_of(self_check: SelfCheck) -> list[Part]:
    """Return the sections that apply to it, with answers and evidence; three or four queries."""
    kinds = kinds_of(self_check)
    items = Item.objects.filter(section__edition=self_check.assignment.edition_id)
    answers = _answers_of(self_check)
    parts: dict[int, Part] = {}
    for item in items.select_related("section"):
        part = parts.setdefault(item.section_id, Part(item.section))
        answer = answers.get(item.pk)
        held = list(answer.evidence.all()) if answer else []
        line = Line(item, item.section.bars, len(part.lines) + 1, answer, held)
        if item.withdrawn_at is None and item.applies_to(kinds):
            part.lines.append(line)
        elif answer is not None:
            part.withdrawn.append(line)
    return [part for part in parts.values() if part.lines or part.withdrawn]


def _answers_of(self_check: SelfCheck) -> dict[int, Answer]:
    """Return its answers by item, with their evidence; two queries."""
    evidence = Prefetch("evidence", Evidence.objects.select_related("attachment"))
    rows = Answer.objects.filter(self_check=self_check).prefetch_related(evidence)
    return {answer.item_id: answer for answer in rows}


def add_former(self_check: SelfCheck, lines: Sequence[Line]) -> None:
    """Put beside ``lines`` what was said the last time before; one query.

    That is the newest self-check of an earlier year that was handed in and asked the same.
    """
    school = self_check.school_id
    whose = (
        Q(self_check__school=school)
        if school
        else Q(self_check__school=None, self_check__organization=self_check.organization_id)
    )
    rows = Answer.objects.filter(
        whose,
        item__key__in=[line.item.key for line in lines],
        self_check__assignment__edition__checklist=self_check.assignment.edition.checklist_id,
        self_check__assignment__year__lt=self_check.assignment.year,
        self_check__state=SelfCheckState.SUBMITTED,
    ).select_related("item", "self_check__assignment")
    newest = rows.order_by("self_check__assignment__year", "self_check")
    by_key = {answer.item.key: answer for answer in newest}
    for line in lines:
        held = by_key.get(line.item.key)
        if held:
            year = held.self_check.assignment.year
            words = verdict_words(held.verdict, bars=line.bars)
            line.former = Former(year, words, held.reason, held.remark)


def add_offers(self_check: SelfCheck, lines: Sequence[Line], *, most: int) -> None:
    """Put beside ``lines`` what is chosen and what else the portal holds, ``most`` of each source.

    What is chosen stays on offer when its row was withdrawn meanwhile: saving again keeps it.
    """
    wanted = {source for line in lines for source in line.item.sources}
    found = offers(year_scope(self_check), wanted)
    for line in lines:
        line.offered = [
            Offer(each.source, each.ref, each.label)
            for each in line.evidence
            if each.ref is not None
        ]
        chosen = {offer.value for offer in line.offered}
        for source in line.item.sources:
            others = [offer for offer in found[source] if offer.value not in chosen]
            line.offered += others[:most]


def school_checks(organization: "Organization") -> SelfCheckQuerySet:
    """The self-checks of one organisation, the newest first."""
    rows: SelfCheckQuerySet = SelfCheck.objects.filter(organization=organization)
    return rows.select_related("assignment__edition__checklist", "organization", "school").order_by(
        "-assignment__year", "-assignment__due_on", "-pk"
    )


def month_checks(
    organization: "Organization", *, first: date, last: date, now: bool
) -> list[SelfCheck]:
    """Those due within these days; in the present month everything that still waits."""
    due = Q(assignment__due_on__gte=first, assignment__due_on__lte=last)
    if now:
        due |= Q(state__in=PENDING)
    standing = school_checks(organization).filter(assignment__state=AssignmentState.OPEN)
    rows = standing.filter(due).exclude(state=SelfCheckState.WAIVED)
    return list(rows.order_by("assignment__due_on", "pk"))


@dataclass(frozen=True)
class Progress:
    """How far one assignment is, and what was answered so far."""

    expected: int = 0
    submitted: int = 0
    returned: int = 0
    waived: int = 0
    asked: int = 0
    met: int = 0
    partly: int = 0
    not_met: int = 0
    not_applicable: int = 0
    barred: int = 0

    @property
    def missing(self) -> int:
        """How many the schools still have."""
        return self.expected - self.submitted


def progress_of(user: "User", assignment: Assignment) -> Progress:
    """Count the self-checks of ``assignment`` in the scope of ``user``; one query."""
    mine = SelfCheck.objects.visible_to(user).filter(assignment=assignment)
    handed_in = Q(state=SelfCheckState.SUBMITTED)
    told = mine.order_by().aggregate(
        expected=Count("pk", filter=~Q(state=SelfCheckState.WAIVED)),
        submitted=Count("pk", filter=handed_in),
        returned=Count("pk", filter=Q(state=SelfCheckState.RETURNED)),
        waived=Count("pk", filter=Q(state=SelfCheckState.WAIVED)),
        barred=Count("pk", filter=handed_in & Q(barred=True)),
        **{
            name: Sum(name, filter=handed_in, default=0)
            for name in ("asked", "met", "partly", "not_met", "not_applicable")
        },
    )
    return Progress(**told)


def weakest_items(user: "User", assignment: Assignment, *, most: int = 10) -> Iterable[Item]:
    """Return the items that most schools don't meet, or only partly, with their numbers."""
    mine = SelfCheck.objects.visible_to(user).filter(
        assignment=assignment, state=SelfCheckState.SUBMITTED
    )
    short = Q(
        answers__self_check__in=mine.values("pk"),
        answers__verdict__in=(Verdict.PARTLY, Verdict.NOT_MET),
    )
    rows = Item.objects.filter(section__edition=assignment.edition_id).standing()
    counted = rows.annotate(short=Count("answers", filter=short)).filter(short__gt=0)
    return counted.select_related("section").order_by("-short", "section__position", "position")[
        :most
    ]


def open_rectifications_of(organization: "Organization") -> list[Rectification]:
    """What the organisation still has to mend, the most urgent first."""
    rows = Rectification.objects.filter(organization=organization).pending()
    return list(rows.select_related("item").order_by("due_on", "pk"))


def rectifications_of(self_check: SelfCheck) -> RectificationQuerySet:
    """What has to be mended, or was, of one self-check, with its items."""
    rows: RectificationQuerySet = Rectification.objects.filter(self_check=self_check)
    return rows.select_related("item").order_by("pk")


def earlier_answers(row: Rectification) -> list[Former]:
    """Return what the school said of the same item year by year, the newest first; one query."""
    check = row.self_check
    whose = (
        Q(self_check__school=check.school_id)
        if check.school_id
        else Q(self_check__school=None, self_check__organization=check.organization_id)
    )
    rows = Answer.objects.filter(whose, item__key=row.item.key).filter(
        self_check__assignment__edition__checklist=check.assignment.edition.checklist_id,
        self_check__state=SelfCheckState.SUBMITTED,
    )
    named = rows.select_related("self_check__assignment")
    return [
        Former(
            answer.self_check.assignment.year,
            verdict_words(answer.verdict, bars=False),
            answer.reason,
            answer.remark,
        )
        for answer in named.order_by("-self_check__assignment__year")
    ]
