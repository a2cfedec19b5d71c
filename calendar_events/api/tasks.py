"""Tasks: what each organisation has to do for each event."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from activities.models import Record
from calendar_events.choices import TaskState
from calendar_events.models import Event, FigureValue, Task, TaskQuerySet
from calendar_events.queries import in_month
from calendar_events.services import (
    complete_task,
    extend_task,
    mark_not_applicable,
    nudge,
    reopen_task,
    return_task,
)
from calendar_events.services.tasks import LARGEST_VALUE
from common.api.fields import DayField, DayFilter, IdField, WholeNumberFilter, YesNoFilter
from common.api.versions import row_version
from common.api.views import Resource, Typed, chosen, verb
from notifications.models import GroupText
from organizations.api import OrganizationRef
from organizations.choices import ApiArea

MOST_NUDGED = 200
MOST_VALUES = 100


class TaskEvent(serializers.ModelSerializer[Event]):
    """The event of a task."""

    class Meta:
        model = Event
        fields = ("id", "title", "year", "first_month", "last_month", "handling")
        read_only_fields = fields


class TaskRow(serializers.ModelSerializer[Task]):
    """A task in the list."""

    event = TaskEvent(label="事项", read_only=True)
    organization = OrganizationRef(label="党组织", read_only=True)
    record_id = serializers.IntegerField(label="工作记录编号", allow_null=True, read_only=True)
    late = serializers.SerializerMethodField(label="逾期（含逾期完成）")

    class Meta:
        model = Task
        fields: ClassVar[tuple[str, ...]] = (
            "id", "event", "organization", "state", "due_on", "late", "completed_on", "record_id",
            "reason", "comment", "extended_reason", "updated_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_late(self, task: Task) -> bool:
        """As of today."""
        return task.is_late(timezone.localdate())


class ValueShape(serializers.ModelSerializer[FigureValue]):
    """An answered number."""

    figure_id = serializers.IntegerField(label="数据项编号", read_only=True)
    name = serializers.CharField(label="数据名称", source="figure.name", read_only=True)
    unit = serializers.CharField(label="单位", source="figure.unit", read_only=True)

    class Meta:
        model = FigureValue
        fields = ("figure_id", "name", "unit", "value")
        read_only_fields = fields


class TaskDetail(TaskRow):
    """One task with the numbers given."""

    values = ValueShape(label="已填的数", many=True, read_only=True)

    class Meta(TaskRow.Meta):
        fields = (*TaskRow.Meta.fields, "values")
        read_only_fields = fields


class TaskFilter(django_filters.FilterSet):
    """What the list can be narrowed by."""

    event_id = WholeNumberFilter(label="事项编号")
    organization_id = WholeNumberFilter(label="党组织编号")
    state = django_filters.ChoiceFilter(label="状态", choices=TaskState.choices)
    year = WholeNumberFilter(label="事项年度", field_name="event__year")
    month = WholeNumberFilter(label="事项覆盖这个月（与 year 同用）", method="filter_month")
    due_from = DayFilter(label="截止日期自", field_name="due_on", lookup_expr="gte")
    due_to = DayFilter(label="截止日期至", field_name="due_on", lookup_expr="lte")
    overdue = YesNoFilter(label="已过截止日期还没办结", method="filter_overdue")

    def filter_month(self, rows: TaskQuerySet, _name: str, month: int) -> TaskQuerySet:
        """By the months of its event; of the year asked for, else of this one."""
        year = self.form.cleaned_data.get("year") or timezone.localdate().year
        return rows.filter(in_month(year, month, "event__"))

    def filter_overdue(self, rows: TaskQuerySet, _name: str, value: Any) -> TaskQuerySet:
        """By whether it is waited for in vain, as of today."""
        late = Task.objects.overdue(timezone.localdate())
        return (
            rows.filter(pk__in=late.values("pk"))
            if value
            else rows.exclude(pk__in=late.values("pk"))
        )


class ValueBody(serializers.Serializer[Any]):
    """A number for a figure; 0 is an answer."""

    figure_id = IdField(label="数据项编号")
    value = serializers.IntegerField(label="数值", min_value=0, max_value=LARGEST_VALUE)


def answers_of(typed: Typed) -> dict[int, int]:
    """Return ``{figure id: number}``."""
    return {each["figure_id"]: each["value"] for each in typed.get("values", ())}


class ValuesBody(serializers.Serializer[Any]):
    """The numbers that the events of tasks ask for."""

    values = serializers.ListField(
        label="事项要填的数，逐项都要", child=ValueBody(), max_length=MOST_VALUES, required=False
    )


class CompleteBody(ValuesBody):
    """By which record."""

    record_id = IdField(label="工作记录编号")


class NotApplicableBody(serializers.Serializer[Any]):
    """Why it doesn't apply."""

    reason = serializers.CharField(label="不适用的理由", max_length=200)


