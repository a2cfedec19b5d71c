"""What the bureau's own pages look like on paper; the worker renders it (``bureau.jobs``)."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string

from bureau.rulebook_page import Wanted, groups
from calendar_events.matrix import MatrixFilters, whole_matrix
from calendar_events.queries import progress_of
from common.errors import DomainError
from organizations.models import Tightening

if TYPE_CHECKING:
    from accounts.models import User

MATRIX_JOB = "bureau.print_matrix"
RULEBOOK_JOB = "bureau.print_rulebook"
MOST_PRINTED = 2000


def matrix_html(user: "User", params: dict[str, Any], *, on: date) -> str:
    """Return the matrix of a month as ``user`` sees it: year, month, filters, sort in ``params``.

    Raises DomainError for more organisations than anybody reads on paper.
    """
    year, month = params["year"], params["month"]
    filters = MatrixFilters(**params["filters"])
    whole = whole_matrix(user, year, month, on=on, filters=filters, sort=params["sort"])
    if whole.count > MOST_PRINTED:
        raise DomainError(
            f"共 {whole.count} 个党组织，打印限 {MOST_PRINTED} 个以内，请先筛选，或导出 Excel。"
        )
    progress = progress_of(user, [event.pk for event in whole.events], on=on)
    context = {
        "title": f"{year}年{month}月任务完成情况",
        "matrix": whole,
        "heads": [(event, progress[event.pk]) for event in whole.events],
        "on": on,
    }
    return render_to_string("bureau/print/matrix.html", context)


def rulebook_html(user: "User", params: dict[str, Any]) -> str:
    """Return the rulebook as filtered, with the demands of units that ``user`` may see."""
    asked = params["wanted"]
    wanted = Wanted(**{**asked, "on": date.fromisoformat(asked["on"])})
    rows = Tightening.objects.visible_to(user).held_on(wanted.on).select_related("organization")
    found = groups(wanted, [row.for_rulebook() for row in rows])
    context = {"groups": found, "on": wanted.on, "count": sum(len(each.rows) for each in found)}
    return render_to_string("bureau/print/rulebook.html", context)
