"""Going through the lines of a text from top to bottom, noting what is found on the way."""

from dataclasses import dataclass, field

from notices.documents.findings import Finding, excerpt
from notices.documents.lines import Line


@dataclass
class Cursor:
    """A place in `lines`. `texts` are the paragraphs read so far, with the lines they begin on;
    `replaced` tells for a line (by number) what of it prints instead.
    """

    lines: list[Line]
    at: int = 0
    findings: list[Finding] = field(default_factory=list)
    texts: list[Line] = field(default_factory=list)
    replaced: dict[int, str] = field(default_factory=dict)

    def peek(self, ahead: int = 0) -> Line | None:
        place = self.at + ahead
        return self.lines[place] if place < len(self.lines) else None

    def take(self) -> Line:
        line = self.lines[self.at]
        self.at += 1
        return line

    def take_text(self) -> str:
        line = self.take()
        self.texts.append(line)
        return line.text

    def complain(self, line: Line, problem: str) -> None:
        self.findings.append(Finding(line.number, problem, excerpt(line.text)))
