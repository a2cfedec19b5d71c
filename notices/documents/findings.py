"""What the reader of a document has to say about it: every defect with the text it was found in."""

from dataclasses import dataclass

_EXCERPT = 30


@dataclass(frozen=True, slots=True)
class Finding:
    """One warning. `line` counts from 1; 0 where something is missing from the whole text."""

    line: int
    problem: str
    text: str = ""

    def __str__(self) -> str:
        where = f"第{self.line}行：" if self.line else ""
        return f"{where}{self.problem}" + (f"：“{self.text}”" if self.text else "")


def excerpt(text: str, start: int = 0) -> str:
    """`text` around `start`, short enough for a line on a screen."""
    if len(text) <= _EXCERPT:
        return text
    begin = max(0, min(start - _EXCERPT // 2, len(text) - _EXCERPT))
    end = begin + _EXCERPT
    return f"{'…' if begin else ''}{text[begin:end]}{'…' if end < len(text) else ''}"
