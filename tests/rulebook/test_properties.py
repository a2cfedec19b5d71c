"""What holds for whatever numbers and days: monotony, boundaries, choice of edition, tightening."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from rulebook import appraisal, burden, life, setup, terms, voting
from rulebook.appraisal import Appraisal
from rulebook.burden import Notice
from rulebook.calendar import add_months, add_years
from rulebook.checking import check
from rulebook.development import joining
from rulebook.development.facts import Development
from rulebook.life import Meetings, Training
from rulebook.measures import needed
from rulebook.model import Bound, Figure, Tightening, Verdict
from rulebook.registry import RULES, figures_of
from rulebook.setup import Kind, Setup
from rulebook.terms import Term
from rulebook.tightening import LooseningError, may_tighten, stricter, tighten
from rulebook.voting import Vote
from tests.rulebook.findings import MET, NOT_MET, ON, UNKNOWN, verdict

heads = st.integers(0, 5000)
three = st.tuples(heads, heads, heads).map(sorted)
days = st.dates(date(2014, 1, 1), date(2060, 12, 31))
shares = st.fractions(Fraction(1, 100), Fraction(99, 100))
FIGURES = [(rule, figure) for rule in RULES for figure in figures_of(rule) if may_tighten(figure)]
figures = st.sampled_from(FIGURES)


# Monotony -------------------------------------------------------------------------------------
@given(three)
def test_more_votes_never_undo_a_decision(three):
    fewer, more, entitled = three
    if verdict(voting.DECISION_MAJORITY, Vote(entitled, in_favour=fewer)) == MET:
        assert verdict(voting.DECISION_MAJORITY, Vote(entitled, in_favour=more)) == MET


@given(three)
def test_the_same_votes_of_more_entitled_never_help(three):
    votes, fewer, more = three
    if verdict(voting.DECISION_MAJORITY, Vote(more, in_favour=votes)) == MET:
        assert verdict(voting.DECISION_MAJORITY, Vote(fewer, in_favour=votes)) == MET


@given(heads, heads)
def test_more_hours_and_fewer_characters_never_harm(one, other):
    fewer, more = sorted((one, other))
    if verdict(life.MEMBER_TRAINING, Training(hours=fewer)) == MET:
        assert verdict(life.MEMBER_TRAINING, Training(hours=more)) == MET
    if verdict(burden.LENGTH, Notice(more, special=True)) == MET:
        assert verdict(burden.LENGTH, Notice(fewer, special=True)) == MET


@given(three)
def test_fewer_excellent_ones_never_harm(three):
    fewer, more, full = three
    if verdict(appraisal.EXCELLENT, Appraisal(full=full, graded={"优秀": more})) == MET:
        assert verdict(appraisal.EXCELLENT, Appraisal(full=full, graded={"优秀": fewer})) == MET


@given(st.tuples(days, days, days).map(sorted))
def test_a_later_talk_never_helps(three):
    applied, earlier, later = three
    late = Development(applied=applied, talked=later)
    if verdict(joining.TALK, late) == MET:
        assert verdict(joining.TALK, Development(applied=applied, talked=earlier)) == MET


# Boundaries -----------------------------------------------------------------------------------
@given(heads, shares)
def test_the_line_of_a_share_is_the_first_number_that_is_enough(total, share):
    more = Figure("x", "赞成", share, Bound.MORE_THAN)
    assert needed(total, more) > total * share >= needed(total, more) - 1
    least = Figure("x", "赞成", share, Bound.AT_LEAST)
    assert needed(total, least) >= total * share > needed(total, least) - 1
    most = Figure("x", "优秀", share, Bound.AT_MOST)
    assert needed(total, most) <= total * share < needed(total, most) + 1


@given(st.integers(1, 5000))
def test_one_vote_below_the_line_is_not_enough(entitled):
    line = entitled // 2 + 1
    assert verdict(voting.DECISION_MAJORITY, Vote(entitled, in_favour=line)) == MET
    assert verdict(voting.DECISION_MAJORITY, Vote(entitled, in_favour=line - 1)) == NOT_MET
    assert verdict(voting.DECISION_MAJORITY, Vote(entitled, in_favour=entitled + 1)) == UNKNOWN


@given(heads)
def test_seven_is_where_a_committee_begins(full):
    without = verdict(setup.COMMITTEE, Setup(Kind.BRANCH, full=full, secretary=True, committee=0))
    assert without == (MET if full < 7 else NOT_MET)


@given(days, st.integers(1, 120))
def test_calendar_months_keep_the_day_or_take_the_last(day, months):
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1
    assert add_months(day, 12) == add_years(day, 1)


@given(st.dates(date(2018, 1, 1), date(2050, 1, 1)), st.sampled_from(Kind))
def test_a_term_is_over_the_day_after_it_is_due(began, kind):
    facts = Term(kind, began=began, approved=False)
    due = add_years(began, 5 if kind == Kind.COMMITTEE else 3)
    assert verdict(terms.TERM, facts, on=due) == MET
    assert verdict(terms.TERM, facts, on=due + timedelta(days=1)) == NOT_MET


# Unknown --------------------------------------------------------------------------------------
@given(st.booleans(), heads | st.none(), st.integers(0, 15) | st.none())
def test_what_is_not_known_is_unknown_and_nothing_else_is(over, held, present):
    for found, known in (
        (verdict(life.MEMBERS_MEETING, Meetings(held=held, over=over)), held),
        (verdict(voting.DECISION_QUORUM, Vote(15, present)), present),
        (verdict(setup.BRANCH_SIZE, Setup(Kind.BRANCH, members=held)), held),
    ):
        assert (found == UNKNOWN) == (known is None)


# Editions -------------------------------------------------------------------------------------
@given(st.sampled_from(RULES), st.dates())
def test_the_text_is_the_newest_that_had_begun(rule, on):
    clause = rule.clause_on(on)
    begun = [each for each in rule.clauses if each.edition.first <= on]
    assert (clause is None) == (not begun)
    if clause is not None:
        assert all(each.edition.first <= clause.edition.first for each in begun)


@given(days)
def test_development_is_judged_by_the_text_of_its_day(on):
    found = check(joining.NOTICE, Development(), on=on)
    wanted = "2026年5月版" if on >= date(2026, 5, 1) else "2014年版"
    assert found.clause.edition.name == wanted


# Tightening -----------------------------------------------------------------------------------
def tightened(figure, value):
    """What the figure becomes; None where that is refused."""
    try:
        return tighten(figure, value).value
    except LooseningError:
        return None


@given(figures, st.integers(0, 6000) | shares)
def test_what_is_allowed_is_stricter(found, value):
    _, figure = found
    became = tightened(figure, value)
    assert became is None or (became == value and stricter(value, figure))


@given(figures, st.integers(0, 6000) | shares)
def test_what_is_looser_or_the_same_is_always_refused(found, value):
    _, figure = found
    least, most = sorted((value, figure.value))
    looser = most if figure.bound == Bound.AT_MOST else least
    assert tightened(figure, looser) is None


def facts_for(rule, number):
    """Facts about one number, for rules that compare a single one."""
    known = {
        life.MEMBERS_MEETING: Meetings(held=number),
        life.MEMBER_TRAINING: Training(hours=number),
        setup.BRANCH_SIZE: Setup(Kind.BRANCH, members=number),
        burden.LENGTH: Notice(number, special=False),
        voting.ELECTION_QUORUM: Vote(1000, min(number, 1000)),
        appraisal.EXCELLENT: Appraisal(full=1000, graded={"优秀": min(number, 1000)}),
    }
    return next(facts for each, facts in known.items() if each.key == rule.key)


SIMPLE = (
    (life.MEMBERS_MEETING, "per_quarter"),
    (life.MEMBER_TRAINING, "hours"),
    (setup.BRANCH_SIZE, "members"),
    (burden.LENGTH, "general"),
    (voting.ELECTION_QUORUM, "present"),
    (appraisal.EXCELLENT, "excellent"),
)


@given(st.sampled_from(SIMPLE), st.integers(0, 6000) | shares, heads)
def test_tightening_never_turns_no_into_yes(simple, value, number):
    rule, name = simple
    own = Tightening(rule.key, name, value, "局", "文", ON)
    facts = facts_for(rule, number)
    before, after = verdict(rule, facts), verdict(rule, facts, tightenings=[own])
    assert (before, after) != (Verdict.NOT_MET, Verdict.MET)
    assert (before == UNKNOWN) == (after == UNKNOWN)


@given(st.sampled_from(SIMPLE), st.lists(st.integers(0, 6000) | shares, max_size=4), heads)
def test_the_order_of_tightenings_makes_no_difference(simple, values, number):
    rule, name = simple
    own = [Tightening(rule.key, name, value, "局", "文", ON) for value in values]
    facts = facts_for(rule, number)
    there = check(rule, facts, on=ON, tightenings=own)
    back = check(rule, facts, on=ON, tightenings=own[::-1])
    assert (there.verdict, there.words) == (back.verdict, back.words)
