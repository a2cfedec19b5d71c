"""The ledger of secretaries on A4, on its side."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from accounts.models import User
from cadres.models import LedgerRow
from cadres.queries import ledger_lines
from common.pdf import PRINT_CSS
from organizations.queries import unit_of

STYLESHEETS = (PRINT_CSS, Path(__file__).parent / "print.css")


def ledger_html(owner: User, ids: Sequence[int], *, on: date) -> str:
    """Return the ledger of these organisations, as far as ``owner`` may see them, in order."""
    held: dict[int, Any] = LedgerRow.objects.visible_to(owner).in_bulk(list(ids))
    rows = [held[pk] for pk in ids if pk in held]
    lines = ledger_lines(rows, on, whole=True)
    context = {
        "title": "书记台账",
        "lines": [lines[row.pk] for row in rows],
        "unit": unit_of(owner),
        "on": on,
    }
    return render_to_string("cadres/print/ledger.html", context)
