"""The audit log: read by the audit role alone, changed by nobody, every export an entry."""

from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import unquote_plus

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.html import format_html_join

from accounts.models import User
from bureau import organization_steps  # noqa: F401 - registers its section
from bureau.audit_labels import VERBS, type_label, verb_label
from bureau.audit_words import change_rows
from common import audit
from common.admin import PortalAdmin, user_of
from common.downloads import download
from common.exports import ExportColumn, Heading, write_xlsx
from common.models import AuditEntry
from common.names import mask_mobiles
from organizations.permissions import is_auditor

MOST_ROWS = 50_000


class Typed(admin.SimpleListFilter):
    """A filter with a field of its own in the form above the list."""

    def has_output(self) -> bool:
        """Stand in the form even where there is nothing to choose from."""
        return True

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Nothing to choose from: it is typed."""
        del request, model_admin
        return []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Entries that fit what was chosen or typed, if anything was."""
        del request
        word = (self.value() or "").strip()
        return self.narrowed(queryset, word) if word else queryset

    def narrowed(self, queryset: QuerySet[Any], word: str) -> QuerySet[Any]:
        """Entries that fit ``word``."""
        raise NotImplementedError


class VerbFilter(Typed):
    """What was done."""

    title = "操作"
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every verb that there is, room by room."""
        del request, model_admin
        return sorted(VERBS.items())

    def narrowed(self, queryset: QuerySet[Any], word: str) -> QuerySet[Any]:
        """Entries of this verb."""
        return queryset.filter(verb=word)


class TypeFilter(Typed):
    """To what kind of object it was done."""

    title = "对象类型"
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The kinds that stand in the log."""
        del request, model_admin
        found = AuditEntry.objects.order_by().values_list("object_type", flat=True).distinct()
        return sorted((kind, type_label(kind) or kind) for kind in found if kind)

    def narrowed(self, queryset: QuerySet[Any], word: str) -> QuerySet[Any]:
        """Entries about this kind."""
        return queryset.filter(object_type=word)


class ActorFilter(Typed):
    """Who did it."""

    title = "操作人"
    parameter_name = "actor"

    def narrowed(self, queryset: QuerySet[Any], word: str) -> QuerySet[Any]:
        """Entries of whoever bears this name or user name."""
        named = Q(actor_label__icontains=word) | Q(actor__username__iexact=word)
        return queryset.filter(named)


class SinceFilter(Typed):
    """From which day on, in Chinese time."""

    title = "自"
    parameter_name = "since"

    def narrowed(self, queryset: QuerySet[Any], word: str) -> QuerySet[Any]:
        """Entries of this day and later; what is no date is left out of account."""
        start = _day(word)
        return queryset.filter(at__gte=start) if start else queryset


class UntilFilter(Typed):
    """To which day, itself included."""

    title = "至"
    parameter_name = "until"

    def narrowed(self, queryset: QuerySet[Any], word: str) -> QuerySet[Any]:
        """Entries of this day and earlier; what is no date is left out of account."""
        start = _day(word)
        return queryset.filter(at__lt=start + timedelta(days=1)) if start else queryset


