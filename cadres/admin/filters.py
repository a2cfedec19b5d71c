"""The filters of ledger and posts, shown as buttons."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from cadres.choices import Engagement, PostKind, TermState
from cadres.models import Post, Term
from organizations.admin.filters import SchoolKindFilter, UnderFilter
from organizations.choices import RoleKind
from organizations.models import Organization, Role

Choices = list[tuple[str, str]]


class TermStateFilter(SimpleListFilter):
    """Organisations whose term stands so today."""

    title = "换届状态"
    parameter_name = "term"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        return list(TermState.choices)

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in TermState.values:
            return queryset
        running = Term.objects.current()
        if self.value() == TermState.UNKNOWN:
            return queryset.exclude(pk__in=running.values("organization"))
        there = Term.objects.in_state(str(self.value()), timezone.localdate())
        return queryset.filter(pk__in=there.order_by().values("organization"))


class SecretaryFilter(SimpleListFilter):
    """Organisations with a secretary, without, and those of which nobody entered one."""

    title = "书记"
    parameter_name = "secretary"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        return [("held", "有书记"), ("vacant", "空缺"), ("unknown", "未登记")]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        posts = Post.objects.filter(kind=PostKind.SECRETARY).exclude(until=F("since")).order_by()
        roles = Role.objects.current(timezone.localdate()).filter(kind=RoleKind.SECRETARY)
        ever = posts.values("organization")
        held = posts.current().values("organization")
        led = held.union(roles.order_by().values("organization"))
        if self.value() == "held":
            return queryset.filter(pk__in=led)
        if self.value() == "vacant":
            return queryset.filter(pk__in=ever).exclude(pk__in=led)
        if self.value() == "unknown":
            return queryset.exclude(pk__in=ever.union(led))
        return queryset


class _SecretaryIs(SimpleListFilter):
    """Organisations whose secretary's post is so."""

    values: Sequence[str] = ()

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in self.values:
            return queryset
        posts = Post.objects.current().filter(kind=PostKind.SECRETARY).order_by()
        there = self.narrowed(posts, str(self.value()))
        return queryset.filter(pk__in=there.values("organization"))

    def narrowed(self, posts: QuerySet[Post], value: str) -> QuerySet[Post]:
        """Posts of secretaries that are so."""
        raise NotImplementedError


class EngagementFilter(_SecretaryIs):
    title = "专／兼职"
    parameter_name = "engagement"
    values = Engagement.values

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        return list(Engagement.choices)

    def narrowed(self, posts: QuerySet[Post], value: str) -> QuerySet[Post]:
        return posts.filter(engagement=value)


class UnionFilter(_SecretaryIs):
    title = "一肩挑／分设"
    parameter_name = "union"
    values = ("yes", "no")

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        return [("yes", "一肩挑"), ("no", "分设")]

    def narrowed(self, posts: QuerySet[Post], value: str) -> QuerySet[Post]:
        return posts.filter(is_head=value == "yes")


class PostKindFilter(SimpleListFilter):
    title = "党内职务"
    parameter_name = "post"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        return list(PostKind.choices)

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class CurrentFilter(SimpleListFilter):
    """Posts that are held, unless asked for those that were."""

    title = "状态"
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        return [("past", "已卸任"), ("every", "全部")]

    def choices(self, changelist: Any) -> Any:
        """Call the default by its name."""
        for place, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": "在任"} if place == 0 else choice

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "past":
            return queryset.exclude(until=None)
        return queryset if self.value() == "every" else queryset.current()  # type: ignore[attr-defined]  # its own


class PlaceFilter(UnderFilter):
    """The posts of one organisation: led to by its page, shown only then."""

    title = "党组织"
    parameter_name = "organization"

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(organization=self._above()) if self.value() else queryset


class PlacedSchoolKindFilter(SchoolKindFilter):
    """Rows about organisations that work in a school of a kind."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = super().queryset(request, Organization.objects.all())
        return queryset.filter(organization__in=chosen.values("pk")) if self.value() else queryset
