"""Posts one by one: found, filtered, exported; started, handed over, ended, corrected."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import action

from accounts.models import User
from cadres import permissions
from cadres.admin.filters import (
    CurrentFilter,
    PlacedSchoolKindFilter,
    PlaceFilter,
    PostKindFilter,
)
from cadres.exports import post_columns
from cadres.forms import CorrectStep, EndStep, HandOverStep, StartStep
from cadres.models import Post
from cadres.models.posts import CUSTOMARY_ORDER
from cadres.queries import search_posts
from common.admin import user_of
from common.admin_prints import PrintingAdmin
from common.admin_verbs import StepPage, VerbForm, step_page, verb_page
from common.exports import ExportColumn
from common.intake import row_number
from organizations.queries import unit_of


@admin.register(Post)
class PostAdmin(PrintingAdmin):
    """Read by bureau and reviewers within their scope; who appoints there changes them."""

    list_display = (
        "name", "organization", "post", "engagement", "administrative_post", "union", "since",
        "until", "ended_as",
    )  # fmt: skip
    list_display_links = ("name",)
    list_filter = (PostKindFilter, PlacedSchoolKindFilter, PlaceFilter, CurrentFilter)
    list_select_related = ("person", "organization")
    sortable_by = ()
    search_fields = ("person__name",)
    search_help_text = "姓名、拼音、完整的手机号，或党组织"
    fields = (
        "name", "organization", "post", "engagement", "administrative_post", "union", "since",
        "basis", "until", "ended_as", "end_basis",
    )  # fmt: skip
    readonly_fields = fields
    actions_detail = ("hand_over", "end_step", "correct")

    def may_open(self, user: User) -> bool:
        return permissions.may_read(user)

    def may_add(self, user: User) -> bool:
        return permissions.may_keep(user)

    def has_keep_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Whether the buttons that change a row are shown and answer; 404 outside the scope."""
        if object_id is None:
            return permissions.may_keep(user_of(request))
        known: dict[str, bool] = request.__dict__.setdefault("_may_keep", {})
        if str(object_id) not in known:
            row = self.get_object(request, str(object_id))
            if row is None:
                raise Http404
            known[str(object_id)] = row.until is None and permissions.may_appoint(
                user_of(request), row.organization, row.kind
            )
        return known[str(object_id)]

    def get_ordering(self, _request: HttpRequest) -> tuple[Any, ...]:
        return CUSTOMARY_ORDER

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the person, or by the organisation."""
        return search_posts(queryset, search_term), False  # type: ignore[arg-type]  # its own

    @admin.display(description="姓名")
    def name(self, row: Post) -> str:
        return row.person.name

    @admin.display(description="党内职务")
    def post(self, row: Post) -> str:
        return row.title

    @admin.display(description="一肩挑／分设", empty_value="")
    def union(self, row: Post) -> str:
        return row.union_label

    def unit_name(self, user: User) -> str:
        return unit_of(user)

    def list_links(self, request: HttpRequest) -> list[dict[str, str]]:
        """What may be done with the list as a whole."""
        ledger = reverse("admin:cadres_ledgerrow_changelist")
        links = [{"label": "书记台账", "url": ledger}, *super().list_links(request)]
        if permissions.may_import(user_of(request)):
            lists = f"{reverse('admin:organizations_import')}?kind=posts"
            links.insert(0, {"label": "导入", "url": lists})
        if self.has_add_permission(request):
            links.insert(0, {"label": "登记任职", "url": reverse("admin:cadres_post_add")})
        return links

    def export_columns(self) -> list[ExportColumn[Any]]:
        return post_columns()

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Ask who comes into which post, say what that changes, then do it."""
        del form_url, extra_context
        self.require_open(request)
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = StartStep(request.POST or None, actor=user_of(request))
        place = row_number(request.GET.get("organization", ""))
        form.initial["organization"] = place
        back = reverse("admin:cadres_post_changelist")
        if place:
            back = reverse("admin:cadres_ledgerrow_change", args=[place])
        step = StepPage(title="登记任职", verb="登记", back=back)
        return step_page(self, request, form=form, page=step)

    @action(description="交接", url_path="hand_over", permissions=["keep"])
    def hand_over(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Somebody else takes it over."""
        return self._step(request, object_id, HandOverStep, "交接")

    @action(description="卸任", url_path="end", permissions=["keep"])
    def end_step(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """It ends."""
        return self._step(request, object_id, EndStep, "卸任")

    @action(description="更正", url_path="correct", permissions=["keep"])
    def correct(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What is known of it is put right."""
        return self._step(request, object_id, CorrectStep, "更正")

    def _step(
        self, request: HttpRequest, object_id: str, form_class: type[VerbForm], title: str
    ) -> HttpResponse:
        return verb_page(self, request, object_id=object_id, form_class=form_class, title=title)
