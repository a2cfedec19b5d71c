"""The structure of the ranks at the desk: page, file, paper."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cadres.admin.rank_filters import BEHIND, Behind, read_day
from cadres.bands import Group
from cadres.charts import chart
from cadres.exports_structure import structure_columns, structure_rows
from cadres.queries.structure import DimensionCount, Structure, structure
from cadres.services.papers import print_structure
from common import audit
from common.admin import PortalAdmin, user_of
from common.downloads import download
from common.exports import Heading, write_xlsx
from organizations.permissions import is_organization_office
from organizations.queries import unit_of
from people.admin.pages import page


class StructurePages(PortalAdmin):
    """Adds the pages of the structure to the section of cadres."""

    def structure_urls(self) -> list[URLPattern]:
        """Page, .xlsx, paper."""
        view, name = self.admin_site.admin_view, "cadres_cadre_structure"
        own = {
            "": (require_GET(self.structure_view), name),
            "xlsx/": (require_GET(self.structure_file), f"{name}_export"),
            "print/": (require_POST(self.structure_paper), f"{name}_print"),
        }
        return [
            path(f"structure/{end}", view(door), name=door_name)
            for end, (door, door_name) in own.items()
        ]

    def _wanted(self, request: HttpRequest) -> tuple[Group, date]:
        """Read group and day; without one it is today's secretaries."""
        self.require_open(request)
        group = request.GET.get("group", Group.SECRETARIES)
        if group not in Group.values:
            raise Http404
        return Group(group), read_day(request.GET.get("on", "")) or timezone.localdate()

    def structure_view(self, request: HttpRequest) -> HttpResponse:
        """Tables and charts, each figure leading to those behind it."""
        group, on = self._wanted(request)
        found = structure(user_of(request), group, on)
        return page(
            request,
            "admin/cadres/cadre/structure.html",
            title="队伍结构",
            found=found,
            on=on,
            group=group,
            query=_query(group, on),
            groups=[(each.label, f"?{_query(each, on)}", each == group) for each in Group],
            all_url=_behind_url(Behind(group, on)),
            cards=[_card(found, each) for each in found.dimensions],
            may_plan=is_organization_office(user_of(request)),
        )

    def structure_file(self, request: HttpRequest) -> HttpResponse:
        """Hand it out as .xlsx."""
        group, on = self._wanted(request)
        user = user_of(request)
        found = structure(user, group, on)
        audit.record(
            actor=user,
            verb="cadres.export",
            label=f"队伍结构：{group.label}",
            after={"query": {"group": group.value, "on": on.isoformat()}, "format": "xlsx"},
        )
        title = f"队伍结构（{group.label}，共 {found.total} 人）"
        heading = Heading(title, unit=unit_of(user), as_of=on)
        content = write_xlsx(structure_rows(found), structure_columns(), heading=heading)
        return download(content, filename=f"队伍结构{on:%Y%m%d}.xlsx")

    def structure_paper(self, request: HttpRequest) -> HttpResponse:
        """Have it printed; the worker does it."""
        group, on = self._wanted(request)
        job = print_structure(actor=user_of(request), group=group, on=on, at=timezone.now())
        return redirect("bureau:job", pk=job.pk)


def _query(group: Group, on: date) -> str:
    return urlencode({"group": group.value, "on": on.isoformat()})


def _card(found: Structure, dimension: DimensionCount) -> dict[str, Any]:
    return {
        "dimension": dimension,
        "chart": chart(dimension.bands),
        "rows": [
            (band, _behind_url(Behind(found.group, found.on, dimension.key, band.key)))
            for band in dimension.bands
            if band.count or band.held or band.is_unknown
        ],
    }


def _behind_url(behind: Behind) -> str:
    address = reverse("admin:cadres_cadre_changelist")
    return f"{address}?{urlencode({BEHIND: behind.text})}"
