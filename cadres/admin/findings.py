"""What the nightly check found: filtered, exported, set aside with a reason, checked again."""

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
from cadres import permissions, services
from cadres.admin.filters import PlacedSchoolKindFilter, PlaceFilter
from cadres.choices import FindingForce
from cadres.exports import finding_columns
from cadres.forms import CheckStep, DismissStep, RestoreStep
from cadres.models import Finding
from cadres.queries import search_findings
from cadres.queries.candidates import RULES
from common.admin import user_of
from common.admin_prints import PrintingAdmin
from common.admin_verbs import StepPage, VerbForm, step_page, verb_page
from common.errors import DomainError
from common.exports import ExportColumn
from organizations.queries import unit_of


class RuleFilter(SimpleListFilter):
    title = "规定"
    parameter_name = "rule"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return [(rule.key, rule.title) for rule in RULES]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(rule=self.value()) if self.value() else queryset


class ForceFilter(SimpleListFilter):
    title = "程度"
    parameter_name = "force"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return [each for each in FindingForce.choices if each[0] != FindingForce.BLOCK]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(force=self.value()) if self.value() else queryset


class StateFilter(SimpleListFilter):
    """Those that wait, unless asked for those set aside or gone."""

    title = "状态"
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return [("dismissed", "已忽略"), ("resolved", "已消除"), ("every", "全部")]

    def choices(self, changelist: Any) -> Any:
        """Call the default by its name."""
        for place, choice in enumerate(super().choices(changelist)):
            yield {**choice, "display": "待处理"} if place == 0 else choice

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "dismissed":
            return queryset.filter(resolved_on=None).exclude(dismissed_at=None)
        if self.value() == "resolved":
            return queryset.exclude(resolved_on=None)
        return queryset if self.value() == "every" else queryset.waiting()  # type: ignore[attr-defined]  # its own


@admin.register(Finding)
class FindingAdmin(PrintingAdmin):
    """Read by bureau and reviewers within their scope; who keeps the boards sets findings aside."""

    list_display = ("title", "organization", "force", "words", "reference", "first_seen", "state")
    list_display_links = ("title",)
    list_filter = (StateFilter, RuleFilter, ForceFilter, PlacedSchoolKindFilter, PlaceFilter)
    list_select_related = ("organization", "dismissed_by")
    sortable_by = ()
    search_fields = ("organization__name",)
    search_help_text = "党组织名称、简称、拼音、代码"
    fields = (
        "title", "organization", "force", "words", "reference", "first_seen", "last_confirmed",
        "state", "dismiss_reason",
    )  # fmt: skip
    readonly_fields = fields
    actions_detail = ("dismiss", "restore")

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
            known[str(object_id)] = row.resolved_on is None and permissions.may_keep_for(
                user_of(request), row.organization
            )
        return known[str(object_id)]

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the organisation."""
        return search_findings(queryset, search_term), False  # type: ignore[arg-type]  # its own

    @admin.display(description="规定")
    def title(self, row: Finding) -> str:
        return row.title

    @admin.display(description="状态")
    def state(self, row: Finding) -> str:
        return row.state_label

    def unit_name(self, user: User) -> str:
        return unit_of(user)

    def list_links(self, request: HttpRequest) -> list[dict[str, str]]:
        """The check of everything, for who may."""
        ledger = reverse("admin:cadres_ledgerrow_changelist")
        links = [{"label": "书记台账", "url": ledger}, *super().list_links(request)]
        if permissions.may_check_all(user_of(request)):
            links.insert(0, {"label": "现在检查", "url": reverse("admin:cadres_finding_check")})
        return links

    def export_columns(self) -> list[ExportColumn[Any]]:
        return finding_columns()

    def get_urls(self) -> list[URLPattern]:
        """Add the check of everything."""
        view = self.admin_site.admin_view
        return [
            path("check/", view(self.check_view), name="cadres_finding_check"),
            *super().get_urls(),
        ]

    def check_view(self, request: HttpRequest) -> HttpResponse:
        """Say what is checked, then let the worker do it."""
        self.require_open(request)
        if not permissions.may_check_all(user_of(request)):
            raise PermissionDenied
        form = CheckStep(request.POST or {}, actor=user_of(request))
        if request.method == "POST" and "confirmed" in request.POST:
            try:
                job = services.order_check(actor=user_of(request), at=timezone.now())
            except DomainError as error:
                form.add_error(None, error.message)
            else:
                return redirect("bureau:job", pk=job.pk)
        back = reverse("admin:cadres_finding_changelist")
        step = StepPage(title="现在检查：全部党组织", verb="检查", back=back)
        return step_page(self, request, form=form, page=step)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer to set aside what waits, and to bring back what was set aside."""
        offered = super().get_actions_detail(request, object_id)
        aside = Finding.objects.filter(pk=object_id).exclude(dismissed_at=None).exists()
        return [each for each in offered if (each.path == "restore") == aside]

    @action(description="忽略", url_path="dismiss", permissions=["keep"])
    def dismiss(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Set it aside with a reason."""
        return self._step(request, object_id, DismissStep, "忽略")

    @action(description="恢复提示", url_path="restore", permissions=["keep"])
    def restore(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Bring it back."""
        return self._step(request, object_id, RestoreStep, "恢复提示")

    def _step(
        self, request: HttpRequest, object_id: str, form_class: type[VerbForm], title: str
    ) -> HttpResponse:
        return verb_page(self, request, object_id=object_id, form_class=form_class, title=title)
