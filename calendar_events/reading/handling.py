"""A suggestion who does an event: the bureau itself, the schools, optional, or for information.

Only a suggestion with its reason; the bureau sorts. Words are looked for in the order below, the
first that fits decides, as 启动…评选 is the bureau's call but the schools' choice to take part in.
The lists come from the titles of real calendars, not from any regulation.
"""

import re
from typing import Literal, NamedTuple

from calendar_events.reading.fold import squeeze

Kind = Literal["局办", "校办", "选报", "知晓"]


class Suggestion(NamedTuple):
    """A kind of handling and why, in words the officer can check."""

    kind: Kind
    reason: str


_RULES: tuple[tuple[Kind, str, re.Pattern[str]], ...] = (
    (
        "知晓",
        "只需知道，不用报送",
        re.compile(
            r"放假|调休|上级(?:检查|调研|督导)|迎接.{0,8}(?:检查|巡察|督导)|公示|通报|印发|转发"
        ),
    ),
    (
        "局办",
        "由局党委或科室主办",
        re.compile(r"听取|审议|部署会|座谈会|校级干部|领导班子|校长书记|书记校长"),
    ),
    (
        "校办",
        "各党组织自己做并报结果",
        re.compile(r"微心愿|组织生活会|民主评议党员|党员年报"),
    ),
    (
        "选报",
        "自愿参加的评选、征集或推荐",
        re.compile(r"评选|征集|征文|推荐|申报|参评|比赛|竞赛|大赛|展评|遴选|选树"),
    ),
    (
        "校办",
        "各党组织自己开展并报结果",
        re.compile(
            r"主题党日|三会一课|党课|承诺|签订|结对|六个一|访万家|家访|"
            r"教师节|三八|组织关系|年报|述职|集中教育|先锋指数|贯彻|学习|读书分享|自查|台账|"
            r"志愿服务|廉洁教育|警示教育|家校"
        ),
    ),
    (
        "局办",
        "由局党委或科室组织",
        re.compile(
            r"召开|听取|审议|座谈会|部署会|推进会|读书会|校级干部|领导干部|干部|培训|考评|考核|督查|督导|巡察|"
            r"检查|调研|整治|走访慰问|慰问|大练兵|审核|审批|总结表彰|表彰|换届|任免|离退休"
        ),
    ),
    (
        "校办",
        "活动由各校开展",
        re.compile(r"活动|行动|教育|创建|宣传|春训|冬训|总结|报送|上报|开展|庆祝|讨论"),
    ),
)
_UNKNOWN = Suggestion("校办", "标题里没有认出关键词，先按校办，请核对")


def suggest_handling(title: str) -> Suggestion:
    """Suggest a handling for a title, always with a reason; never to be applied silently."""
    text = squeeze(title)
    for kind, why, pattern in _RULES:
        found = pattern.search(text)
        if found is not None:
            return Suggestion(kind, f"“{found[0]}”：{why}")
    return _UNKNOWN
