"""Values that two databases spell differently have one digest, and different values another."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest

from bureau.tables import _READ, Column, Summing, Table

SHANGHAI = timezone(timedelta(hours=8))
UID = UUID("12345678123456781234567812345678")


def digest(kind: str, *values: object) -> str:
    table = Table("t", (Column("c", kind),))
    read = _READ.get(kind, lambda value: value)
    summing = Summing(table)
    summing.add([(read(value),) for value in values])
    return summing.tally().digest


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("boolean", 1, True),
        ("moment", datetime(2026, 3, 1), datetime(2026, 3, 1, 8, tzinfo=SHANGHAI)),
        ("decimal", 1.5, Decimal("1.50")),
        ("duration", 1_500_000, timedelta(seconds=1.5)),
        ("uuid", UID.hex, UID),
        ("binary", memoryview(b"x"), b"x"),
        ("json", '{"b": 1e3, "a": [2.0]}', '{"a":[2],"b":1000}'),
        ("json", r'"\u4e2d"', '"中"'),
    ],
)
def test_the_same_in_two_spellings(kind: str, one: object, other: object) -> None:
    assert digest(kind, one) == digest(kind, other)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("plain", "1", 1),
        ("plain", "", "a"),
        ("boolean", True, False),
        (
            "moment",
            datetime(2026, 3, 1, tzinfo=UTC),
            datetime(2026, 3, 1, microsecond=1, tzinfo=UTC),
        ),
        ("date", date(2026, 3, 1), date(2026, 3, 2)),
        ("time", time(8), time(8, 0, 1)),
        ("json", '{"a": "1"}', '{"a": 1}'),
        ("json", "[1,2]", "[2,1]"),
        ("binary", b"x", b"y"),
    ],
)
def test_one_digest_for_each_value(kind: str, one: object, other: object) -> None:
    assert digest(kind, one) != digest(kind, other)


def test_order_is_of_no_consequence_and_repetition_is() -> None:
    assert digest("plain", 1, 2, 3) == digest("plain", 3, 1, 2)
    assert digest("plain", 1, 1, 2) != digest("plain", 1, 2, 2)
    assert digest("plain", 1, 1) != digest("plain")
    assert digest("plain", None) != digest("plain", "")
