"""The yearly review of secretaries, and selections (述职评议、评选)."""

from dataclasses import dataclass
from datetime import date

from rulebook.calendar import IsWorkday, workdays_within
from rulebook.measures import (
    all_of,
    by_deadline,
    compared,
    decided,
    doubtful,
    not_applicable,
    undecided,
    unknown,
    yes,
)
from rulebook.model import (
    Asked,
    Bound,
    Clause,
    Day,
    F,
    Figure,
    Force,
    Judge,
    Mark,
    Outcome,
    Rule,
)
from rulebook.regulations import UNNAMED
from rulebook.words import day

REVIEW_GRADES = ("好", "较好", "一般", "差")
SELECTION_STEPS = ("自荐或推荐", "逐级审核", "实地考察", "公示", "公布")


@dataclass(frozen=True)
class Review:
    """The performance review (述职评议) of one secretary for a year."""

    year: int
    held: Day = None
    one_by_one: bool | None = None
    grade: str | None = None


@dataclass(frozen=True)
class PublicNotice:
    """A public notice (公示), both days included. ``is_workday`` None: workdays not known."""

    first: date | None = None
    last: date | None = None
    is_workday: IsWorkday | None = None


@dataclass(frozen=True)
class Selection:
    """A selection: on which day each of ``SELECTION_STEPS`` was done, as far as it got.

    ``document`` names what authorises it; "" for none.
    """

    done: tuple[date, ...] | None = None
    document: str | None = None


def notice_days(facts: PublicNotice, figure: Figure) -> Outcome:
    """Hold the workdays of a public notice against a figure."""
    if facts.first is None or facts.last is None:
        return unknown("公示起止日期")
    words = f"{day(facts.first)}至 {day(facts.last)}公示"
    if facts.last < facts.first:
        return doubtful(words)
    if facts.is_workday is None:
        return undecided(words, "工作日安排")
    found = workdays_within(facts.first, facts.last, facts.is_workday)
    outcome = compared("公示", found, figure)
    return Outcome(outcome.verdict, f"{words}，{outcome.words}")


def _held(facts: Review, asked: Asked) -> Outcome:
    end = date(facts.year, 12, 31)
    start = date(facts.year, 1, 1)
    return by_deadline("述职评议", facts.held, start=start, deadline=end, on=asked.on)


def _one_by_one(facts: Review, _asked: Asked) -> Outcome:
    if not isinstance(facts.held, date):
        return unknown("述职评议日期") if facts.held is None else not_applicable("还没有述职评议")
    each = yes("逐一述职、逐一点评", facts.one_by_one)
    if facts.grade is None:
        return all_of(each, unknown("评议等次"))
    words = f"等次“{facts.grade}”；等次为{'、'.join(REVIEW_GRADES)}"
    return all_of(each, decided(facts.grade in REVIEW_GRADES, words))


def _notice(facts: PublicNotice, asked: Asked) -> Outcome:
    return notice_days(facts, asked["workdays"])


def _steps(facts: Selection, _asked: Asked) -> Outcome:
    if facts.done is None:
        return unknown("评选各步日期")
    named = [f"{step} {day(on)}" for step, on in zip(SELECTION_STEPS, facts.done, strict=False)]
    words = "，".join(named) or "还没有开始"
    if len(facts.done) > len(SELECTION_STEPS):
        return doubtful(f"{words}，共 {len(SELECTION_STEPS)} 步")
    in_order = tuple(sorted(facts.done)) == facts.done
    return decided(in_order, f"{words}；依次为{' → '.join(SELECTION_STEPS)}")


def _document(facts: Selection, _asked: Asked) -> Outcome:
    if facts.document is None:
        return unknown("评选依据文件")
    return decided(bool(facts.document.strip()), f"依据文件：{facts.document.strip() or '无'}")


def _rule(
    name: str,
    title: str,
    asks: str,
    judge: Judge[F],
    *figures: Figure,
    mark: Mark = Mark.STORED,
) -> Rule[F]:
    clause = Clause(UNNAMED, mark, Force.WARN, asks, judge, figures)
    return Rule(f"evaluation.{name}", title, (clause,))


HELD = _rule("held", "述职评议时间", "年底前完成述职评议。", _held, mark=Mark.GENERAL)
ONE_BY_ONE = _rule(
    "one_by_one",
    "述职评议方式和等次",
    "逐一述职、逐一点评，等次为好、较好、一般、差。",
    _one_by_one,
    mark=Mark.GENERAL,
)
STEPS = _rule("steps", "评选程序", "自荐或推荐 → 逐级审核 → 实地考察 → 公示 → 公布。", _steps)
NOTICE = _rule(
    "notice",
    "评选公示",
    "公示不少于 5 个工作日。",
    _notice,
    Figure("workdays", "公示", 5, Bound.AT_LEAST, "个工作日", stop=30),
)
DOCUMENT = _rule("document", "评选依据", "写明评选所依据的文件。", _document)
RULES = (HELD, ONE_BY_ONE, STEPS, NOTICE, DOCUMENT)
