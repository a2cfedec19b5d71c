"""The filters of the list of cadres, shown as buttons."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.contrib.admin import SimpleListFilter
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date

from accounts.models import User
from cadres.bands import Dimension, Group, bands_of
from cadres.choices import PostKind
from cadres.models import Post, Qualification
from cadres.qualities import FactKind
from cadres.queries.structure import people_behind
from common.forms import FIRST_YEAR, LAST_YEAR
from organizations.admin.filters import Choices, SchoolKindFilter, UnderFilter
from organizations.models import Organization
from organizations.models.organization import within

BEHIND = "behind"


@dataclass(frozen=True)
class Behind:
    """A figure of the structure: whose list is asked for."""

    group: Group
    on: date
    dimension: str = ""
    band: str = ""

    @property
    def text(self) -> str:
        """As it stands in the address: committees.2026-03-02.title.senior."""
        parts = (self.group.value, self.on.isoformat(), self.dimension, self.band)
        return ".".join(part for part in parts if part)

    @property
    def label(self) -> str:
        """In words."""
        named = f"{self.group.label}（{self.on:%Y-%m-%d}）"
        if not self.dimension:
            return named
        label = bands_of(self.dimension)[self.band]
        return f"{named} · {Dimension(self.dimension).label} · {label}"


def read_behind(text: str) -> Behind | None:
    """Read what stands in an address; None for what is no figure of the page."""
    group, _, rest = text.partition(".")
    day, _, rest = rest.partition(".")
    dimension, _, band = rest.partition(".")
    on = read_day(day)
    if group not in Group.values or on is None:
        return None
    if dimension and (dimension not in Dimension.values or band not in bands_of(dimension)):
        return None
    return Behind(Group(group), on, dimension, band)


def read_day(text: str) -> date | None:
    """Return a day out of an address, None for what is none or lies too far off."""
    try:
        on = parse_date(text)
    except ValueError:
        return None
    return on if on is not None and FIRST_YEAR < on.year < LAST_YEAR else None


class BehindFilter(SimpleListFilter):
    """Who stands behind a figure: led to by the structure, shown only then."""

    title = "队伍结构"
    parameter_name = BEHIND

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        wanted = self._wanted()
        return [(wanted.text, wanted.label)] if wanted else []

    def _wanted(self) -> Behind | None:
        return read_behind(str(self.used_parameters.get(BEHIND) or ""))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = self._wanted()
        if wanted is None:
            return queryset
        user = cast("User", request.user)
        people = people_behind(user, wanted.group, wanted.on, wanted.dimension, wanted.band)
        return queryset.filter(pk__in=people.order_by().values("pk"))


def _held(**condition: Any) -> Exists:
    return Exists(Post.objects.filter(person=OuterRef("pk"), **condition).order_by())


class StateFilter(SimpleListFilter):
    """Who holds a post today, unless asked for those who did, or by a figure."""

    title = "状态"
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        return [("past", "曾任"), ("every", "全部")]

    def choices(self, changelist: Any) -> Any:
        """Call the default by its name."""
        for place, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": "现任"} if place == 0 else choice

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "past":
            return queryset.exclude(_held(until=None))
        if self.value() == "every" or BEHIND in request.GET:
            return queryset
        return queryset.filter(_held(until=None))


class PostKindFilter(SimpleListFilter):
    """Who holds a kind of post today."""

    title = "职务"
    parameter_name = "post"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        return list(PostKind.choices)

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in PostKind.values:
            return queryset
        return queryset.filter(_held(until=None, kind=self.value()))


class BackboneFilter(SimpleListFilter):
    """Who has a backbone status today: the teaching side of a two-fold qualification."""

    title = "骨干称号"
    parameter_name = "backbone"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        return [("yes", "有"), ("no", "没有或未登记")]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        facts = Qualification.objects.on(timezone.localdate()).filter(
            kind=FactKind.BACKBONE, person=OuterRef("pk")
        )
        if self.value() == "yes":
            return queryset.filter(Exists(facts.order_by()))
        return queryset.exclude(Exists(facts.order_by())) if self.value() == "no" else queryset


class CadreSchoolKindFilter(SchoolKindFilter):
    """Who holds a post in a school of a kind."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        places = super().queryset(request, Organization.objects.order_by())
        return queryset.filter(_held(until=None, organization__in=places.values("pk")))


class CadrePlaceFilter(UnderFilter):
    """Who holds a post in an organisation or below it: led to by its page, shown only then."""

    title = "党组织"
    parameter_name = "organization"

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        top = Organization.objects.filter(pk=self._above()).first()
        if top is None:
            return queryset.none()
        below = Organization.objects.filter(within(top.path)).order_by()
        return queryset.filter(_held(until=None, organization__in=below.values("pk")))
