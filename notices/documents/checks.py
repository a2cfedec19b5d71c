"""What a whole document lacks, and what doesn't fit together in it."""

from collections.abc import Iterator, Sequence

from notices.documents import patterns, punctuation
from notices.documents.document import Annex, Document, Paragraph, Part
from notices.documents.findings import Finding, excerpt
from notices.documents.lines import Line, visible


def check(document: Document, texts: Sequence[Line]) -> Iterator[Finding]:
    """The findings about `document`; `texts` are its paragraphs with the lines they begin on."""
    yield from _missing(document)
    yield from _annexes(document)
    for line in texts:
        yield from punctuation.check(line)
        for problem in patterns.level_problems(line.text):
            yield Finding(line.number, problem, excerpt(line.text))
    for part in document.parts:
        yield from _numbering(part, texts)
        yield from _ends(part, texts)


def _missing(document: Document) -> Iterator[Finding]:
    head, notice = document.head, document.parts[0]
    imprint = document.imprint
    for present, name in (
        (head.mark, "缺发文机关标志"),
        (head.number, "缺发文字号"),
        (notice.title, "缺标题"),
        (notice.recipients, "缺主送机关"),
        (notice.blocks, "缺正文"),
        (notice.signature, "缺发文机关署名和成文日期"),
        (imprint and imprint.printer, "版记缺印发机关"),
        (imprint and imprint.printed, "版记缺印发日期"),
    ):
        if not present:
            yield Finding(0, name)
    if head.mark and not patterns.is_office_mark(head.mark[-1]):
        yield Finding(1, "发文机关标志未以“文件”结尾", "".join(head.mark))


def _annexes(document: Document) -> Iterator[Finding]:
    announced = [name for part in document.parts for name in part.annexes]
    present = {visible(annex.title): annex for annex in document.annexes}
    for name in announced:
        if visible(name) not in present:
            yield Finding(0, "附件说明中的附件没有正文", excerpt(name))
    wanted = {visible(name) for name in announced}
    for title, annex in present.items():
        if title not in wanted:
            yield Finding(0, "附件未在附件说明中列出", excerpt(annex.title or annex.label))
    yield from _labels(document.annexes)


def _labels(annexes: Sequence[Annex]) -> Iterator[Finding]:
    several = len(annexes) > 1
    for number, annex in enumerate(annexes, start=1):
        right = f"附件{number}" if several else "附件"
        if annex.label != right:
            yield Finding(0, f"附件序号应为“{right}”", annex.label)


def _numbering(part: Part, texts: Sequence[Line]) -> Iterator[Finding]:
    """Numbers that skip or repeat; a level starts anew below a higher one."""
    last: dict[patterns.Level, int] = {}
    for paragraph in _paragraphs(part):
        level, ordinal = paragraph.level, patterns.ordinal_of(paragraph.text)
        if ordinal is None:
            continue
        expected = last.get(level, 0) + 1
        if ordinal != expected:
            problem = f"层次序号不连续，此处应为第{expected}"
            yield Finding(_line_of(paragraph, texts), problem, excerpt(paragraph.text))
        last = {higher: value for higher, value in last.items() if higher < level}
        last[level] = ordinal


def _ends(part: Part, texts: Sequence[Line]) -> Iterator[Finding]:
    for paragraph in _paragraphs(part):
        whole = "。" in paragraph.text or paragraph.level is patterns.Level.TEXT
        text = paragraph.text
        if whole and not patterns.ends_sentence(text) and not patterns.is_remark(text):
            yield Finding(_line_of(paragraph, texts), "段末没有标点", excerpt(text, len(text)))


def _paragraphs(part: Part) -> list[Paragraph]:
    return [block for block in part.blocks if isinstance(block, Paragraph)]


def _line_of(paragraph: Paragraph, texts: Sequence[Line]) -> int:
    return next((line.number for line in texts if line.text == paragraph.text), 0)
