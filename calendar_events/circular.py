"""The circular (通知) that issues a calendar, with the calendar as its annex."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from django.utils import timezone

from calendar_events.choices import EventState
from calendar_events.models import Calendar, Event
from calendar_events.services.checks import require_planner
from common.days import chinese_date
from common.errors import DomainError
from notices.documents.document import (
    Document,
    Head,
    Imprint,
    Paragraph,
    Part,
    Signature,
    Table,
    annexes,
    items,
)
from notices.documents.plain_text import to_text
from notices.models import Notice
from notices.services import draft_notice
from organizations.models import Organization

if TYPE_CHECKING:
    from accounts.models import User

HEAD_ROW = ("时间", "内容")
# Characters of a title (2号) on one line.
_TITLE_LINE = 20
_COMMITTEE = re.compile(r"^中共(?P<bureau>.+?)(?:委员会|党委)$")


def draft_circular(*, actor: "User", calendar: Calendar, at: datetime) -> Notice:
    """Draft the circular that issues ``calendar``, as of now; the officer then edits and prints it.

    The number is left to the officer, as is everything else in the text. Drafting again makes
    another draft.
    """
    require_planner(actor)
    document = circular(calendar, on=timezone.localdate(at))
    return draft_notice(actor=actor, source=to_text(document), at=at)


def circular(calendar: Calendar, *, on: date) -> Document:
    """Return the circular dated ``on``; DomainError without lines, or without a committee."""
    table = annex_table(calendar)
    issuer = _issuer()
    title = calendar.title
    return Document(
        head=Head(mark=(f"{issuer}文件",)),
        parts=(
            Part(
                title=_title(title),
                recipients="各基层党组织",
                blocks=(
                    Paragraph(
                        f"现将《{title}》印发给你们，请结合本单位实际作好安排，按时完成各项任务。"
                    ),
                ),
                annexes=(title,),
                signature=Signature((issuer,), chinese_date(on)),
            ),
        ),
        annexes=annexes([(title, (table,))]),
        imprint=Imprint(printer=_printer(issuer), printed=chinese_date(on)),
    )


def _title(calendar: str) -> str:
    """The title, broken by meaning where it doesn't fit on one line."""
    words = f"《{calendar}》的通知"
    return f"关于印发{words}" if len(words) + 4 <= _TITLE_LINE else f"关于印发\n{words}"


def annex_table(calendar: Calendar) -> Table:
    """Return the calendar as the official table: a row for each month or span, items numbered.

    Split lines stand as they were written; drafts and published ones both, cancelled ones not.
    """
    lines: Iterable[Event] = (
        calendar.events.printed()
        .exclude(state=EventState.CANCELLED)
        .order_by("year", "first_month", "last_month", "position", "pk")
    )
    rows = [
        (_months(calendar, year, first, last), items([event.title for event in group]))
        for (year, first, last), group in groupby(lines, key=_span)
    ]
    if not rows:
        raise DomainError("行事历还没有事项，不能起草通知。请先导入或添加事项。")
    return Table((HEAD_ROW, *rows))


def _span(event: Event) -> tuple[int, int, int]:
    return event.year, event.first_month, event.last_month


def _months(calendar: Calendar, year: int, first: int, last: int) -> str:
    words = f"{first}月" if first == last else f"{first}—{last}月"
    return words if year == calendar.year else f"次年{words}"


def _issuer() -> str:
    """The bureau's own committee: the open organisation at the root of the tree."""
    root = Organization.objects.filter(parent=None, closed_on=None).order_by("order", "pk").first()
    if root is None:
        raise DomainError("还没有建立局党委，不能起草通知。请先在党组织中添加最上级党组织。")
    return root.name


def _printer(issuer: str) -> str:
    """The office that prints: 澄岚区教育局办公室 for 中共澄岚区教育局委员会."""
    found = _COMMITTEE.match(issuer)
    return f"{found['bureau']}办公室" if found else issuer
