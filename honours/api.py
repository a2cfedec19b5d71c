"""The API of this room: the register of honours, to be read."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers

from common.api.fields import DayFilter, WholeNumberFilter, YesNoFilter
from common.api.views import Resource
from honours.choices import HonourState, Level
from honours.models import Honour, HonourQuerySet
from honours.queries import search_honours
from honours.scope import held_at
from organizations.api import OrganizationRef
from organizations.choices import ApiArea
from organizations.models import Organization
from organizations.models.organization import within
from people.api import PersonRef


class HonourRow(serializers.ModelSerializer[Honour]):
    """An honour in the list; of a person or of an organisation."""

    person = PersonRef(label="个人", read_only=True, allow_null=True)
    organization = OrganizationRef(label="党组织", read_only=True, allow_null=True)
    state = serializers.ChoiceField(label="状态", choices=HonourState.choices, read_only=True)

    class Meta:
        model = Honour
        fields: ClassVar[tuple[str, ...]] = (
            "id", "person", "organization", "title", "level", "body", "awarded_on",
            "awarded_known", "document", "valid_until", "work", "state",
        )  # fmt: skip
        read_only_fields = fields


class HonourDetail(HonourRow):
    """One honour with where it is known from."""

    class Meta(HonourRow.Meta):
        fields = (*HonourRow.Meta.fields, "basis", "withdrawn_reason")
        read_only_fields = fields


class HonourFilter(django_filters.FilterSet):
    """What the register can be narrowed by."""

    search = django_filters.CharFilter(
        label="姓名、拼音、党组织、荣誉名称或作品的一部分", method="filter_search"
    )
    level = django_filters.ChoiceFilter(label="级别", choices=Level.choices)
    under = WholeNumberFilter(label="这个党组织及其下级、其中的人（编号）", method="filter_under")
    awarded_from = DayFilter(label="授予时间自", field_name="awarded_on", lookup_expr="gte")
    awarded_to = DayFilter(label="授予时间至", field_name="awarded_on", lookup_expr="lte")
    valid = YesNoFilter(label="今天在有效期内、已核实的", method="filter_valid")

    def filter_search(self, rows: HonourQuerySet, _name: str, text: str) -> HonourQuerySet:
        """By holder, unit, name or work."""
        return search_honours(rows, text)

    def filter_under(self, rows: HonourQuerySet, _name: str, pk: int) -> HonourQuerySet:
        """By subtree; of what isn't there, nothing."""
        top = Organization.objects.filter(pk=pk).values_list("path", flat=True).first()
        if not top:
            return rows.none()
        return rows.filter(held_at(Organization.objects.filter(within(top))))

    def filter_valid(self, rows: HonourQuerySet, _name: str, value: Any) -> HonourQuerySet:
        """By whether it counts today."""
        valid = Honour.objects.confirmed().valid_on(timezone.localdate()).order_by().values("pk")
        return rows.filter(pk__in=valid) if value else rows.exclude(pk__in=valid)


class HonourResource(Resource[Honour]):
    """Honours in the scope, those withdrawn included."""

    area = ApiArea.HONOURS
    label = "荣誉"
    serializer_class = HonourRow
    detail_class = HonourDetail
    filterset_class = HonourFilter

    def rows(self) -> QuerySet[Honour]:
        """With their holders."""
        rows: HonourQuerySet = Honour.objects.visible_to(self.actor)
        return rows.select_related("person", "organization")
