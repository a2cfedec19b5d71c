"""The units of the demonstration bureau, in its customary order.

Figures are members on the day shown, those of subordinate organisations included.
"""

from dataclasses import dataclass

from organizations.choices import OrganizationKind, SchoolKind

COMMITTEE = OrganizationKind.COMMITTEE
GENERAL = OrganizationKind.GENERAL_BRANCH
BRANCH = OrganizationKind.BRANCH
JOINT = OrganizationKind.JOINT_BRANCH

SUFFIX = {COMMITTEE: "党委", GENERAL: "党总支", BRANCH: "党支部", JOINT: ""}
ROOT = "中共栖江市澄岚区教育局委员会"


@dataclass(frozen=True)
class Unit:
    """One unit and its organisation.

    ``branches`` are the organisation's own branches: name behind the unit's, members. ``schools``
    names the schools of an organisation over several, where a branch of the same name belongs to
    that school. ``below`` are units of their own under this organisation. ``title`` replaces the
    name that the organisation would have.
    """

    name: str
    kind: SchoolKind
    members: int
    organization: OrganizationKind = BRANCH
    branches: tuple[tuple[str, int], ...] = ()
    schools: tuple[str, ...] = ()
    below: tuple["Unit", ...] = ()
    private: bool = False
    title: str = ""

    @property
    def full_name(self) -> str:
        """The name of its organisation: 芙蓉小学党支部."""
        return self.title or f"{self.name}{SUFFIX[self.organization]}"


def _branches(kind: SchoolKind, *units: tuple[str, int]) -> tuple[Unit, ...]:
    return tuple(Unit(name, kind, members) for name, members in units)


