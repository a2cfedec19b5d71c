"""Paragraphs that a page break tore apart, told from paragraphs that only lack their full stop."""

from notices.documents import patterns

# A page ends with a full line, so what was torn off is hardly shorter than one.
_SHORTEST = 24


def is_torn(upper: str, lower: str) -> bool:
    """Whether `lower` continues `upper`: the sentence isn't over and nothing new begins."""
    if patterns.ends_sentence(upper) or patterns.level_of(lower) or "\t" in lower:
        return False
    if patterns.attendance_of(lower):
        return False
    if upper[-1] in "，、（《“‘":
        return True
    return (
        (len(upper) >= _SHORTEST or "。" in upper)
        and not _is_heading(upper)
        and (patterns.ends_sentence(lower) or len(lower) >= _SHORTEST)
    )


def _is_heading(text: str) -> bool:
    """A numbered line without a sentence in it stands alone."""
    return patterns.level_of(text) in {
        patterns.Level.FIRST,
        patterns.Level.SECOND,
    } and not set(text) & set("。；")
