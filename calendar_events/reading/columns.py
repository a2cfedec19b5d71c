"""Heads of tables: which column holds the time, the content, the office, the audience ...

Heads are matched by the words bureaus use; what is not known keeps its own name and its cells go
into the event's notes, so that nothing typed is lost.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from calendar_events.reading.fold import squeeze
from calendar_events.reading.rows import Row

TIME, DAY, CONTENT, OFFICE, AUDIENCE, DEADLINE, INDEX, NOTE = (
    "time",
    "day",
    "content",
    "office",
    "audience",
    "deadline",
    "index",
    "note",
)

# In order of preference: the first match in this order is the column of that role.
_WORDS: dict[str, tuple[str, ...]] = {
    INDEX: (r"序号", r"编号", r"序", r"No\.?", r"#"),
    TIME: (
        r"月份?|月度",
        r"时间(?:节点|安排)?|时段|(?:实施|工作|活动|开展|计划|安排|举办|组织)时间|日期|时间\(月份?\)|月份?/时间",
        r"季度",
    ),
    DEADLINE: (r"(?:完成|报送|上报|截止|截至|办结)(?:时间|时限|日期|期限)|时限|期限|完成节点",),
    CONTENT: (
        r"(?:主要|重点|具体|党建)?(?:工作|活动|任务|事项)?(?:内容|事项|任务|项目|安排)(?:及要求|和要求|与要求)?",
        r"(?:主要|重点|党建)?工作(?:要点|名称)?|重点工作|(?:事项|活动|任务|项目|工作)名称",
        r"(?:主要|重点|党建)?活动|任务|工作|行事历|行事|名称|主题",
    ),
    OFFICE: (
        r"(?:责任|牵头|负责|主办|承办|主管|主责|组织|落实|实施|经办)(?:科室|部门|单位|处室|股室|组室)(?:及责任人)?",
        r"科室|部门|处室|股室|责任(?:主体|方)|责任分工|分工",
        r"(?:责任|负责|牵头|承办|经办)人(?:员)?|责任领导|分管领导",
    ),
    AUDIENCE: (
        r"(?:参加|参与|参会|实施|活动|工作|面向|适用|培训|涉及|完成|报送)(?:对象|人员|范围|单位|主体|学校)",
        r"对象|范围|受众|人员",
    ),
    NOTE: (
        r"备注|说明|要求|工作要求|地点|形式|方式|类别|项目类别|类型|板块|主题|配合.*|协办.*|协助.*",
        r"成果|目标|工作目标|材料|依据|措施|具体措施|(?:活动|工作)(?:地点|形式|方式|载体)",
        r"周次|星期|频次",
    ),
}
_PATTERNS = {
    role: tuple(re.compile(rf"(?:{words})", re.IGNORECASE) for words in choices)
    for role, choices in _WORDS.items()
}


@dataclass(frozen=True)
class Columns:
    """Where the roles are in one table; `names` are the heads as written."""

    roles: dict[int, str]
    names: dict[int, str]

    def first(self, role: str) -> int | None:
        """The column of a role, None when the table has none."""
        return next((column for column, own in self.roles.items() if own == role), None)

    def all(self, role: str) -> list[int]:
        """All columns of a role."""
        return [column for column, own in self.roles.items() if own == role]

    @property
    def width(self) -> int:
        """How many columns the head has."""
        return max(self.names, default=-1) + 1


def rank(word: str) -> list[tuple[str, int]]:
    """The roles a head word may have, each with its rank (0 is the surest)."""
    folded = squeeze(word).rstrip(":")
    return [
        (role, place)
        for role, patterns in _PATTERNS.items()
        for place, pattern in enumerate(patterns)
        if pattern.fullmatch(folded)
    ]


def is_head_word(word: str) -> bool:
    """Whether a cell's text is a head word of any role."""
    return bool(rank(word))


def head_of(row: Row) -> list[Columns]:
    """The columns of a head row, one `Columns` for each side-by-side group; [] for other rows.

    A head has a content column and at least one more known column; 时间 | 内容 | 时间 | 内容 gives
    two groups.
    """
    words = {column: row.cells[column].words for column in row.filled}
    known = {column: word for column, word in words.items() if is_head_word(word)}
    if len(known) < 2 or len(known) * 2 < len(words):
        return []
    groups = [columns_of(group) for group in _groups(words)]
    with_content = [group for group in groups if group.first(CONTENT) is not None]
    return with_content if any(len(group.roles) > 1 for group in with_content) else []


def _groups(words: dict[int, str]) -> list[dict[int, str]]:
    """Split repeated heads: a new group begins where the first head comes again."""
    groups: list[dict[int, str]] = []
    first = next(iter(words.values()), "")
    for column, word in words.items():
        if not groups or squeeze(word) == squeeze(first):
            groups.append({})
        groups[-1][column] = word
    return groups


def columns_of(words: dict[int, str]) -> Columns:
    """Give every head word one role; the surest candidate of a role takes it."""
    options = {column: rank(word) for column, word in words.items()}
    roles: dict[int, str] = {}
    for role in (INDEX, TIME, DEADLINE, CONTENT, OFFICE, AUDIENCE):
        chosen = _best(options, role, taken=roles)
        if chosen is not None:
            roles[chosen] = role
    for column, word in words.items():
        if column not in roles:
            roles[column] = _other_role(word, options[column])
    return Columns(dict(sorted(roles.items())), dict(sorted(words.items())))


def _other_role(word: str, options: Sequence[tuple[str, int]]) -> str:
    """A second time column holds days; 季度 beside 月份 says nothing new."""
    if squeeze(word) == "季度":
        return INDEX
    return DAY if any(role == TIME for role, _ in options) else NOTE


def _best(
    options: dict[int, list[tuple[str, int]]], role: str, *, taken: dict[int, str]
) -> int | None:
    ranked = [
        (place, column)
        for column, found in options.items()
        if column not in taken
        for own, place in found
        if own == role
    ]
    return min(ranked)[1] if ranked else None
