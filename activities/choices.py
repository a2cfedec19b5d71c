"""Kinds of records and the counters each of them asks for, after the monthly report form."""

from dataclasses import dataclass

from django.db.models import TextChoices


class RecordKind(TextChoices):
    FIRST_ITEM = "first_item", "第一议题"
    MEMBERS_MEETING = "members_meeting", "党员大会"
    COMMITTEE_MEETING = "committee_meeting", "支委会"
    GROUP_MEETING = "group_meeting", "党小组会"
    PARTY_LESSON = "party_lesson", "党课"
    THEME_DAY = "theme_day", "主题党日"
    ORG_LIFE_MEETING = "org_life_meeting", "组织生活会"
    TALK = "talk", "谈心谈话"
    VOLUNTEERING = "volunteering", "志愿服务"
    HOME_VISIT = "home_visit", "家访"
    SMALL_WISH = "small_wish", "微心愿"
    MODEL_LESSON = "model_lesson", "示范课"
    CIVICS_LESSON = "civics_lesson", "听思政课"
    WARNING_EDUCATION = "warning_education", "警示教育"
    INTEGRITY_TALK = "integrity_talk", "廉政谈话"
    MAJOR_DECISIONS = "major_decisions", "三重一大"
    SCHOOL_AFFAIRS = "school_affairs", "校务公开"
    IDEOLOGY_STUDY = "ideology_study", "意识形态专题研究"
    POSITION_CHECK = "position_check", "阵地检查"
    PUBLICITY = "publicity", "宣传报道"
    OTHER = "other", "其他工作"


@dataclass(frozen=True)
class Counter:
    """One number that a kind of record asks for, besides entitled and present."""

    key: str
    label: str
    unit: str


# Meetings: entitled (应到) and present (实到) are asked for.
MEETINGS = frozenset(
    {
        RecordKind.MEMBERS_MEETING,
        RecordKind.COMMITTEE_MEETING,
        RecordKind.GROUP_MEETING,
        RecordKind.PARTY_LESSON,
        RecordKind.THEME_DAY,
        RecordKind.ORG_LIFE_MEETING,
    }
)

# Those to which every member is entitled, probationary ones included.
WHOLE_MEMBERSHIP = frozenset(MEETINGS - {RecordKind.COMMITTEE_MEETING, RecordKind.GROUP_MEETING})

# As the monthly report groups them (二, 四–六).
KIND_GROUPS: tuple[tuple[str, tuple[RecordKind, ...]], ...] = (
    (
        "组织生活",
        (
            RecordKind.THEME_DAY,
            RecordKind.MEMBERS_MEETING,
            RecordKind.COMMITTEE_MEETING,
            RecordKind.GROUP_MEETING,
            RecordKind.PARTY_LESSON,
            RecordKind.FIRST_ITEM,
            RecordKind.ORG_LIFE_MEETING,
            RecordKind.TALK,
        ),
    ),
    (
        "作用发挥",
        (
            RecordKind.VOLUNTEERING,
            RecordKind.HOME_VISIT,
            RecordKind.SMALL_WISH,
            RecordKind.MODEL_LESSON,
            RecordKind.CIVICS_LESSON,
        ),
    ),
    (
        "清廉师德",
        (
            RecordKind.WARNING_EDUCATION,
            RecordKind.INTEGRITY_TALK,
            RecordKind.MAJOR_DECISIONS,
            RecordKind.SCHOOL_AFFAIRS,
        ),
    ),
    (
        "意识形态与宣传",
        (RecordKind.IDEOLOGY_STUDY, RecordKind.POSITION_CHECK, RecordKind.PUBLICITY),
    ),
    ("其他", (RecordKind.OTHER,)),
)

COUNTERS: dict[str, tuple[Counter, ...]] = {
    RecordKind.TALK: (Counter("persons", "谈话人次", "人次"),),
    RecordKind.VOLUNTEERING: (Counter("persons", "参加人次", "人次"),),
    RecordKind.HOME_VISIT: (Counter("households", "家访户数", "户"),),
    RecordKind.SMALL_WISH: (
        Counter("collected", "征集", "个"),
        Counter("claimed", "认领", "个"),
        Counter("fulfilled", "完成", "个"),
    ),
    RecordKind.MODEL_LESSON: (Counter("lessons", "节数", "节"),),
    RecordKind.CIVICS_LESSON: (Counter("lessons", "节数", "节"),),
    RecordKind.WARNING_EDUCATION: (Counter("persons", "参加人次", "人次"),),
    RecordKind.INTEGRITY_TALK: (Counter("persons", "谈话人次", "人次"),),
    RecordKind.MAJOR_DECISIONS: (Counter("items", "议题数", "个"),),
    RecordKind.SCHOOL_AFFAIRS: (Counter("items", "公开条数", "条"),),
    RecordKind.PUBLICITY: (
        Counter("school_level", "校级篇数", "篇"),
        Counter("district_level", "区级篇数", "篇"),
        Counter("city_level", "市级篇数", "篇"),
    ),
}
