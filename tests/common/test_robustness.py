"""Whatever stands in a file, the answer is a value or a remedy, never a defect."""

import csv
import datetime
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common import cells
from common.cells import CellError
from common.errors import DomainError
from common.imports import Column, read
from common.names import check_mobile, organization_pinyin, person_pinyin
from common.sheets import SheetError

PARSERS = [
    cells.text(),
    cells.person_name(),
    cells.code(),
    cells.mobile(),
    cells.choice({"甲": 1}),
    cells.yes_no(),
    cells.integer(maximum=1000),
    cells.decimal(places=2),
    cells.partial_date(),
    cells.full_date(),
]
NUMBERS = st.text("0123456789.-/年月日,+eE ()", min_size=1, max_size=40)
VALUES = st.one_of(
    st.text(min_size=1),
    NUMBERS,
    st.text("0123456789", min_size=4000, max_size=6000),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
COLUMNS = [
    Column("name", "姓名", cells.person_name(), required=True),
    Column("since", "时间", cells.partial_date()),
    Column("count", "人数", cells.integer(), fill_down=True, unique=True),
]


def refusal_of(call, *args, **kwargs) -> str:
    """Return the words of a refusal, or a full stop where there was none."""
    try:
        call(*args, **kwargs)
    except CellError as fault:
        return fault.remedy
    except DomainError as refusal:
        return refusal.message
    return "。"


@given(VALUES)
@settings(max_examples=300, deadline=None)
def test_a_cell_is_a_value_or_a_remedy(value):
    assert {refusal_of(parser, value)[-1] for parser in PARSERS} == {"。"}


@given(st.lists(st.lists(st.text(max_size=8) | NUMBERS, max_size=5), max_size=6))
@settings(max_examples=200, deadline=None)
def test_a_table_is_rows_or_problems(rows):
    text = io.StringIO()
    csv.writer(text).writerows([["姓名", "时间", "人数"], *rows])
    try:
        plan = read(text.getvalue().encode("utf-8", "ignore"), COLUMNS, filename="a.csv")
    except SheetError:
        return
    faulty = {problem.row for problem in plan.problems}
    good = {row.number for row in plan.rows}
    assert faulty | good == {line.number for line in plan.sheet.lines}
    assert not faulty & good


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "a.xls"]))
@settings(max_examples=200, deadline=None)
def test_bytes_of_any_kind_are_rows_or_a_refusal(data, filename):
    for content in (data, b"PK\x03\x04" + data, "姓名,时间\n".encode() + data):
        assert refusal_of(read, content, COLUMNS, filename=filename)[-1] == "。"


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_any_text_has_a_pinyin_and_may_be_asked_for_a_number(text):
    assert isinstance(person_pinyin(text), str)
    assert isinstance(organization_pinyin(text), str)
    assert refusal_of(check_mobile, text)[-1] == "。"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e30, "9" * 5000, datetime.time(1)])
def test_numbers_out_of_all_bounds(value):
    for parser in PARSERS[6:]:
        with pytest.raises(CellError):
            parser(value)
