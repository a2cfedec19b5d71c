"""Lines of the calendars, and ad-hoc tasks."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from activities.choices import RecordKind
from calendar_events.choices import EventState, Handling
from calendar_events.models import Event, EventQuerySet, Figure
from calendar_events.services import (
    AudienceChoice,
    FigureAsked,
    cancel_event,
    create_adhoc_task,
    move_deadline,
)
from calendar_events.services.asking import MOST_FIGURES
from common.api.fields import DayField, DayFilter, IdField, WholeNumberFilter, YesNoFilter
from common.api.versions import row_version
from common.api.views import Resource, chosen, verb
from organizations.choices import ApiArea, AudienceKind, SchoolKind
from organizations.models import Office, Organization

MOST_ORGANIZATIONS = 1000
# Groups have no address of their own here, so nobody could name one.
AUDIENCES = [each for each in AudienceKind.choices if each[0] != AudienceKind.GROUPS]


class OfficeRef(serializers.ModelSerializer[Office]):
    """The office responsible."""

    class Meta:
        model = Office
        fields = ("id", "name")
        read_only_fields = fields


class FigureShape(serializers.ModelSerializer[Figure]):
    """A number that an event asks for."""

    class Meta:
        model = Figure
        fields = ("id", "name", "unit")
        read_only_fields = fields


class EventShape(serializers.ModelSerializer[Event]):
    """An event."""

    calendar_id = serializers.IntegerField(
        label="行事历编号；临时任务为空", allow_null=True, read_only=True
    )
    split_from_id = serializers.IntegerField(
        label="拆分自（编号）", allow_null=True, read_only=True
    )
    office = OfficeRef(label="责任科室", allow_null=True, read_only=True)
    figures = FigureShape(label="要填的数", many=True, read_only=True)

    class Meta:
        model = Event
        fields: ClassVar[tuple[str, ...]] = (
            "id", "calendar_id", "year", "title", "demand", "first_month", "last_month",
            "starts_on", "ends_on", "due_on", "handling", "state", "office", "record_kind",
            "split_from_id", "figures", "cancelled_reason", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class EventFilter(django_filters.FilterSet):
    """What the list can be narrowed by."""

    year = WholeNumberFilter(label="年度")
    month = WholeNumberFilter(label="覆盖这个月（1–12）", method="filter_month")
    calendar_id = WholeNumberFilter(label="行事历编号")
    state = django_filters.ChoiceFilter(label="状态", choices=EventState.choices)
    handling = django_filters.ChoiceFilter(label="分类", choices=Handling.choices)
    adhoc = YesNoFilter(label="临时任务", field_name="calendar", lookup_expr="isnull")
    due_from = DayFilter(label="截止日期自", field_name="due_on", lookup_expr="gte")
    due_to = DayFilter(label="截止日期至", field_name="due_on", lookup_expr="lte")
    search = django_filters.CharFilter(
        label="事项的一部分", field_name="title", lookup_expr="icontains"
    )

    def filter_month(self, rows: EventQuerySet, _name: str, month: int) -> EventQuerySet:
        """By the months it spans."""
        return rows.filter(first_month__lte=month, last_month__gte=month)


class MoveBody(serializers.Serializer[Any]):
    """Another due date, and why."""

    due_on = DayField(label="新的截止日期")
    reason = serializers.CharField(label="原因", max_length=100)


class ReasonBody(serializers.Serializer[Any]):
    """Why, in one sentence."""

    reason = serializers.CharField(label="原因", max_length=100)


class FigureBody(serializers.Serializer[Any]):
    """A number to ask for."""

    name = serializers.CharField(label="数据名称", max_length=50)
    unit = serializers.CharField(label="单位", max_length=10)


class AudienceBody(serializers.Serializer[Any]):
    """For whom."""

    kind = serializers.ChoiceField(label="范围", choices=AUDIENCES)
    school_kinds = serializers.ListField(
        label="学校类别（范围为 kinds 时）",
        child=serializers.ChoiceField(choices=SchoolKind.choices),
        max_length=len(SchoolKind),
        required=False,
    )
    organization_ids = serializers.ListField(
        label="党组织编号（范围为 chosen 时）",
        child=IdField(),
        max_length=MOST_ORGANIZATIONS,
        required=False,
    )


class AdhocBody(serializers.Serializer[Any]):
    """An ad-hoc task."""

    title = serializers.CharField(label="任务名称", max_length=200)
    demand = serializers.CharField(
        label="要求", max_length=2000, required=False, allow_blank=True, default=""
    )
    due_on = DayField(label="截止日期")
    audience = AudienceBody(label="范围")
    figures = serializers.ListField(
        label="要填的数", child=FigureBody(), max_length=MOST_FIGURES, required=False
    )
    record_kind = serializers.ChoiceField(
        label="建议记录类别",
        choices=RecordKind.choices,
        required=False,
        allow_blank=True,
        default="",
    )


class EventResource(Resource[Event]):
    """Events in the scope."""

    area = ApiArea.CALENDAR
    label = "事项"
    summary = "发临时任务，立即下发"
    serializer_class = EventShape
    detail_class = EventShape
    filterset_class = EventFilter
    body_class = AdhocBody

    def rows(self) -> QuerySet[Event]:
        """With offices and figures."""
        rows: EventQuerySet = Event.objects.visible_to(self.actor)
        return rows.select_related("office").prefetch_related("figures")

    def version(self, row: Event) -> str:
        """The figures it asks for belong to it."""
        return row_version(row, [(each.pk, each.name, each.unit) for each in row.figures.all()])

    def create(self, request: Request) -> Response:
        """Set an ad-hoc task."""
        del request
        typed = self.typed()
        asked = typed["audience"]
        there = Organization.objects.visible_to(self.actor)
        audience = AudienceChoice(
            kind=asked["kind"],
            school_kinds=tuple(asked.get("school_kinds", ())),
            organizations=tuple(
                chosen(there, asked.get("organization_ids", ()), "audience.organization_ids")
            ),
        )
        event = create_adhoc_task(
            actor=self.actor,
            title=typed["title"],
            demand=typed["demand"],
            due_on=typed["due_on"],
            audience=audience,
            figures=[FigureAsked(**each) for each in typed.get("figures", ())],
            record_kind=typed["record_kind"],
            at=timezone.now(),
        )
        return self.shown(self.rows().get(pk=event.pk), status=201)

    @verb("move-deadline", "调整截止日期，通知还没办结的", body=MoveBody)
    def move_deadline(self, request: Request, pk: str) -> Response:
        """Move the due date."""
        del request, pk
        return self.change(
            lambda row, typed, at: move_deadline(actor=self.actor, event=row, at=at, **typed)
        )

    @verb("cancel", "取消事项，通知还没办结的", body=ReasonBody)
    def cancel(self, request: Request, pk: str) -> Response:
        """Cancel it."""
        del request, pk
        return self.change(
            lambda row, typed, at: cancel_event(actor=self.actor, event=row, at=at, **typed)
        )
