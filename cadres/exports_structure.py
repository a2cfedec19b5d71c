"""The structure of the ranks as a table."""

from collections.abc import Iterator
from typing import Any

from cadres.queries.structure import BandCount, Structure
from common.exports import ExportColumn

Row = tuple[str, BandCount]


def structure_rows(found: Structure) -> Iterator[Row]:
    """Yield every band with the name of its dimension, those without anybody too."""
    for dimension in found.dimensions:
        for band in dimension.bands:
            yield dimension.label, band


def structure_columns() -> list[ExportColumn[Any]]:
    """Return the columns."""
    return [
        ExportColumn("结构", lambda row: row[0], 14),
        ExportColumn("类别", lambda row: row[1].label, 18),
        ExportColumn("人数", lambda row: row[1].count, 8, "center"),
        ExportColumn("占比", lambda row: row[1].share, 8, "center"),
        ExportColumn("三年行动计划目标", lambda row: _target(row[1]), 20),
        ExportColumn("对照", lambda row: row[1].held.words if row[1].held else "", 44),
    ]


def _target(band: BandCount) -> str:
    return f"{band.held.target.year}年{band.held.target.demand}" if band.held else ""
