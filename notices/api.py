"""The API of this room: official documents."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.fields import DayFilter
from common.api.views import Resource, verb
from notices.choices import NoticeState
from notices.models import Notice, NoticeQuerySet
from notices.services import (
    LONGEST_SOURCE,
    change_notice,
    draft_notice,
    issue_notice,
    print_notice,
)
from organizations.choices import ApiArea


class NoticeRow(serializers.ModelSerializer[Notice]):
    """A notice in the list."""

    class Meta:
        model = Notice
        fields: ClassVar[tuple[str, ...]] = (
            "id", "title", "number", "state", "issued_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class NoticeDetail(NoticeRow):
    """One notice with its text."""

    printed = serializers.SerializerMethodField(label="现在的正文已排版")

    class Meta(NoticeRow.Meta):
        fields = (*NoticeRow.Meta.fields, "source", "printed")
        read_only_fields = fields

    def get_printed(self, notice: Notice) -> bool:
        """Whether the PDF shows what the text says now."""
        return notice.rendered_version == notice.version


class NoticeFilter(django_filters.FilterSet):
    """What the list can be narrowed by."""

    state = django_filters.ChoiceFilter(label="状态", choices=NoticeState.choices)
    number = django_filters.CharFilter(label="发文字号")
    issued_from = DayFilter(label="印发日期自", field_name="issued_at", lookup_expr="date__gte")
    issued_to = DayFilter(label="印发日期至", field_name="issued_at", lookup_expr="date__lte")
    search = django_filters.CharFilter(
        label="标题的一部分", field_name="title", lookup_expr="icontains"
    )


class SourceBody(serializers.Serializer[Any]):
    """The whole text."""

    source = serializers.CharField(  # type: ignore[assignment]  # the field's name in the body
        label="正文（纯文本，含标题、主送、落款、附件）", max_length=LONGEST_SOURCE
    )


class NoticeResource(Resource[Notice]):
    """Notices in the scope: issued ones; for the bureau the drafts too."""

    area = ApiArea.NOTICES
    label = "公文"
    summary = "起草公文"
    serializer_class = NoticeRow
    detail_class = NoticeDetail
    filterset_class = NoticeFilter
    body_class = SourceBody

    def rows(self) -> QuerySet[Notice]:
        """Notices in the scope."""
        rows: NoticeQuerySet = Notice.objects.visible_to(self.actor)
        return rows

    def create(self, request: Request) -> Response:
        """Keep a new draft."""
        del request
        made = draft_notice(actor=self.actor, at=timezone.now(), **self.typed())
        return self.shown(self.rows().get(pk=made.pk), status=201)

    @verb("change", "修改公文正文", body=SourceBody)
    def change_source(self, request: Request, pk: str) -> Response:
        """Write its text anew."""
        del request, pk
        return self.change(
            lambda row, typed, at: change_notice(
                actor=self.actor, notice=row, version=row.version, at=at, **typed
            )
        )

    @verb("print", "排版成 PDF（后台进行）")
    def print_out(self, request: Request, pk: str) -> Response:
        """Have it laid out."""
        del request, pk
        return self.change(lambda row, _, at: print_notice(actor=self.actor, notice=row, at=at))

    @verb("issue", "印发公文")
    def issue(self, request: Request, pk: str) -> Response:
        """Issue it."""
        del request, pk
        return self.change(lambda row, _, at: issue_notice(actor=self.actor, notice=row, at=at))
