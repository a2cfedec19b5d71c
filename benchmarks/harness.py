"""How a row is measured: turn and turn about, warm, medians; and what a result is."""

import gc
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import median, quantiles

WARM_UP = 3


@dataclass(frozen=True)
class Result:
    """One line of the table. ``floor`` is what the peer or the smaller seed came to."""

    name: str
    figure: float
    unit: str
    target: str
    holds: bool
    floor: float | None = None
    ratio: float | None = None


def at_most(name: str, figure: float, unit: str, most: float) -> Result:
    """A figure with a ceiling."""
    return Result(name, figure, unit, f"≤ {most:g} {unit}", figure <= most)


def at_least(name: str, figure: float, unit: str, least: float) -> Result:
    """A figure with a lower limit."""
    return Result(name, figure, unit, f"≥ {least:g} {unit}", figure >= least)


def within(name: str, figure: float, floor: float, unit: str, times: float) -> Result:
    """A figure that may be so many times its floor."""
    ratio = figure / floor
    return Result(name, figure, unit, f"≤ {times:g} ×", ratio <= times, floor, ratio)


def faster(name: str, figure: float, floor: float, unit: str) -> Result:
    """A time that has to stay below its peer's."""
    ratio = figure / floor
    return Result(name, figure, unit, "< 1 ×", ratio < 1, floor, ratio)


def p95(values: Iterable[float]) -> float:
    """The figure that 95 of 100 don't pass."""
    return quantiles(values, n=20, method="inclusive")[-1]


def taken(work: Callable[[], object]) -> float:
    """Seconds that ``work`` takes."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def seconds(work: Callable[[], object]) -> float:
    """The same without the clean-up before: for work of some milliseconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def take_turns(
    works: Mapping[str, Callable[[], object]], *, times: int, warm_up: int = WARM_UP
) -> dict[str, float]:
    """Median seconds of each work, done turn and turn about: whatever else the machine does, it
    does it to all of them.
    """
    for _ in range(warm_up):
        for work in works.values():
            work()
    gc.collect()
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(times):
        for name, work in works.items():
            found[name].append(seconds(work))
    return {name: median(values) for name, values in found.items()}
