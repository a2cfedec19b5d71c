"""What holds for every rule: names, editions in order, force as far as its source carries."""

import subprocess
import sys

import pytest

from organizations.choices import OrganizationKind
from rulebook.model import Clause, Edition, Field, Force, Mark, Regulation, Since
from rulebook.registry import RULES, figures_of, rule_of
from rulebook.setup import Kind

CLAUSES = [(rule, clause) for rule in RULES for clause in rule.clauses]


def test_each_rule_has_a_name_of_its_own_that_begins_with_its_field():
    assert len({rule.key for rule in RULES}) == len(RULES)
    assert {rule.field for rule in RULES} == set(Field)


def test_editions_stand_in_the_order_in_which_they_hold():
    for rule in RULES:
        days = [clause.edition.first for clause in rule.clauses]
        assert days == sorted(set(days)), rule.key


def test_each_clause_says_what_it_asks_and_how_its_figures_are_called():
    for rule, clause in CLAUSES:
        assert clause.asks.endswith("。"), rule.key
        assert len({figure.key for figure in clause.figures}) == len(clause.figures)


def test_only_what_is_known_by_article_and_date_blocks():
    blocking = {(rule.key, clause.edition.name) for rule, clause in CLAUSES
                if clause.force == Force.BLOCK}  # fmt: skip
    assert blocking == {
        (f"development.{name}", "2026年5月版")
        for name in (
            "age",
            "candidate",
            "notice",
            "introducers",
            "review",
            "training",
            "vote",
            "probation",
        )
    }


def test_a_clause_without_article_date_or_source_can_not_block():
    known = Edition(Regulation("x", "《某条例》"), since=Since(2020))
    undated, unnamed = Edition(known.regulation), Edition(Regulation("y"), since=Since(2020))
    ways = (
        (known, Mark.STORED, ""),
        (known, Mark.GENERAL, "第一条"),
        (undated, Mark.STORED, "第一条"),
        (unnamed, Mark.STORED, "第一条"),
    )
    for edition, mark, article in ways:
        with pytest.raises(ValueError, match="may block"):
            Clause(edition, mark, Force.BLOCK, "某事。", None, article=article)
    Clause(known, Mark.STORED, Force.BLOCK, "某事。", None, article="第一条")


def test_size_of_general_branches_and_committees_only_informs():
    for key in ("setup.general_branch_size", "setup.party_committee_size"):
        assert [clause.force for clause in rule_of(key).clauses] == [Force.INFORM]


@pytest.mark.parametrize(
    ("key", "doubts"),
    [
        ("setup.committee", ("施行日期",)),
        ("terms.term", ("条款", "施行日期")),
        ("voting.candidates", ("来源（通常做法）", "条款", "施行日期")),
        ("life.member_training", ("来源（通常做法）", "依据文件", "条款", "施行日期")),
        ("life.first_item", ("来源（各地做法）", "依据文件", "条款", "施行日期")),
        ("development.age", ("来源（转引）", "施行日期")),
        ("transfers.letter", ("依据文件", "条款", "施行日期")),
    ],
)
def test_what_is_to_be_confirmed_is_named(key, doubts):
    assert rule_of(key).clauses[-1].doubts == doubts


def test_marks_are_those_of_the_domain_rules():
    marks = {rule.key: rule.clauses[-1].mark for rule in RULES}
    general = {
        "setup.general_branch_size",
        "setup.party_committee_size",
        "setup.vacancies",
        "voting.candidates",
        "voting.decision_quorum",
        "voting.decision_majority",
        "life.member_training",
        "life.leader_training",
        "evaluation.held",
        "evaluation.one_by_one",
        "holdings.never",
        "holdings.ethnicity",
        "holdings.numbers",
        "holdings.discipline",
    }
    assert {key for key, mark in marks.items() if mark == Mark.GENERAL} == general
    assert {key for key, mark in marks.items() if mark == Mark.SEED} == {"life.first_item"}
    second = {key for key, mark in marks.items() if mark == Mark.SECOND_HAND}
    assert second == {key for key in marks if key.startswith("development.")}


def test_a_figure_is_offered_once_through_the_editions():
    figures = [figure.key for figure in figures_of(rule_of("development.notice"))]
    assert figures == ["workdays"]


def test_a_rule_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        rule_of("setup.nothing")


def test_kinds_of_organisations_are_called_as_in_the_portal():
    assert {kind.value for kind in Kind} == set(OrganizationKind.values)


def test_nothing_of_django_comes_along():
    said = "import rulebook.registry, sys; print(*[m for m in sys.modules if 'django' in m])"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
