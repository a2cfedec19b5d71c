"""Every number of the domain rules, as it is printed there, stands in the rulebook."""

from datetime import date
from fractions import Fraction

import pytest

from rulebook.appraisal import GRADES
from rulebook.development.order import STAGES, STEPS
from rulebook.evaluation import REVIEW_GRADES, SELECTION_STEPS
from rulebook.model import Bound
from rulebook.registry import RULES, rule_of

NOW = date(2026, 6, 1)
OLD = date(2015, 6, 1)
LEAST, MOST, MORE, EXACT = Bound.AT_LEAST, Bound.AT_MOST, Bound.MORE_THAN, Bound.EXACTLY

# What is printed | rule | figure | number | how it binds.
PRINTED = (
    ("at least 3 full members to found one", "setup.branch_founding", "full", 3, LEAST),
    ("as a rule at most 5 units", "setup.joint_branch_units", "units", 5, MOST),
    ("as a rule at most 50 members", "setup.branch_size", "members", 50, MOST),
    ("fewer than 7 / 7 and more", "setup.committee", "from", 7, LEAST),
    ("a committee of 3-5: 3", "setup.committee", "least", 3, LEAST),
    ("a committee of 3-5: 5", "setup.committee", "usual", 5, MOST),
    ("as a rule at most 7", "setup.committee", "most", 7, MOST),
    ("vacancies: fewer than 7 / 7 and more", "setup.vacancies", "from", 7, LEAST),
    ("general branch about 50+", "setup.general_branch_size", "members", 50, LEAST),
    ("Party committee 100+", "setup.party_committee_size", "members", 100, LEAST),
    ("3 and more full members -> own", "setup.school_organization", "full", 3, LEAST),
    ("Party committee 5 years", "terms.term", "committee", 5, EXACT),
    ("general branch and branch 3 years", "terms.term", "branch", 3, EXACT),
    ("earlier or later by at most 1 year", "terms.term", "shift", 1, MOST),
    ("reminds about 6 months ahead", "terms.reminder", "months", 6, LEAST),
    ("more than 4/5 present", "voting.election_quorum", "present", Fraction(4, 5), MORE),
    ("more than half of 实到", "voting.election_majority", "in_favour", Fraction(1, 2), MORE),
    ("one fifth more candidates", "voting.candidates", "more", Fraction(1, 5), LEAST),
    ("more than half present", "voting.decision_quorum", "present", Fraction(1, 2), MORE),
    ("more than half of 应到", "voting.decision_majority", "in_favour", Fraction(1, 2), MORE),
    ("党员大会 1 a quarter", "life.members_meeting", "per_quarter", 1, LEAST),
    ("支委会 1 a month", "life.committee_meeting", "per_month", 1, LEAST),
    ("党小组会 1 a month", "life.group_meeting", "per_month", 1, LEAST),
    ("党课 no national count: a term", "life.lessons", "per_term", 0, LEAST),
    ("党课 no national count: a quarter", "life.lessons", "per_quarter", 0, LEAST),
    ("secretary at least 1 a year", "life.secretary_lesson", "per_year", 1, LEAST),
    ("主题党日 every month", "life.theme_day", "per_month", 1, LEAST),
    ("组织生活会 at least 1 a year", "life.org_life_meeting", "per_year", 1, LEAST),
    ("谈心谈话 at least 1 a year", "life.talks", "per_year", 1, LEAST),
    ("民主评议 1 a year", "appraisal.held", "per_year", 1, LEAST),
    ("优秀 at most 1/3", "appraisal.excellent", "excellent", Fraction(1, 3), MOST),
    ("members at least 32 hours", "life.member_training", "hours", 32, LEAST),
    ("secretaries at least 56", "life.leader_training", "hours", 56, LEAST),
    ("apply: age 18", "development.age", "age", 18, LEAST),
    ("talk: within 1 month", "development.talk", "months", 1, MOST),
    ("1-2 full members: 1", "development.sponsors", "least", 1, LEAST),
    ("1-2 full members: 2", "development.sponsors", "most", 2, MOST),
    ("observation every half-year", "development.observation", "months", 6, MOST),
    ("at least 1 year as activist", "development.candidate", "years", 1, LEAST),
    ("notice at least 5 working days", "development.notice", "workdays", 5, LEAST),
    ("introducers: 2 full members", "development.introducers", "number", 2, EXACT),
    ("training at least 3 days", "development.training", "days", 3, LEAST),
    ("training at least 24 hours", "development.training", "hours", 24, LEAST),
    ("within 1 month of the pre-review", "development.pre_review", "months", 1, MOST),
    ("quorum: more than half", "development.quorum", "present", Fraction(1, 2), MORE),
    ("yes: more than half of 应到", "development.vote", "in_favour", Fraction(1, 2), MORE),
    ("approval within 3 months", "development.approval", "months", 3, MOST),
    ("special cases 6", "development.approval", "special", 6, MOST),
    ("oath within 1 month", "development.oath", "months", 1, MOST),
    ("probation 1 year", "development.probation", "years", 1, EXACT),
    ("one extension", "development.probation", "extensions", 1, MOST),
    ("of 6-12 months: 6", "development.probation", "least", 6, LEAST),
    ("of 6-12 months: 12", "development.probation", "most", 12, MOST),
    ("full: approval within 3 months", "development.full_approval", "months", 3, MOST),
    ("leaving within 3 months", "development.leaving", "months", 3, LEAST),
    ("away 6 months and more", "transfers.needed", "months", 6, LEAST),
    ("letter about 10 days", "transfers.letter", "usual", 10, EXACT),
    ("letter at most 3 months", "transfers.letter", "months", 3, MOST),
    ("more than 1/2 present", "school_meetings.party_meeting", "present", Fraction(1, 2), MORE),
    ("appointments 2/3", "school_meetings.party_meeting", "appointment", Fraction(2, 3), LEAST),
    ("1/2 of the team", "school_meetings.office_meeting", "present", Fraction(1, 2), MORE),
    ("公示 at least 5 working days", "evaluation.notice", "workdays", 5, LEAST),
    ("notices at most 5,000 characters", "burden.length", "general", 5000, MOST),
    ("special-topic ones at most 4,000", "burden.length", "special", 4000, MOST),
)
# The article of each step in the edition of May 2026.
ARTICLES = (
    ("age", "第五条"),
    ("talk", "第七条"),
    ("activist", "第八条"),
    ("sponsors", "第九条"),
    ("observation", "第十一条"),
    ("candidate", "第十三条"),
    ("notice", "第十三条"),
    ("introducers", "第十四条"),
    ("review", "第十六条"),
    ("training", "第十七条"),
    ("pre_review", "第十九条"),
    ("vote", "第二十条"),
    ("approval", "第二十五条"),
    ("oath", "第二十九条"),
    ("probation", "第三十一条"),
    ("full_approval", "第三十三条"),
    ("seniority", "第三十三条"),
)


