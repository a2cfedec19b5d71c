"""The files of cadres: listed, found, opened."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils import timezone

from accounts.models import User
from cadres import permissions
from cadres.admin.cadre_steps import CadreSteps
from cadres.admin.rank_filters import (
    BackboneFilter,
    BehindFilter,
    CadrePlaceFilter,
    CadreSchoolKindFilter,
    PostKindFilter,
    StateFilter,
)
from cadres.admin.structure import StructurePages
from cadres.models import Cadre, Post, Qualification
from cadres.qualities import FactKind
from cadres.queries.files import cadre_file
from cadres.queries.hours import hours_of
from common.admin import user_of
from common.admin_prints import PrintingAdmin
from common.exports import ExportColumn
from common.intake import row_number
from common.paging import ManyPaginator
from organizations.queries import unit_of
from people.admin.pages import page, refuse
from people.models import Person
from people.queries import search_people

_LISTED = (FactKind.DEGREE, FactKind.TITLE, FactKind.SUBJECT, FactKind.BACKBONE)


def _posts(user: User) -> Prefetch[str]:
    """Return the prefetch that puts the posts of today on a row, as far as ``user`` sees them."""
    held = Post.objects.visible_to(user).current().select_related("organization")
    return Prefetch("posts", held.order_by("organization__order", "since"), to_attr="seen_posts")


@admin.register(Cadre)
class CadreAdmin(CadreSteps, StructurePages, PrintingAdmin):
    """Read by bureau and reviewers within their scope, kept by officers within theirs."""

    list_display = ("name", "sex", "born", "posts_held", "degree", "title", "subject", "hours",
                    "backbone")  # fmt: skip
    list_display_links = ("name",)
    list_filter = (
        StateFilter, PostKindFilter, CadreSchoolKindFilter, BackboneFilter, BehindFilter,
        CadrePlaceFilter,
    )  # fmt: skip
    paginator = ManyPaginator
    sortable_by = ()
    search_fields = ("name",)
    search_help_text = "姓名、拼音，或完整的手机号"

    def may_open(self, user: User) -> bool:
        return permissions.may_read(user)

    def get_search_results(
        self, _request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By name, pinyin or number."""
        if not search_term.strip():
            return queryset, False
        found = search_people(Person.objects.order_by(), search_term)
        return queryset.filter(pk__in=found.values("pk")), False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the posts that the user may see."""
        return super().get_queryset(request).prefetch_related(_posts(user_of(request)))

    def rows_for(self, user: User) -> Any:
        """The same on paper."""
        return super().rows_for(user).prefetch_related(_posts(user))

    def prepare_rows(self, rows: list[Any]) -> None:
        """Put on each row its facts and hours of this year; two queries."""
        today, ids = timezone.localdate(), [row.pk for row in rows]
        facts: dict[tuple[int, str], list[str]] = defaultdict(list)
        for fact in Qualification.objects.on(today).filter(person__in=ids, kind__in=_LISTED):
            facts[fact.person_id, fact.kind].append(fact.label)
        hours = hours_of(ids, today.year)
        for row in rows:
            row.facts = {kind: "、".join(facts[row.pk, kind]) for kind in _LISTED}
            row.year_hours = hours.get(row.pk)

    # What a row shows ------------------------------------------------------------------------
    @admin.display(description="姓名")
    def name(self, row: Any) -> str:
        return str(row.name)

    @admin.display(description="性别", empty_value="未填")
    def sex(self, row: Any) -> str | None:
        return str(row.get_sex_display()) or None

    @admin.display(description="出生年月", empty_value="未填")
    def born(self, row: Any) -> str | None:
        return str(row.born_label) or None

    @admin.display(description="现任职务", empty_value="现在不任职")
    def posts_held(self, row: Any) -> str | None:
        return "、".join(f"{p.organization.label}{p.title}" for p in row.seen_posts) or None

    @admin.display(description="学历学位", empty_value="未填")
    def degree(self, row: Any) -> str | None:
        return str(row.facts[FactKind.DEGREE]) or None

    @admin.display(description="职称", empty_value="未填")
    def title(self, row: Any) -> str | None:
        return str(row.facts[FactKind.TITLE]) or None

    @admin.display(description="任教学科", empty_value="未填")
    def subject(self, row: Any) -> str | None:
        return str(row.facts[FactKind.SUBJECT]) or None

    @admin.display(description="本年学时", empty_value="没有登记")
    def hours(self, row: Any) -> Any:
        return row.year_hours

    @admin.display(description="骨干称号", empty_value="没有登记")
    def backbone(self, row: Any) -> str | None:
        return str(row.facts[FactKind.BACKBONE]) or None

    def list_links(self, request: HttpRequest) -> list[dict[str, str]]:
        """What may be done with the list as a whole."""
        links = [
            {"label": "队伍结构", "url": reverse("admin:cadres_cadre_structure")},
            *super().list_links(request),
        ]
        if permissions.may_keep_files(user_of(request)):
            lists = reverse("admin:organizations_import")
            links.insert(0, {"label": "导入学时", "url": f"{lists}?kind=training"})
            links.insert(0, {"label": "导入任职资格", "url": f"{lists}?kind=facts"})
        return links

    def export_columns(self) -> Sequence[ExportColumn[Any]]:
        """What the list shows."""
        return [
            ExportColumn("姓名", self.name, 12),
            ExportColumn("性别", self.sex, 6, "center"),
            ExportColumn("出生年月", self.born, 10, "center"),
            ExportColumn("现任职务", self.posts_held, 36),
            ExportColumn("学历学位", self.degree, 12),
            ExportColumn("职称", self.title, 12),
            ExportColumn("任教学科", self.subject, 14),
            ExportColumn("本年学时", self.hours, 9, "center"),
            ExportColumn("骨干称号", self.backbone, 24),
        ]

    def unit_name(self, user: User) -> str:
        return unit_of(user)

    # Pages -----------------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        """Add the structure, and the steps on a file."""
        return [*self.structure_urls(), *self.step_urls(), *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the file; it is kept by its steps, and begins with a post."""
        del form_url, extra_context
        self.require_open(request)
        if object_id is None:
            raise PermissionDenied
        row = self.cadre(request, row_number(object_id) or 0)
        if request.method != "GET":
            return refuse(request)
        user = user_of(request)
        return page(
            request,
            "admin/cadres/cadre/file.html",
            title=f"{row}的档案",
            file=cadre_file(row, user=user, on=timezone.localdate()),
            kinds=FactKind.choices,
            keeps=permissions.may_keep_file(user, {row.pk}),
        )
