"""Lists that go out as .xlsx or .csv: as filtered and searched, in the order of the page."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET

from common import audit
from common.admin import PortalAdmin, user_of
from common.downloads import download
from common.exports import ExportColumn, Heading, write_csv, write_xlsx
from common.names import is_mobile, mask_mobiles, normalize_mobile

if TYPE_CHECKING:
    from accounts.models import User


class ExportingAdmin(PortalAdmin):
    """Adds 导出 above the list; every export stands in the audit log with its number of rows.

    A list that is too short to be worth a file sets ``exports`` to False and has no address for it.
    """

    exports = True
    # What stands under the table of a file: places for signatures.
    file_foot = ""
    # For how many rows at a time ``prepare_rows`` is called.
    prepared_at_once = 500

    def export_rows(self, queryset: Any) -> Any:
        """Return the rows of the list as file and paper need them, each with its ``pk``."""
        return queryset

    def export_columns(self) -> Sequence[ExportColumn[Any]]:
        """The columns of the file, in order."""
        raise NotImplementedError

    def unit_name(self, user: "User") -> str:  # noqa: ARG002 - the signature of the rooms' own
        """The name that stands behind 填报单位."""
        return ""

    def prepare_for_file(self, rows: list[Any]) -> None:
        """Put on some rows what the file shows of them; what the page shows, by default."""
        self.prepare_rows(rows)

    def get_urls(self) -> list[Any]:
        """Put the export in front of Django's catch-all for rows."""
        if not self.exports:
            return super().get_urls()
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        view = self.admin_site.admin_view(require_GET(self.export_view))
        own: list[URLPattern] = [path("export/<str:ending>/", view, name=name)]
        return [*own, *super().get_urls()]

    def export_view(self, request: HttpRequest, ending: str) -> HttpResponseBase:
        """Hand out the list that the address describes."""
        if ending not in {"xlsx", "csv"}:
            raise Http404
        self.require_open(request)
        shown = self.get_changelist_instance(request).queryset
        rows = list(self._prepared(self.export_rows(shown)))
        title = str(self.opts.verbose_name_plural)
        audit.record(
            actor=user_of(request),
            verb=f"{self.opts.app_label}.export",
            label=title,
            after={"rows": len(rows), "query": _discreet(request), "format": ending},
        )
        if ending == "csv":
            content = write_csv(rows, self.export_columns())
        else:
            heading = Heading(
                title,
                unit=self.unit_name(user_of(request)),
                as_of=timezone.localdate(),
                foot=self.file_foot,
            )
            content = write_xlsx(rows, self.export_columns(), heading=heading)
        return download(content, filename=f"{title}{timezone.localdate():%Y%m%d}.{ending}")

    def _prepared(self, queryset: Any) -> Iterator[Any]:
        """Give the rows what their columns show, some at a time."""
        rows = iter(queryset)
        while piece := list(islice(rows, self.prepared_at_once)):
            self.prepare_for_file(piece)
            yield from piece


def _discreet(request: HttpRequest) -> dict[str, str]:
    """Return filters and search without the whole mobile number that a search may be."""
    return {name: _masked(value) for name, value in request.GET.dict().items()}


def _masked(text: str) -> str:
    number = normalize_mobile(text)
    return mask_mobiles(number if is_mobile(number) else text)