@pytest.mark.parametrize(("printed", "key", "name", "number", "bound"), PRINTED)
def test_the_number_is_the_one_printed(printed, key, name, number, bound):
    figure = rule_of(key).clause_on(NOW).figure(name)
    assert (figure.value, figure.bound) == (number, bound), printed


def test_no_figure_is_left_without_what_is_printed():
    here = {(key, name) for _, key, name, _, _ in PRINTED}
    held = {(r.key, f.key) for r in RULES for clause in r.clauses for f in clause.figures}
    repeated = {("terms.reminder", "committee"), ("terms.reminder", "branch")}
    assert held - repeated == here


@pytest.mark.parametrize(("name", "article"), ARTICLES)
def test_the_edition_of_2026_is_cited_by_its_articles(name, article):
    assert rule_of(f"development.{name}").clause_on(NOW).article == article


@pytest.mark.parametrize(
    ("key", "chapter"),
    [
        ("setup.branch_founding", "第二章"),
        ("setup.joint_branch_units", "第二章"),
        ("setup.branch_size", "第二章"),
        ("setup.committee", "第六章"),
    ],
)
def test_the_regulation_on_branches_is_cited_by_its_chapters(key, chapter):
    assert rule_of(key).clause_on(NOW).article == chapter


def test_no_other_article_was_invented():
    cited = {rule.key for rule in RULES for clause in rule.clauses if clause.article}
    told = {f"development.{name}" for name, _ in ARTICLES}
    chapters = {"branch_founding", "joint_branch_units", "branch_size", "committee"}
    assert cited == told | {f"setup.{name}" for name in chapters}


def test_what_the_edition_of_2014_says_the_same():
    for rule in RULES:
        if rule.field == "development" and rule.clause_on(OLD).judge:
            assert rule.clause_on(OLD).figures == rule.clause_on(NOW).figures, rule.key


def test_what_the_edition_of_2014_does_not_say():
    silent = [rule.key for rule in RULES if any(each.judge is None for each in rule.clauses)]
    assert silent == ["development.notice", "development.pre_review", "development.oath"]


def test_twenty_five_steps_in_five_stages():
    assert len(STEPS) == 25
    assert len(STAGES) == 5
    assert [len(names) for _, names in STAGES] == [2, 4, 5, 7, 7]
    assert [STEPS[number - 1].name for number in (1, 7, 15, 20, 25)] == [
        "递交入党申请书",
        "确定发展对象",
        "支部大会讨论",
        "入党宣誓",
        "材料归档",
    ]


def test_grades_and_steps_are_named_as_printed():
    assert GRADES == ("优秀", "合格", "基本合格", "不合格")
    assert REVIEW_GRADES == ("好", "较好", "一般", "差")
    assert SELECTION_STEPS == ("自荐或推荐", "逐级审核", "实地考察", "公示", "公布")
