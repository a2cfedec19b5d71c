"""The monthly report: a period, one report for each organisation, its figures and what is said."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from activities.models import Record
from common.models import TimeStamped
from common.scoping import ScopedQuerySet
from organizations.models import Organization, Role
from organizations.models.role import scope_of
from reports.choices import (
    PENDING,
    CorrectionState,
    DueFrom,
    Outcome,
    PeriodState,
    ReportState,
)
from reports.lines import label_of

if TYPE_CHECKING:
    from accounts.models import User


class PeriodPlan(TimeStamped):
    """How a year is cut into reporting periods.

    ``first_day`` 1 means calendar months; 26 means from the 26th of the month before to the 25th.
    ``joint`` lists months reported together: ``[[1, 2], [7, 8]]``. Reports are due on the
    ``due_workday``-th workday of the month after, or after the period's last day, as ``due_from``
    says; for calendar months that is the same.
    """

    year = models.PositiveSmallIntegerField("年度", unique=True)
    first_day = models.PositiveSmallIntegerField(
        "统计起始日", default=1, validators=[MinValueValidator(1), MaxValueValidator(28)]
    )
    joint = models.JSONField("合并月份", default=list, blank=True)
    due_workday = models.PositiveSmallIntegerField(
        "第几个工作日截止",
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(15)],
    )
    due_from = models.CharField(
        "截止日期起算", max_length=10, choices=DueFrom.choices, default=DueFrom.NEXT_MONTH
    )

    class Meta:
        verbose_name = "月报周期设置"
        verbose_name_plural = "月报周期设置"
        ordering: ClassVar = ["-year"]

    def __str__(self) -> str:
        return f"{self.year} 年月报周期"


class Period(TimeStamped):
    """One reporting period; ``opened_at`` is when the set of expected reports was frozen."""

    year = models.PositiveSmallIntegerField("年度")
    first_month = models.PositiveSmallIntegerField("起始月")
    last_month = models.PositiveSmallIntegerField("截止月")
    starts_on = models.DateField("统计起")
    ends_on = models.DateField("统计止")
    due_on = models.DateField("截止日期")
    state = models.CharField(
        "状态", max_length=10, choices=PeriodState.choices, default=PeriodState.PLANNED
    )
    opened_at = models.DateTimeField("开放时间", null=True, blank=True)
    finalised_at = models.DateTimeField("定稿时间", null=True, blank=True)
    finalised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="定稿人", null=True, related_name="+"
    )

    class Meta:
        verbose_name = "月报周期"
        verbose_name_plural = "月报周期"
        ordering: ClassVar = ["-starts_on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "first_month"], name="period_once"),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")), name="period_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month_words}月报"

    @property
    def month_words(self) -> str:
        """2026年3月, or 2026年1—2月 where several are reported together."""
        last = f"—{self.last_month}" if self.last_month != self.first_month else ""
        return f"{self.year}年{self.first_month}{last}月"


class ReportQuerySet(ScopedQuerySet["Report"]):
    def visible_to(self, user: "User") -> Self:
        """Reports of the organisations that ``user`` may see."""
        return self.filter(scope_of(user, "organization__"))

    def editable_by(self, user: "User") -> Self:
        """Reports of the organisations in which ``user`` holds a school role."""
        return self.filter(
            organization__in=Role.objects.current_of(user).school_roles().values("organization")
        )

    def pending(self) -> Self:
        """Reports that wait for the school: not yet submitted, or returned."""
        return self.filter(state__in=PENDING)


class Report(TimeStamped):
    """The report of one organisation for one period.

    While it is pending its figures are composed afresh from what is held; submitting freezes them
    in ``ReportFigure``. ``head_label`` is the secretary as printed (with 主持工作 where acting),
    frozen too. ``version`` counts submissions and, after approval, granted corrections; what
    earlier ones said stands in ``FormerVersion``. ``reasons`` says by line why something that is
    due every month didn't take place. ``prepared_by`` is the clerk who laid the texts before who
    hands in. ``waived_reason`` says why nobody has to hand it in: its organisation was closed.
    """

    period = models.ForeignKey(Period, models.PROTECT, verbose_name="周期", related_name="reports")
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="党组织", related_name="reports"
    )
    state = models.CharField(
        "状态", max_length=10, choices=ReportState.choices, default=ReportState.DRAFT
    )
    problems = models.TextField("问题与建议", max_length=300, blank=True)
    plans = models.TextField("下月打算", max_length=300, blank=True)
    reasons = models.JSONField("未开展原因", default=dict, blank=True)
    waived_reason = models.CharField("无需报送的原因", max_length=300, blank=True)
    prepared_at = models.DateTimeField("备好时间", null=True, blank=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="备好人", null=True, related_name="+"
    )
    head_label = models.CharField("书记（或主持工作）", max_length=100, blank=True)
    filler_label = models.CharField("填表人", max_length=50, blank=True)
    reviewer_label = models.CharField("审核人", max_length=50, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="提交人", null=True, related_name="+"
    )
    reviewed_at = models.DateTimeField("审核时间", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="审核人", null=True, related_name="+"
    )
    version = models.PositiveIntegerField("版本", default=0)
    records: "models.ManyToManyField[Record, ReportedRecord]" = models.ManyToManyField(
        Record, verbose_name="工作记录", through="ReportedRecord", related_name="reports"
    )

    objects: ClassVar = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "月报"
        verbose_name_plural = "月报"
        ordering: ClassVar = ["-period__starts_on", "organization__order", "id"]
        indexes: ClassVar = [
            # The queue of the reviews in its order, and what is counted of it.
            models.Index(
                fields=["state", "submitted_at", "id", "organization"], name="report_waiting"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["period", "organization"], name="report_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.period}"


class ReportFigure(models.Model):
    """One frozen line of a report; which lines there are stands in ``reports.lines``.

    ``value`` None with ``recorded`` False prints 未建档; None with ``recorded`` True is 'not
    applicable'. ``text`` holds dates, topics and names of the line.
    """

    report = models.ForeignKey(Report, models.CASCADE, verbose_name="月报", related_name="figures")
    key = models.CharField("项目", max_length=60)
    value = models.PositiveIntegerField("数值", null=True, blank=True)
    text = models.TextField("说明", blank=True)
    recorded = models.BooleanField("已建档", default=True)

    class Meta:
        verbose_name = "月报数据"
        verbose_name_plural = "月报数据"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "key"], name="report_figure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.value}"


class FormerVersion(models.Model):
    """What a report said in a version that another one took, or takes, the place of.

    Written when a version is returned or, once approved, corrected; append-only by database
    triggers. ``figures`` are its lines in their order, ``[key, value, text, recorded]``; ``late``
    the records it counted as 补录. ``reviewed_by`` returned or approved it, or granted the
    correction that made it.
    """

    report = models.ForeignKey(
        Report, models.PROTECT, verbose_name="月报", related_name="former_versions"
    )
    number = models.PositiveIntegerField("版本")
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices)
    figures = models.JSONField("数据")
    late = models.JSONField("补录", default=list)
    problems = models.TextField("问题与建议", blank=True)
    plans = models.TextField("下月打算", blank=True)
    head_label = models.CharField("书记（或主持工作）", max_length=100, blank=True)
    filler_label = models.CharField("填表人", max_length=50, blank=True)
    reviewer_label = models.CharField("审核人", max_length=50, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="提交人", null=True, related_name="+"
    )
    reviewed_at = models.DateTimeField("审核时间", null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="审核人", null=True, related_name="+"
    )
    kept_at = models.DateTimeField("留存时间")

    class Meta:
        verbose_name = "月报旧版本"
        verbose_name_plural = "月报旧版本"
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "number"], name="former_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.report}第{self.number}版"


class ReportedRecord(models.Model):
    """A record that a submitted report counted; ``supplement`` when it belongs to an earlier one.

    A record is reported once: what came too late for its own period enters the next as 补录.
    """

    report = models.ForeignKey(Report, models.CASCADE, verbose_name="月报", related_name="+")
    record = models.OneToOneField(
        Record, models.PROTECT, verbose_name="工作记录", related_name="reported"
    )
    supplement = models.BooleanField("补录", default=False)

    class Meta:
        verbose_name = "已报记录"
        verbose_name_plural = "已报记录"

    def __str__(self) -> str:
        return f"{self.report} {self.record}"


class Comment(models.Model):
    """What the reviewer says at a field when returning a report; ``key`` empty for the whole."""

    report = models.ForeignKey(Report, models.CASCADE, verbose_name="月报", related_name="comments")
    key = models.CharField("项目", max_length=60, blank=True)
    text = models.CharField("意见", max_length=300)
    version = models.PositiveIntegerField("针对版本")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="审核人", related_name="+"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "退回意见"
        verbose_name_plural = "退回意见"
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return self.text


class Correction(TimeStamped):
    """A school's request to correct a figure of an approved report, with its reason.

    ``version`` is the one that granting it made; None while it waits, where it was refused, and
    for those granted before versions were kept.
    """

    report = models.ForeignKey(
        Report, models.PROTECT, verbose_name="月报", related_name="corrections"
    )
    key = models.CharField("项目", max_length=60)
    old_value = models.PositiveIntegerField("原数", null=True, blank=True)
    new_value = models.PositiveIntegerField("应为")
    reason = models.CharField("理由", max_length=300)
    state = models.CharField(
        "状态", max_length=10, choices=CorrectionState.choices, default=CorrectionState.ASKED
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="申请人", related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="处理人", null=True, related_name="+"
    )
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)
    answer = models.CharField("答复", max_length=300, blank=True)
    version = models.PositiveIntegerField("更正后的版本", null=True)

    class Meta:
        verbose_name = "更正申请"
        verbose_name_plural = "更正申请"
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report", "key"],
                condition=Q(state=CorrectionState.ASKED),
                name="correction_one_open_per_figure",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.key}"

    @property
    def label(self) -> str:
        """The words of the line on the form."""
        return label_of(self.key)


class FinalFigure(models.Model):
    """A figure of the month's summary as it stood when it was marked final (定稿).

    What the reports say later is compared with these rows and shown as 与定稿差.
    """

    period = models.ForeignKey(
        Period, models.PROTECT, verbose_name="周期", related_name="final_figures"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="党组织", related_name="+"
    )
    key = models.CharField("项目", max_length=60)
    value = models.PositiveIntegerField("数值", null=True, blank=True)

    class Meta:
        verbose_name = "定稿数据"
        verbose_name_plural = "定稿数据"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["period", "organization", "key"], name="final_figure_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.organization} {self.key}"
