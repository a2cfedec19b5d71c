"""A document written as plain text is read back as the same document."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.days import chinese_date
from notices.documents import parsing
from notices.documents.document import (
    Document,
    Head,
    Imprint,
    Paragraph,
    Part,
    Signature,
    Table,
    annexes,
    items,
)
from notices.documents.plain_text import to_text
from tests.notices.documents.samples import (
    LETTER_TEXT,
    MINUTES_TEXT,
    ORDER_TEXT,
    SHORT,
    WORK_POINTS,
    short_document,
)

WORDS = st.text(alphabet="党建支部学习走访慰问困难师生清廉堃喆", min_size=2, max_size=12)
DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31)).map(chinese_date)
ISSUERS = WORDS.map(lambda word: f"澄岚区{word}委员会")
SENTENCES = st.lists(WORDS, min_size=1, max_size=6).map(lambda words: "，".join(words) + "。")


@st.composite
def bodies(draw: st.DrawFn) -> tuple[Paragraph, ...]:
    """Paragraphs whose numbering is in order: plain ones, then 一、 with 1. below it."""
    paragraphs = [Paragraph(text) for text in draw(st.lists(SENTENCES, min_size=1, max_size=3))]
    for numeral in "一二三"[: draw(st.integers(0, 3))]:
        paragraphs.append(Paragraph(f"{numeral}、{draw(WORDS)}"))
        below = draw(st.lists(SENTENCES, max_size=3))
        paragraphs += [Paragraph(f"{n}.{text}") for n, text in enumerate(below, start=1)]
    return tuple(paragraphs)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.integers(2, 4))
    titles = st.lists(WORDS, min_size=1, max_size=4).map(items)
    rows = draw(st.lists(st.tuples(*[WORDS] * (columns - 1), titles), min_size=1, max_size=5))
    return Table((tuple(draw(WORDS) for _ in range(columns)), *rows))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    names = draw(st.lists(WORDS.map(lambda word: f"{word}行事历"), max_size=3, unique=True))
    issuers = tuple(draw(st.lists(ISSUERS, min_size=1, max_size=2)))
    notice = Part(
        title=f"关于{draw(WORDS)}的通知",
        recipients=draw(st.sampled_from(["", "各基层党组织", "各党总支、直属党支部"])),
        blocks=draw(bodies()),
        annexes=tuple(names),
        signature=Signature(issuers, draw(DAYS)),
        remarks=draw(st.sampled_from([(), ("（联系人：尉迟堃）",)])),
    )
    points = Part(f"{draw(WORDS)}工作要点", draw(bodies()))
    return Document(
        head=Head(
            mark=tuple(f"{issuer}文件" for issuer in issuers),
            number=f"澄教委〔{draw(st.integers(2020, 2040))}〕{draw(st.integers(1, 999))}号",
            labels=draw(st.sampled_from([(), ("特急",), ("000012", "机密★1年")])),
            signer=draw(st.sampled_from(["", "仇堃"])),
        ),
        parts=(notice, points) if draw(st.booleans()) else (notice,),
        annexes=annexes([(name, (draw(tables()),)) for name in names]),
        imprint=draw(st.none() | st.builds(Imprint, WORDS, ISSUERS, DAYS)),
    )


@settings(max_examples=200)
@given(documents())
def test_written_and_read_a_document_is_the_same(document: Document):
    assert parsing.read_text(to_text(document)).document == document


@pytest.mark.parametrize(
    "text",
    [SHORT, WORK_POINTS.read_text(encoding="utf-8"), LETTER_TEXT, MINUTES_TEXT, ORDER_TEXT],
)
def test_a_notice_that_was_read_survives_writing(text: str):
    document = parsing.read_text(text).document
    reading = parsing.read_text(to_text(document))
    assert reading.document == document
    assert reading.findings == ()


def test_dates_and_items_are_written_as_documents_write_them():
    assert chinese_date(date(2026, 3, 2)) == "2026年3月2日"
    assert items(["走访慰问", "2026年度审议"]) == "1.走访慰问； 2. 2026年度审议。"


def test_a_document_built_in_a_program_has_no_findings():
    assert parsing.read_text(to_text(short_document(annexed=True))).findings == ()
