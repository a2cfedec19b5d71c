"""Instructors (党建指导员) at schools without an organisation: assigned and ended by steps."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from unfold.decorators import action

from accounts.models import User
from common.admin import user_of
from common.admin_verbs import StepPage, step_page, verb_page
from common.exports import ExportColumn
from organizations.admin.base import OrganizationsAdmin
from people.forms.instructors import AssignForm, EndForm
from people.models import Instructor, Person
from people.queries import search_people


class AssignedFilter(SimpleListFilter):
    """Who is assigned today, unless asked for those who were."""

    title = "状态"
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return [("past", "已结束"), ("every", "全部")]

    def choices(self, changelist: Any) -> Any:
        """Call the default by its name."""
        for place, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": "在任"} if place == 0 else choice

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        over = Q(until__lte=timezone.localdate())
        if self.value() == "past":
            return queryset.filter(over)
        return queryset if self.value() == "every" else queryset.exclude(over)


@admin.register(Instructor)
class InstructorAdmin(OrganizationsAdmin):
    """Read within one's scope; assigned and ended by the organisation office."""

    list_display = ("person", "school", "school_kind", "sent_by", "since", "until", "basis")
    list_filter = (AssignedFilter,)
    list_select_related = ("person", "school", "sent_by")
    sortable_by = ()
    search_fields = ("person__name",)
    search_help_text = "姓名、拼音，或学校"
    fields = ("person", "school", "sent_by", "since", "until", "basis", "end_basis")
    readonly_fields = fields
    actions_detail = ("end",)

    def may_change(self, _user: User, _obj: Any) -> bool:
        """Nobody rewrites one: a step ends it."""
        return False

    @admin.display(description="学校类别")
    def school_kind(self, row: Instructor) -> str:
        return row.school.get_kind_display()

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        word = search_term.strip()
        if not word:
            return queryset, False
        people = search_people(Person.objects.all(), word).values("pk")
        schools = Q(school__name__icontains=word) | Q(school__pinyin__contains=word.lower())
        return queryset.filter(Q(person__in=people) | schools), False

    def list_links(self, request: HttpRequest) -> list[dict[str, str]]:
        """The way to a new one."""
        if not self.has_add_permission(request):
            return []
        return [{"label": "派驻", "url": reverse("admin:people_instructor_add")}]

    def export_columns(self) -> list[ExportColumn[Any]]:
        return [
            ExportColumn("姓名", lambda row: row.person.name, 12),
            ExportColumn("派驻学校", lambda row: row.school.name, 30),
            ExportColumn("学校类别", self.school_kind, 14),
            ExportColumn("派出党组织", lambda row: row.sent_by.name if row.sent_by else "", 30),
            ExportColumn("自", lambda row: row.since),
            ExportColumn("至", lambda row: row.until),
            ExportColumn("依据文件", lambda row: row.basis, 24),
        ]

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Ask who goes where from when, show what it comes to, then save it."""
        del form_url, extra_context
        self.require_open(request)
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = AssignForm(
            request.POST if request.method == "POST" else None, actor=user_of(request)
        )
        back = reverse("admin:people_instructor_changelist")
        return step_page(self, request, form=form, page=StepPage("派驻党建指导员", "派驻", back))

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer nothing on one that has ended."""
        row = self.get_object(request, str(object_id))
        if row is None or row.until is not None:
            return []
        return super().get_actions_detail(request, object_id)

    @action(description="结束派驻", url_path="end", permissions=["manage"])
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say from which day on the person isn't assigned any more."""
        return verb_page(self, request, object_id=object_id, form_class=EndForm, title="结束派驻")
