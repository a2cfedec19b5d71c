"""The 25 steps in five stages, and that they are taken one after the other."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from rulebook.measures import doubtful, met, not_met, unknown
from rulebook.model import Asked, Clause, Edition, Force, Mark, Outcome, Rule
from rulebook.regulations import DEVELOPMENT_2014, DEVELOPMENT_2026
from rulebook.words import day


class Step(NamedTuple):
    """One step with its number and its stage."""

    number: int
    stage: str
    name: str


STAGES = (
    ("申请入党", ("递交入党申请书", "党组织派人谈话")),
    (
        "入党积极分子的确定和培养教育",
        ("推荐和确定入党积极分子", "上级党委备案", "指定培养联系人", "培养教育考察"),
    ),
    (
        "发展对象的确定和考察",
        ("确定发展对象", "上级党委备案", "确定入党介绍人", "政治审查", "集中培训"),
    ),
    (
        "预备党员的接收",
        (
            "支部委员会审查",
            "上级党委预审",
            "填写入党志愿书",
            "支部大会讨论",
            "上级党委派人谈话",
            "上级党委审批",
            "再上一级党委组织部门备案",
        ),
    ),
    (
        "预备党员的教育考察和转正",
        (
            "编入党支部和党小组",
            "入党宣誓",
            "继续教育考察",
            "提出转正申请",
            "支部大会讨论",
            "上级党委审批",
            "材料归档",
        ),
    ),
)
STEPS = tuple(
    Step(number, stage, name)
    for number, (stage, name) in enumerate(
        ((stage, name) for stage, names in STAGES for name in names), start=1
    )
)


@dataclass(frozen=True)
class Steps:
    """On which day each step was taken, the first one first; as far as the person has come."""

    days: tuple[date | None, ...] | None = None


def _order(facts: Steps, _asked: Asked) -> Outcome:
    if facts.days is None:
        return unknown("各步日期")
    if len(facts.days) > len(STEPS):
        return doubtful(f"登记了 {len(facts.days)} 步，共 {len(STEPS)} 步")
    known = [(step, on) for step, on in zip(STEPS, facts.days, strict=False) if on is not None]
    for (earlier, before), (later, after) in pairwise(known):
        if after < before:
            return not_met(
                f"第 {later.number} 步“{later.name}”{day(after)}，"
                f"早于第 {earlier.number} 步“{earlier.name}”{day(before)}"
            )
    if len(known) < len(facts.days):
        return unknown(f"第 {facts.days.index(None) + 1} 步日期")
    return met(f"已办 {len(known)} 步，共 {len(STEPS)} 步，依次进行")


def _text(edition: Edition, mark: Mark) -> Clause[Steps]:
    asks = f"分 {len(STAGES)} 个阶段、{len(STEPS)} 步，依次进行。"
    return Clause(edition, mark, Force.WARN, asks, _order)


ORDER = Rule(
    "development.order",
    "步骤和次序",
    (_text(DEVELOPMENT_2014, Mark.GENERAL), _text(DEVELOPMENT_2026, Mark.SECOND_HAND)),
)
RULES = (ORDER,)
