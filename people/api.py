"""The API of this room: who is on the roster, and the steps of a standing.

Numbers leave masked, whatever the token opens: whole ones are shown on a page, for a reason.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.api.fields import (
    DayField,
    DayFilter,
    IdField,
    RowSerializer,
    WholeNumberFilter,
    YesNoFilter,
)
from common.api.versions import row_version
from common.api.views import Resource, Typed, chosen, verb
from organizations.api import OrganizationRef
from organizations.choices import ApiArea
from organizations.models import Organization
from organizations.models.organization import within
from people.choices import EndReason, Sex, StandingKind
from people.facts import FactError, Facts, checked_facts
from people.models import Person, Standing, StandingQuerySet
from people.queries import search_standings
from people.services import change_standing, end_standing, register_person


class PersonRef(RowSerializer[Person]):
    """A human being inside something else."""

    class Meta:
        model = Person
        fields: ClassVar[tuple[str, ...]] = ("id", "name")
        read_only_fields = fields


class PersonShape(PersonRef):
    """What is known of a person, numbers masked."""

    born_on = serializers.CharField(
        label="出生年月", help_text="如 1985.07；空是不知道", source="born_label", read_only=True
    )
    id_number = serializers.CharField(
        label="身份证号（屏蔽）", source="masked_id_number", read_only=True
    )
    mobile = serializers.CharField(label="手机号（屏蔽）", source="masked_mobile", read_only=True)

    class Meta(PersonRef.Meta):
        fields = (*PersonRef.Meta.fields, "sex", "born_on", "id_number", "mobile")
        read_only_fields = fields


class StandingRow(RowSerializer[Standing]):
    """A standing in the list."""

    person = PersonRef(label="人员", read_only=True)
    organization = OrganizationRef(label="党组织", read_only=True)

    class Meta:
        model = Standing
        fields: ClassVar[tuple[str, ...]] = (
            "id", "person", "organization", "kind", "since", "until", "ended_as", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class StandingDetail(StandingRow):
    """One standing with what is known of the person."""

    person = PersonShape(label="人员", read_only=True)


class StandingFilter(django_filters.FilterSet):
    """What the roster can be narrowed by."""

    search = django_filters.CharFilter(
        label="姓名或拼音的一部分，或完整的身份证号、手机号", method="filter_search"
    )
    kind = django_filters.ChoiceFilter(label="人员类别", choices=StandingKind.choices)
    organization_id = WholeNumberFilter(label="党组织编号")
    under = WholeNumberFilter(label="这个党组织及其下级（编号）", method="filter_under")
    current = YesNoFilter(label="在册的", method="filter_current")
    on = DayFilter(label="这一天在册的", method="filter_on")

    def filter_search(self, rows: StandingQuerySet, _name: str, text: str) -> StandingQuerySet:
        """By the person."""
        return search_standings(rows, text)

    def filter_under(self, rows: StandingQuerySet, _name: str, pk: int) -> StandingQuerySet:
        """By subtree; of what isn't there, nothing."""
        top = Organization.objects.filter(pk=pk).values_list("path", flat=True).first()
        return rows.filter(within(top, "organization__path")) if top else rows.none()

    def filter_current(self, rows: StandingQuerySet, _name: str, value: Any) -> StandingQuerySet:
        """By whether it lasts."""
        return rows.current() if value else rows.exclude(until=None)

    def filter_on(self, rows: StandingQuerySet, _name: str, day: Any) -> StandingQuerySet:
        """By a day on which it held."""
        return rows.on(day)


class RegisterBody(serializers.Serializer[Any]):
    """Somebody who comes onto a roster."""

    organization_id = IdField(label="党组织编号")
    kind = serializers.ChoiceField(label="人员类别", choices=StandingKind.choices)
    since = DayField(label="从哪天起")
    name = serializers.CharField(label="姓名", max_length=50)
    sex = serializers.ChoiceField(label="性别", choices=Sex.choices, required=False)
    born_on = serializers.DateField(
        label="出生日期；只知道月份的写那个月的 1 日", required=False, allow_null=True
    )
    id_number = serializers.CharField(label="身份证号", max_length=30, required=False)
    mobile = serializers.CharField(label="手机号", max_length=30, required=False)


class StepBody(serializers.Serializer[Any]):
    """The next step of a standing."""

    kind = serializers.ChoiceField(label="变为", choices=StandingKind.choices)
    on = DayField(label="从哪天起")


class EndBody(serializers.Serializer[Any]):
    """The end of a standing."""

    reason = serializers.ChoiceField(label="变动", choices=EndReason.choices)
    on = DayField(label="从哪天起不再计入；“登记有误”的从一开始就不计入")


class StandingResource(Resource[Standing]):
    """Standings in the scope, the past ones too."""

    area = ApiArea.PEOPLE
    label = "党员名册"
    summary = "登记一人到名册"
    serializer_class = StandingRow
    detail_class = StandingDetail
    filterset_class = StandingFilter
    body_class = RegisterBody

    def rows(self) -> QuerySet[Standing]:
        """With person and organisation."""
        rows: StandingQuerySet = Standing.objects.visible_to(self.actor)
        return rows.select_related("person", "organization")

    def version(self, row: Standing) -> str:
        """What is known of the person belongs to it."""
        return row_version(row, row_version(row.person))

    def create(self, request: Request) -> Response:
        """Register somebody; who is on the roster already is told (422)."""
        del request
        typed, at = self.typed(), timezone.now()
        there = Organization.objects.visible_to(self.actor)
        organization = chosen(there, [typed["organization_id"]], "organization_id")[0]
        with _told_at_the_field():
            standing = register_person(
                actor=self.actor,
                organization=organization,
                kind=typed["kind"],
                since=typed["since"],
                facts=_facts_of(typed),
                at=at,
            )
        return self.shown(self.rows().get(pk=standing.pk), status=201)

    @verb("change", "身份变动：列为发展对象、接收、转正、延长预备期……", body=StepBody)
    def change_kind(self, request: Request, pk: str) -> Response:
        """Go on to the next step; the answer is the standing that has ended."""
        del request, pk
        return self.change(
            lambda row, typed, at: change_standing(actor=self.actor, standing=row, at=at, **typed)
        )

    @verb("end", "转出或减少", body=EndBody)
    def end(self, request: Request, pk: str) -> Response:
        """End a standing."""
        del request, pk
        return self.change(
            lambda row, typed, at: end_standing(actor=self.actor, standing=row, at=at, **typed)
        )


def _facts_of(typed: Typed) -> Facts:
    return checked_facts(
        name=typed["name"],
        sex=typed.get("sex", ""),
        born_on=typed.get("born_on"),
        id_number=typed.get("id_number", ""),
        mobile=typed.get("mobile", ""),
        on=timezone.localdate(),
    )


@contextmanager
def _told_at_the_field() -> Iterator[None]:
    try:
        yield
    except FactError as error:
        raise exceptions.ValidationError({error.key: [error.message]}) from error
