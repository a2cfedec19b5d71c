"""What a plain line is: a month, an item, a heading, or text around the calendar."""

import re
from dataclasses import dataclass
from functools import lru_cache

from calendar_events.reading.fold import squeeze
from calendar_events.reading.model import Context
from calendar_events.reading.numbering import bullet, leading
from calendar_events.reading.spans import Label, read_label

_GENERIC = re.compile(
    r"(?:份|的|党建|党务|主要|重点|具体|工作|活动|任务|安排|计划|要点|内容|事项|行事历|日程|清单)*[:：]?"
)
_GENERIC_LEAD = re.compile(
    r"\s*(?:份|的|党建|党务|主要|重点|具体|工作|活动|任务|安排|计划|要点|内容|事项)+\s*[：:]\s*"
)
_SEPARATOR = re.compile(r"\s*[：:]\s*|\s*[—–-]{1,2}\s+|\s*[、，,。.．|｜]\s*|\s+")
_TITLE = re.compile(
    r"(?:行事历|行事表|工作历|月历|大事记|一览表|配档表|推进表|进度表|计划表|安排表|日程表|"
    r"(?:工作|活动|任务|月度|年度|党建)(?:安排|计划|日程)表?|工作清单|任务清单)(?:[(（][^()（）]*[)）])?"
)
_VERB = re.compile(
    r"制定|制订|编制|编印|印发|下发|公布|拟定|形成|完成|落实|做好|上报|报送|审定|研究|部署|召开|启动|开展|修订|学习|讨论"
)
_PAGE_HEAD = re.compile(
    r"(?:(?:序号)?(?:时间|月份)(?:(?:主要|重点)?工作)?(?:内容|事项)(?:责任(?:科室|部门|单位))?(?:备注)?|"
    r"时间|月份|(?:主要|重点)?(?:工作)?(?:内容|事项)|序号|责任(?:科室|部门|单位)|参加对象|"
    r".{0,30}\d{4}年.{0,20}行事历(?:\(续表?\))?|续表|\(续表?\))"
)
_FULL_DATE = re.compile(
    r"(?:\d{4}|[二〇○零一二三四五六七八九]{4})年(?:\d{1,2}|[一二三四五六七八九十]{1,3})月"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})日(?:印发)?"
)
_ANNEX = re.compile(r"附(?:件|表|录)(?:\d{1,2}|[一二三四五六七八九十]{1,2})?(?::.*|[.、].*)?")
_TAIL = re.compile(
    r"(?:备注|注|说明|附注|温馨提示|注意事项|联系人|联系电话|联系方式|填报人|填表人|制表人?|审核人?|"
    r"抄送|主题词|分送)(?:\d{0,2}|[一二三四五六七八九十]?)[:：.、].*|(?:备注|注|说明|合计)[:：]?|"
    r"[*※★]+注[:：]?.*|\(此件.*\)|.{0,40}\d{4}年\d{1,2}月\d{1,2}日印发"
)
_PAGE = re.compile(r"[-—]*第?\d{1,3}(?:页?(?:[/,，]?共?\d{1,3})?页)?[-—]*|[-—=_*·.]{3,}")
_ISSUER = re.compile(
    r"[^；。，：;:,]{2,40}(?:委员会|教育局|教体局|党委|党组|党总支|党支部|支部|办公室|领导小组|"
    r"学校|中学|小学|幼儿园|中心|集团)"
)
# No label is longer; a second one on a line is looked for in this many characters.
_LABEL_LENGTH = 60
_COLON = re.compile("[：:]")
_MIDLINE = re.compile(r"(?<=[；;。])\s*|\s+")


@dataclass(frozen=True)
class LabelLine:
    """A line that begins with a time: a heading for what follows, or with its own text.

    `separated` says that the time stands clear of the text, `clear` that a colon or a list follows.
    """

    label: Label
    rest: str
    heading: bool
    separated: bool
    clear: bool = True


def is_title(text: str) -> bool:
    """Whether a line is the title of a calendar (…行事历), not a sentence about one."""
    folded = squeeze(text)
    found = _TITLE.search(folded)
    if found is None or found.end() != len(folded) or len(folded) > 60:
        return False
    return leading(text) is None and _VERB.match(folded) is None


