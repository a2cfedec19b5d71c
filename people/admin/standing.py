"""The Party roster: found, filtered, sorted, exported, printed; changed step by step."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from unfold.decorators import action

from accounts.models import User
from common.admin import user_of
from common.admin_exports import ExportingAdmin
from common.admin_verbs import StepPage, VerbForm, step_page, verb_page
from common.downloads import download
from common.errors import DomainError
from common.exports import ExportColumn, Heading, write_xlsx
from common.paging import ManyPaginator
from organizations.admin.filters import SchoolKindFilter, UnderFilter
from organizations.models import Organization
from organizations.queries import search_organizations, unit_of
from people import permissions, services
from people.admin.pages import page
from people.choices import NEXT_STEPS, StandingKind
from people.exports import roster_columns
from people.forms import CorrectForm, ReasonForm
from people.forms.steps import (
    ChangeStep,
    EndStep,
    PrintStep,
    ReasonStep,
    RegisterStep,
    StartRosterStep,
)
from people.models import CUSTOMARY_ORDER, Standing
from people.queries import search_standings
from people.services import SECRET_FIELDS

_FEW = 200
_SORTS = {
    "pinyin": ("person__pinyin", "pk"),
    "strokes": ("person__strokes", "pk"),
}


class SortFilter(SimpleListFilter):
    """The order of the list; ``StandingAdmin.get_ordering`` does it."""

    title = "排序"
    parameter_name = "sort"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return [("pinyin", "姓名拼音"), ("strokes", "姓氏笔画")]

    def choices(self, changelist: Any) -> Any:
        """Call the default by its name."""
        for place, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": "惯例顺序"} if place == 0 else choice

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset


class StandingKindFilter(SimpleListFilter):
    """Full members, those on probation and so on."""

    title = "人员类别"
    parameter_name = "standing"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return list(StandingKind.choices)

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class CurrentFilter(SimpleListFilter):
    """Who stands today, unless asked for those who did."""

    title = "状态"
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return [("past", "已变动"), ("every", "全部")]

    def choices(self, changelist: Any) -> Any:
        """Call the default by its name."""
        for place, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": "在册"} if place == 0 else choice

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "past":
            return queryset.exclude(until=None)
        return queryset if self.value() == "every" else queryset.current()  # type: ignore[attr-defined]  # its own


class PlaceFilter(UnderFilter):
    """The roster of one organisation: led to by its page, shown only then."""

    title = "党组织"
    parameter_name = "organization"

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(organization=self._above()) if self.value() else queryset


class StandingSchoolKindFilter(SchoolKindFilter):
    """Standings in organisations that work in a school of a kind."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = super().queryset(request, Organization.objects.all())
        return queryset.filter(organization__in=chosen.values("pk")) if self.value() else queryset


