"""Plain text in, a document out, with every defect named.

The text is read from top to bottom, one part of GB/T 9704 after the other; what fits no part stays
in the document where it stood and is named. Nothing is put right silently but white space.
"""

from dataclasses import dataclass, replace

from notices.documents import checks, forms, patterns, tearing
from notices.documents.cursor import Cursor
from notices.documents.document import (
    Annex,
    Attendance,
    Block,
    Document,
    Head,
    Imprint,
    Paragraph,
    Part,
    Signature,
    Table,
)
from notices.documents.findings import Finding
from notices.documents.lines import Line, decode, split

_HEAD_LINES = 10
_TITLE_LENGTH = 60
_ISSUER_LENGTH = 40
_MOST_ISSUERS = 6


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as read. `replaced` tells for a line (by number) what of it prints instead."""

    document: Document
    findings: tuple[Finding, ...]
    replaced: dict[int, str]


def read(content: bytes) -> Reading:
    """Read the bytes of a text file; raises lines.UnreadableError."""
    return read_text(decode(content))


def read_text(text: str, *, form: forms.Form | None = None) -> Reading:
    """Read a document from its plain text, as one of `form` or of the form that it looks like."""
    reader = _Reader(split(text), form=form)
    document = reader.document()
    findings = [*reader.findings, *checks.check(document, reader.texts)]
    findings.sort(key=lambda finding: finding.line)
    return Reading(document, tuple(dict.fromkeys(findings)), reader.replaced)


@dataclass
class _Reader(Cursor):
    form: forms.Form | None = None
    imprint: Imprint | None = None
    in_body: bool = False

    # The whole ---------------------------------------------------------------------------------
    def document(self) -> Document:
        head = self.head()
        title = following.text if (following := self.peek()) else ""
        form = self.form = self.form or forms.recognise(head.mark, head.number, title)
        parts = [self.part(first=True)]
        annexes: list[Annex] = []
        while self.peek():
            if self.at_annex():
                annexes.append(self.annex())
            elif not self.take_imprint():
                self.add_part(parts)
        return Document(head, tuple(parts), tuple(annexes), self.imprint, form)

    def add_part(self, parts: list[Part]) -> None:
        """A further part; lines that make none stay below the part before."""
        start = self.lines[self.at]
        part = self.part(first=False)
        if part.blocks or part.signature:
            parts.append(part)
        else:
            strays = (*parts[-1].remarks, *part.title.split("\n"), *part.remarks)
            parts[-1] = replace(parts[-1], remarks=strays)
        if not (part.title and part.blocks):
            self.complain(start, "无法识别的部分，已按原文排印")

    # 版头 --------------------------------------------------------------------------------------
    def head(self) -> Head:
        numbered = self.number_place()
        labels: list[str] = []
        mark: list[str] = []
        while (line := self.peek()) and self.at < (_HEAD_LINES if numbered is None else numbered):
            if patterns.is_label(line.text):
                labels.append(self.take_text())
            elif (
                numbered is not None or patterns.is_office_mark(line.text) or self.at_letter_mark()
            ):
                mark.append(self.take_text())
            else:
                break
        number, signer = self.number_and_signer() if numbered is not None else ("", "")
        return Head(tuple(mark), number, tuple(labels), signer)

    def at_letter_mark(self) -> bool:
        """Whether an issuer alone stands here, who signs below: a letter without its number yet."""
        here, *below = (line.text for line in self.lines[self.at :])
        return self.form is forms.LETTER and here in below

    def number_place(self) -> int | None:
        """The index of the line with the document number, which closes the head."""
        for place, line in enumerate(self.lines[:_HEAD_LINES]):
            if patterns.is_number(line.text.partition("签发人")[0].strip()):
                return place
            if self.is_serial(place):
                return place
            if patterns.level_of(line.text) or "\t" in line.text or patterns.is_date(line.text):
                return None
        return None

    def is_serial(self, place: int) -> bool:
        """Whether a number such as 第3号 stands below the mark of an order or of minutes."""
        above = self.lines[place - 1].text if place else ""
        below_mark = above.endswith((*forms.MINUTES.endings, *forms.ORDER.endings))
        return below_mark and patterns.is_serial(self.lines[place].text)

    def number_and_signer(self) -> tuple[str, str]:
        line = self.take()
        number, label, name = line.text.partition("签发人")
        number = number.strip()
        problems = [] if self.is_serial(self.at - 1) else patterns.number_problems(number)
        self.findings += [Finding(line.number, problem, number) for problem in problems]
        if not problems:
            self.texts.append(replace(line, text=number))
        signer = patterns.signer_of(label + name) if label else None
        if signer is None and (following := self.peek()):
            signer = patterns.signer_of(following.text)
            if signer is not None:
                self.take_text()
        return number, signer or ""

    # 主体 --------------------------------------------------------------------------------------
    def part(self, *, first: bool) -> Part:
        title = self.title()
        addressed = self.form is None or "recipients" in self.form.needs
        recipients = self.recipients() if first and title and addressed else ""
        blocks, annexes = self.body()
        attendance = self.attendance(blocks)
        signature = self.signature()
        remarks = self.remarks()
        return Part(title, tuple(blocks), recipients, annexes, attendance, signature, remarks)

    def title(self) -> str:
        lines: list[str] = []
        while (line := self.peek()) and self.is_title(line, started=bool(lines)):
            lines.append(self.take_text())
        return "\n".join(lines)

    def is_title(self, line: Line, *, started: bool) -> bool:
        """A title's lines stand together; a version or a date in brackets may follow it."""
        text = line.text
        if started and patterns.is_remark(text) and len(text) <= _ISSUER_LENGTH:
            return not self.ends_part()
        if (started and line.first) or len(text) > _TITLE_LENGTH or "\t" in text:
            return False
        plain = patterns.level_of(text) is patterns.Level.TEXT and not self.ends_part()
        if self.form and self.form.has_attendance and patterns.is_entry(text):
            return False
        return plain and not patterns.ends_sentence(text) and text[-1] not in "，、,"

    def recipients(self) -> str:
        line = self.peek()
        if line is None or len(line.text) < 2 or line.text[-1] not in "：:":
            return ""
        if "。" in line.text or self.ends_part():
            return ""
        self.take()
        right = line.text[:-1] + "："
        self.texts.append(replace(line, text=right))
        if line.text != right:
            self.replaced[line.number] = right
            self.complain(line, "主送机关后应为全角冒号，已改排")
        return line.text[:-1]

    def body(self) -> tuple[list[Block], tuple[str, ...]]:
        blocks: list[Block] = []
        annexes: tuple[str, ...] = ()
        self.in_body = True
        while (line := self.peek()) and not self.ends_part():
            if patterns.annex_note_of(line.text) and not annexes:
                annexes = self.annex_note()
            elif "\t" in line.text:
                blocks.append(self.table())
            else:
                blocks.append(self.paragraph())
        self.in_body = False
        return blocks, annexes

    def attendance(self, blocks: list[Block]) -> tuple[Attendance, ...]:
        """Take who was there off the end of the body of minutes."""
        present: list[Attendance] = []
        while self.form and self.form.has_attendance and blocks:
            last = blocks[-1]
            found = patterns.attendance_of(last.text) if isinstance(last, Paragraph) else None
            if found is None:
                break
            present.insert(0, Attendance(*found))
            blocks.pop()
        return tuple(present)

    def ends_part(self) -> bool:
        """Whether signature, annex or imprint begins here."""
        return self.issuers_ahead() is not None or self.at_annex() or self.at_imprint()

    def paragraph(self) -> Paragraph:
        line = self.take()
        whole = line
        while (following := self.peek()) and not self.ends_part():
            if following.indented or not tearing.is_torn(whole.text, following.text):
                break
            self.findings.append(
                Finding(
                    line.number,
                    "段落在换页处断开，已接上，请核对",
                    f"{whole.text[-8:]}｜{following.text[:8]}",
                )
            )
            whole = replace(line, text=whole.text + self.take().text)
        self.texts.append(whole)
        return Paragraph(whole.text)

    def table(self) -> Table:
        rows: list[tuple[str, ...]] = []
        while (line := self.peek()) and not self.at_imprint():
            if "\t" in line.text:
                rows.append(tuple(cell.strip() for cell in self.take_text().split("\t")))
                if len(rows[-1]) != len(rows[0]):
                    self.complain(line, f"表格这一行有{len(rows[-1])}格，表头有{len(rows[0])}格")
            elif self.continues_cell(line, rows):
                rows[-1] = (*rows[-1][:-1], f"{rows[-1][-1]} {self.take_text()}")
            else:
                break
        return Table(tuple(rows))

    def continues_cell(self, line: Line, rows: list[tuple[str, ...]]) -> bool:
        """Whether a line without a tab, right below a row, belongs to the row's last cell."""
        if line.first or self.ends_part():
            return False
        cell = rows[-1][-1]
        unfinished = len(rows) > 1 and not patterns.ends_sentence(cell)
        return patterns.is_numbered(line.text) or unfinished

    def annex_note(self) -> tuple[str, ...]:
        line = self.take()
        self.texts.append(line)
        text = patterns.annex_note_of(line.text) or ""
        self.check_annex_name(line, text)
        names = [patterns.without_number(text)]
        while patterns.is_numbered(text) and (following := self.peek()):
            if not patterns.is_numbered(following.text):
                break
            self.check_annex_name(following, self.take_text())
            names.append(patterns.without_number(following.text))
        return tuple(names)

    def check_annex_name(self, line: Line, name: str) -> None:
        if name[-1] in "。；;.，":
            self.complain(line, "附件名称后不加标点")
        if "《" in name or "》" in name:
            self.complain(line, "附件名称不用书名号")

    # 署名、日期、附注 ----------------------------------------------------------------------------
    def issuers_ahead(self) -> int | None:
        """How many lines of issuers stand before a date from here on; None without such a date."""
        for count in range(_MOST_ISSUERS + 1):
            line = self.peek(count)
            if line is None:
                return None
            if patterns.is_date(line.text):
                return count
            if len(line.text) > _ISSUER_LENGTH or set(line.text) & set("，。；：、！？\t"):
                return None
            if patterns.level_of(line.text):
                return None
        return None

    def signature(self) -> Signature | None:
        count = self.issuers_ahead()
        if count is None:
            return None
        issuers = tuple(self.issuer() for _ in range(count))
        line = self.take()
        self.texts.append(line)
        for problem in patterns.date_problems(line.text):
            self.findings.append(Finding(line.number, problem, line.text))
        if not issuers:
            self.complain(line, "成文日期前没有发文机关署名")
        return Signature(issuers, line.text)

    def issuer(self) -> str:
        """One line of the signature; the space between post and name is no odd one."""
        line = self.take()
        signed = self.form is not None and self.form.signing is forms.Signing.STAMPED
        self.texts.append(replace(line, text=line.text.replace(" ", "")) if signed else line)
        return line.text

    def remarks(self) -> tuple[str, ...]:
        remarks: list[str] = []
        while (line := self.peek()) and patterns.is_remark(line.text):
            remarks.append(self.take_text())
        return tuple(remarks)

    # 附件 --------------------------------------------------------------------------------------
    def at_annex(self) -> bool:
        line = self.peek()
        if line is None:
            return False
        if patterns.annex_label_of(line.text):
            return True
        # Above the signature 附件：… is the note, below it the head of the annex itself.
        return bool(patterns.annex_heading_of(line.text)) and not self.in_body

    def annex(self) -> Annex:
        line = self.take()
        self.texts.append(line)
        found = patterns.annex_label_of(line.text)
        if found:
            label, mark = found
            if mark:
                self.replaced[line.number] = label
                self.complain(line, "附件标识后不加标点，已略去")
            title = self.title()
        else:
            label, title = patterns.annex_heading_of(line.text) or ("", "")
            self.replaced[line.number] = label + title
            self.complain(line, "附件标识与标题应分行，已分行排印")
        blocks: list[Block] = []
        while (following := self.peek()) and not self.ends_annex():
            blocks.append(self.table() if "\t" in following.text else self.paragraph())
        if not title:
            self.complain(line, "附件没有标题")
        return Annex(label, title, tuple(blocks))

    def ends_annex(self) -> bool:
        return self.at_annex() or self.at_imprint()

    # 版记 --------------------------------------------------------------------------------------
    def at_imprint(self) -> bool:
        """Whether a line of the imprint stands here that hasn't come before."""
        line = self.peek()
        if line is None:
            return False
        before = self.imprint or Imprint()
        if patterns.copies_of(line.text):
            return not before.copies
        return not before.printed and self.printed_ahead() is not None

    def printed_ahead(self) -> tuple[str, str, int] | None:
        """Office, date and number of lines of 印发机关 and 印发日期, on one line or on two."""
        line, following = self.lines[self.at], self.peek(1)
        if printed := patterns.printed_of(line.text):
            return (*printed, 1)
        printed = patterns.printed_of(following.text) if following else None
        plain = len(line.text) <= _ISSUER_LENGTH and not set(line.text) & set("，。；：、！？\t")
        if printed and not printed[0] and plain:
            return line.text, printed[1], 2
        return None

    def take_imprint(self) -> bool:
        """Take one element of the imprint if it stands here."""
        if not self.at_imprint():
            return False
        before = self.imprint or Imprint()
        printed = self.printed_ahead()
        if printed is None or patterns.copies_of(self.lines[self.at].text):
            self.imprint = replace(before, copies=self.copies())
            return True
        office, day, count = printed
        line = self.lines[self.at + count - 1]
        for _ in range(count):
            self.take_text()
        for problem in patterns.date_problems(day):
            self.findings.append(Finding(line.number, f"印发日期：{problem}", day))
        self.imprint = replace(before, printer=office, printed=day)
        return True

    def copies(self) -> str:
        """Who gets copies; 抄报, which 7.4.2 no longer knows, prints as 抄送."""
        line = self.take()
        right = line.text.replace("抄报", "抄送", 1) if line.text.startswith("抄报") else line.text
        self.texts.append(replace(line, text=right))
        if line.text != right:
            self.replaced[line.number] = right
            self.complain(line, "版记用“抄送”，不用“抄报”，已改排")
        return patterns.copies_of(right) or ""
