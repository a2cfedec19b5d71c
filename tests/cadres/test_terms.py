"""Terms begin, count down, are put off with approval and end with the next election."""

from datetime import date, timedelta

import pytest

from cadres import services
from cadres.choices import PostEnd, TermEnd, TermState
from cadres.models import Post, Term
from common.errors import ConflictError, DomainError, ForbiddenError
from organizations.choices import OrganizationKind
from organizations.services import close_organization, reopen_organization
from tests.cadres.posts import AT, SINCE, TODAY, appoint, elect
from tests.factories import OrganizationFactory

DAY = timedelta(days=1)


@pytest.fixture
def branch(db):
    return OrganizationFactory(name="芙蓉小学党支部", founded_on=date(2015, 1, 1))


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        (OrganizationKind.COMMITTEE, date(2029, 9, 1)),
        (OrganizationKind.GENERAL_BRANCH, date(2027, 9, 1)),
        (OrganizationKind.BRANCH, date(2027, 9, 1)),
        (OrganizationKind.JOINT_BRANCH, date(2027, 9, 1)),
    ],
)
def test_a_term_is_due_after_five_years_of_a_committee_and_three_of_others(db, kind, due):
    assert elect(OrganizationFactory(kind=kind)).due_on == due


def test_a_term_that_began_before_the_oldest_text_is_due_all_the_same(branch):
    assert elect(branch, date(2016, 2, 29)).due_on == date(2019, 2, 28)


@pytest.mark.parametrize(
    ("on", "state", "words"),
    [
        (date(2027, 2, 28), TermState.RUNNING, "任期内，还有 185 天"),
        (date(2027, 3, 1), TermState.DUE, "即将届满，还有 184 天"),
        (date(2027, 9, 1), TermState.DUE, "即将届满，就在今天"),
        (date(2027, 9, 2), TermState.OVERDUE, "已届满未换届，已过 1 天"),
    ],
)
def test_a_term_counts_down(branch, on, state, words):
    term = elect(branch)

    assert (term.state_on(on), term.countdown(on)) == (state, words)
    assert [each for each in TermState if Term.objects.in_state(each, on).exists()] == [state]


def test_extended_with_approval_is_told_apart_from_overdue(branch):
    term = elect(branch, date(2022, 9, 1))

    services.extend_term(
        actor=None, term=term, until=date(2026, 6, 1), basis="澄教委〔2025〕20号", at=AT
    )

    assert term.countdown(TODAY) == "经批准延期至 2026-06-01，还有 91 天"
    assert Term.objects.in_state(TermState.EXTENDED, TODAY).get() == term
    assert term.state_on(date(2026, 6, 2)) == TermState.OVERDUE
    assert Term.objects.in_state(TermState.OVERDUE, date(2026, 6, 2)).get() == term


@pytest.mark.parametrize("until", [date(2025, 9, 1), date(2026, 9, 2)])
def test_an_extension_reaches_beyond_the_due_day_by_a_year_at_most(branch, until):
    term = elect(branch, date(2022, 9, 1))

    with pytest.raises(DomainError, match="延期应在这之后、2026年9月1日之前"):
        services.extend_term(actor=None, term=term, until=until, basis="澄教委〔2025〕20号", at=AT)


def test_an_extension_needs_its_document(branch):
    with pytest.raises(DomainError, match="请写明依据文件"):
        services.extend_term(
            actor=None, term=elect(branch), until=date(2028, 1, 1), basis=" ", at=AT
        )


def test_an_election_ends_the_term_that_ran(branch):
    first = elect(branch, date(2022, 9, 1))

    second = elect(branch, date(2025, 9, 10), seats=5)

    first.refresh_from_db()
    assert (first.until, first.ended_as) == (date(2025, 9, 10), TermEnd.RENEWED)
    assert Term.objects.current().get() == second
    assert second.seats == 5


def test_an_election_before_the_last_one_or_the_founding_or_to_come_is_refused(branch):
    elect(branch)

    for since in (SINCE, SINCE - DAY):
        with pytest.raises(DomainError, match="上一届从 2024年9月1日起"):
            elect(branch, since)
    with pytest.raises(DomainError, match="2015-01-01 才成立"):
        elect(branch, date(2014, 1, 1))
    with pytest.raises(DomainError, match="还没有到"):
        elect(branch, TODAY + DAY)
    assert Term.objects.count() == 1


@pytest.mark.parametrize("seats", [-1, 51])
def test_seats_that_nobody_has_are_refused(branch, seats):
    with pytest.raises(DomainError, match="不设委员会的填 0"):
        elect(branch, seats=seats)


def test_a_term_entered_by_mistake_is_taken_back_and_the_one_before_runs_on(branch):
    first = elect(branch, date(2022, 9, 1))
    second = elect(branch, date(2025, 9, 1))

    services.withdraw_term(actor=None, term=second, at=AT)

    first.refresh_from_db()
    assert (first.until, first.ended_as) == (None, "")
    with pytest.raises(ConflictError):
        services.withdraw_term(actor=None, term=second, at=AT)
    assert elect(branch, date(2025, 10, 1)).due_on == date(2028, 10, 1)


def test_who_keeps_terms(bureau):
    elect(bureau.mine, actor=bureau.reviewer)
    with pytest.raises(ForbiddenError):
        elect(bureau.mine, TODAY, actor=bureau.secretary)
    elect(bureau.mine, TODAY, actor=bureau.officer)


def test_posts_and_term_end_with_their_organisation(branch):
    post, term = appoint(branch), elect(branch)
    other = appoint(OrganizationFactory())
    close_organization(actor=None, organization=branch, on=TODAY, basis="澄教委〔2026〕3号")

    assert services.end_closed(organization=branch, at=AT) == 2
    assert services.end_closed(at=AT) == 0

    post.refresh_from_db()
    term.refresh_from_db()
    assert (post.until, post.ended_as) == (TODAY, PostEnd.MERGED)
    assert (term.until, term.ended_as) == (TODAY, TermEnd.MERGED)
    assert Post.objects.current().get() == other


def test_a_term_goes_on_when_a_closing_is_taken_back(branch):
    term = elect(branch)
    close_organization(actor=None, organization=branch, on=TODAY, basis="澄教委〔2026〕3号")
    services.end_closed(at=AT)

    reopen_organization(actor=None, organization=branch, basis="澄教委〔2026〕4号")
    services.resume_term(actor=None, organization=branch, closed_on=TODAY, at=AT)

    assert Term.objects.current().get() == term
