"""What a record looks like at the API; it is filed one room higher, where the tasks are."""

from typing import Any, ClassVar

import django_filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from activities.choices import RecordKind
from activities.models import Record, RecordQuerySet
from activities.queries import searched
from activities.services import LARGEST_FIGURE, LONGEST_REASON, Content
from attachments.models import Attachment
from common.api.fields import DayField, DayFilter, WholeNumberFilter, YesNoFilter
from organizations.api import OrganizationRef
from organizations.models import Organization
from organizations.models.organization import within


class AttachmentShape(serializers.ModelSerializer[Attachment]):
    """A file of a record; the file itself is opened in the portal."""

    class Meta:
        model = Attachment
        fields = ("id", "name", "size")
        read_only_fields = fields


class RecordRow(serializers.ModelSerializer[Record]):
    """A record in the list."""

    organization = OrganizationRef(label="党组织", read_only=True)

    class Meta:
        model = Record
        fields: ClassVar[tuple[str, ...]] = (
            "id", "organization", "kind", "held_on", "topic", "place", "speaker", "summary",
            "entitled", "present", "withdrawn_at", "withdrawn_reason", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class RecordDetail(RecordRow):
    """One record with its further numbers and files."""

    counters = serializers.SerializerMethodField(label="这一类别的其他数")
    attachments = AttachmentShape(label="附件", many=True, read_only=True)

    class Meta(RecordRow.Meta):
        fields = (*RecordRow.Meta.fields, "counters", "attachments")
        read_only_fields = fields

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_counters(self, record: Record) -> dict[str, int]:
        """By key, as ``activities.choices.COUNTERS`` has them."""
        return {each.key: each.value for each in record.counters.all()}


class RecordFilter(django_filters.FilterSet):
    """What the list can be narrowed by."""

    organization_id = WholeNumberFilter(label="党组织编号")
    under = WholeNumberFilter(label="这个党组织及其下级（编号）", method="filter_under")
    kind = django_filters.ChoiceFilter(label="类别", choices=RecordKind.choices)
    held_from = DayFilter(label="日期自", field_name="held_on", lookup_expr="gte")
    held_to = DayFilter(label="日期至", field_name="held_on", lookup_expr="lte")
    withdrawn = YesNoFilter(
        label="已撤回", field_name="withdrawn_at", lookup_expr="isnull", exclude=True
    )
    search = django_filters.CharFilter(
        label="主题、简要情况、主讲、地点的一部分", method="filter_search"
    )

    def filter_under(self, rows: RecordQuerySet, _name: str, pk: int) -> RecordQuerySet:
        """By subtree; of what isn't there, nothing."""
        top = Organization.objects.filter(pk=pk).values_list("path", flat=True).first()
        return rows.filter(within(top, "organization__path")) if top else rows.none()

    def filter_search(self, rows: RecordQuerySet, _name: str, text: str) -> RecordQuerySet:
        """By words."""
        return searched(rows, text=text)


class ContentBody(serializers.Serializer[Any]):
    """What a record says."""

    kind = serializers.ChoiceField(label="类别", choices=RecordKind.choices)
    held_on = DayField(label="日期")
    topic = serializers.CharField(label="主题", max_length=200)
    place = serializers.CharField(label="地点", max_length=100, allow_blank=True, default="")
    speaker = serializers.CharField(
        label="主讲（主持）", max_length=50, allow_blank=True, default=""
    )
    summary = serializers.CharField(label="简要情况", max_length=1000, allow_blank=True, default="")
    entitled = serializers.IntegerField(
        label="应到人数", min_value=0, max_value=LARGEST_FIGURE, allow_null=True, default=None
    )
    present = serializers.IntegerField(
        label="实到人数", min_value=0, max_value=LARGEST_FIGURE, allow_null=True, default=None
    )
    counters = serializers.DictField(
        label="这一类别的其他数",
        child=serializers.IntegerField(min_value=0, max_value=LARGEST_FIGURE),
        default=dict,
    )


class WithdrawBody(serializers.Serializer[Any]):
    """Why it is taken back."""

    reason = serializers.CharField(label="撤回原因", max_length=LONGEST_REASON)


def content_of(typed: dict[str, Any]) -> Content:
    """Return what was sent, for the service."""
    return Content(**{str(name): typed[str(name)] for name in ContentBody().fields})
