"""The ledger of secretaries: found, filtered, exported, printed; elections entered."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from unfold.decorators import action

from accounts.models import User
from cadres import permissions, services
from cadres.admin.filters import EngagementFilter, SecretaryFilter, TermStateFilter, UnionFilter
from cadres.exports import SIGNATURES, ledger_columns
from cadres.forms import (
    BeginTermStep,
    CheckOneStep,
    ExtendStep,
    LetterStep,
    PrintStep,
    SeatsStep,
    WithdrawTermStep,
)
from cadres.models import LedgerRow
from cadres.queries import board_page, ledger_lines, search_ledger
from cadres.services import MOST_REMINDED
from common.admin import user_of
from common.admin_exports import ExportingAdmin
from common.admin_verbs import StepPage, VerbForm, step_page, verb_page
from common.errors import DomainError
from common.exports import ExportColumn
from notices.permissions import may_draft
from organizations.admin.filters import OpenFilter, SchoolKindFilter
from organizations.queries import unit_of

_ABOUT_TERMS = {"extend", "seats", "withdraw_term"}


@admin.register(LedgerRow)
class LedgerAdmin(ExportingAdmin):
    """Read by bureau and reviewers within their scope; who appoints there enters what changes."""

    list_display = (
        "name", "school_kinds", "members", "secretary", "administrative_post", "engagement",
        "since", "due", "state", "deputies", "seats",
    )  # fmt: skip
    list_display_links = ("name",)
    list_filter = (
        TermStateFilter, SecretaryFilter, SchoolKindFilter, EngagementFilter, UnionFilter,
        OpenFilter,
    )  # fmt: skip
    list_select_related = ("parent",)
    sortable_by = ()
    search_fields = ("name",)
    search_help_text = "党组织名称、简称、拼音、代码，或班子成员的姓名、拼音"
    actions = ("choose_for_letter",)
    file_foot = SIGNATURES
    fields = ("code", "short_name")
    readonly_fields = fields
    actions_detail = (
        "start_post", "begin_term", "extend", "seats_step", "withdraw_term", "check_now",
    )  # fmt: skip
    change_form_outer_before_template = "admin/cadres/board.html"

    def may_open(self, user: User) -> bool:
        return permissions.may_read(user)

    def has_keep_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Whether the buttons that change a row are shown and answer; 404 outside the scope."""
        if object_id is None:
            return permissions.may_keep(user_of(request))
        known: dict[str, bool] = request.__dict__.setdefault("_may_keep", {})
        if str(object_id) not in known:
            row = self.get_object(request, str(object_id))
            if row is None:
                raise Http404
            is_open = row.closed_on is None
            known[str(object_id)] = is_open and permissions.may_keep_for(user_of(request), row)
        return known[str(object_id)]

    def has_draft_permission(self, request: HttpRequest) -> bool:
        """Whether letters are offered: official documents are drafted by officers."""
        return may_draft(user_of(request))

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the organisation, or by whoever leads it."""
        return search_ledger(queryset, search_term), False  # type: ignore[arg-type]  # its own

    def prepare_rows(self, rows: list[Any], *, whole: bool = False) -> None:
        lines = ledger_lines(rows, timezone.localdate(), whole=whole)
        for row in rows:
            row.line = lines[row.pk]

    def prepare_for_file(self, rows: list[Any]) -> None:
        self.prepare_rows(rows, whole=True)

    # What a row shows ------------------------------------------------------------------------
    @admin.display(description="学校类别", empty_value="")
    def school_kinds(self, row: Any) -> str:
        return str(row.line.school_kinds)

    @admin.display(description="党员数")
    def members(self, row: Any) -> str:
        return "未填报" if row.line.members is None else str(row.line.members)

    @admin.display(description="书记")
    def secretary(self, row: Any) -> str:
        acting = row.line.board.acting
        return f"{row.line.name}（{acting.user}主持工作）" if acting else str(row.line.name)

    @admin.display(description="行政职务", empty_value="")
    def administrative_post(self, row: Any) -> str:
        line = row.line
        union = f"（{line.union}）" if line.union else ""
        return f"{line.administrative_post}{union}"

    @admin.display(description="专／兼职", empty_value="")
    def engagement(self, row: Any) -> str:
        return str(row.line.engagement)

    @admin.display(description="任现职时间", empty_value="")
    def since(self, row: Any) -> str:
        return str(row.line.since)

    @admin.display(description="届满时间", empty_value="")
    def due(self, row: Any) -> str:
        return str(row.line.due_label)

    @admin.display(description="换届状态")
    def state(self, row: Any) -> str:
        line = row.line
        return str(line.board.term.countdown(line.on) if line.board.term else line.state.label)

    @admin.display(description="副书记", empty_value="")
    def deputies(self, row: Any) -> str:
        return str(row.line.deputies)

    @admin.display(description="委员应／实", empty_value="")
    def seats(self, row: Any) -> str:
        return str(row.line.board.seats_label)

    # Out -------------------------------------------------------------------------------------
    def list_links(self, request: HttpRequest) -> list[dict[str, str]]:
        """What may be done with the list as a whole."""
        query = request.GET.urlencode()
        ask = f"?{query}" if query else ""
        links = [
            {"label": "打印", "url": reverse("admin:cadres_ledgerrow_print") + ask},
            {"label": "任职", "url": reverse("admin:cadres_post_changelist")},
        ]
        if permissions.may_import(user_of(request)):
            lists = f"{reverse('admin:organizations_import')}?kind=posts"
            links.insert(0, {"label": "导入", "url": lists})
        return links

    def export_columns(self) -> list[ExportColumn[Any]]:
        return ledger_columns()

    def unit_name(self, user: User) -> str:
        return unit_of(user)

    # Pages -----------------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        """Add the page for the list as a whole."""
        view = self.admin_site.admin_view
        return [
            path("print/", view(self.print_view), name="cadres_ledgerrow_print"),
            path("letter/", view(self.letter_view), name="cadres_ledgerrow_letter"),
            *super().get_urls(),
        ]

    def print_view(self, request: HttpRequest) -> HttpResponse:
        """Say how many are printed, then let the worker do it."""
        self.require_open(request)
        rows = self.get_changelist_instance(request).queryset
        form = PrintStep(request.POST or {}, actor=user_of(request))
        form.rows = rows.count()
        if request.method == "POST" and "confirmed" in request.POST:
            try:
                job = services.print_ledger(
                    actor=user_of(request), organizations=rows, at=timezone.now()
                )
            except DomainError as error:
                form.add_error(None, error.message)
            else:
                return redirect("bureau:job", pk=job.pk)
        query = request.GET.urlencode()
        back = reverse("admin:cadres_ledgerrow_changelist") + (f"?{query}" if query else "")
        step = StepPage(title="打印：书记台账", verb="打印", back=back)
        return step_page(self, request, form=form, page=step)

    @admin.action(description="起草换届提醒函…", permissions=["draft"])
    def choose_for_letter(self, _request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        """Lead to the page that says to whom it goes, before anything is drafted."""
        chosen = queryset.order_by("order", "pk").values_list("pk", flat=True)[: MOST_REMINDED + 1]
        ids = ",".join(map(str, chosen))
        return redirect(f"{reverse('admin:cadres_ledgerrow_letter')}?organizations={ids}")

    def letter_view(self, request: HttpRequest) -> HttpResponse:
        """Say to whom the letter goes, then draft it."""
        self.require_open(request)
        if not self.has_draft_permission(request):
            raise PermissionDenied
        data = request.POST or {"organizations": request.GET.get("organizations", "")}
        form = LetterStep(data, actor=user_of(request))
        back = reverse("admin:cadres_ledgerrow_changelist")
        step = StepPage(title="起草换届提醒函", verb="起草", back=back)
        return step_page(self, request, form=form, page=step)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show posts, term and their history above the empty form."""
        row = self.get_object(request, object_id)
        shown = board_page(row, timezone.localdate()) if row else None
        context = {"shown": shown, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer what is about a running term only where there is one."""
        offered = super().get_actions_detail(request, object_id)
        runs = LedgerRow.objects.filter(pk=object_id, terms__until=None, terms__isnull=False)
        return offered if runs.exists() else [e for e in offered if e.path not in _ABOUT_TERMS]

    @action(description="登记任职", url_path="start_post", permissions=["keep"])
    def start_post(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the page that starts a post, with this organisation filled in."""
        if self.get_object(request, object_id) is None:
            raise Http404
        return redirect(f"{reverse('admin:cadres_post_add')}?organization={object_id}")

    @action(description="登记换届", url_path="begin_term", permissions=["keep"])
    def begin_term(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """An election took place."""
        return self._step(request, object_id, BeginTermStep, "登记换届")

    @action(description="延期换届", url_path="extend", permissions=["keep"])
    def extend(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The superior agreed to put it off."""
        return self._step(request, object_id, ExtendStep, "延期换届")

    @action(description="委员应有数", url_path="seats", permissions=["keep"])
    def seats_step(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """How many were elected."""
        return self._step(request, object_id, SeatsStep, "委员应有数")

    @action(description="作废本届", url_path="withdraw_term", permissions=["keep"])
    def withdraw_term(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The term was entered by mistake."""
        return self._step(request, object_id, WithdrawTermStep, "作废本届")

    @action(description="现在检查", url_path="check", permissions=["keep"])
    def check_now(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Check it by the rulebook."""
        return self._step(request, object_id, CheckOneStep, "现在检查")

    def _step(
        self, request: HttpRequest, object_id: str, form_class: type[VerbForm], title: str
    ) -> HttpResponse:
        return verb_page(self, request, object_id=object_id, form_class=form_class, title=title)
