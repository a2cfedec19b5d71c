"""Who leads an organisation today, with its term: for ledger, pages and checks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from cadres.choices import COMMITTEE, PostKind, TermState
from cadres.models import Post, Term
from organizations.choices import RoleKind
from organizations.models import Organization, Role

# Those that show by having ended that they were entered here at all.
_TELLING = (PostKind.SECRETARY, PostKind.MEMBER)
# What tells how many sit in a committee.
_COUNTED = ("organization", "person", "kind", "since", "until")
_HEADS = (RoleKind.SECRETARY, RoleKind.ACTING_HEAD)


@dataclass(frozen=True)
class Board:
    """The posts held in an organisation (班子), its running term, who heads it in the portal.

    ``had`` are the kinds of post that were ever entered: what was never entered is not known, which
    is neither vacant nor none.
    """

    posts: Sequence[Post] = ()
    term: Term | None = None
    had: frozenset[str] = frozenset()
    heads: Sequence[Role] = ()

    @property
    def secretary(self) -> Post | None:
        """The post of the secretary, if it is held."""
        return next((post for post in self.posts if post.kind == PostKind.SECRETARY), None)

    @property
    def deputies(self) -> list[Post]:
        """Those of the deputies."""
        return [post for post in self.posts if post.kind == PostKind.DEPUTY]

    @property
    def head_role(self) -> Role | None:
        """The role of a secretary whose post was not entered."""
        return next((role for role in self.heads if role.kind == RoleKind.SECRETARY), None)

    @property
    def acting(self) -> Role | None:
        """The role of the acting head (主持工作)."""
        return next((role for role in self.heads if role.kind == RoleKind.ACTING_HEAD), None)

    @property
    def has_secretary(self) -> bool | None:
        """Whether there is a secretary; None where nobody entered any."""
        if self.secretary or self.head_role:
            return True
        return False if PostKind.SECRETARY in self.had else None

    @property
    def seats(self) -> int | None:
        """How many were elected into the committee."""
        return self.term.seats if self.term else None

    @property
    def seated(self) -> int | None:
        """How many sit in the committee; None where no member of it was ever entered."""
        if PostKind.MEMBER not in self.had:
            return None
        return len({post.person_id for post in self.posts if post.kind in COMMITTEE})

    @property
    def committee(self) -> int | None:
        """How many sit in the committee, as far as anything tells: else as many as were elected."""
        return self.seats if self.seated is None else self.seated

    @property
    def seats_label(self) -> str:
        """应／实: 5／4; empty where neither is known."""
        if self.seats is None and self.seated is None:
            return ""
        return "／".join(
            "未登记" if each is None else str(each) for each in (self.seats, self.seated)
        )

    def term_state(self, on: date) -> TermState:
        """How the term stands on the day ``on``."""
        return self.term.state_on(on) if self.term else TermState.UNKNOWN


def boards(organization_ids: Iterable[int], on: date, *, named: bool = True) -> dict[int, Board]:
    """Return the board of each organisation as of today; every id has an entry. Three queries.

    ``on`` is the day on which roles are looked at: posts and terms are dated no further.
    ``named`` False: without the persons, where they are only counted.
    """
    ids = list(organization_ids)
    posts, had = _posts(ids, named=named)
    terms = Term.objects.current().filter(organization__in=ids)
    running = {term.organization_id: term for term in terms}
    heads: dict[int, list[Role]] = defaultdict(list)
    roles = Role.objects.current(on).filter(organization__in=ids, kind__in=_HEADS)
    people = roles.select_related("user__person") if named else roles
    for role in people.order_by("since", "id"):
        heads[role.organization_id].append(role)
    return {
        pk: Board(posts.get(pk, ()), running.get(pk), frozenset(had.get(pk, ())), heads.get(pk, ()))
        for pk in ids
    }


def _posts(ids: Sequence[int], *, named: bool) -> tuple[dict[int, list[Post]], dict[int, set[str]]]:
    posts: dict[int, list[Post]] = defaultdict(list)
    had: dict[int, set[str]] = defaultdict(set)
    telling = Q(until=None) | (Q(kind__in=_TELLING) & Q(until__gt=F("since")))
    rows = Post.objects.filter(telling, organization__in=ids)
    rows = rows.select_related("person") if named else rows.only(*_COUNTED)
    for post in rows.order_by("since", "id"):
        had[post.organization_id].add(post.kind)
        if post.until is None:
            posts[post.organization_id].append(post)
    rank = {kind: place for place, kind in enumerate(PostKind.values)}
    for held in posts.values():
        held.sort(key=lambda post: rank[post.kind])
    return posts, had


@dataclass(frozen=True)
class BoardPage:
    """An organisation's board with its history, for the page of one organisation."""

    organization: Organization
    board: Board
    on: date
    past_posts: Sequence[Post]
    past_terms: Sequence[Term]

    @property
    def countdown(self) -> str:
        """The running term in words."""
        term = self.board.term
        return term.countdown(self.on) if term else TermState.UNKNOWN.label


def board_page(organization: Organization, on: date) -> BoardPage:
    """Return who leads ``organization`` and who did; five queries."""
    posts = Post.objects.filter(organization=organization).exclude(until=None)
    terms = Term.objects.filter(organization=organization).exclude(until=None)
    return BoardPage(
        organization,
        boards([organization.pk], on)[organization.pk],
        on,
        list(posts.select_related("person").order_by("-until", "-since", "-id")),
        list(terms.order_by("-since", "-id")),
    )
