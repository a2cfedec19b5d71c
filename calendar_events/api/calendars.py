"""The year calendars."""

from typing import ClassVar

import django_filters
from django.db.models import Count, Max, QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from calendar_events.choices import CalendarState
from calendar_events.models import Calendar
from calendar_events.services import publish_calendar
from common.api.fields import WholeNumberFilter
from common.api.versions import row_version
from common.api.views import Resource, verb
from organizations.choices import ApiArea


class CalendarShape(serializers.ModelSerializer[Calendar]):
    """A calendar; its lines are events."""

    class Meta:
        model = Calendar
        fields: ClassVar[tuple[str, ...]] = (
            "id", "year", "title", "state", "published_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class CalendarFilter(django_filters.FilterSet):
    """What the list can be narrowed by."""

    year = WholeNumberFilter(label="年度")
    state = django_filters.ChoiceFilter(label="状态", choices=CalendarState.choices)


class CalendarResource(Resource[Calendar]):
    """Published calendars; for the bureau the drafts too."""

    area = ApiArea.CALENDAR
    label = "行事历"
    serializer_class = CalendarShape
    detail_class = CalendarShape
    filterset_class = CalendarFilter

    def rows(self) -> QuerySet[Calendar]:
        """Calendars in the scope."""
        rows: QuerySet[Calendar] = Calendar.objects.visible_to(self.actor)
        return rows

    def version(self, row: Calendar) -> str:
        """Its lines belong to it: publishing publishes them."""
        lines = row.events.aggregate(count=Count("pk"), latest=Max("updated_at"))
        return row_version(row, lines["count"], lines["latest"])

    @verb("publish", "发布行事历，给各党组织下发任务")
    def publish(self, request: Request, pk: str) -> Response:
        """Publish what is still a draft in it."""
        del request, pk
        return self.change(
            lambda row, _, at: publish_calendar(actor=self.actor, calendar=row, at=at)
        )
