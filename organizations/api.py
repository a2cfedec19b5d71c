"""The API of this room: Party organisations, to be read."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from common.api.fields import DayFilter, WholeNumberFilter, YesNoFilter
from common.api.versions import row_version
from common.api.views import Resource
from organizations.choices import ApiArea, OrganizationKind, SchoolKind
from organizations.models import (
    FormerName,
    HeadCount,
    Organization,
    OrganizationQuerySet,
    Placement,
    School,
    Succession,
)
from organizations.models.organization import within
from organizations.queries import search_organizations


class OrganizationRef(serializers.ModelSerializer[Organization]):
    """An organisation inside something else."""

    class Meta:
        model = Organization
        fields = ("id", "code", "name")
        read_only_fields = fields


class SchoolRef(serializers.ModelSerializer[School]):
    """A school inside an organisation."""

    class Meta:
        model = School
        fields = ("id", "code", "name", "kind")
        read_only_fields = fields


class OrganizationRow(serializers.ModelSerializer[Organization]):
    """An organisation in the list."""

    parent_id = serializers.IntegerField(label="上级党组织编号", allow_null=True, read_only=True)
    level = serializers.IntegerField(label="层级（最上级为 0）", read_only=True)
    schools = SchoolRef(many=True, read_only=True, label="所在学校")

    class Meta:
        model = Organization
        fields: ClassVar[tuple[str, ...]] = (
            "id", "code", "name", "short_name", "kind", "parent_id", "level", "schools",
            "founded_on", "closed_on",
        )  # fmt: skip
        read_only_fields = fields


class FormerNameShape(serializers.ModelSerializer[FormerName]):
    """A name it bore."""

    class Meta:
        model = FormerName
        fields = ("name", "is_short", "until", "basis")
        read_only_fields = fields


class PlacementShape(serializers.ModelSerializer[Placement]):
    """Where it stood in the tree from a day on; the superior by the name it has today."""

    parent_name = serializers.CharField(
        source="parent.name", label="上级党组织", allow_null=True, read_only=True
    )

    class Meta:
        model = Placement
        fields = ("parent_name", "since", "until", "basis")
        read_only_fields = fields


class SuccessionShape(serializers.ModelSerializer[Succession]):
    """A merger or a split, by the names that both have today."""

    predecessor = serializers.CharField(source="predecessor.name", label="原党组织", read_only=True)
    successor = serializers.CharField(source="successor.name", label="承接的党组织", read_only=True)

    class Meta:
        model = Succession
        fields = ("on", "kind", "predecessor", "successor", "basis", "taken_back")
        read_only_fields = fields


class HeadCountShape(serializers.ModelSerializer[HeadCount]):
    """Heads from a day on, without those of subordinates; null is not known."""

    class Meta:
        model = HeadCount
        fields = ("on", "full", "probationary", "candidates", "activists", "staff", "source")
        read_only_fields = fields


class OrganizationDetail(OrganizationRow):
    """One organisation with its history and heads."""

    former_names = FormerNameShape(many=True, read_only=True, label="曾用名")
    placements = PlacementShape(many=True, read_only=True, label="隶属沿革，旧的在前")
    successions = SuccessionShape(many=True, read_only=True, label="并入、分设出的党组织")
    precessions = SuccessionShape(many=True, read_only=True, label="由哪些党组织并入、分设而来")
    head_counts = HeadCountShape(many=True, read_only=True, label="人数（不含下级），新的在前")

    class Meta(OrganizationRow.Meta):
        fields = (
            *OrganizationRow.Meta.fields, "former_names", "placements", "successions",
            "precessions", "head_counts",
        )  # fmt: skip
        read_only_fields = fields


class OrganizationFilter(django_filters.FilterSet):
    """What the list of organisations can be narrowed by."""

    search = django_filters.CharFilter(
        label="全称、简称、曾用名、学校、代码或拼音的一部分", method="filter_search"
    )
    code = django_filters.CharFilter(label="组织代码")
    kind = django_filters.ChoiceFilter(label="类别", choices=OrganizationKind.choices)
    school_kind = django_filters.ChoiceFilter(
        label="所在学校的类别", choices=SchoolKind.choices, method="filter_school_kind"
    )
    parent_id = WholeNumberFilter(label="上级党组织编号")
    under = WholeNumberFilter(label="这个党组织及其下级（编号）", method="filter_under")
    open_on = DayFilter(label="这一天存在的", method="filter_open_on")
    reporting = YesNoFilter(label="各学校最上级、负责填报的", method="filter_reporting")

    def filter_search(
        self, rows: OrganizationQuerySet, _name: str, text: str
    ) -> OrganizationQuerySet:
        """By any name."""
        return search_organizations(rows, text)

    def filter_school_kind(
        self, rows: OrganizationQuerySet, _name: str, kind: str
    ) -> OrganizationQuerySet:
        """By the kind of a school it works in."""
        there = Organization.objects.filter(schools__kind=kind)
        return rows.filter(pk__in=there.values("pk"))

    def filter_under(self, rows: OrganizationQuerySet, _name: str, pk: int) -> OrganizationQuerySet:
        """By subtree; of what isn't there, nothing."""
        top = Organization.objects.filter(pk=pk).values_list("path", flat=True).first()
        return rows.filter(within(top)) if top else rows.none()

    def filter_open_on(self, rows: OrganizationQuerySet, _name: str, day: Any) -> Any:
        """By existing on a day."""
        return rows.open_on(day)

    def filter_reporting(self, rows: OrganizationQuerySet, _name: str, value: Any) -> Any:
        """By whether it reports for its school."""
        those = Organization.objects.reporting().values("pk")
        return rows.filter(pk__in=those) if value else rows.exclude(pk__in=those)


class OrganizationResource(Resource[Organization]):
    """Party organisations in the scope."""

    area = ApiArea.ORGANIZATIONS
    label = "党组织"
    serializer_class = OrganizationRow
    detail_class = OrganizationDetail
    filterset_class = OrganizationFilter

    def rows(self) -> QuerySet[Organization]:
        """With their schools."""
        rows: OrganizationQuerySet = Organization.objects.visible_to(self.actor)
        return rows.prefetch_related("schools")

    def detailed(self, rows: QuerySet[Organization]) -> QuerySet[Organization]:
        """With history and heads."""
        told = Succession.objects.select_related("predecessor", "successor")
        return rows.prefetch_related(
            "former_names",
            "head_counts",
            Prefetch("placements", Placement.objects.select_related("parent")),
            Prefetch("successions", told),
            Prefetch("precessions", told),
        )

    def version(self, row: Organization) -> str:
        """History and heads belong to it."""
        heads = [(each.pk, each.updated_at) for each in row.head_counts.all()]
        names = [each.pk for each in row.former_names.all()]
        places = [(each.pk, each.path, each.until) for each in row.placements.all()]
        told = [*row.successions.all(), *row.precessions.all()]
        return row_version(row, heads, names, places, [(each.pk, each.taken_back) for each in told])
