"""An official document as data: what stands on the page, without how it looks.

Texts are kept as written, numbering included; the level of a paragraph follows from its numbering.
A document is built here, read from plain text (`parsing`), written back to it (`plain_text`) and
laid out (`layout`). What letters, minutes and orders have otherwise is described in `forms`.
"""

from dataclasses import dataclass

from notices.documents import forms, patterns
from notices.documents.patterns import Level


@dataclass(frozen=True, slots=True)
class Head:
    """版头. `mark` is the issuer's mark, one line for each issuer; 文件 ends the last one.

    `labels` are the lines at the top left: 份号, 密级和保密期限, 紧急程度. `signer` is the 签发人
    of a document that goes to a superior.
    """

    mark: tuple[str, ...] = ()
    number: str = ""
    labels: tuple[str, ...] = ()
    signer: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of running text, its numbering included: 一、加强学习"""

    text: str

    @property
    def level(self) -> Level:
        """Its place in the order 一、 （一） 1. （1）, or plain text."""
        return patterns.level_of(self.text)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, the first row being the head. Numbered items in a cell print on own lines."""

    rows: tuple[tuple[str, ...], ...]


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who was at a meeting (10.3). `label` is 出席, 请假 or 列席."""

    label: str
    names: str


@dataclass(frozen=True, slots=True)
class Signature:
    """署名 and 成文日期 as they print: ("澄岚区教育局委员会",), "2026年3月2日".

    Where a person signs, `issuers` holds post and name: ("局长 仇堃",).
    """

    issuers: tuple[str, ...]
    date: str


@dataclass(frozen=True, slots=True)
class Part:
    """A text with its own title: the notice itself, or what it passes on.

    `title` may hold line breaks set by hand. `annexes` are the names in the note 附件：. `remarks`
    stand below the date: 附注 in brackets, and what could not be recognised.
    """

    title: str
    blocks: tuple[Block, ...]
    recipients: str = ""
    annexes: tuple[str, ...] = ()
    attendance: tuple[Attendance, ...] = ()
    signature: Signature | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Annex:
    """附件 on its own page. `label` is 附件, or 附件1 and so on where there are several."""

    label: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Imprint:
    """版记: copies to (without the label and the full stop), printing office, date of printing."""

    copies: str = ""
    printer: str = ""
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole official document. The first part is the notice, further ones are what it issues."""

    head: Head
    parts: tuple[Part, ...]
    annexes: tuple[Annex, ...] = ()
    imprint: Imprint | None = None
    form: forms.Form = forms.DOCUMENT

    @property
    def title(self) -> str:
        """The title of the notice in one line."""
        return self.parts[0].title.replace("\n", "") if self.parts else ""


def items(titles: list[str]) -> str:
    """Numbered items for one cell: 1.走访困难党员； 2. 2026年度发展审议。"""
    last = len(titles)
    return " ".join(
        f"{number}.{' ' if title[:1].isdigit() else ''}{title}{'。' if number == last else '；'}"
        for number, title in enumerate(titles, start=1)
    )


def annexes(contents: list[tuple[str, tuple[Block, ...]]]) -> tuple[Annex, ...]:
    """Annexes out of titles and blocks, labelled 附件, or 附件1, 附件2 ... where several."""
    several = len(contents) > 1
    return tuple(
        Annex(f"附件{number}" if several else "附件", title, blocks)
        for number, (title, blocks) in enumerate(contents, start=1)
    )
