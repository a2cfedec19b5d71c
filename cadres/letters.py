"""The letter (函) by which the bureau reminds of elections, as an official document."""

from collections.abc import Sequence
from datetime import date

from cadres.choices import TermState
from cadres.models import Term
from common.days import chinese_date
from notices.documents import forms
from notices.documents.document import (
    Block,
    Document,
    Head,
    Paragraph,
    Part,
    Signature,
    Table,
    annexes,
)
from rulebook import terms as rules

TITLE = "关于做好换届工作的提醒函"
_ANNEX = "本届任期情况表"
# More recipients than these are named in the annex alone.
_NAMED = 5
_IN_TIME = (
    "任期届满应按期换届选举，不得无故提前或延期。"
    "确需提前或延期的，须事先报我委批准，提前或延期一般不超过一年。"
)
_PREPARED = "换届选举前，请向我委报送请示，经批复后组织实施。"
_OVER = "已经届满的，请尽快报告原因并提出换届时间。"
_REPORTED = "选举结束后，请将选举结果报我委，我委据此登记新一届班子和任期。"


def reminder(terms: Sequence[Term], *, issuer: str, on: date) -> Document:
    """Return the letter dated ``on`` about these running terms; its number is left to the office.

    About one organisation the days stand in the text, about several in an annex.
    """
    several = len(terms) > 1
    names = [term.organization.name for term in terms]
    table = [(_ANNEX, _table(terms, on))] if several else []
    return Document(
        head=Head(mark=(issuer,)),
        parts=(
            Part(
                title=TITLE,
                recipients="、".join(names) if len(names) <= _NAMED else "各有关党组织",
                blocks=tuple(map(Paragraph, _sentences(terms, on))),
                annexes=(_ANNEX,) if several else (),
                signature=Signature((issuer,), chinese_date(on)),
            ),
        ),
        annexes=annexes(table),
        form=forms.LETTER,
    )


def _sentences(terms: Sequence[Term], on: date) -> list[str]:
    text = rules.TERM.clauses[-1].edition.regulation
    lead = f"附件所列{len(terms)}个党组织本届任期{_words(terms, on)}。"
    if len(terms) == 1:
        lead = _one(terms[0], on)
    over = any(term.state_on(on) == TermState.OVERDUE for term in terms)
    return [
        f"{lead}根据{text}等规定，现提醒如下：",
        f"一、按期换届。{_IN_TIME}",
        f"二、做好准备。{_PREPARED}{_OVER if over else ''}",
        f"三、及时报送。{_REPORTED}",
    ]


def _one(term: Term, on: date) -> str:
    due = chinese_date(term.due_on)
    ends = f"已于{due}届满" if term.due_on < on else f"将于{due}届满"
    return f"你单位党组织本届任期自{chinese_date(term.since)}起，{ends}。"


def _words(terms: Sequence[Term], on: date) -> str:
    over = sum(term.due_on < on for term in terms)
    if not over:
        return "即将届满"
    return "已经届满" if over == len(terms) else "即将届满或已经届满"


def _table(terms: Sequence[Term], on: date) -> tuple[Block, ...]:
    head = ("序号", "党组织", "本届起始", "届满时间", "状态")
    rows = [
        (
            str(number), term.organization.name, chinese_date(term.since),
            chinese_date(term.due_on), term.state_on(on).label,
        )
        for number, term in enumerate(terms, start=1)
    ]  # fmt: skip
    return (Table((head, *rows)),)
