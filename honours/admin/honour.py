"""Honours: found, filtered, exported, printed; entered, confirmed, corrected, withdrawn."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import action

from accounts.models import User
from common.admin import user_of
from common.admin_prints import PrintingAdmin
from common.admin_verbs import StepPage, VerbForm, step_page, verb_page
from common.exports import ExportColumn
from common.paging import ManyPaginator
from honours import permissions
from honours.admin.filters import (
    HolderFilter,
    HonourSchoolKindFilter,
    LevelFilter,
    PlaceFilter,
    StateFilter,
    YearFilter,
)
from honours.choices import HonourState
from honours.exports import honour_columns
from honours.forms import ConfirmStep, CorrectStep, EnterStep, WithdrawStep
from honours.models import Honour
from honours.queries import overlapping, search_honours, units_of
from organizations.queries import unit_of


@admin.register(Honour)
class HonourAdmin(PrintingAdmin):
    """Read by bureau and reviewers within their scope, kept by officers within theirs."""

    list_display = ("name", "unit", "title", "level", "body", "awarded", "until", "state")
    list_display_links = ("name",)
    list_filter = (
        StateFilter, LevelFilter, YearFilter, HolderFilter, HonourSchoolKindFilter, PlaceFilter,
    )  # fmt: skip
    list_select_related = ("person", "organization")
    paginator = ManyPaginator
    sortable_by = ()
    search_fields = ("title",)
    search_help_text = "姓名、拼音、党组织、荣誉名称或作品"
    fields = ("name", "unit", "title", "level", "body", "awarded", "document", "validity", "work",
              "basis", "files", "state", "withdrawn_reason", "near")  # fmt: skip
    readonly_fields = fields
    actions_detail = ("confirm", "correct", "withdraw")

    def may_open(self, user: User) -> bool:
        return permissions.may_open(user)

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
            mine = Honour.objects.editable_by(user_of(request)).filter(pk=row.pk)
            known[str(object_id)] = permissions.may_keep(user_of(request)) and mine.exists()
        return known[str(object_id)]

    def get_search_results(
        self, _request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By holder, unit, name or work."""
        return search_honours(queryset, search_term), False

    def prepare_rows(self, rows: list[Any]) -> None:
        """Put on each row where its holder belongs; two queries."""
        people = {row.person_id for row in rows if row.person_id}
        units = units_of(people, timezone.localdate()) if people else {}
        for row in rows:
            unit = row.organization or units.get(row.person_id)
            row.unit = unit.label if unit else ""

    # What a row shows ------------------------------------------------------------------------
    @admin.display(description="姓名（集体）")
    def name(self, row: Honour) -> str:
        return str(row.holder)

    @admin.display(description="单位", empty_value="不在名册")
    def unit(self, row: Any) -> str | None:
        if not hasattr(row, "unit"):
            self.prepare_rows([row])
        return str(row.unit) or None

    @admin.display(description="授予时间")
    def awarded(self, row: Honour) -> str:
        return str(row.awarded)

    @admin.display(description="有效期至", empty_value="未注明")
    def until(self, row: Honour) -> Any:
        return row.valid_until

    @admin.display(description="有效期")
    def validity(self, row: Honour) -> str:
        return row.validity

    @admin.display(description="状态")
    def state(self, row: Honour) -> str:
        return str(row.state.label)

    @admin.display(description="证书、文件")
    def files(self, row: Honour) -> SafeString | str:
        links = [
            (reverse("honours:file", args=[row.pk, each.pk]), each.name)
            for each in _once(row, "held_files", lambda: list(row.attachments.all()))
        ]
        return format_html_join("、", '<a class="underline" href="{}">{}</a>', links) or "没有上传"

    @admin.display(description="可能重复")
    def near(self, row: Honour) -> SafeString | str:
        links = [
            (reverse("admin:honours_honour_change", args=[each.pk]), each.line, each.state.label)
            for each in _once(row, "held_near", lambda: _near(row))
        ]
        template = '<a class="underline" href="{}">{}（{}）</a>'
        return format_html_join("；", template, links) or "没有"

    def list_links(self, request: HttpRequest) -> list[dict[str, str]]:
        """What may be done with the list as a whole."""
        links = super().list_links(request)
        if self.has_add_permission(request):
            links = [
                {"label": "登记", "url": reverse("admin:honours_honour_add")},
                {"label": "导入", "url": f"{reverse('admin:organizations_import')}?kind=honours"},
                *links,
            ]
        return links

    def export_columns(self) -> Sequence[ExportColumn[Any]]:
        return honour_columns()

    def unit_name(self, user: User) -> str:
        return unit_of(user)

    # Pages -----------------------------------------------------------------------------------
    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Ask whose and what, show what looks like the same, then enter it."""
        del form_url, extra_context
        self.require_open(request)
        if not self.has_add_permission(request):
            raise PermissionDenied
        data = request.POST if request.method == "POST" else None
        form = EnterStep(data, actor=user_of(request))
        back = reverse("admin:honours_honour_changelist")
        return step_page(self, request, form=form, page=StepPage("登记荣誉", "登记", back))

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer 核实 on what waits, nothing on what was withdrawn."""
        offered = super().get_actions_detail(request, object_id)
        row = self.get_object(request, str(object_id))
        if row is None or row.state == HonourState.WITHDRAWN:
            return []
        waits = row.state == HonourState.REPORTED
        return [each for each in offered if waits or each.path != "confirm"]

    def _verb(
        self, request: HttpRequest, object_id: str, form: type[VerbForm], title: str
    ) -> HttpResponse:
        return verb_page(self, request, object_id=object_id, form_class=form, title=title)

    @action(description="核实", url_path="confirm", permissions=["keep"])
    def confirm(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Let it count."""
        return self._verb(request, object_id, ConfirmStep, "核实")

    @action(description="更正", url_path="correct", permissions=["keep"])
    def correct(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Put it right."""
        return self._verb(request, object_id, CorrectStep, "更正")

    @action(description="撤回（不属实、登记有误）", url_path="withdraw", permissions=["keep"])
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take it back."""
        return self._verb(request, object_id, WithdrawStep, "撤回")


def _once(row: Honour, name: str, find: Callable[[], list[Any]]) -> list[Any]:
    """Return what ``find`` does, asked for once: the page shows each field several times."""
    known = vars(row)
    if name not in known:
        known[name] = find()
    found: list[Any] = known[name]
    return found


def _near(row: Honour) -> list[Honour]:
    return overlapping(row) if row.withdrawn_at is None else []
