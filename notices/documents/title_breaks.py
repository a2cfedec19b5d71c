"""Where a title may be broken into lines: by meaning, and in the shape of a trapezoid or a diamond.

The standard (7.3.1) asks for lines that keep words and names whole; practice adds that no line
begins with a function word and that the lines are not all of one length. Every way to cut the title
is weighed and the lightest wins; there is no dictionary, only the words that titles are made of.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations, pairwise

MOST_LINES = 5

_WORDS = (
    "教育局委员会|委员会|教育局|教育|学校|中小学|小学|中学|幼儿园|党组织|党支部|党总支|党委|"
    "党建|党员|党风廉政|工作|要点|通知|通报|意见|方案|办法|细则|计划|总结|报告|请示|批复|"
    "决定|行事历|行事|年度|学年|学期|实施|印发|转发|开展|加强|做好|进一步|推进|深化|落实|"
    "公布|表彰|举办|召开|组织|关于|建设|活动|专项|整治|考核|评选|评比|推荐|培训|学习|主题|"
    "教师|师德|师风|清廉|书记|校长|领导|干部|队伍|发展|对象|民主|评议|生活会|换届|选举|示范|"
    "先进|优秀|典型|名单|基层|系统|全区|全市|质量|提升|行动|规范化|标准化|管理|制度|责任|"
    "安全|稳定|疫情|防控|暑期|寒假|假期|自查|检查|督查|巡察|整改|情况|有关|事项|若干|试行|"
    "校园|食堂|食品|课堂|课程|学生|师生|家长|家庭|体育|卫生|健康|心理|消防|交通|财务|经费|资产|"
    "招生|考试|教学|教研|教材|德育|劳动|社团|志愿|服务|慰问|困难|帮扶|竞赛|比赛|征集|案例|项目|"
    "联合|检查|抽查|普查|统计|报送|上报|申报|审批|任务|分解|目标|节约|用餐|节假日|寒暑假|"
    "会议|精神|宣传|意识形态|思想|政治|理论|中心组|办公室|人民政府|双带头人"
)
_NO_START = "的和与及等了之并或暨、，。：；！？）》〕”’"
_NO_END = "（《〔“‘第"
_UNITS = "年月日号届次个名期周级"
_GOOD_AFTER = ("》", "委员会", "教育局", "人民政府", "办公室", "党委", "的", "、")
_FORBIDDEN = 10_000.0


def width(text: str) -> float:
    """The width of `text` in characters; figures and Latin letters count half."""
    return sum(0.5 if ord(character) < 128 else 1.0 for character in text)


def break_title(title: str, *, most: float) -> list[str]:
    """`title` in lines of at most `most` characters.

    Breaks already in the title stay; a line that is too long is broken further.
    """
    return [line for given in title.split("\n") for line in _break(given.strip(), most)]


def _break(title: str, most: float) -> list[str]:
    if width(title) <= most:
        return [title]
    costs = _costs(title)
    places = [place for place in range(1, len(title)) if costs[place] < _FORBIDDEN]
    fewest = -int(-width(title) // most)
    for count in range(fewest, MOST_LINES + 1):
        ways = list(_ways(title, places, count, most))
        if ways:
            return min(ways, key=lambda lines: _weight(lines, costs))
    return _cut(title, most)


def _ways(title: str, places: list[int], count: int, most: float) -> Iterator[list[str]]:
    for cuts in combinations(places, count - 1):
        lines = [title[start:end] for start, end in pairwise((0, *cuts, len(title)))]
        if all(width(line) <= most for line in lines):
            yield lines


def _cut(title: str, most: float) -> list[str]:
    """Full lines one after the other, for what is no title at all."""
    lines = [""]
    for character in title:
        if width(lines[-1] + character) > most:
            lines.append("")
        lines[-1] += character
    return lines


def _weight(lines: list[str], costs: list[float]) -> float:
    place = 0
    weight = _shape(lines)
    for line in lines[:-1]:
        place += len(line)
        weight += costs[place]
    return weight


def _shape(lines: list[str]) -> float:
    """How far the lines are from a trapezoid or a diamond."""
    widths = [width(line) for line in lines]
    longest = max(widths)
    weight = 10 * (longest - min(widths)) / longest
    if max(widths) - min(widths) < 1:
        weight += 6  # a block
    if any(b < a and b < c for a, b, c in zip(widths, widths[1:], widths[2:], strict=False)):
        weight += 30  # an hourglass
    if min(widths) < 4:
        weight += 25
    return weight


def _costs(title: str) -> list[float]:
    """What a break before each character costs."""
    costs = [0.0] * len(title)
    for start, end in _words(title):
        for place in range(start + 1, end):
            costs[place] += 30
    depth = 0
    for place, character in enumerate(title):
        if place:
            costs[place] += _cost(title[:place], title[place:], depth)
        depth += (character in "《“（") - (character in "》”）")
    return costs


def _cost(before: str, after: str, depth: int) -> float:
    if after[0] in _NO_START or before[-1] in _NO_END:
        return _FORBIDDEN
    if _is_figure(before[-1]) and (_is_figure(after[0]) or after[0] in _UNITS):
        return _FORBIDDEN
    cost = 4.0 * depth
    if before.endswith(_GOOD_AFTER):
        cost -= 6
    if before.endswith(("关于", "关于印发", "关于转发", "关于开展", "关于做好")):
        cost += 8
    if after.startswith(("关于", "《")):
        cost -= 5
    return cost


def _is_figure(character: str) -> bool:
    return character.isascii() and character.isalnum()


@cache
def _words_pattern() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_WORDS.split("|"), key=len, reverse=True)))


def _words(title: str) -> Iterator[tuple[int, int]]:
    for match in _words_pattern().finditer(title):
        yield match.span()
