"""What the pages of a self-check show one user: its parts, its forms, its state in words."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils import timezone

from calendar_events.views.rows import saved_words
from common import drafts
from common.intake import row_number
from common.models import Draft
from integrity.choices import AssignmentState, RectificationState, SelfCheckState
from integrity.evidence import MOST_OFFERED
from integrity.forms import SectionForm
from integrity.models import Rectification, SelfCheck
from integrity.permissions import may_answer, may_submit
from integrity.queries import Part, add_former, add_offers, parts_of
from integrity.services import fingerprint
from notifications.texts import day_words
from organizations.portal import PortalRequest

# As schools measured it: an item with its evidence.
SECONDS_AN_ITEM = 20
_SEVERAL = ("rows_", "removed_")
# Under this name a draft keeps the fingerprint of what it was typed over (js/autosave.js).
_SEEN = "_seen"


@dataclass
class CheckPage:
    """One self-check as one user of the school sees it; ``on`` is today."""

    request: PortalRequest
    row: SelfCheck
    on: date

    @cached_property
    def parts(self) -> list[Part]:
        """Its sections with what was answered."""
        return parts_of(self.row)

    @property
    def cleared_key(self) -> str:
        """Key of the draft of a section that has just been saved, for `js/autosave.js`."""
        saved = row_number(self.request.GET.get("saved", ""))
        return f"selfcheck:{self.request.user.pk}:{self.row.pk}:{saved}" if saved else ""

    @cached_property
    def editable(self) -> bool:
        """Whether there is anything to fill in."""
        return self.row.is_pending and may_answer(self.request.user, self.row)

    @cached_property
    def may_submit(self) -> bool:
        """Whether the user hands it in; a clerk fills in only."""
        return may_submit(self.request.user, self.row)

    @property
    def is_complete(self) -> bool:
        """Whether every item has an answer."""
        return all(part.is_done for part in self.parts)

    @property
    def next_part(self) -> Part | None:
        """The first section in which something is missing."""
        return next((part for part in self.parts if not part.is_done), None)

    @property
    def state_words(self) -> str:
        """Until when, or what became of it."""
        assignment, row = self.row.assignment, self.row
        if assignment.state == AssignmentState.CANCELLED:
            return f"这次自查已取消，不用填了：{assignment.cancelled_reason}"
        if row.state == SelfCheckState.SUBMITTED and row.submitted_at:
            return f"{row.submitted_by}已于 {day_words(timezone.localdate(row.submitted_at))}提交"
        if row.state == SelfCheckState.WAIVED:
            return row.waived_reason
        return due_note(row, self.on)


@dataclass
class SectionPage(CheckPage):
    """One section of it, to be filled in."""

    section_id: int = 0
    # A save was refused because of what happened meanwhile: only a fresh page helps.
    stale: bool = False

    @cached_property
    def part(self) -> Part:
        """The section; 404 where the self-check has none like that."""
        for part in self.parts:
            if part.section.pk == self.section_id and part.lines:
                return part
        raise Http404

    @property
    def key(self) -> str:
        """Key of the draft; names the user, as devices are shared."""
        return f"selfcheck:{self.request.user.pk}:{self.row.pk}:{self.section_id}"

    @cached_property
    def draft(self) -> Draft | None:
        """What was typed here before and not saved."""
        return drafts.load(owner=self.request.user, key=self.key)

    @property
    def autosave(self) -> dict[str, Any]:
        """What ``js/autosave.js`` is told."""
        held = self.draft
        return {
            "url": reverse("bureau:draft"),
            "key": self.key,
            "version": held.version if held else 0,
            "saved_at": saved_words(held.saved_at, on=self.on) if held else "",
        }

    def form(self, data: QueryDict | None = None, files: Any = None) -> SectionForm:
        """Return the form: what was sent, else what was typed over what is saved."""
        add_former(self.row, self.part.lines)
        add_offers(self.row, self.part.lines, most=MOST_OFFERED)
        typed = {} if data is not None else self._typed()
        initial = {**typed, "seen": fingerprint(self.part)}
        return SectionForm(data, files, lines=self.part.lines, initial=initial)

    @property
    def overtaken(self) -> bool:
        """Whether something was saved here after the draft was begun: what is saved goes first."""
        held = self.draft.data if self.draft else None
        answered = any(line.answer for line in self.part.lines)
        return held is not None and answered and held.get(_SEEN) != [fingerprint(self.part)]

    def _typed(self) -> dict[str, Any]:
        """What the draft says; once overtaken, of the items alone that have no answer yet."""
        held = self.draft.data.items() if self.draft else ()
        lines = self.part.lines if self.overtaken else []
        saved = {str(line.item.pk) for line in lines if line.answer}
        return {
            name: values if name.startswith(_SEVERAL) else values[0]
            for name, values in held
            if values and name.rpartition("_")[2] not in saved
        }

    @property
    def after(self) -> Part | None:
        """The section that comes after this one."""
        lasting = [part for part in self.parts if part.lines]
        place = lasting.index(self.part)
        return lasting[place + 1] if place + 1 < len(lasting) else None


def due_note(row: SelfCheck, on: date) -> str:
    """Return until when it is to be done, or since when it is late."""
    due = row.assignment.due_on
    if due < on:
        return f"应于 {day_words(due)}前提交，已过 {(on - due).days} 天"
    return f"{day_words(due)}前提交"


def minutes_left(row: SelfCheck) -> int:
    """Return roughly how long what is missing takes."""
    return max(1, round((row.asked - row.answered) * SECONDS_AN_ITEM / 60))


def month_row(row: SelfCheck, on: date) -> dict[str, Any]:
    """Return it as a row of 本月: title, what is left of it, where it leads."""
    shown = {
        "title": title_of(row),
        "url": reverse("integrity:self_check", args=[row.pk]),
    }
    if row.state == SelfCheckState.SUBMITTED:
        return {**shown, "word": row.get_state_display(), "action": "查看"}
    if row.state == SelfCheckState.RETURNED:
        return {**shown, "note": row.comment, "action": "去修改"}
    left = row.asked - row.answered
    told = f"还有 {left} 项，约 {minutes_left(row)} 分钟" if left else "都填好了，待提交"
    late = f"{due_note(row, on)}；" if row.assignment.due_on < on else ""
    return {**shown, "note": f"{late}{told}", "action": "去填" if left else "去提交"}


def title_of(row: SelfCheck) -> str:
    """Return 清廉学校清单自查; with the school where one fills in for several."""
    title = f"{row.assignment.edition.checklist}自查"
    school = row.school
    if school is None or school.name in row.organization.name:
        return title
    return f"{title}（{school.short_name or school.name}）"


def mending_note(row: Rectification, on: date) -> str:
    """Return until when it is to be mended, since when it is late, or what became of it."""
    if row.state == RectificationState.CLOSED and row.closed_on:
        return f"{day_words(row.closed_on)}复核通过"
    if row.state != RectificationState.OPEN:
        return str(row.get_state_display())
    if row.is_late(on):
        return f"应于 {day_words(row.due_on)}前完成，已过 {(on - row.due_on).days} 天"
    return f"{day_words(row.due_on)}前完成"


def mending_row(row: Rectification, on: date) -> dict[str, Any]:
    """Return it as a row of 本月."""
    return {
        "title": f"整改：{row.item.text}",
        "url": reverse("integrity:rectification", args=[row.pk]),
        "note": f"{row.demand}；{mending_note(row, on)}" if row.is_late(on) else row.demand,
        "action": "去整改",
    }