def is_page_head(text: str) -> bool:
    """Whether a line is a head that a page break repeats in copied text: 时间, …行事历（续）."""
    return _PAGE_HEAD.fullmatch(squeeze(text)) is not None


def is_annex(text: str) -> bool:
    """Whether a line opens an annex: 附件, 附件2, 附件3：……"""
    return _ANNEX.fullmatch(squeeze(text)) is not None


def is_tail(text: str) -> bool:
    """Whether a line is a note, a name to call, a distribution line: 注：…, 抄送：…"""
    return _TAIL.fullmatch(squeeze(text)) is not None


def is_furniture(text: str) -> bool:
    """Whether a line is only a page number, a rule or a full date."""
    folded = squeeze(text)
    return bool(_PAGE.fullmatch(folded) or _FULL_DATE.fullmatch(folded))


def is_date(text: str) -> bool:
    """Whether a line is only a full date, as under a signature."""
    return _FULL_DATE.fullmatch(squeeze(text)) is not None


def is_issuer(text: str) -> bool:
    """Whether a line may be a signature: the name of a body and nothing else."""
    return _ISSUER.fullmatch(squeeze(text)) is not None


def is_generic(text: str) -> bool:
    """Whether what follows a month says nothing of its own: 工作安排, 主要工作："""
    return _GENERIC.fullmatch(squeeze(text)) is not None


@lru_cache(maxsize=4096)
def _label_at(text: str, year: int) -> Label | None:
    return read_label(text, Context(year))


def looks_like_time(text: str) -> bool:
    """Whether a cell begins with a time of any kind; which one does not matter here."""
    return _label_at(text, 2000) is not None


def label_line(text: str, context: Context) -> LabelLine | None:
    """The time a line begins with, also behind a number (一、1月份) when it stands clear."""
    if is_furniture(text):
        return None
    found = _read(text, context)
    if found is not None:
        return found
    number = leading(text)
    start = number.end if number else bullet(text)
    behind = _read(text[start:].lstrip(), context) if start else None
    return behind if behind is not None and (behind.heading or _colon(text, behind)) else None


def _colon(text: str, line: LabelLine) -> bool:
    before = text[: len(text) - len(line.rest)].rstrip()
    return line.separated and before[-1:] in ("：", ":")


def _read(text: str, context: Context) -> LabelLine | None:
    label = read_label(text, context)
    if label is None:
        return None
    if is_generic(label.rest):
        return LabelLine(label, "", heading=True, separated=True)
    separator = _GENERIC_LEAD.match(label.rest) or _SEPARATOR.match(label.rest)
    rest = label.rest[separator.end() :] if separator else label.rest
    separated = separator is not None or leading(rest) is not None or bullet(rest) > 0
    if not separated and _glued(label):
        return None
    if label.named and not separated:
        return None
    colon = separator is not None and separator[0].strip()[-1:] in ("：", ":")
    clear = colon or leading(rest) is not None
    return LabelLine(label, rest, heading=False, separated=separated, clear=clear)


def _glued(label: Label) -> bool:
    """一月一主题, 三月三: a Chinese figure directly behind a Chinese month is a word."""
    chinese = label.text[-1:] == "月" and not any(char.isdigit() for char in label.text)
    return chinese and label.rest[:1] in tuple("一二三四五六七八九十")


def stretches(text: str, context: Context) -> list[str]:
    """A line cut before every further month on it: 1月：走访；2月：春训 gives two."""
    starts = [0, *(place for place, _ in _labels_within(text, context))]
    ends = [*starts[1:], len(text)]
    return [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]


def _labels_within(text: str, context: Context) -> list[tuple[int, LabelLine]]:
    found = []
    number = leading(text)
    for gap in _MIDLINE.finditer(text):
        part = text[gap.end() : gap.end() + _LABEL_LENGTH]
        first = gap.end() == 0 or (number is not None and number.end >= gap.start())
        line = _read(part, context) if _COLON.search(part) and not first else None
        if line is not None and _colon(part, line) and not line.heading:
            found.append((gap.end(), line))
    return found
