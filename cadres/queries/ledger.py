"""The ledger of secretaries (书记台账): a line for each organisation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Min

from cadres.choices import TermState
from cadres.models import LedgerRow, Qualification
from cadres.qualities import FactKind
from cadres.queries.boards import Board, boards
from cadres.queries.hours import hours_of
from organizations.choices import SchoolKind
from organizations.models import SchoolLink
from organizations.queries import subtree_head_counts
from people.choices import StandingKind
from people.models import Person, Standing

_FACTS = (FactKind.DEGREE, FactKind.TITLE, FactKind.SUBJECT)
VACANT = "空缺"
UNKNOWN = "未登记"


@dataclass(frozen=True)
class LedgerLine:
    """What the ledger says of one organisation on a day; what nobody knows is empty."""

    organization: LedgerRow
    board: Board
    on: date
    members: int | None
    school_kinds: str
    joined: date | None = None
    education: str = ""
    teaching_title: str = ""
    subject: str = ""
    hours: int | None = None

    @property
    def person(self) -> Person | None:
        """The secretary: who holds the post, else who has the role in the portal."""
        if self.board.secretary:
            return self.board.secretary.person
        role = self.board.head_role
        return getattr(role.user, "person", None) if role else None

    @property
    def name(self) -> str:
        """The secretary's name; 空缺 and 未登记 are two things."""
        if self.person:
            return self.person.name
        if self.board.head_role:
            return str(self.board.head_role.user)
        return VACANT if self.board.has_secretary is False else UNKNOWN

    @property
    def post(self) -> str:
        """书记, where there is one."""
        return "书记" if self.board.has_secretary else ""

    @property
    def since(self) -> str:
        """任现职时间: 2024.09."""
        held = self.board.secretary
        return f"{held.since:%Y.%m}" if held else ""

    @property
    def joined_label(self) -> str:
        """入党时间, to the month."""
        return f"{self.joined:%Y.%m}" if self.joined else ""

    @property
    def administrative_post(self) -> str:
        return self.board.secretary.administrative_post if self.board.secretary else ""

    @property
    def union(self) -> str:
        """一肩挑 or 分设."""
        return self.board.secretary.union_label if self.board.secretary else ""

    @property
    def engagement(self) -> str:
        """专职 or 兼职."""
        return self.board.secretary.get_engagement_display() if self.board.secretary else ""

    @property
    def due_label(self) -> str:
        """届满时间, to the month."""
        return f"{self.board.term.due_on:%Y.%m}" if self.board.term else ""

    @property
    def state(self) -> TermState:
        return self.board.term_state(self.on)

    @property
    def deputies(self) -> str:
        return "、".join(post.person.name for post in self.board.deputies)

    @property
    def remark(self) -> str:
        """What a reader would ask: who acts, whose post was not entered, until when put off."""
        board = self.board
        term = board.term
        told = [
            f"{board.acting.user}主持工作" if board.acting else "",
            "书记空缺" if board.has_secretary is False else "",
            "任职未登记" if board.head_role and not board.secretary else "",
            f"经批准延期至{term.extended_until:%Y.%m.%d}"
            if term and term.extended_until and self.state == TermState.EXTENDED
            else "",
        ]
        return "；".join(filter(None, told))


def ledger_lines(
    organizations: Sequence[LedgerRow], on: date, *, whole: bool = False
) -> dict[int, LedgerLine]:
    """Return the line of each organisation; six queries whatever their number.

    ``whole``: with what only file and paper show, three queries more.
    """
    ids = [row.pk for row in organizations]
    held, totals, kinds = boards(ids, on), subtree_head_counts(ids, on), school_kinds(ids)
    lines = {
        row.pk: LedgerLine(row, held[row.pk], on, _members(totals[row.pk]), kinds.get(row.pk, ""))
        for row in organizations
    }
    return _with_files(lines, on) if whole else lines


def _members(totals: dict[str, int | None]) -> int | None:
    """Full and probationary members; one figure alone isn't the number of members."""
    full, probationary = totals["full"], totals["probationary"]
    return None if full is None or probationary is None else full + probationary


def school_kinds(organization_ids: Iterable[int]) -> dict[int, str]:
    """Return the kinds of school in which each works, in words; one query."""
    links = SchoolLink.objects.filter(organization__in=list(organization_ids)).order_by("pk")
    found: dict[int, dict[str, None]] = {}
    for pk, kind in links.values_list("organization", "school__kind"):
        found.setdefault(pk, {})[SchoolKind(kind).label] = None
    return {pk: "、".join(labels) for pk, labels in found.items()}


def _with_files(lines: dict[int, LedgerLine], on: date) -> dict[int, LedgerLine]:
    """Add what is kept elsewhere of the secretaries: rosters, files, training; three queries."""
    people = {line.person.pk for line in lines.values() if line.person}
    joined = Standing.objects.filter(person__in=people, kind=StandingKind.PROBATIONARY).order_by()
    days = dict(joined.values_list("person").annotate(first=Min("since")))
    known = Qualification.objects.on(on).filter(person__in=people, kind__in=_FACTS)
    facts = {(row.person_id, row.kind): row.label for row in known}
    hours = hours_of(people, on.year)
    return {
        pk: replace(
            line,
            joined=days.get(line.person.pk),
            education=facts.get((line.person.pk, FactKind.DEGREE), ""),
            teaching_title=facts.get((line.person.pk, FactKind.TITLE), ""),
            subject=facts.get((line.person.pk, FactKind.SUBJECT), ""),
            hours=hours.get(line.person.pk),
        )
        if line.person
        else line
        for pk, line in lines.items()
    }
