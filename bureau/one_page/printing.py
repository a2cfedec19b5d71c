"""The leader's page on one sheet of A4; the worker renders it (``bureau.jobs``)."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.template.loader import render_to_string

from bureau.one_page.figures import OnePage, one_page
from bureau.one_page.parts import Figure
from common import audit
from common.errors import DomainError
from common.jobs import enqueue
from common.models import Job
from common.pdf import PRINT_CSS

if TYPE_CHECKING:
    from accounts.models import User

ONE_PAGE_JOB = "bureau.print_one_page"
STYLESHEETS = (PRINT_CSS, Path(__file__).parent / "print.css")
# What fits on the sheet beside everything else, in characters.
LATE_PRINTED = 75
KINDS_A_ROW = 3


def order_print(*, actor: "User", year: int, month: int, at: datetime) -> Job:
    """Have the page of a month printed as the actor may see it."""
    label = f"{year}年{month}月党建工作一页纸"
    with transaction.atomic():
        audit.record(actor=actor, verb="bureau.print_one_page", label=label, at=at)
        return enqueue(
            kind=ONE_PAGE_JOB,
            label=f"打印{label}",
            params={"year": year, "month": month},
            owner=actor,
        )


def note_copied(*, actor: "User", page: OnePage, key: str, at: datetime) -> None:
    """Write down that a figure was copied as a sentence, as an export is."""
    figure = page.by_key.get(key)
    if figure is None:
        raise DomainError("没有这个数，请刷新页面后再复制。")
    audit.record(
        actor=actor,
        verb="bureau.copy_figure",
        label=f"一页纸：{figure.label}",
        after={"sentence": figure.sentence},
        at=at,
    )


def one_page_html(user: "User", year: int, month: int, *, on: date) -> str:
    """Return the page of a month on paper."""
    page = one_page(user, year, month, on=on)
    parts = {part.key: part for part in page.parts}
    late = _fitting([f"{each.label}（{each.words}）" for each in page.late])
    held = parts["records"].figures
    context = {
        "page": page,
        "parts": parts,
        "organizations": _words(parts["organizations"].figures[1:]),
        "terms": _words(parts["terms"].figures),
        "rates": [*parts["tasks"].figures, *parts["reports"].figures],
        "held": [*held, *[None] * (-len(held) % KINDS_A_ROW)],
        "late": "；".join(late),
        "late_more": len(page.late) - len(late),
        "missing": "、".join(page.missing),
    }
    return render_to_string("bureau/print/one_page.html", context)


def _fitting(words: Sequence[str]) -> list[str]:
    """The first of them, as many as the sheet has room for."""
    room = accumulate(len(each) + 1 for each in words)
    return [each for each, used in zip(words, room, strict=True) if used <= LATE_PRINTED]


def _words(figures: Sequence[Figure]) -> str:
    return "，".join(f"{each.label} {each.value} {each.unit}" for each in figures)
