"""Bars of a chart as numbers for SVG: the same picture on the page and on paper."""

from collections.abc import Sequence
from dataclasses import dataclass

from cadres.queries.structure import BandCount

_LABEL_WIDTH, _BAR_WIDTH, _LINE = 132, 220, 24
WIDTH = _LABEL_WIDTH + _BAR_WIDTH + 110


@dataclass(frozen=True)
class Bar:
    """One band: where its line stands, how long its bar is, what is written behind it."""

    band: BandCount
    top: int
    middle: int
    width: int

    @property
    def behind(self) -> int:
        """Where the figure begins."""
        return _LABEL_WIDTH + self.width + 6

    @property
    def figure(self) -> str:
        """12 人 20.7%."""
        return f"{self.band.count} 人 {self.band.share}".strip()


@dataclass(frozen=True)
class Chart:
    """The bars of one dimension."""

    bars: Sequence[Bar]
    height: int
    width: int = WIDTH
    label_width: int = _LABEL_WIDTH


def chart(bands: Sequence[BandCount]) -> Chart:
    """Return the chart of the bands that have somebody; the longest bar fills the width."""
    shown = [band for band in bands if band.count or band.is_unknown]
    most = max((band.count for band in bands), default=0)
    bars = [
        Bar(
            band,
            place * _LINE + 4,
            place * _LINE + 16,
            round(band.count * _BAR_WIDTH / most) if most else 0,
        )
        for place, band in enumerate(shown)
    ]
    return Chart(bars, len(bars) * _LINE + 4)
