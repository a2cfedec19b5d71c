"""States of the monthly report and the transitions that are allowed."""

from django.db.models import TextChoices


class PeriodState(TextChoices):
    PLANNED = "planned", "未开始"
    OPEN = "open", "填报中"
    FINAL = "final", "已定稿"


class ReportState(TextChoices):
    DRAFT = "draft", "待填报"
    SUBMITTED = "submitted", "已提交"
    RETURNED = "returned", "已退回"
    APPROVED = "approved", "已通过"
    WAIVED = "waived", "无需报送"


# Waiting for the school.
PENDING = (ReportState.DRAFT, ReportState.RETURNED)
# Handed in: its figures are frozen and count in the summary.
CLOSED = (ReportState.SUBMITTED, ReportState.APPROVED)
# from -> to; an approved report changes by a correction only
REPORT_TRANSITIONS: dict[ReportState, tuple[ReportState, ...]] = {
    ReportState.DRAFT: (ReportState.SUBMITTED, ReportState.WAIVED),
    ReportState.RETURNED: (ReportState.SUBMITTED, ReportState.WAIVED),
    ReportState.SUBMITTED: (ReportState.RETURNED, ReportState.APPROVED),
    ReportState.APPROVED: (),
    ReportState.WAIVED: (ReportState.DRAFT,),
}


class Outcome(TextChoices):
    """What became of a version that was handed in and is no longer the one that counts."""

    RETURNED = "returned", "已退回"
    APPROVED = "approved", "已通过"


class DueFrom(TextChoices):
    """From where the workdays until a report is due are counted."""

    NEXT_MONTH = "next_month", "次月第几个工作日"
    PERIOD_END = "period_end", "统计期结束后第几个工作日"


class CorrectionState(TextChoices):
    ASKED = "asked", "待处理"
    GRANTED = "granted", "已同意"
    REFUSED = "refused", "未同意"
