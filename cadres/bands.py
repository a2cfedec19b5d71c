"""By what the ranks are told apart, and the bands of it: no scores, no ranks, unknown by itself."""

from dataclasses import dataclass

from django.db.models import TextChoices

from cadres.choices import PostKind
from cadres.qualities import Degree, Subject, TeacherTitle
from organizations.choices import SchoolKind
from people.choices import Sex

# The band of those of whom nobody wrote it down.
UNKNOWN = "unknown"
UNKNOWN_LABEL = "未填"


class Group(TextChoices):
    SECRETARIES = "secretaries", "书记"
    COMMITTEES = "committees", "班子成员（书记、副书记、委员）"


KINDS_OF: dict[str, tuple[PostKind, ...]] = {
    Group.SECRETARIES: (PostKind.SECRETARY,),
    Group.COMMITTEES: (PostKind.SECRETARY, PostKind.DEPUTY, PostKind.MEMBER),
}


class Dimension(TextChoices):
    """In the order of the page."""

    AGE = "age", "年龄"
    SEX = "sex", "性别"
    DEGREE = "degree", "学历学位"
    TITLE = "title", "职称"
    SUBJECT = "subject", "任教学科"
    YEARS = "years", "任现职年限"
    SCHOOL = "school", "学校类别"


class Comparison(TextChoices):
    AT_LEAST = "at_least", "至少"
    AT_MOST = "at_most", "不超过"


@dataclass(frozen=True)
class Span:
    """A band of years: from ``first`` until before ``limit``."""

    key: str
    label: str
    first: int
    limit: int | None


AGES = (
    Span("to_34", "35 岁以下", 0, 35),
    Span("35_39", "35–39 岁", 35, 40),
    Span("40_44", "40–44 岁", 40, 45),
    Span("45_49", "45–49 岁", 45, 50),
    Span("50_54", "50–54 岁", 50, 55),
    Span("from_55", "55 岁及以上", 55, None),
)
YEARS_IN_POST = (
    Span("to_1", "不满 1 年", 0, 1),
    Span("1_2", "1–2 年", 1, 3),
    Span("3_4", "3–4 年", 3, 5),
    Span("5_9", "5–9 年", 5, 10),
    Span("from_10", "10 年及以上", 10, None),
)


def _spans(spans: tuple[Span, ...]) -> dict[str, str]:
    return {span.key: span.label for span in spans}


_LABELS: dict[str, dict[str, str]] = {
    Dimension.AGE: _spans(AGES),
    Dimension.SEX: dict(Sex.choices),
    Dimension.DEGREE: dict(Degree.choices),
    Dimension.TITLE: dict(TeacherTitle.choices),
    Dimension.SUBJECT: dict(Subject.choices),
    Dimension.YEARS: _spans(YEARS_IN_POST),
    Dimension.SCHOOL: dict(SchoolKind.choices),
}


def bands_of(dimension: str) -> dict[str, str]:
    """Return key and label of the bands of a dimension in order, the unknown one last."""
    return {**_LABELS[dimension], UNKNOWN: UNKNOWN_LABEL}