class TaskReturnBody(serializers.Serializer[Any]):
    """What is to be put right."""

    comment = serializers.CharField(label="退回意见", max_length=500)


class ExtendBody(serializers.Serializer[Any]):
    """Until when, and why."""

    due_on = DayField(label="延期到")
    reason = serializers.CharField(label="延期原因", max_length=100)


class NudgeBody(serializers.Serializer[Any]):
    """For which tasks."""

    task_ids = serializers.ListField(
        label="任务编号", child=IdField(), min_length=1, max_length=MOST_NUDGED
    )


class NudgeShape(serializers.ModelSerializer[GroupText]):
    """The text for the group."""

    class Meta:
        model = GroupText
        fields = ("id", "title", "named", "unnamed")
        read_only_fields = fields


class TaskResource(Resource[Task]):
    """Tasks in the scope."""

    area = ApiArea.TASKS
    label = "任务"
    serializer_class = TaskRow
    detail_class = TaskDetail
    filterset_class = TaskFilter

    def rows(self) -> QuerySet[Task]:
        """With event and organisation."""
        rows: TaskQuerySet = Task.objects.visible_to(self.actor)
        return rows.select_related("event", "organization")

    def detailed(self, rows: QuerySet[Task]) -> QuerySet[Task]:
        """With the numbers given."""
        return rows.prefetch_related("values__figure")

    def version(self, row: Task) -> str:
        """The numbers given belong to it."""
        return row_version(row, sorted((each.figure_id, each.value) for each in row.values.all()))

    @verb("complete", "用一条已有的记录完成任务", body=CompleteBody)
    def complete(self, request: Request, pk: str) -> Response:
        """Complete it by a record that is there."""
        del request, pk

        def do(row: Task, typed: Typed, at: Any) -> None:
            records = Record.objects.visible_to(self.actor)
            record = chosen(
                records.select_related("organization"), [typed["record_id"]], "record_id"
            )
            complete_task(
                actor=self.actor,
                task=row,
                record=record[0],
                values=answers_of(typed),
                on=timezone.localdate(at),
                at=at,
            )

        return self.change(do)

    @verb("not-applicable", "说明任务不适用", body=NotApplicableBody)
    def not_applicable(self, request: Request, pk: str) -> Response:
        """Say that it doesn't apply."""
        del request, pk
        return self.change(
            lambda row, typed, at: mark_not_applicable(actor=self.actor, task=row, at=at, **typed)
        )

    @verb("return", "退回任务", body=TaskReturnBody)
    def send_back(self, request: Request, pk: str) -> Response:
        """Send it back."""
        del request, pk
        return self.change(
            lambda row, typed, at: return_task(actor=self.actor, task=row, at=at, **typed)
        )

    @verb("reopen", "重新打开已办结的任务")
    def reopen(self, request: Request, pk: str) -> Response:
        """Open it again."""
        del request, pk
        return self.change(lambda row, _, at: reopen_task(actor=self.actor, task=row, at=at))

    @verb("extend", "给一个党组织延期", body=ExtendBody)
    def extend(self, request: Request, pk: str) -> Response:
        """Give more time."""
        del request, pk
        return self.change(
            lambda row, typed, at: extend_task(actor=self.actor, task=row, at=at, **typed)
        )

    @action(
        detail=False,
        methods=["post"],
        body_class=NudgeBody,
        answer_class=NudgeShape,
        summary="催办，返回可以发到群里的文字",
    )
    def nudge(self, request: Request) -> Response:
        """Nudge for tasks; it changes none of them, so no version is asked for."""
        del request
        tasks = chosen(self.rows(), self.typed()["task_ids"], "task_ids")
        text = nudge(actor=self.actor, tasks=tasks, at=timezone.now())
        return Response(NudgeShape(text).data)
