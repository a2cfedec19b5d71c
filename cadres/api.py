"""The API of this room: posts and terms, to be read."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers

from cadres.choices import PostKind, TermState
from cadres.models import Post, PostQuerySet, Term, TermQuerySet
from common.api.fields import DayFilter, RowSerializer, WholeNumberFilter, YesNoFilter
from common.api.views import Resource
from organizations.api import OrganizationRef
from organizations.choices import ApiArea
from organizations.models import Organization
from organizations.models.organization import within
from people.api import PersonRef


class PostRow(RowSerializer[Post]):
    """A post; ``until`` is the first day on which it is no longer held."""

    person = PersonRef(label="人员", read_only=True)
    organization = OrganizationRef(label="党组织", read_only=True)
    title = serializers.CharField(label="职务全称，如 纪检委员", read_only=True)

    class Meta:
        model = Post
        fields: ClassVar[tuple[str, ...]] = (
            "id", "person", "organization", "kind", "duty", "group", "title", "engagement",
            "administrative_post", "is_head", "since", "until", "basis", "ended_as", "end_basis",
            "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class TermRow(RowSerializer[Term]):
    """A term; ``until`` is the day of the next election."""

    organization = OrganizationRef(label="党组织", read_only=True)
    state = serializers.SerializerMethodField(label="今天的换届状态；已结束的为空")

    class Meta:
        model = Term
        fields: ClassVar[tuple[str, ...]] = (
            "id", "organization", "since", "due_on", "state", "seats", "basis", "extended_until",
            "extension_basis", "reminded_on", "until", "ended_as", "updated_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_state(self, row: Term) -> str | None:
        """How it stands today."""
        return None if row.until else str(row.state_on(timezone.localdate()))


class _PlacedFilter(django_filters.FilterSet):
    """By the organisation."""

    organization_id = WholeNumberFilter(label="党组织编号")
    under = WholeNumberFilter(label="这个党组织及其下级（编号）", method="filter_under")
    current = YesNoFilter(label="现在的", method="filter_current")

    def filter_under(self, rows: QuerySet[Any], _name: str, pk: int) -> QuerySet[Any]:
        """By subtree; of what isn't there, nothing."""
        top = Organization.objects.filter(pk=pk).values_list("path", flat=True).first()
        return rows.filter(within(top, "organization__path")) if top else rows.none()

    def filter_current(self, rows: Any, _name: str, value: Any) -> Any:
        """By whether it lasts."""
        return rows.current() if value else rows.exclude(until=None)


class PostFilter(_PlacedFilter):
    """What the list of posts can be narrowed by."""

    kind = django_filters.ChoiceFilter(label="党内职务", choices=PostKind.choices)
    on = DayFilter(label="这一天在任的", method="filter_on")

    def filter_on(self, rows: PostQuerySet, _name: str, day: Any) -> PostQuerySet:
        """By a day on which it was held."""
        return rows.on(day)


class TermFilter(_PlacedFilter):
    """What the list of terms can be narrowed by."""

    state = django_filters.ChoiceFilter(
        label="今天的换届状态",
        choices=[each for each in TermState.choices if each[0] != TermState.UNKNOWN],
        method="filter_state",
    )

    def filter_state(self, rows: TermQuerySet, _name: str, value: str) -> TermQuerySet:
        """By how it stands today."""
        return rows.in_state(value, timezone.localdate())


class PostResource(Resource[Post]):
    """Posts in the scope, the past ones too."""

    area = ApiArea.CADRES
    label = "任职"
    serializer_class = PostRow
    detail_class = PostRow
    filterset_class = PostFilter

    def rows(self) -> QuerySet[Post]:
        """With person and organisation."""
        rows: PostQuerySet = Post.objects.visible_to(self.actor)
        return rows.select_related("person", "organization")


class TermResource(Resource[Term]):
    """Terms in the scope, the past ones too."""

    area = ApiArea.CADRES
    label = "任期"
    serializer_class = TermRow
    detail_class = TermRow
    filterset_class = TermFilter

    def rows(self) -> QuerySet[Term]:
        """With their organisation."""
        rows: TermQuerySet = Term.objects.visible_to(self.actor)
        return rows.select_related("organization")
