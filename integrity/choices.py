"""States of checklists, assignments and self-checks, and what may be said of an item."""

from django.db.models import TextChoices


class Subject(TextChoices):
    """Who answers: each school once, whatever works in it; or each Party organisation."""

    SCHOOL = "school", "每所学校一份"
    ORGANIZATION = "organization", "每个党组织一份"


class EditionState(TextChoices):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "现行"
    RETIRED = "retired", "已停用"


class AssignmentState(TextChoices):
    OPEN = "open", "进行中"
    CANCELLED = "cancelled", "已取消"


class SelfCheckState(TextChoices):
    OPEN = "open", "待自查"
    SUBMITTED = "submitted", "已提交"
    RETURNED = "returned", "已退回"
    WAIVED = "waived", "无需自查"


class Verdict(TextChoices):
    MET = "met", "符合"
    PARTLY = "partly", "部分符合"
    NOT_MET = "not_met", "不符合"
    NOT_APPLICABLE = "not_applicable", "不适用"


# What may be said of an item that bars from demonstration (否决项): a fixed conclusion, no words.
VETO_LABELS = {Verdict.MET: "没有发生", Verdict.NOT_MET: "有查实情形"}
# Verdicts that need a sentence, except of an item that bars.
WITH_REASON = (Verdict.PARTLY, Verdict.NOT_MET, Verdict.NOT_APPLICABLE)
# What waits for the school.
PENDING = (SelfCheckState.OPEN, SelfCheckState.RETURNED)


class RectificationState(TextChoices):
    OPEN = "open", "整改中"
    HANDED_IN = "handed_in", "待复核"
    CLOSED = "closed", "已完成"
    CANCELLED = "cancelled", "已取消"


class StepKind(TextChoices):
    OPENED = "opened", "下达整改"
    HANDED_IN = "handed_in", "上报结果"
    CLOSED = "closed", "复核通过"
    REOPENED = "reopened", "未到位，继续整改"
    CANCELLED = "cancelled", "取消"
