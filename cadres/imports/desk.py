"""Row by row: what is here already, what is completed, what begins."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from cadres import services
from cadres.deadlines import due_day
from cadres.models import Post, Term
from cadres.services import Appointment
from common.cells import PartialDate
from common.days import chinese_date
from common.errors import DomainError
from common.imports import Row
from organizations.models import Organization
from people.facts import FactError, Facts
from people.matching import Matcher
from people.models import Person
from people.services import add_person
from rulebook.calendar import add_years

if TYPE_CHECKING:
    from accounts.models import User

_ABOUT = ("engagement", "administrative_post", "is_head", "basis")


class Desk:
    """Knows everything that the rows may touch, read once, and counts what became of them."""

    def __init__(
        self,
        rows: Sequence[Row],
        named: Sequence[tuple[Row, Facts]],
        *,
        actor: "User | None",
        at: datetime,
        on: date,
    ) -> None:
        self._rows, self._actor, self._at = rows, actor, at
        self._facts = {row.number: facts for row, facts in named}
        places = {row["organization"] for row in rows}
        self._organizations = Organization.objects.in_bulk(places)
        self._matcher = Matcher(
            [(row["organization"], facts) for row, facts in named], actor=actor, on=on
        )
        held = Post.objects.current().filter(organization__in=places).select_related(
            "person", "organization"
        )  # fmt: skip
        self._posts = {self._key(post): post for post in held}
        self._people = {(post.organization_id, post.person.name): post.person for post in held}
        self._terms = {
            term.organization_id: term
            for term in Term.objects.current().filter(organization__in=places)
        }
        self.created = self.changed = self.unchanged = 0
        self.refused: list[tuple[Row, str, str]] = []

    @staticmethod
    def _key(post: Post) -> tuple[int, str, str, str, str]:
        return post.organization_id, post.person.name, post.kind, post.duty, post.group

    def take_all(self) -> None:
        """Take each row, or remember why not; what one row began the next ones know."""
        for row in self._rows:
            try:
                with transaction.atomic():
                    done = {self._take_term(row), self._take_post(row)}
            except FactError as error:
                self.refused.append((row, error.key, error.message))
            except _OddTermError as error:
                self.refused.append((row, "due_on", error.message))
            except DomainError as error:
                self.refused.append((row, "name", error.message))
            else:
                self._count(done)

    def _count(self, done: set[str]) -> None:
        if "created" in done:
            self.created += 1
        elif "changed" in done:
            self.changed += 1
        else:
            self.unchanged += 1

    # Posts -----------------------------------------------------------------------------------
    def _take_post(self, row: Row) -> str:
        if not row["name"]:
            return "unchanged"
        facts = self._facts[row.number]
        kind, duty = row["post"]
        key = row["organization"], facts.name, kind, duty, row["group"] or ""
        post = self._posts.get(key)
        if post is not None:
            return self._complete(row, post)
        organization = self._organizations[row["organization"]]
        started = services.start_post(
            actor=self._actor,
            appointment=Appointment(
                self._person(organization, facts), organization, kind,
                _day(row["since"], organization), duty=duty, group=row["group"] or "",
                **{name: row[name] for name in _ABOUT if row[name] is not None},
            ),
            at=self._at,
        )  # fmt: skip
        self._posts[self._key(started)] = started
        self._people[organization.pk, facts.name] = started.person
        return "created"

    def _complete(self, row: Row, post: Post) -> str:
        said: PartialDate = row["since"]
        if not _agree(said, post.since):
            raise FactError(
                "since",
                f"系统里{post}从 {post.since:%Y-%m-%d} 起任职，请核对哪个对；"
                "是系统里错的，请先在“任职”里把那条登记为“登记有误”。",
            )
        values = {name: row[name] for name in _ABOUT if row[name] not in (None, "")}
        before = post.updated_at
        done = services.correct_post(actor=self._actor, post=post, values=values, at=self._at)
        return "unchanged" if done.updated_at == before else "changed"

    def _person(self, organization: Organization, facts: Facts) -> Person:
        """Return whoever is meant, first among those who hold a post there; else somebody new."""
        known = self._people.get((organization.pk, facts.name))
        if known is not None and not (facts.id_number or facts.mobile):
            return known
        found = self._matcher.find(organization, facts) or known
        if found is not None:
            return found
        person = add_person(actor=self._actor, facts=facts, at=self._at)
        self._matcher.add(organization.pk, person)
        return person

    # Terms -----------------------------------------------------------------------------------
    def _take_term(self, row: Row) -> str:
        organization = self._organizations[row["organization"]]
        since = self._term_since(row, organization)
        if since is None:
            return "unchanged"
        held, seats = self._terms.get(organization.pk), row["seats"]
        if held is not None and _agree(since, held.since):
            if seats is None or seats == held.seats:
                return "unchanged"
            services.correct_seats(actor=self._actor, term=held, seats=seats, at=self._at)
            return "changed"
        self._terms[organization.pk] = services.begin_term(
            actor=self._actor, organization=organization, since=_day(since, organization),
            at=self._at, seats=seats,
        )  # fmt: skip
        return "created"

    def _term_since(self, row: Row, organization: Organization) -> PartialDate | None:
        """Return when the term began: as written, else its years before the day it is over."""
        began: PartialDate | None = row["term_since"]
        due: PartialDate | None = row["due_on"]
        if due is None:
            return began
        years = due_day(organization.kind, due.first).year - due.first.year
        counted = add_years(due.first, -years)
        if began is None:
            return PartialDate(counted.year, counted.month, due.day and counted.day)
        if not _agree(due, due_day(organization.kind, began.first)):
            over = chinese_date(due_day(organization.kind, began.first))
            raise _OddTermError(f"本届从 {began} 起，任期 {years} 年，应到 {over} 届满，请核对。")
        return began


class _OddTermError(DomainError):
    """The two days of a term don't fit together."""


def _agree(said: PartialDate, held: date) -> bool:
    """Whether what is known to the day or the month may be that day."""
    same_month = (said.year, said.month) == (held.year, held.month)
    return same_month and (said.day is None or said.day == held.day)


def _day(said: PartialDate, organization: Organization) -> date:
    """Return the day; of a month the first, of that of the founding the day of the founding."""
    founded = organization.founded_on
    if said.day is None and founded and _agree(said, founded):
        return founded
    return said.first
