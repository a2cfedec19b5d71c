"""Lists that go onto A4 paper: as filtered and searched, in the order of the page."""

from typing import TYPE_CHECKING, Any, cast

from django.apps import apps
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone

from common import audit
from common.admin import user_of
from common.admin_exports import ExportingAdmin
from common.admin_verbs import StepPage, VerbForm, step_page
from common.errors import DomainError
from common.jobs import Progress, enqueue, register
from common.pdf import render

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User

PRINT_LIST = "common.print_list"
MOST_PRINTED = 2000
# Characters that fit across A4 upright, as in files (``common.exports``).
_UPRIGHT_WIDTH = 90


class _PrintStep(VerbForm):
    """Nothing is asked: how many rows are printed is said."""

    rows = 0

    def preview(self) -> list[str]:
        """Say how many, or that they are too many for paper."""
        if not self.rows:
            raise DomainError("没有符合条件的内容，请换个筛选条件。")
        if self.rows > MOST_PRINTED:
            raise DomainError(f"超过 {MOST_PRINTED} 行，请先筛选，或导出 Excel。")
        return [f"按现在的筛选和顺序打印 {self.rows} 行，各页重复表头。"]

    def perform(self) -> str:
        """Say again why nothing is printed: what can be is ordered before it comes to this."""
        return self.preview()[0]


class PrintingAdmin(ExportingAdmin):
    """Adds 打印 above the list: the columns of the export, laid out by the worker.

    The worker fetches the rows again as their owner may see them then.
    """

    def rows_for(self, user: "User") -> Any:
        """Return what ``user`` may see of the model, with what the columns need of each row."""
        model: Any = self.model
        rows = model.objects.visible_to(user)
        related = self.list_select_related
        return rows.select_related(*related) if isinstance(related, tuple) else rows

    def get_urls(self) -> list[Any]:
        """Put the print in front of Django's catch-all for rows."""
        if not self.exports:
            return super().get_urls()
        name = f"{self.opts.app_label}_{self.opts.model_name}_print"
        view = self.admin_site.admin_view(self.print_view)
        return [path("print/", view, name=name), *super().get_urls()]

    def list_links(self, request: HttpRequest) -> list[dict[str, str]]:
        """What may be done with the list as a whole."""
        if not self.exports:
            return []
        query = request.GET.urlencode()
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_print")
        return [{"label": "打印", "url": f"{address}?{query}" if query else address}]

    def print_view(self, request: HttpRequest) -> HttpResponse:
        """Say how many rows are printed, then let the worker do it."""
        self.require_open(request)
        title = str(self.opts.verbose_name_plural)
        shown: Any = self.get_changelist_instance(request).queryset
        ids = list(shown.values_list("pk", flat=True)[: MOST_PRINTED + 1])
        form = _PrintStep(request.POST or {}, actor=user_of(request))
        form.rows = len(ids)
        if "confirmed" in request.POST and 0 < len(ids) <= MOST_PRINTED:
            return redirect("bureau:job", pk=self._ordered(request, ids, title).pk)
        query = request.GET.urlencode()
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        page = StepPage(f"打印：{title}", "打印", f"{back}?{query}" if query else back)
        return step_page(self, request, form=form, page=page)

    def _ordered(self, request: HttpRequest, ids: list[int], title: str) -> Any:
        with transaction.atomic():
            audit.record(
                actor=user_of(request),
                verb=f"{self.opts.app_label}.print_list",
                model=self.model,
                label=f"{title} {len(ids)} 行",
                ids=ids,
            )
            return enqueue(
                kind=PRINT_LIST,
                label=f"打印{title}",
                params={"model": self.opts.label_lower, "rows": ids},
                owner=user_of(request),
            )


@register(PRINT_LIST, params={"model", "rows"})
def print_list(progress: Progress) -> None:
    """The list as its owner may see it."""
    owner = progress.job.owner
    if owner is None:
        raise LookupError("A list is printed for somebody: it shows what they may see.")
    model = apps.get_model(progress.params["model"])
    section = cast("PrintingAdmin", admin.site.get_model_admin(model))
    html = list_html(section, owner, progress.params["rows"], on=timezone.localdate())
    progress.keep(render(html).content, name=f"{section.opts.verbose_name_plural}.pdf")
    progress.advance(1, 1)


def list_html(section: PrintingAdmin, owner: "User", ids: list[int], *, on: "date") -> str:
    """Return the rows ``ids`` as a page, in their order, as far as ``owner`` may see them."""
    rows = section.rows_for(owner).filter(pk__in=ids)
    held = {row.pk: row for row in section.export_rows(rows)}
    listed = [held[pk] for pk in ids if pk in held]
    section.prepare_rows(listed)
    columns = section.export_columns()
    context = {
        "title": section.opts.verbose_name_plural,
        "unit": section.unit_name(owner),
        "on": on,
        "landscape": sum(column.width for column in columns) > _UPRIGHT_WIDTH,
        "columns": columns,
        "rows": [[(_shown(each.value(row)), each) for each in columns] for row in listed],
    }
    return render_to_string("common/print/list.html", context)


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)
