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


# Waiting for the school.
PENDING = (ReportState.DRAFT, ReportState.RETURNED)
# from -> to
REPORT_TRANSITIONS = {
    ReportState.DRAFT: (ReportState.SUBMITTED,),
    ReportState.RETURNED: (ReportState.SUBMITTED,),
    ReportState.SUBMITTED: (ReportState.RETURNED, ReportState.APPROVED),
    ReportState.APPROVED: (ReportState.RETURNED,),
}


class CorrectionState(TextChoices):
    ASKED = "asked", "待处理"
    GRANTED = "granted", "已同意"
    REFUSED = "refused", "未同意"
