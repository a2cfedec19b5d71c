"""The columns of both lists, with the heads that people give them."""

import re

from common import cells
from common.cells import CellError, Parser
from common.grids import Value
from common.imports import Column
from common.resolving import NameResolver
from common.sheets import as_text
from organizations.choices import OrganizationKind, Ownership, SchoolKind
from organizations.services.head_counts import MOST_HEADS

ORGANIZATION_KINDS = {
    **{kind.label: kind.value for kind in OrganizationKind},
    "总支": OrganizationKind.GENERAL_BRANCH.value,
    "总支部": OrganizationKind.GENERAL_BRANCH.value,
    "支部": OrganizationKind.BRANCH.value,
    "直属支部": OrganizationKind.BRANCH.value,
    "直属党支部": OrganizationKind.BRANCH.value,
    "联合支部": OrganizationKind.JOINT_BRANCH.value,
}
SCHOOL_KINDS = {
    **{kind.label: kind.value for kind in SchoolKind},
    "九年一贯制": SchoolKind.NINE_YEAR.value,
    "九年一贯": SchoolKind.NINE_YEAR.value,
    "初级中学": SchoolKind.JUNIOR.value,
    "高中": SchoolKind.SENIOR.value,
    "高级中学": SchoolKind.SENIOR.value,
    "十二年一贯制": SchoolKind.TWELVE_YEAR.value,
    "中职": SchoolKind.VOCATIONAL.value,
    "职高": SchoolKind.VOCATIONAL.value,
    "特教": SchoolKind.SPECIAL.value,
    "特殊教育": SchoolKind.SPECIAL.value,
    "直属单位": SchoolKind.INSTITUTE.value,
    "事业单位": SchoolKind.INSTITUTE.value,
    "机关": SchoolKind.OFFICE.value,
}
OWNERSHIPS = {each.label: each.value for each in Ownership}
_SEPARATORS = re.compile(r"[、，,;；\n]+")


def several(*, max_length: int) -> Parser[tuple[str, ...]]:
    """Return a parser for one or several names with 、 or a comma between them."""

    def parse(value: Value) -> tuple[str, ...]:
        found = tuple("".join(part.split()) for part in _SEPARATORS.split(as_text(value)))
        kept = tuple(filter(None, found))
        if any(len(name) > max_length for name in kept):
            raise CellError(f"名称最多 {max_length} 字，几个名称之间请用顿号隔开。")
        return kept

    return parse


def name(*, max_length: int) -> Parser[str]:
    """Return a parser for a name of an organisation, without blanks."""
    line = cells.text(max_length=max_length)

    def parse(value: Value) -> str:
        return "".join(line(value).split())

    return parse


ORGANIZATION_COLUMNS = (
    Column(
        "name",
        "党组织全称",
        name(max_length=120),
        synonyms=("党组织名称", "组织名称", "党组织", "支部名称", "全称"),
        required=True,
        example="芙蓉小学党支部",
    ),
    Column(
        "code",
        "组织代码",
        cells.code(),
        synonyms=("党组织代码", "组织编码", "代码"),
        default="",
        unique=True,
    ),
    Column(
        "short_name",
        "简称",
        name(max_length=60),
        synonyms=("党组织简称", "组织简称"),
        default="",
        example="芙蓉小学",
    ),
    Column("former_names", "曾用名", several(max_length=120), synonyms=("原名称",), default=()),
    Column(
        "kind",
        "类别",
        cells.choice(ORGANIZATION_KINDS),
        synonyms=("党组织类别", "组织类别", "党组织类型"),
        default="",
        example="党支部",
    ),
    Column(
        "parent",
        "上级党组织",
        name(max_length=120),
        synonyms=("上级组织", "隶属党组织", "上级"),
        default="",
        fill_down=True,
    ),
    Column("order", "惯例排序号", cells.integer(maximum=9_999_999), synonyms=("排序号", "排序")),
    Column("founded_on", "成立日期", cells.partial_date(), synonyms=("成立时间", "建立时间")),
    Column(
        "schools",
        "学校（单位）",
        several(max_length=100),
        synonyms=("学校", "单位", "学校名称", "单位名称", "所在学校", "所在单位"),
        default=(),
        example="芙蓉小学",
    ),
    Column("school_codes", "单位代码", several(max_length=30), synonyms=("学校代码",), default=()),
    Column(
        "school_kind",
        "学校类别",
        cells.choice(SCHOOL_KINDS),
        synonyms=("学校类型", "单位类别", "学段"),
        default="",
        fill_down=True,
        example="小学",
    ),
    Column(
        "ownership",
        "办学性质",
        cells.choice(OWNERSHIPS),
        synonyms=("公办民办",),
        default="",
        example="公办",
    ),
)


def head_count_columns(resolver: NameResolver) -> tuple[Column, ...]:
    """Return the columns of a list of head counts; ``resolver`` knows the organisations."""
    figure = cells.integer(maximum=MOST_HEADS)
    return (
        Column(
            "organization",
            "党组织",
            resolver,
            synonyms=("党组织全称", "党组织名称", "学校", "单位", "学校名称", "组织代码"),
            required=True,
            unique=True,
            example="芙蓉小学党支部",
        ),
        Column("on", "统计日期", cells.full_date(), synonyms=("截至日期", "日期")),
        Column("members", "党员数", figure, synonyms=("党员总数", "党员人数", "党员合计")),
        Column("full", "正式党员", figure, synonyms=("正式党员数", "正式"), example="32"),
        Column("probationary", "预备党员", figure, synonyms=("预备党员数", "预备"), example="2"),
        Column("candidates", "发展对象", figure, synonyms=("发展对象数",), example="1"),
        Column(
            "activists",
            "入党积极分子",
            figure,
            synonyms=("积极分子", "积极分子数", "入党积极分子数"),
            example="3",
        ),
        Column("staff", "教职工", figure, synonyms=("教职工数", "教职工人数", "教职工总数")),
    )
