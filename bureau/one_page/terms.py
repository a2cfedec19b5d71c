"""Terms on the leader's page: how many are near their end, over, put off."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from bureau.one_page.parts import Figure, Part
from cadres.choices import TermState
from cadres.models import Term
from reports.lines import UNRECORDED

if TYPE_CHECKING:
    from accounts.models import User

_DEFINITION = "现有党组织正在进行的任期，党委五年，党总支、党支部三年，来源为任期登记"
# What each of the figures counts.
_MEANT = {
    TermState.DUE: "即将届满是半年内届满",
    TermState.OVERDUE: "已届满未换届是过了届满日期，没有换届，也没有批准延期",
    TermState.EXTENDED: "经批准延期是过了届满日期，还在批准的期限内",
}


def term_counts(user: "User", on: date) -> dict[TermState, int]:
    """Return how many terms of the day ``on`` stand so; empty where none was entered. One query."""
    over = Q(due_on__lt=on)
    put_off = Q(extended_until__gte=on)
    states = {
        TermState.DUE: Q(remind_on__lte=on, due_on__gte=on),
        TermState.OVERDUE: over & (Q(extended_until=None) | Q(extended_until__lt=on)),
        TermState.EXTENDED: over & put_off,
    }
    held = Term.objects.visible_to(user).order_by().filter(Q(until=None) | Q(until__gt=on))
    rows = held.filter(since__lte=on).exclude(organization__closed_on__lte=on)
    counted = {state.value: Count("pk", filter=which) for state, which in states.items()}
    found = rows.aggregate(every=Count("pk"), **counted)
    return {state: found[state.value] for state in states} if found["every"] else {}


def terms_part(counts: Mapping[TermState, int]) -> Part:
    """Return the figures of :func:`term_counts` in words."""
    figures = tuple(_figure(state, counts.get(state)) for state in _MEANT)
    return Part("terms", "任期换届", figures, _DEFINITION)


def _figure(state: TermState, number: int | None) -> Figure:
    url = f"{reverse('admin:cadres_ledgerrow_changelist')}?{urlencode({'term': state.value})}"
    key, definition = f"terms.{state.value}", f"{_MEANT[state]}；{_DEFINITION}"
    if number is None:
        said = f"任期{state.label}的党组织数{UNRECORDED}"
        return Figure(key, state.label, UNRECORDED, "", said, definition, url, known=False)
    said = f"任期{state.label}的党组织{number}个"
    return Figure(key, state.label, str(number), "个", said, definition, url)
