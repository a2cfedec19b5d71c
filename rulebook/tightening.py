"""Units may tighten a figure, never loosen it."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from rulebook.model import Asked, Bound, Clause, Figure, Number, Rule, Tightening


class LooseningError(Exception):
    """A figure may not become what was asked; ``reason`` says in Chinese why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def is_fixed(figure: Figure) -> bool:
    """Whether the figure is the same for everybody, such as the length of a term."""
    return figure.fixed or figure.bound == Bound.EXACTLY


def stricter(value: Number, figure: Figure) -> bool:
    """Whether ``value`` asks for more than ``figure`` does, in the way in which it binds."""
    if is_fixed(figure):
        return False
    return value < figure.value if figure.bound == Bound.AT_MOST else value > figure.value


def tighten(figure: Figure, value: Number) -> Figure:
    """Return the figure as tightened to ``value``.

    Raises LooseningError for a fixed figure, for what is not stricter than what holds, and for
    what nothing could fulfil.
    """
    wanted = figure.with_value(value)
    if figure.unit and Fraction(value).denominator != 1:
        raise LooseningError(f"“{figure.label}”按{figure.unit}算，应填整数，写的是 {value}。")
    if is_fixed(figure):
        raise LooseningError(f"“{figure.label}”是固定的（{figure.amount}），不能另行规定。")
    if value == figure.value:
        raise LooseningError(f"“{figure.label}”现行就是{figure.demand}，没有从严。")
    if not stricter(value, figure):
        raise LooseningError(
            f"“{figure.label}”现行{figure.demand}，改为{wanted.demand}是放宽；只能从严，不能放宽。"
        )
    _refuse_beyond(wanted)
    return wanted


def _refuse_beyond(wanted: Figure) -> None:
    """Refuse what no unit could fulfil: a share of more than the whole, more than its stop."""
    share = not wanted.unit
    most = wanted.bound != Bound.AT_MOST
    whole = wanted.value > 1 or (wanted.value == 1 and wanted.bound == Bound.MORE_THAN)
    if (share and whole) or wanted.value <= 0:
        raise LooseningError(f"“{wanted.label}”写成{wanted.demand}，谁也做不到，请核对。")
    stop = wanted.stop
    if stop is not None and (wanted.value > stop if most else wanted.value < stop):
        end = wanted.with_value(stop).amount
        raise LooseningError(f"“{wanted.label}”从严到 {end}为止，写的是 {wanted.amount}。")


def may_tighten(figure: Figure) -> bool:
    """Whether there is a stricter value at all."""
    return not is_fixed(figure) and figure.value != figure.stop


def as_held(
    rule: Rule[Any], clause: Clause[Any], on: date, tightenings: Iterable[Tightening]
) -> tuple[Asked, tuple[Tightening, ...]]:
    """Return the figures as they hold on the day ``on``, and what tightened them.

    The strictest wins; one that a later edition has overtaken does nothing.
    """
    figures = {figure.key: figure for figure in clause.figures}
    used: dict[str, Tightening] = {}
    for each in tightenings:
        figure = figures.get(each.figure) if each.rule == rule.key else None
        if figure is not None and each.holds(on) and stricter(each.value, figure):
            figures[each.figure] = figure.with_value(each.value)
            used[each.figure] = each
    return Asked(on, figures), tuple(used.values())
