"""What is held of a cadre's qualification: kinds of facts, and the words for them."""

from django.db.models import TextChoices


class FactKind(TextChoices):
    """In the order in which a file shows them."""

    DEGREE = "degree", "学历学位"
    TITLE = "title", "职称"
    SUBJECT = "subject", "任教学科"
    LOAD = "load", "周课时"
    BACKBONE = "backbone", "骨干称号"


class Degree(TextChoices):
    DOCTOR = "doctor", "博士"
    MASTER = "master", "硕士"
    BACHELOR = "bachelor", "大学本科"
    COLLEGE = "college", "大学专科"
    SECONDARY = "secondary", "中专及以下"


class TeacherTitle(TextChoices):
    """Titles of teachers, and what others at a school have."""

    PROFESSOR = "professor", "正高级教师"
    SENIOR = "senior", "高级教师"
    FIRST = "first", "一级教师"
    SECOND = "second", "二级教师"
    THIRD = "third", "三级教师"
    OTHER = "other", "其他系列职称"
    NONE = "none", "未评职称"


class Subject(TextChoices):
    MORALS = "morals", "道德与法治（思政）"
    CHINESE = "chinese", "语文"
    MATHS = "maths", "数学"
    ENGLISH = "english", "英语"
    PHYSICS = "physics", "物理"
    CHEMISTRY = "chemistry", "化学"
    BIOLOGY = "biology", "生物"
    HISTORY = "history", "历史"
    GEOGRAPHY = "geography", "地理"
    SCIENCE = "science", "科学"
    TECHNOLOGY = "technology", "信息科技"
    MUSIC = "music", "音乐"
    SPORTS = "sports", "体育"
    ART = "art", "美术"
    LABOUR = "labour", "劳动（综合实践）"
    MIND = "mind", "心理健康"
    PRESCHOOL = "preschool", "学前教育"
    SPECIAL = "special", "特殊教育"
    VOCATIONAL = "vocational", "职业专业课"
    NONE = "none", "不任课"


# Kinds whose value is one of fixed words; the others take a number of lessons, or a name.
WORDS: dict[str, type[TextChoices]] = {
    FactKind.DEGREE: Degree,
    FactKind.TITLE: TeacherTitle,
    FactKind.SUBJECT: Subject,
}
# Several at a time; of the others the next one ends the one before.
SEVERAL = (FactKind.BACKBONE,)
MOST_LESSONS = 40


class Attendance(TextChoices):
    """Whether somebody took part; nothing is credited before that is known."""

    EXPECTED = "expected", "未登记"
    PRESENT = "present", "到"
    ABSENT = "absent", "未到"
