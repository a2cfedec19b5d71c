"""组织架构图: the tree of a day on paper, drawn above and listed below, readable for hundreds.

The first sheet draws who stands directly under the top: every organisation that leads others as an
upright box, direct branches as one box for each kind of school. What follows lists them all.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string

from common import audit
from common.days import chinese_date
from common.errors import DomainError
from common.jobs import enqueue
from common.models import Job
from common.pdf import PRINT_CSS
from organizations.choices import SchoolKind
from organizations.queries.forest import Forest, Node, forest, members_words
from organizations.queries.tree import school_links_on

if TYPE_CHECKING:
    from accounts.models import User

CHART_JOB = "organizations.print_chart"
STYLESHEETS = (PRINT_CSS, Path(__file__).parent / "chart.css")
# Upright boxes side by side on a sheet upright and on its side; more begin another row.
UPRIGHT, WIDE = 16, 26
# A leading organisation with so many below it stands in a card; a larger one over the full width.
A_CARD = 14
_OTHERS = "其他"
# Points that a letter of an upright box takes, and its edges.
_LETTER, _PADDING = 12.6, 10


@dataclass(frozen=True)
class Box:
    """One box of the drawing: its words, what stands under it, an end of its row or not."""

    words: str
    note: str
    first: bool = False
    last: bool = False


@dataclass(frozen=True)
class Group:
    """Direct branches in one kind of school."""

    label: str
    nodes: Sequence[Node]

    @property
    def members_words(self) -> str:
        """Members as far as they are known."""
        known = [node.members for node in self.nodes if node.members is not None]
        return members_words(sum(known) if known else None)


def order_print(*, actor: "User", on: date, top: int | None, at: datetime) -> Job:
    """Have the chart of the day ``on`` printed from ``top`` down."""
    audit.record(actor=actor, verb="organizations.print_chart", after={"on": on}, at=at)
    params = {"on": on.isoformat(), "top": top}
    return enqueue(kind=CHART_JOB, label="打印组织架构图", params=params, owner=actor)


def chart_html(user: "User", params: dict[str, Any]) -> str:
    """Return the chart as ``user`` may see it. DomainError for more than anybody reads on paper."""
    on = date.fromisoformat(params["on"])
    top = params["top"]
    if top is None:
        # Who sees one topmost organisation gets it as the head of the drawing.
        found = forest(user, on)
        top = found.nodes[0].pk if len(found.nodes) == 1 else None
    try:
        whole = forest(user, on, top=top)
    except LookupError:
        raise DomainError("这一天没有这个党组织，请刷新页面后再选。") from None
    if whole.page is not None:
        raise DomainError("党组织太多，一张图画不下，请先点进某个下级党组织再打印。")
    return render_to_string("organizations/print/chart.html", _context(whole))


def _context(whole: Forest) -> dict[str, Any]:
    leading = [node for node in whole.nodes if node.leads]
    groups = list(_grouped([node for node in whole.nodes if not node.leads], whole.on))
    boxes = [*map(_leading_box, leading), *map(_group_box, groups)]
    wide = len(boxes) > UPRIGHT
    cards = [node for node in leading if node.below <= A_CARD]
    return {
        "whole": whole,
        "day": chinese_date(whole.on),
        "wide": wide,
        "rows": list(_rows(boxes, WIDE if wide else UPRIGHT)),
        "height": _LETTER * max((len(box.words) for box in boxes), default=0) + _PADDING,
        "cards": [(node, list(_lines(node))) for node in cards],
        "large": [(node, list(_lines(node))) for node in leading if node.below > A_CARD],
        "groups": groups,
    }


def _leading_box(node: Node) -> Box:
    return Box(node.label, f"{node.below} 个\n{node.members_words}")


def _group_box(group: Group) -> Box:
    return Box(f"{group.label}直属支部", f"{len(group.nodes)} 个\n{group.members_words}")


def _rows(boxes: Sequence[Box], most: int) -> Iterator[list[Box]]:
    """Rows of nearly the same length, so that none is left with a box or two."""
    if not boxes:
        return
    count = -(-len(boxes) // most)
    length = -(-len(boxes) // count)
    for start in range(0, len(boxes), length):
        row = boxes[start : start + length]
        last = len(row) - 1
        yield [
            Box(each.words, each.note, place == 0, place == last) for place, each in enumerate(row)
        ]


def _lines(node: Node, depth: int = 0) -> Iterator[tuple[str, Node]]:
    """All below ``node`` in their order, each with blanks for how deep it stands."""
    for each in node.shown:
        yield "　" * depth, each
        yield from _lines(each, depth + 1)


def _grouped(nodes: Sequence[Node], on: date) -> Iterator[Group]:
    """Direct branches by the kind of the first school they were in on that day; others last."""
    columns = ("school__order", "school", "organization", "school__kind")
    kinds: dict[int, str] = {}
    links = school_links_on(on, *columns, organization__in=[node.pk for node in nodes])
    for _, _, pk, kind in sorted(links):
        kinds.setdefault(pk, kind)
    found: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        found[kinds.get(node.pk, "")].append(node)
    for kind in SchoolKind:
        if found[kind]:
            yield Group(str(kind.label), found[kind])
    if found[""]:
        yield Group(_OTHERS, found[""])
