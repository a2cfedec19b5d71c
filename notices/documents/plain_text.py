"""A document back as plain text, which `parsing` reads to the same document again.

A notice is kept and edited in this form: one paragraph a line, a blank line between, table cells
parted by tabs, the lines of a title together.
"""

from collections.abc import Iterator

from notices.documents.document import Block, Document, Head, Imprint, Paragraph, Part


def to_text(document: Document) -> str:
    """The plain text of `document`, ending in a line break."""
    groups = [*_head(document.head)]
    for part in document.parts:
        groups += _part(part)
    for annex in document.annexes:
        groups += [annex.label, annex.title, *map(_block, annex.blocks)]
    if document.imprint:
        groups += _imprint(document.imprint)
    return "\n\n".join(group for group in groups if group) + "\n"


def _head(head: Head) -> Iterator[str]:
    yield from head.labels
    yield from head.mark
    yield f"{head.number}　签发人：{head.signer}" if head.signer else head.number


def _part(part: Part) -> Iterator[str]:
    yield part.title
    if part.recipients:
        yield f"{part.recipients}："
    yield from map(_block, part.blocks)
    if len(part.annexes) == 1:
        yield f"附件：{part.annexes[0]}"
    elif part.annexes:
        names = [f"{number}.{name}" for number, name in enumerate(part.annexes, start=1)]
        yield "附件：" + "\n".join(names)
    yield from (f"{each.label}：{each.names}" for each in part.attendance)
    if part.signature:
        yield "\n".join((*part.signature.issuers, part.signature.date))
    yield from part.remarks


def _block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return block.text
    return "\n".join("\t".join(row) for row in block.rows)


def _imprint(imprint: Imprint) -> Iterator[str]:
    if imprint.copies:
        yield f"抄送：{imprint.copies}。"
    if imprint.printed:
        yield f"{imprint.printer}\n{imprint.printed}印发".strip()
