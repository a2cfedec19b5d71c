"""The columns of a list of posts: those of the ledger, and what secretaries' lists call them."""

from cadres.choices import Duty, Engagement, PostKind
from common import cells
from common.grids import Value
from common.imports import MARKS_FOR_EMPTY, Column
from common.resolving import NameResolver
from common.sheets import as_text
from people.choices import Sex

# What the ledger writes where there is nobody.
NOBODY = MARKS_FOR_EMPTY | {"空缺", "未登记", "暂缺", "无"}
_POSTS = {
    **{kind.label: (kind.value, "") for kind in PostKind},
    **{duty.label: (PostKind.MEMBER.value, duty.value) for duty in Duty},
    **{f"副书记兼{duty.label}": (PostKind.DEPUTY.value, duty.value) for duty in Duty},
    **dict.fromkeys(
        ("支部书记", "党支部书记", "总支书记", "党总支书记", "党委书记", "支书"),
        (PostKind.SECRETARY.value, ""),
    ),
    **dict.fromkeys(
        ("支部副书记", "党支部副书记", "党总支副书记", "党委副书记", "专职副书记"),
        (PostKind.DEPUTY.value, ""),
    ),
    **dict.fromkeys(("支委", "支部委员", "党委委员"), (PostKind.MEMBER.value, "")),
    "党小组长": (PostKind.GROUP_LEADER.value, ""),
}
_SEXES = {Sex.MALE.label: Sex.MALE.value, Sex.FEMALE.label: Sex.FEMALE.value}
_UNION = {"一肩挑": True, "分设": False, "党政分设": False, "是": True, "否": False}
_ENGAGEMENT = {
    **{each.label: each.value for each in Engagement},
    "专": Engagement.FULL_TIME.value,
    "兼": Engagement.PART_TIME.value,
}
_FORBIDDEN_IN_NUMBERS = "*"


def _mobile() -> cells.Parser[str]:
    """Take a number; a masked one, as the ledger prints it, tells nothing."""
    whole = cells.mobile()

    def parse(value: Value) -> str:
        return "" if _FORBIDDEN_IN_NUMBERS in as_text(value) else whole(value)

    return parse


def columns(resolver: NameResolver) -> tuple[Column, ...]:
    """Return the columns of the list; ``resolver`` knows the organisations."""
    day = cells.partial_date()
    return (
        Column(
            "organization", "党组织全称", resolver, required=True, fill_down=True,
            synonyms=("党组织", "所在党组织", "党支部", "党组织名称", "单位", "学校"),
            example="芙蓉小学党支部",
        ),
        Column("name", "姓名", cells.person_name(), empty=NOBODY, example="张三"),
        Column(
            "post", "党内职务", cells.choice(_POSTS), synonyms=("职务", "党组织职务"),
            example="书记",
        ),
        Column("group", "党小组", cells.text(max_length=50)),
        Column(
            "since", "任现职时间", day, synonyms=("任职时间", "任职起始", "任现职起始时间"),
            example="2024.09",
        ),
        Column("sex", "性别", cells.choice(_SEXES)),
        Column("born_on", "出生年月", day, synonyms=("出生日期",)),
        Column(
            "id_number", "身份证号", cells.code(), synonyms=("身份证号码", "公民身份号码"),
            private=True,
        ),
        Column(
            "mobile", "手机", _mobile(), synonyms=("手机号", "电话", "联系电话", "手机号码"),
            private=True,
        ),
        Column("administrative_post", "行政职务", cells.text(max_length=50), example="校长"),
        Column(
            "is_head", "一肩挑／分设", cells.choice(_UNION), synonyms=("一肩挑", "是否一肩挑"),
        ),
        Column(
            "engagement", "专／兼职", cells.choice(_ENGAGEMENT), synonyms=("专兼职", "专职兼职"),
        ),
        Column("basis", "任职依据", cells.text(), synonyms=("依据文件", "任职文件")),
        Column("term_since", "本届起始", day, synonyms=("换届时间", "选举日期", "本届任期起始")),
        Column("due_on", "届满时间", day, synonyms=("任期届满时间", "届满日期"), example="2027.09"),
        Column("seats", "委员应有数", cells.integer(maximum=50), synonyms=("委员数", "委员职数")),
    )  # fmt: skip
