"""How a rule of development stands in both editions."""

from collections.abc import Callable

from rulebook.development.facts import Development
from rulebook.model import NOT_DONE, Asked, Clause, Day, Figure, Force, Mark, Outcome, Rule
from rulebook.regulations import DEVELOPMENT_2014, DEVELOPMENT_2026

Judge = Callable[[Development, Asked], Outcome]
Text = Clause[Development]


def of_2014(asks: str, judge: Judge | None, *figures: Figure) -> Text:
    """The edition of 2014, whose articles nobody wrote down; so it only warns."""
    return Clause(DEVELOPMENT_2014, Mark.GENERAL, Force.WARN, asks, judge, figures)


def of_2026(
    asks: str, judge: Judge, *figures: Figure, article: str = "", force: Force = Force.WARN
) -> Text:
    """The edition of May 2026, known at second hand."""
    return Clause(DEVELOPMENT_2026, Mark.SECOND_HAND, force, asks, judge, figures, article=article)


def same(
    name: str,
    title: str,
    asks: str,
    judge: Judge,
    *figures: Figure,
    article: str = "",
    force: Force = Force.WARN,
) -> Rule[Development]:
    """A rule that both editions word alike."""
    newer = of_2026(asks, judge, *figures, article=article, force=force)
    return rule(name, title, of_2014(asks, judge, *figures), newer)


def rule(name: str, title: str, *texts: Text) -> Rule[Development]:
    """A rule with one text for each edition, the older first."""
    return Rule(f"development.{name}", title, texts)


def taken(day: Day) -> bool:
    """Whether a step was taken, or may have been: nobody wrote down when."""
    return day is not NOT_DONE
