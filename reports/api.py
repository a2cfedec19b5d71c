"""The API of this room: monthly reports and the corrections asked for."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.fields import WholeNumberFilter
from common.api.versions import row_version
from common.api.views import Resource, verb
from organizations.api import OrganizationRef
from organizations.choices import ApiArea
from reports.choices import CorrectionState, ReportState
from reports.lines import NEEDS_REASON
from reports.models import Correction, Period, Report, ReportQuerySet
from reports.services import (
    LONGEST_TEXT,
    approve_report,
    ask_correction,
    decide_correction,
    prepare_report,
    return_report,
    submit_report,
)
from reports.services.corrections import LARGEST_FIGURE
from reports.services.filing import LONGEST_REASON
from reports.services.reviewing import LONGEST_COMMENT
from reports.sheet import Sheet, sheet_of

MOST_COMMENTS = 200
_KEY_LENGTH = 60


class PeriodShape(serializers.ModelSerializer[Period]):
    """The period of a report."""

    class Meta:
        model = Period
        fields = (
            "id", "year", "first_month", "last_month", "starts_on", "ends_on", "due_on", "state",
        )  # fmt: skip
        read_only_fields = fields


class ReportRow(serializers.ModelSerializer[Report]):
    """A report in the list."""

    period = PeriodShape(label="周期", read_only=True)
    organization = OrganizationRef(label="党组织", read_only=True)
    submitted_by = serializers.CharField(
        label="提交人", source="submitted_by.name", default=None, allow_null=True, read_only=True
    )
    reviewed_by = serializers.CharField(
        label="审核人", source="reviewed_by.name", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = Report
        fields: ClassVar[tuple[str, ...]] = (
            "id", "period", "organization", "state", "submitted_at", "submitted_by",
            "reviewed_at", "reviewed_by", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class LineShape(serializers.Serializer[Any]):
    """One figure; null is not known (``recorded`` false: no room holds it) or not applicable."""

    key = serializers.CharField(label="项目", source="line.key")
    label = serializers.CharField(label="名称")  # type: ignore[assignment]  # a name in the answer
    unit = serializers.CharField(label="单位", source="line.unit")
    value = serializers.IntegerField(label="数值", source="figure", allow_null=True)
    recorded = serializers.BooleanField(label="已建档", source="line.recorded")
    note = serializers.CharField(label="说明")
    comment = serializers.CharField(label="退回意见")


class TaskLineShape(serializers.Serializer[Any]):
    """One event of the period."""

    key = serializers.CharField(label="项目")
    label = serializers.CharField(label="事项")  # type: ignore[assignment]  # a name in the answer
    value = serializers.CharField(label="完成情况")
    note = serializers.CharField(label="说明")
    comment = serializers.CharField(label="退回意见")


class ReportDetail(ReportRow):
    """One report with its figures: composed while the school has it, frozen afterwards."""

    figures = serializers.SerializerMethodField(label="数据")
    tasks = serializers.SerializerMethodField(label="任务")
    comments = serializers.SerializerMethodField(label="退回意见，按项目；空项目为整份月报")
    missing = serializers.SerializerMethodField(label="提交前要写明未开展原因的项目")
    hints = serializers.SerializerMethodField(label="值得核对的地方")

    class Meta(ReportRow.Meta):
        fields = (
            *ReportRow.Meta.fields, "problems", "plans", "reasons", "head_label", "filler_label",
            "figures", "tasks", "comments", "missing", "hints",
        )  # fmt: skip
        read_only_fields = fields
        extra_kwargs: ClassVar[dict[str, Any]] = {}

    reasons = serializers.DictField(
        label="未开展原因，按项目", child=serializers.CharField(), read_only=True
    )

    @property
    def sheet(self) -> Sheet:
        """What the view has drawn up of the row."""
        sheet: Sheet = self.context["view"].sheet
        return sheet

    @extend_schema_field(LineShape(many=True))
    def get_figures(self, _report: Report) -> Any:
        """All lines of all sections."""
        lines = [line for section in self.sheet.sections for line in section.figures]
        return LineShape(lines, many=True).data

    @extend_schema_field(TaskLineShape(many=True))
    def get_tasks(self, _report: Report) -> Any:
        """The events of the period."""
        rows = [row for section in self.sheet.sections for row in section.rows]
        return TaskLineShape(rows, many=True).data

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_comments(self, _report: Report) -> dict[str, str]:
        """By line."""
        return dict(self.sheet.comments)

    def get_missing(self, _report: Report) -> list[str]:
        """Keys of lines."""
        return [line.key for line in self.sheet.missing]

    def get_hints(self, _report: Report) -> list[str]:
        """Sentences."""
        return list(self.sheet.hints)


class ReportFilter(django_filters.FilterSet):
    """What the list can be narrowed by."""

    organization_id = WholeNumberFilter(label="党组织编号")
    state = django_filters.ChoiceFilter(label="状态", choices=ReportState.choices)
    year = WholeNumberFilter(label="年度", field_name="period__year")
    month = WholeNumberFilter(label="月份", method="filter_month")

    def filter_month(self, rows: ReportQuerySet, _name: str, month: int) -> ReportQuerySet:
        """By the months of its period."""
        return rows.filter(period__first_month__lte=month, period__last_month__gte=month)


class TextsBody(serializers.Serializer[Any]):
    """What people type into a report."""

    problems = serializers.CharField(
        label="问题与建议", max_length=LONGEST_TEXT, allow_blank=True, default=""
    )
    plans = serializers.CharField(
        label="下月打算", max_length=LONGEST_TEXT, allow_blank=True, default=""
    )
    reasons = serializers.DictField(
        label="未开展原因，按项目",
        child=serializers.CharField(max_length=LONGEST_REASON),
        default=dict,
    )

    def validate_reasons(self, given: dict[str, str]) -> dict[str, str]:
        """Refuse reasons for lines that ask for none, rather than drop them."""
        unknown = sorted(set(given) - set(NEEDS_REASON))
        if unknown:
            raise serializers.ValidationError(f"这些项目不填原因：{'、'.join(unknown)[:200]}。")
        return given


class CommentBody(serializers.Serializer[Any]):
    """What is to be put right, and where."""

    key = serializers.CharField(
        label="项目；空为整份月报", max_length=_KEY_LENGTH, allow_blank=True, default=""
    )
    text = serializers.CharField(label="意见", max_length=LONGEST_COMMENT)


class ReportReturnBody(serializers.Serializer[Any]):
    """Comments, at least one."""

    comments = serializers.ListField(
        label="退回意见", child=CommentBody(), min_length=1, max_length=MOST_COMMENTS
    )


class CorrectionBody(serializers.Serializer[Any]):
    """A figure that should be another."""

    key = serializers.CharField(label="项目", max_length=_KEY_LENGTH)
    new_value = serializers.IntegerField(label="应为", min_value=0, max_value=LARGEST_FIGURE)
    reason = serializers.CharField(label="理由", max_length=LONGEST_TEXT)


class ReportResource(Resource[Report]):
    """Reports in the scope."""

    area = ApiArea.REPORTS
    label = "月报"
    serializer_class = ReportRow
    detail_class = ReportDetail
    filterset_class = ReportFilter
    # Of the row that was fetched last.
    sheet: Sheet

    def rows(self) -> QuerySet[Report]:
        """With period, organisation and people."""
        rows: ReportQuerySet = Report.objects.visible_to(self.actor)
        return rows.select_related("period", "organization", "submitted_by", "reviewed_by")

    def get_object(self) -> Report:
        """Draw up the figures along with the row."""
        row = super().get_object()
        self.sheet = sheet_of(row)
        return row

    def version(self, row: Report) -> str:
        """The figures belong to it, composed or frozen, and what was said of them."""
        lines = [
            (each.line.key, each.figure, each.note)
            for section in self.sheet.sections
            for each in section.figures
        ]
        rows = [(each.key, each.note) for section in self.sheet.sections for each in section.rows]
        return row_version(row, lines, rows, sorted(self.sheet.comments.items()))

    @verb("prepare", "备好文字，请书记确认提交", body=TextsBody)
    def prepare(self, request: Request, pk: str) -> Response:
        """Lay the texts before who hands in."""
        del request, pk
        return self.change(
            lambda row, typed, at: prepare_report(actor=self.actor, report=row, at=at, **typed)
        )

    @verb("submit", "提交月报", body=TextsBody)
    def submit(self, request: Request, pk: str) -> Response:
        """Hand it in; the version says which figures were looked at."""
        del request, pk
        return self.change(
            lambda row, typed, at: submit_report(actor=self.actor, report=row, at=at, **typed)
        )

    @verb("return", "退回月报", body=ReportReturnBody)
    def send_back(self, request: Request, pk: str) -> Response:
        """Send it back with comments."""
        del request, pk
        return self.change(
            lambda row, typed, at: return_report(
                actor=self.actor,
                report=row,
                comments=[(each["key"], each["text"]) for each in typed["comments"]],
                at=at,
                version=row.version,
            )
        )

    @verb("approve", "通过月报")
    def approve(self, request: Request, pk: str) -> Response:
        """Approve it."""
        del request, pk
        return self.change(
            lambda row, _, at: approve_report(
                actor=self.actor, report=row, at=at, version=row.version
            )
        )

    @verb("ask-correction", "申请更正已通过的一个数", body=CorrectionBody)
    def ask_correction(self, request: Request, pk: str) -> Response:
        """Ask for a correction; it stands among the corrections then."""
        del request, pk
        return self.change(
            lambda row, typed, at: ask_correction(actor=self.actor, report=row, at=at, **typed)
        )


class CorrectionShape(serializers.ModelSerializer[Correction]):
    """A correction that was asked for."""

    report_id = serializers.IntegerField(label="月报编号", read_only=True)
    organization = OrganizationRef(label="党组织", source="report.organization", read_only=True)
    label = serializers.CharField(label="名称", read_only=True)  # type: ignore[assignment]  # a name in the answer

    class Meta:
        model = Correction
        fields = (
            "id", "report_id", "organization", "key", "label", "old_value", "new_value", "reason",
            "state", "answer", "decided_at", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class CorrectionFilter(django_filters.FilterSet):
    """What the list can be narrowed by."""

    report_id = WholeNumberFilter(label="月报编号")
    organization_id = WholeNumberFilter(label="党组织编号", field_name="report__organization_id")
    state = django_filters.ChoiceFilter(label="状态", choices=CorrectionState.choices)


class GrantBody(serializers.Serializer[Any]):
    """A word along with the yes."""

    answer = serializers.CharField(
        label="答复", max_length=LONGEST_TEXT, allow_blank=True, default=""
    )


class RefuseBody(serializers.Serializer[Any]):
    """Why not."""

    answer = serializers.CharField(label="不同意的原因", max_length=LONGEST_TEXT)


class CorrectionResource(Resource[Correction]):
    """Corrections of reports in the scope."""

    area = ApiArea.REPORTS
    label = "更正申请"
    serializer_class = CorrectionShape
    detail_class = CorrectionShape
    filterset_class = CorrectionFilter

    def rows(self) -> QuerySet[Correction]:
        """Of the reports one may see."""
        reports = Report.objects.visible_to(self.actor)
        rows = Correction.objects.filter(report__in=reports.order_by().values("pk"))
        return rows.select_related("report__organization", "report__period")

    @verb("grant", "同意更正", body=GrantBody)
    def grant(self, request: Request, pk: str) -> Response:
        """Say yes."""
        del request, pk
        return self.change(
            lambda row, typed, at: decide_correction(
                actor=self.actor, correction=row, granted=True, at=at, **typed
            )
        )

    @verb("refuse", "不同意更正", body=RefuseBody)
    def refuse(self, request: Request, pk: str) -> Response:
        """Say no, and why."""
        del request, pk
        return self.change(
            lambda row, typed, at: decide_correction(
                actor=self.actor, correction=row, granted=False, at=at, **typed
            )
        )
