"""What comes in: numbers of rows, and text that a database can keep."""

import pytest

from common.intake import is_broken, mended, row_number, typed_fields


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7", 7),
        ("007", 7),
        ("0", 0),
        (7, 7),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", None),
        ("9" * 5000, None),
        ("-1", None),
        ("1.5", None),
        ("²", None),
        ("٣", None),
        (" 7", None),
        ("7\n", None),
        ("", None),
        (None, None),
    ],
)
def test_the_number_of_a_row(text, expected):
    assert row_number(text) == expected


def test_only_what_is_no_text_is_broken():
    good = "𬭎👩‍👩‍👧e\u0301\u202e\u200b\ufeff\u0007 第一行\r\n第二行"
    assert (is_broken(good), mended(good)) == (False, good)
    assert (is_broken("甲\0乙"), mended("甲\0乙")) == (True, "甲乙")
    assert (is_broken("甲\ud83d乙"), mended("甲\ud83d乙")) == (True, "甲乙")


def test_typed_fields_are_texts_and_lists_of_texts():
    assert typed_fields('{"a": "字", "b": ["1", ""]}') == {"a": "字", "b": ["1", ""]}


def test_half_a_character_is_left_out_of_what_was_typed():
    text = '{"\\ud800a": ["字\\udfff", "\\u0000甲"], "b": "\\ud83d\\ude00"}'
    assert typed_fields(text) == {"a": ["字", "甲"], "b": "😀"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "null",
        '{"a": 1}',
        '{"a": [1]}',
        '{"a": {"b": "c"}}',
        '{"a": null}',
        '{"a": NaN}',
        '{"a": ' + "9" * 5000 + "}",
        "[" * 90_000,
    ],
)
def test_anything_else_is_not_read(text):
    assert typed_fields(text) is None
