"""What the portal holds of a person, and what it never does (信息边界)."""

from dataclasses import dataclass
from enum import StrEnum

from rulebook.measures import decided, not_applicable, unknown, yes
from rulebook.model import Asked, Clause, Force, Judge, Mark, Outcome, Rule
from rulebook.regulations import UNNAMED


class Material(StrEnum):
    """Kinds of material about persons."""

    RELIGION = "宗教信仰"
    ETHNICITY = "民族"
    POLITICAL_REVIEW = "政审材料"
    FAMILY = "家庭情况材料"
    CLUE = "问题线索"
    DISCIPLINE_FILE = "处分材料"
    OPINIONS = "言论监测"
    MACHINE_SCORE = "机器评分"
    ID_NUMBER = "身份证号"
    MOBILE = "手机号"
    DATE = "日期"
    OUTCOME = "结果"
    TITLE = "文件名称"


FORBIDDEN = frozenset(
    {
        Material.RELIGION,
        Material.POLITICAL_REVIEW,
        Material.FAMILY,
        Material.CLUE,
        Material.DISCIPLINE_FILE,
        Material.OPINIONS,
        Material.MACHINE_SCORE,
    }
)
NUMBERS = (Material.ID_NUMBER, Material.MOBILE)


@dataclass(frozen=True)
class Holding:
    """Something that is to be kept about a person.

    ``form_prints_it``: a national form prints it.
    """

    material: Material
    form_prints_it: bool | None = None
    masked: bool | None = None
    encrypted: bool | None = None
    unmasking_recorded: bool | None = None


@dataclass(frozen=True)
class Answer:
    """What the discipline office answered: conclusion, date and number, each there or not."""

    fixed_conclusion: bool | None = None
    dated: bool | None = None
    numbered: bool | None = None


def _never(facts: Holding, _asked: Asked) -> Outcome:
    kept = facts.material not in FORBIDDEN
    return decided(kept, f"{facts.material}{'可以保存' if kept else '一律不保存'}")


def _ethnicity(facts: Holding, _asked: Asked) -> Outcome:
    if facts.material != Material.ETHNICITY:
        return not_applicable("不是民族")
    if not facts.form_prints_it:
        return yes("属于国家统一表格所印", facts.form_prints_it, met_as="", unmet_as="不")
    return yes("遮盖显示", facts.masked)


def _numbers(facts: Holding, _asked: Asked) -> Outcome:
    if facts.material not in NUMBERS:
        return not_applicable("不是身份证号、手机号")
    parts = (facts.encrypted, facts.masked, facts.unmasking_recorded)
    if None in parts:
        return unknown("加密、遮盖、查看登记情况")
    named = zip(("加密", "默认遮盖", "查看留痕"), parts, strict=True)
    words = "，".join(f"{'已' if done else '未'}{name}" for name, done in named)
    return decided(all(parts), words)


def _answer(facts: Answer, _asked: Asked) -> Outcome:
    parts = (facts.fixed_conclusion, facts.dated, facts.numbered)
    if None in parts:
        return unknown("结论、日期、文号")
    named = zip(("固定结论", "日期", "文号"), parts, strict=True)
    return decided(all(parts), "，".join(f"{'有' if done else '无'}{name}" for name, done in named))


def _rule(name: str, title: str, asks: str, judge: Judge[Holding]) -> Rule[Holding]:
    clause = Clause(UNNAMED, Mark.GENERAL, Force.WARN, asks, judge)
    return Rule(f"holdings.{name}", title, (clause,))


NEVER = _rule(
    "never",
    "不保存的内容",
    "不保存宗教信仰、政审和家庭材料、问题线索、处分材料；不监测言论，不由机器给人打分。",
    _never,
)
ETHNICITY = _rule("ethnicity", "民族", "只在国家统一表格印有时保存，并遮盖显示。", _ethnicity)
NUMBERS_KEPT = _rule("numbers", "身份证号、手机号", "加密保存，默认遮盖，每次查看留痕。", _numbers)
DISCIPLINE = Rule(
    "holdings.discipline",
    "纪检意见",
    (
        Clause(
            UNNAMED,
            Mark.GENERAL,
            Force.WARN,
            "纪检部门只答复固定结论之一、日期和文号。",
            _answer,
        ),
    ),
)
RULES = (NEVER, ETHNICITY, NUMBERS_KEPT, DISCIPLINE)
