"""The forms that an official document has after GB/T 9704-2012: one description for each.

文件 is the form of clause 7, 信函 that of 10.1, 命令（令） of 10.2, 纪要 of 10.3; how a document is
signed follows 7.3.5. What the standard leaves to the office (the size of the issuer's mark, the
thickness of the double rule) is chosen so that the lines below stand on the grid.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum


class Rules(Enum):
    """The red rules of the head."""

    SINGLE = "4 mm below the number, as wide as the type area (7.2.7)"
    DOUBLE = "4 mm below the mark and 20 mm above the page's foot, 170 mm long (10.1)"
    NONE = "none (10.2)"


class Signing(Enum):
    """How issuer and date stand below the text."""

    SEALED = "the issuer centred above the date, below a seal (7.3.5.1)"
    UNSEALED = "the issuer two characters from the right, the date below (7.3.5.2)"
    STAMPED = "post and name of the person who signs, the date below (7.3.5.3)"


_ORDINARY = frozenset(
    {"mark", "number", "title", "recipients", "body", "signature", "printer", "printed"}
)


@dataclass(frozen=True, slots=True)
class Form:
    """One form. `mark_top` is in mm below the top of the type area, `mark_size` in points.

    `endings` are the words that close the issuer's mark, `needs` the parts whose lack is named.
    """

    key: str
    label: str
    hint: str
    endings: tuple[str, ...]
    mark_top: float = 35.0
    mark_size: float = 41.0
    rules: Rules = Rules.SINGLE
    signing: Signing = Signing.SEALED
    needs: frozenset[str] = _ORDINARY
    has_attendance: bool = False

    def fits(self, mark: str) -> bool:
        """Whether `mark` is how the issuer's mark of this form ends."""
        return mark.endswith(self.endings) if self.endings else not mark.endswith(_ALL_ENDINGS)


_ALL_ENDINGS = ("文件", "纪要", "命令", "令")

DOCUMENT = Form(
    key="document",
    label="文件（盖章）",
    hint="通知、通报、意见、请示、报告等，红头为“……文件”，署名处盖章",
    endings=("文件",),
)
UNSEALED = replace(
    DOCUMENT,
    key="unsealed",
    label="文件（不盖章）",
    hint="红头相同，普发而不盖章的文件",
    signing=Signing.UNSEALED,
)
# With 32.2 points and a double rule 1 mm thick, 23 lines end 7/8 of a character above the second
# rule, and the title stands two lines below the number.
LETTER = Form(
    key="letter",
    label="信函",
    hint="函、批复和给个别单位的通知，红头只写机关名称，上下各有一条红色双线",
    endings=(),
    mark_top=-7.0,  # 30 mm below the page's top edge
    mark_size=32.2,
    rules=Rules.DOUBLE,
    needs=_ORDINARY - {"printer", "printed"},
)
MINUTES = Form(
    key="minutes",
    label="纪要",
    hint="会议纪要，红头为“……纪要”，不写主送，正文后列出席、请假、列席人员，不盖章",
    endings=("纪要",),
    signing=Signing.UNSEALED,
    needs=_ORDINARY - {"title", "recipients", "signature"},
    has_attendance=True,
)
# With 32.2 points the number stands two lines below the mark and the text two lines below it.
ORDER = Form(
    key="order",
    label="命令（令）",
    hint="红头为“……令”，下面是令号，由签发人署职务、姓名",
    endings=("命令", "令"),
    mark_top=20.0,
    mark_size=32.2,
    rules=Rules.NONE,
    signing=Signing.STAMPED,
    needs=_ORDINARY - {"title", "recipients"},
)
FORMS = (DOCUMENT, UNSEALED, LETTER, MINUTES, ORDER)
BY_KEY = {form.key: form for form in FORMS}


def recognise(mark: Sequence[str], number: str, title: str) -> Form:
    """The form that a text has by its mark, its number and its title; 文件 where none tells.

    Whether a seal will be set can't be read out of a text: it is taken for granted.
    """
    last = mark[-1] if mark else ""
    for form in (MINUTES, ORDER):
        if last.endswith(form.endings):
            return form
    if last and not last.endswith(_ALL_ENDINGS) and ("函" in number or title.endswith("函")):
        return LETTER
    return DOCUMENT