_SENIOR = (
    Unit(
        "澄岚中学",
        SchoolKind.SENIOR,
        118,
        COMMITTEE,
        branches=(("高一", 40), ("高二", 39), ("高三", 39)),
    ),
    Unit("望澜高级中学", SchoolKind.SENIOR, 74, GENERAL, branches=(("文科", 36), ("理科", 38))),
    Unit(
        "澄岚职业技术学校",
        SchoolKind.VOCATIONAL,
        86,
        GENERAL,
        branches=(("机电", 30), ("财经", 29), ("行政", 27)),
    ),
)
_JUNIOR = (
    Unit(
        "澄岚实验学校",
        SchoolKind.NINE_YEAR,
        58,
        GENERAL,
        branches=(("小学部", 27), ("初中部", 31)),
    ),
    *_branches(
        SchoolKind.JUNIOR,
        ("澄岚区实验中学", 47),
        ("芦塘初中", 29),
        ("漈下初中", 6),
        ("秋水初中", 33),
        ("石塘初中", 19),
        ("云溪初中", 27),
    ),
    *_branches(SchoolKind.NINE_YEAR, ("𪣻桥九年一贯制学校", 21), ("东屿九年一贯制学校", 17)),
)
_PRIMARY = (
    Unit(
        "澄岚区实验小学",
        SchoolKind.PRIMARY,
        61,
        GENERAL,
        branches=(("第一", 19), ("第二", 18), ("东校区", 24)),
    ),
    *_branches(
        SchoolKind.PRIMARY,
        ("第二实验小学", 28),
        ("文澜小学", 26),
        ("文岚小学", 17),
        ("文兰小学", 12),
        ("荷花小学", 14),
        ("芙蓉小学", 34),
        ("五里堨小学", 8),
        ("垟头小学", 5),
        ("岙里完小", 3),
        ("㳇溪小学", 13),
        ("云堃小学", 19),
        ("柳汀小学", 9),
        ("青禾小学", 22),
        ("望湖小学", 21),
        ("紫阳小学", 16),
        ("石塘小学", 11),
        ("横塘小学", 9),
        ("梅溪小学", 14),
        ("滨江小学", 31),
        ("南屏小学", 18),
        ("陶山小学", 7),
        ("双溪小学", 12),
    ),
    Unit("启音特殊教育学校", SchoolKind.SPECIAL, 11),
)
_KINDERGARTENS = (
    Unit("区机关幼儿园", SchoolKind.KINDERGARTEN, 16),
    Unit(
        "百合幼教集团",
        SchoolKind.KINDERGARTEN,
        54,
        GENERAL,
        branches=(
            ("临江园", 12),
            ("中心园", 14),
            ("望湖园", 11),
            ("紫藤园", 9),
            ("云溪园", 8),
        ),
        schools=("临江园", "中心园", "望湖园", "紫藤园", "云溪园"),
    ),
    *_branches(
        SchoolKind.KINDERGARTEN,
        ("第一幼儿园", 13),
        ("第二幼儿园", 10),
        ("滨江幼儿园", 7),
        ("望湖幼儿园", 5),
        ("紫阳幼儿园", 4),
    ),
    Unit(
        "芦塘荷花柳汀漈下四园联合党支部",
        SchoolKind.KINDERGARTEN,
        6,
        JOINT,
        schools=("芦塘幼儿园", "荷花幼儿园", "柳汀幼儿园", "漈下幼儿园"),
    ),
    Unit(
        "石塘横塘梅溪三园联合党支部",
        SchoolKind.KINDERGARTEN,
        6,
        JOINT,
        schools=("石塘幼儿园", "横塘幼儿园", "梅溪幼儿园"),
    ),
)
_ASSOCIATION = Unit(
    "澄岚区民办教育协会",
    SchoolKind.ASSOCIATION,
    126,
    COMMITTEE,
    branches=(("机关", 6),),
    below=(
        Unit(
            "栖江外国语学校",
            SchoolKind.TWELVE_YEAR,
            52,
            GENERAL,
            branches=(("小学部", 20), ("中学部", 32)),
            private=True,
        ),
        Unit("青禾学校", SchoolKind.NINE_YEAR, 18, private=True),
        Unit("育英双语学校", SchoolKind.NINE_YEAR, 16, private=True),
        Unit("新港职业培训学校", SchoolKind.TRAINING, 6, private=True),
        # One member found no branch: it is being prepared, with an instructor sent from elsewhere.
        Unit(
            "小云朵幼儿园",
            SchoolKind.KINDERGARTEN,
            1,
            private=True,
            title="小云朵幼儿园党支部（筹）",
        ),
        Unit(
            "民办幼儿园联合党支部",
            SchoolKind.KINDERGARTEN,
            8,
            JOINT,
            schools=("启明星幼儿园", "小海豚幼儿园", "金葵花幼儿园"),
            private=True,
        ),
        Unit(
            "培训机构第一联合党支部",
            SchoolKind.TRAINING,
            7,
            JOINT,
            schools=("育新培训学校", "博文培训学校", "知行培训学校", "弘毅培训学校"),
            private=True,
        ),
        Unit(
            "培训机构第二联合党支部",
            SchoolKind.TRAINING,
            5,
            JOINT,
            schools=("晨光培训学校", "起航培训学校"),
            private=True,
        ),
        Unit("墨舟艺术培训学校", SchoolKind.TRAINING, 4, private=True),
        Unit("蓝鲸体育培训学校", SchoolKind.TRAINING, 3, private=True),
    ),
)
_BUREAU = (
    Unit("局机关", SchoolKind.OFFICE, 31),
    Unit("区教育研究院", SchoolKind.INSTITUTE, 38),
    Unit("区青少年宫", SchoolKind.INSTITUTE, 7),
    Unit(
        "考试中心后勤中心联合党支部",
        SchoolKind.INSTITUTE,
        15,
        JOINT,
        schools=("区教育考试中心", "区教育后勤中心"),
    ),
    Unit("局离退休干部", SchoolKind.RETIRED, 46),
)
UNITS = (*_SENIOR, *_JUNIOR, *_PRIMARY, *_KINDERGARTENS, _ASSOCIATION, *_BUREAU)

GROUPS = {
    "百合幼教集团": ("临江园", "中心园", "望湖园", "紫藤园", "云溪园"),
    "实验教育集团": ("澄岚区实验小学", "第二实验小学", "澄岚实验学校", "澄岚区实验中学"),
    "山区小规模学校": ("五里堨小学", "垟头小学", "岙里完小", "漈下初中", "陶山小学"),
}
FORMER_NAMES = {"秋水初中": "秋水镇中学党支部", "第二实验小学": "城北小学党支部"}
OFFICES = ("组织科", "宣传科", "基础教育科", "办公室")