@admin.register(Standing)
class StandingAdmin(ExportingAdmin):
    """Read by bureau and reviewers within their scope, kept by officers within theirs."""

    list_display = (
        "name", "sex", "born", "kind", "organization", "since", "until", "id_number", "mobile",
    )  # fmt: skip
    list_display_links = ("name",)
    list_filter = (
        StandingKindFilter, StandingSchoolKindFilter, PlaceFilter, CurrentFilter, SortFilter,
    )  # fmt: skip
    list_select_related = ("person", "organization")
    sortable_by = ()
    paginator = ManyPaginator
    search_fields = ("person__name",)
    search_help_text = "姓名、拼音，完整的身份证号或手机号，或党组织"
    fields = ("name", "sex", "born", "kind", "organization", "since", "until", "ended_as",
              "id_number", "mobile")  # fmt: skip
    readonly_fields = fields
    actions_detail = ("change_step", "end_step")
    change_form_outer_before_template = "admin/people/standing/form_before.html"

    def may_open(self, user: User) -> bool:
        return permissions.may_read_rosters(user)

    def may_add(self, user: User) -> bool:
        return permissions.may_import_roster(user)

    def has_keep_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Whether the buttons that change a row are shown and answer; 404 outside the scope."""
        if object_id is None:
            return permissions.may_import_roster(user_of(request))
        known: dict[str, bool] = request.__dict__.setdefault("_may_keep", {})
        if str(object_id) not in known:
            row = self.get_object(request, str(object_id))
            if row is None:
                raise Http404
            known[str(object_id)] = row.until is None and permissions.may_keep_roster(
                user_of(request), row.organization
            )
        return known[str(object_id)]

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        return _SORTS.get(request.GET.get("sort", ""), CUSTOMARY_ORDER)

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the person, or by the organisation."""
        if not search_term.strip():
            return queryset, False
        places: Any = search_organizations(Organization.objects.all(), search_term).values("pk")
        # Told one by one, few of them aren't taken for many, and the roster isn't read for them.
        few = [row["pk"] for row in places[: _FEW + 1]]
        found = search_standings(Standing.objects.order_by(), search_term).values("pk")
        there = Standing.objects.order_by().filter(
            organization__in=few if len(few) <= _FEW else places
        )
        return queryset.filter(pk__in=found.union(there.values("pk"))), False

    # What a row shows ------------------------------------------------------------------------
    @admin.display(description="姓名")
    def name(self, row: Standing) -> str:
        return row.person.name

    @admin.display(description="性别", empty_value="未填")
    def sex(self, row: Standing) -> str:
        return row.person.get_sex_display()

    @admin.display(description="出生年月", empty_value="未填")
    def born(self, row: Standing) -> str:
        return row.person.born_label

    @admin.display(description="身份证号", empty_value="未登记")
    def id_number(self, row: Standing) -> str:
        return row.person.masked_id_number

    @admin.display(description="手机号", empty_value="未登记")
    def mobile(self, row: Standing) -> str:
        return row.person.masked_mobile

    def unit_name(self, user: User) -> str:
        return unit_of(user)

    def list_links(self, request: HttpRequest) -> list[dict[str, str]]:
        """What may be done with the list as a whole."""
        query = request.GET.urlencode()
        ask = f"?{query}" if query else ""
        here = "admin:people_standing"
        links = [{"label": "打印", "url": reverse(f"{here}_print") + ask}]
        if self.has_add_permission(request):
            links = [
                {"label": "登记", "url": reverse(f"{here}_add")},
                {"label": "导入", "url": f"{reverse('admin:organizations_import')}?kind=roster"},
                {"label": "启用名册", "url": reverse(f"{here}_start")},
                {"label": "导出完整号码", "url": reverse(f"{here}_unmasked_export") + ask},
                *links,
            ]
        return links

    def export_columns(self) -> list[ExportColumn[Any]]:
        return roster_columns(masked=True)

    # Pages -----------------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        """Add the pages for the list as a whole, and those of one person."""
        view, name = self.admin_site.admin_view, "people_standing"
        return [
            path("print/", view(self.print_view), name=f"{name}_print"),
            path("start/", view(self.start_view), name=f"{name}_start"),
            path("unmasked/", view(self.unmasked_view), name=f"{name}_unmasked_export"),
            path("<int:pk>/correct/", view(self.correct_view), name=f"{name}_correct"),
            path("<int:pk>/unmask/<str:field>/", view(self.unmask_view), name=f"{name}_unmask"),
            *super().get_urls(),
        ]

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Ask who, where and as what, show what it comes to, then enter them."""
        del form_url, extra_context
        return self._step(request, RegisterStep, "登记")

    def start_view(self, request: HttpRequest) -> HttpResponse:
        """Ask whose roster counts from when, with the comparison."""
        return self._step(request, StartRosterStep, "启用名册")

    def _step(self, request: HttpRequest, form_class: type[VerbForm], verb: str) -> HttpResponse:
        self.require_open(request)
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = form_class(request.POST or None, actor=user_of(request))
        back = reverse("admin:people_standing_changelist")
        return step_page(self, request, form=form, page=StepPage(title=verb, verb=verb, back=back))

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer what this standing allows."""
        offered = super().get_actions_detail(request, object_id)
        row = self.get_object(request, str(object_id))
        final = row is None or not NEXT_STEPS[row.kind]
        return [each for each in offered if not (final and each.path == "change_step")]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Say whether the buttons above the row lead anywhere."""
        keeps = object_id is not None and self.has_keep_permission(request, object_id)
        context = {"may_correct": keeps, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    @action(description="身份变动", url_path="change_step", permissions=["keep"])
    def change_step(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Go on to the next step."""
        return verb_page(
            self, request, object_id=object_id, form_class=ChangeStep, title="身份变动"
        )

    @action(description="转出或减少", url_path="end_step", permissions=["keep"])
    def end_step(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End the standing."""
        return verb_page(self, request, object_id=object_id, form_class=EndStep, title="转出或减少")

    def _row(self, request: HttpRequest, pk: int) -> Standing:
        row: Standing | None = self.get_object(request, str(pk))
        if not self.has_view_permission(request) or row is None:
            raise Http404
        return row

    def correct_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put right what is known of the person."""
        row = self._row(request, pk)
        if not self.has_keep_permission(request, pk):
            raise PermissionDenied("这份名册由本组织和管它的科室登记。")
        form = CorrectForm(request.POST or None, person=row.person)
        if request.method == "POST" and form.is_valid():
            try:
                services.correct_person(
                    actor=user_of(request), person=row.person, facts=form.facts, at=timezone.now()
                )
            except DomainError as error:
                form.refuse(error)
            else:
                return redirect("admin:people_standing_change", object_id=pk)
        return page(
            request, "admin/people/standing/correct.html", title=f"更正{row.person}的信息",
            row=row, form=form,
        )  # fmt: skip

    def unmask_view(self, request: HttpRequest, pk: int, field: str) -> HttpResponse:
        """Ask for a reason, then show the number, once."""
        row = self._row(request, pk)
        if field not in SECRET_FIELDS:
            raise Http404
        form, number = ReasonForm(request.POST or None), None
        if request.method == "POST" and form.is_valid():
            try:
                number = services.unmask(
                    actor=user_of(request), person=row.person, field=field,
                    reason=form.cleaned_data["reason"], at=timezone.now(),
                )  # fmt: skip
            except DomainError as error:
                form.add_error("reason", error.message)
        return page(
            request, "admin/people/standing/unmask.html",
            title=f"{row.person}的{SECRET_FIELDS[field]}", row=row, form=form, number=number,
            what=SECRET_FIELDS[field],
        )  # fmt: skip

    def print_view(self, request: HttpRequest) -> HttpResponse:
        """Say how many are printed, then let the worker do it."""
        self.require_open(request)
        rows = self.get_changelist_instance(request).queryset
        form = PrintStep(request.POST or {}, actor=user_of(request))
        form.persons = rows.count()
        if request.method == "POST" and "confirmed" in request.POST:
            try:
                job = services.print_roster(
                    actor=user_of(request), standings=rows, at=timezone.now()
                )
            except DomainError as error:
                form.add_error(None, error.message)
            else:
                return redirect("bureau:job", pk=job.pk)
        return self._list_step(request, form, "打印")

    def unmasked_view(self, request: HttpRequest) -> HttpResponse:
        """Ask why, say of how many, then hand out the list with whole numbers."""
        self.require_open(request)
        if not self.has_add_permission(request):
            raise PermissionDenied
        rows = self.get_changelist_instance(request).queryset
        form = ReasonStep(request.POST or None, actor=user_of(request))
        form.persons = rows.count()
        if request.method == "POST" and "confirmed" in request.POST and form.is_valid():
            listed = services.unmask_list(
                actor=user_of(request), standings=rows, at=timezone.now(), **form.cleaned_data
            )
            heading = Heading("党员名册", as_of=timezone.localdate())
            content = write_xlsx(listed, roster_columns(masked=False), heading=heading)
            return download(content, filename=f"党员名册{timezone.localdate():%Y%m%d}.xlsx")
        return self._list_step(request, form, "导出完整号码")

    def _list_step(self, request: HttpRequest, form: VerbForm, verb: str) -> HttpResponse:
        query = request.GET.urlencode()
        back = reverse("admin:people_standing_changelist") + (f"?{query}" if query else "")
        step = StepPage(title=f"{verb}：党员名册", verb=verb, back=back)
        return step_page(self, request, form=form, page=step)