def _day(text: str) -> datetime | None:
    """Return the start of a day that was typed as 2026-03-25."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return timezone.make_aware(datetime.combine(day, time())) if day else None


@admin.register(AuditEntry)
class AuditEntryAdmin(PortalAdmin):
    """Every change, log-in, export and reset; nobody can change an entry."""

    list_display = ("shown_at", "actor_label", "shown_verb", "object_label", "address")
    list_display_links = ("shown_at",)
    list_filter = (SinceFilter, UntilFilter, VerbFilter, ActorFilter, TypeFilter)
    list_before_template = "admin/common/audit_filters.html"
    # The order of writing is the order of the log, and the only one that costs nothing.
    sortable_by = ()
    ordering = ("-id",)
    search_fields = ("object_label", "object_id")
    search_help_text = "对象名称或编号"
    fields = (
        "shown_at",
        "shown_actor",
        "shown_verb",
        "shown_object",
        "shown_changes",
        "address",
        "agent",
    )
    readonly_fields = fields

    def may_open(self, user: User) -> bool:
        """The audit role."""
        return is_auditor(user)

    @admin.display(description="时间")
    def shown_at(self, entry: AuditEntry) -> str:
        """To the second, in Chinese time."""
        return f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}"

    @admin.display(description="操作人")
    def shown_actor(self, entry: AuditEntry) -> str:
        """Name and user name."""
        return (
            f"{entry.actor_label}（{entry.actor.username}）" if entry.actor else entry.actor_label
        )

    @admin.display(description="操作")
    def shown_verb(self, entry: AuditEntry) -> str:
        """What was done."""
        return verb_label(entry.verb)

    @admin.display(description="对象", empty_value="无")
    def shown_object(self, entry: AuditEntry) -> str:
        """What it was done to, with its number; how many, where there were several."""
        several = f"共 {len(entry.object_ids)} 项" if entry.object_ids else ""
        number = f"编号 {entry.object_id}" if entry.object_id else ""
        return " · ".join(
            filter(None, (type_label(entry.object_type), entry.object_label, number, several))
        )

    @admin.display(description="变更", empty_value="无")
    def shown_changes(self, entry: AuditEntry) -> str:
        """Field by field, before and after."""
        rows = change_rows(entry.object_type, entry.before, entry.after)
        lines = ((name, f"{old} → {new}" if old else new) for name, old, new in rows)
        return format_html_join("", "<p><strong>{}</strong>：{}</p>", lines)

    def get_urls(self) -> list[URLPattern]:
        """Add the export."""
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/", view, name="common_auditentry_export"), *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """Give out the entries that the list shows now, and write down that somebody took them."""
        self.require_open(request)
        if request.method != "POST":
            return HttpResponse("请在审计日志页面点“导出”。", status=405)
        chosen = _filters(request)
        request.GET = chosen  # type: ignore[assignment]  # where the list reads its filters
        changes = self.get_changelist_instance(request)
        rows = changes.get_queryset(request).select_related("actor")
        count = rows.count()
        if count > MOST_ROWS:
            messages.error(request, f"共 {count} 条，一次最多导出 {MOST_ROWS} 条，请缩小时间范围。")
            back = reverse("admin:common_auditentry_changelist")
            return redirect(f"{back}?{chosen.urlencode()}")
        audit.record(
            actor=user_of(request),
            verb="bureau.export_audit_log",
            after={"rows": count, "filters": mask_mobiles(unquote_plus(chosen.urlencode()))},
            at=timezone.now(),
        )
        heading = Heading("审计日志", as_of=timezone.localdate())
        content = write_xlsx(rows.iterator(), _columns(self), heading=heading)
        return download(content, filename=f"审计日志{timezone.localdate():%Y%m%d}.xlsx")


def _filters(request: HttpRequest) -> QueryDict:
    """Return the filters that the button carries, as the list's own address has them."""
    chosen = QueryDict(request.POST.get("filters", "").lstrip("?"), mutable=True)
    for name in ("p", "o", "all", "e"):
        chosen.pop(name, None)
    return chosen


def _columns(page: AuditEntryAdmin) -> list[ExportColumn[AuditEntry]]:
    return [
        ExportColumn("时间", page.shown_at, 20),
        ExportColumn("操作人", page.shown_actor, 18),
        ExportColumn("操作", page.shown_verb, 18),
        ExportColumn("对象", page.shown_object, 36),
        ExportColumn("变更", _changes_text, 50),
        ExportColumn("来源地址", lambda entry: entry.address, 16),
        ExportColumn("浏览器", lambda entry: entry.agent, 30),
    ]


def _changes_text(entry: AuditEntry) -> str:
    rows = change_rows(entry.object_type, entry.before, entry.after)
    return "\n".join(f"{name}：{f'{old} → {new}' if old else new}" for name, old, new in rows)
