"""What a whole document lacks, and what doesn't fit together in it."""

from collections.abc import Iterator, Sequence

from notices.documents import forms, patterns, punctuation, tables
from notices.documents.document import Annex, Document, Paragraph, Part, Table
from notices.documents.findings import Finding, excerpt
from notices.documents.lines import Line, visible


def check(document: Document, texts: Sequence[Line]) -> Iterator[Finding]:
    """The findings about `document`; `texts` are its paragraphs with the lines they begin on."""
    yield from _missing(document)
    yield from _form(document, texts)
    yield from _annexes(document)
    for line in texts:
        yield from punctuation.check(line)
        for problem in patterns.level_problems(line.text):
            yield Finding(line.number, problem, excerpt(line.text))
    for part in document.parts:
        yield from _numbering(part, texts)
        yield from _tables(part)
        yield from _ends(part, texts, minutes=document.form.has_attendance)


def _missing(document: Document) -> Iterator[Finding]:
    head, notice = document.head, document.parts[0]
    imprint = document.imprint
    for part, present, name in (
        ("mark", head.mark, "缺发文机关标志"),
        ("number", head.number, "缺发文字号"),
        ("title", notice.title, "缺标题"),
        ("recipients", notice.recipients, "缺主送机关"),
        ("body", notice.blocks, "缺正文"),
        ("signature", notice.signature, "缺发文机关署名和成文日期"),
        ("printer", imprint and imprint.printer, "版记缺印发机关"),
        ("printed", imprint and imprint.printed, "版记缺印发日期"),
    ):
        if part in document.form.needs and not present:
            yield Finding(0, name)


def _form(document: Document, texts: Sequence[Line]) -> Iterator[Finding]:
    """What doesn't fit the form of the document."""
    form, head, notice = document.form, document.head, document.parts[0]
    mark = "".join(head.mark)
    line = _line_of(head.mark[-1], texts) if head.mark else 0
    if mark and not form.fits(mark):
        endings = "或".join(f"“{ending}”" for ending in form.endings)
        problem = f"未以{endings}结尾" if endings else "不加“文件”“纪要”“令”"
        yield Finding(line, f"发文机关标志{problem}", mark)
        apparent = forms.recognise(head.mark, head.number, notice.title)
        if apparent.fits(mark):
            yield Finding(0, f"所选格式是“{form.label}”，文字像是“{apparent.label}”，请核对")
    if form.signing is forms.Signing.STAMPED and notice.signature:
        for issuer in notice.signature.issuers:
            if " " not in issuer:
                yield Finding(0, "命令的署名应写作“职务　姓名”", issuer)
    if form.rules is forms.Rules.DOUBLE:
        if len(head.mark) > 1:
            yield Finding(line, "信函联合行文时只用主办机关的标志", mark)
        imprint = document.imprint
        if imprint and (imprint.printer or imprint.printed):
            text = f"{imprint.printer} {imprint.printed}印发".strip()
            yield Finding(0, "信函的版记不加印发机关和印发日期，已按原文排印", text)


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
            yield Finding(_line_of(paragraph.text, texts), problem, excerpt(paragraph.text))
        last = {higher: value for higher, value in last.items() if higher < level}
        last[level] = ordinal


def _tables(part: Part) -> Iterator[Finding]:
    for block in part.blocks:
        if isinstance(block, Table) and tables.is_wide(block):
            problem = "正文里的表太宽，会排得很密；移作附件就自动横排"
            yield Finding(0, problem, excerpt(" ".join(block.rows[0])))


def _ends(part: Part, texts: Sequence[Line], *, minutes: bool) -> Iterator[Finding]:
    for paragraph in _paragraphs(part):
        whole = "。" in paragraph.text or paragraph.level is patterns.Level.TEXT
        text = paragraph.text
        if patterns.is_remark(text) or (minutes and patterns.is_entry(text)):
            continue
        if whole and not patterns.ends_sentence(text):
            yield Finding(_line_of(paragraph.text, texts), "段末没有标点", excerpt(text, len(text)))


def _paragraphs(part: Part) -> list[Paragraph]:
    return [block for block in part.blocks if isinstance(block, Paragraph)]


def _line_of(text: str, texts: Sequence[Line]) -> int:
    return next((line.number for line in texts if line.text == text), 0)
