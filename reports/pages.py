"""What the page of a report shows one user: its sheet, its form, what happened to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from common import drafts
from common.days import chinese_date
from common.models import Draft
from notifications.texts import day_words
from organizations.portal import PortalRequest
from reports.choices import PENDING, ReportState
from reports.forms import PreparedReportForm, ReportForm
from reports.lines import BY_KEY, NEEDS_REASON, NOTHING, TEXTS, label_of
from reports.models import Comment, Report
from reports.permissions import may_submit, may_type
from reports.sheet import Sheet, sheet_of
from reports.versions import Comparison, moment_words, since_returned

_TEXT_LABELS = {"problems": TEXTS["problems"], "plans": TEXTS["plans"]}


@dataclass
class ReportPage:
    """One report as one user sees it; ``on`` is today."""

    request: PortalRequest
    row: Report
    on: date

    @cached_property
    def sheet(self) -> Sheet:
        """Its figures, frozen or composed."""
        return sheet_of(self.row)

    @property
    def key(self) -> str:
        """Key of what this user types into this report; names the user, as devices are shared."""
        return f"report:{self.request.user.pk}:{self.row.pk}"

    @cached_property
    def draft(self) -> Draft | None:
        """What was typed here before and not handed in."""
        return drafts.load(owner=self.request.user, key=self.key)

    @cached_property
    def may_type(self) -> bool:
        """Whether the user prepares this report at all."""
        return may_type(self.request.user, self.row)

    @cached_property
    def may_submit(self) -> bool:
        """Whether the user hands it in; a clerk prepares only."""
        return may_submit(self.request.user, self.row)

    @property
    def editable(self) -> bool:
        """Whether there is a form on the page."""
        return self.row.state in PENDING and self.may_type

    @property
    def too_early(self) -> bool:
        """Whether the period goes on, so that its report can't be handed in yet."""
        return self.on < self.row.period.ends_on

    @property
    def returned(self) -> bool:
        """Whether the school has it again."""
        return self.row.state == ReportState.RETURNED

    @cached_property
    def since_returned(self) -> Comparison | None:
        """What has changed since the report was returned; None where it wasn't."""
        return since_returned(self.row, self.sheet)

    @property
    def has_versions(self) -> bool:
        """Whether there is more than the version that counts now."""
        return self.row.version > 1 or self.returned

    @property
    def back_comment(self) -> str:
        """What the reviewer said about the report as a whole."""
        return self.sheet.comments.get("", "")

    @property
    def commented(self) -> list[tuple[str, str]]:
        """What the reviewer said, as label and words; at what it was said."""
        rows = {row.key: row.label for section in self.sheet.sections for row in section.rows}
        return [
            (rows.get(key) or label_of(key), text)
            for key, text in self.sheet.comments.items()
            if key
        ]

    @property
    def period_words(self) -> str:
        """统计周期 2026年3月1日—3月31日."""
        first, last = self.row.period.starts_on, self.row.period.ends_on
        year = f"{last.year}年" if last.year != first.year else ""
        return f"统计周期 {chinese_date(first)}—{year}{last.month}月{last.day}日"

    @property
    def state_words(self) -> str:
        """What to know about its state: until when, by whom, since when."""
        row = self.row
        if row.state in PENDING:
            return self._due_words()
        if row.state == ReportState.WAIVED:
            return f"无需报送：{row.waived_reason}"
        who = (
            f"{row.submitted_by} {moment_words(row.submitted_at)} 提交" if row.submitted_at else ""
        )
        if row.state == ReportState.SUBMITTED:
            return f"{who}，等待审核"
        reviewed = moment_words(row.reviewed_at) if row.reviewed_at else ""
        return f"{who}；{row.reviewed_by} {reviewed} 审核通过"

    def _due_words(self) -> str:
        due_on = self.row.period.due_on
        words = f"请于 {day_words(due_on)}前提交"
        late = (self.on - due_on).days
        return f"{words}，已过 {late} 天" if late > 0 else words

    def form(self, data: QueryDict | None = None) -> ReportForm:
        """Return the form of this user: with what was sent, or with what was typed before."""
        kind = ReportForm if self.may_submit else PreparedReportForm
        # While the period goes on, what is missing may still come.
        missing = () if self.too_early else self.sheet.missing
        if data is not None:
            return kind(data, missing=missing)
        return kind(initial=self._typed(), missing=missing)

    def sent(self, data: QueryDict) -> ReportForm:
        """Return the form as it was sent, with the reasons that its page asked for.

        Deliberately composes nothing: whether a reason is still wanted is for handing in to say.
        """
        kind = ReportForm if self.may_submit else PreparedReportForm
        asked = [BY_KEY[key] for key in NEEDS_REASON] if "theme_day_reason" in data else ()
        return kind(data, missing=asked)

    def _typed(self) -> dict[str, Any]:
        typed = self._laid_before()
        if self.draft and "prepared" not in self.request.GET:
            typed |= {name: values[0] for name, values in self.draft.data.items() if values}
        return typed

    def _laid_before(self) -> dict[str, Any]:
        row = self.row
        reason = row.reasons.get(NEEDS_REASON[0], "")
        return {"problems": row.problems, "plans": row.plans, "theme_day_reason": reason}

    @property
    def prepared_words(self) -> str:
        """Who laid the texts before, and when; empty where nobody did."""
        row = self.row
        if row.prepared_at is None or row.state not in PENDING:
            return ""
        return f"{row.prepared_by}于 {moment_words(row.prepared_at)} 备好文字"

    @property
    def prepared_later(self) -> bool:
        """Whether somebody else laid texts before after this user's own draft was typed."""
        row = self.row
        if self.draft is None or row.prepared_at is None or not self.editable:
            return False
        return row.prepared_by_id != self.request.user.pk and row.prepared_at > self.draft.saved_at

    @property
    def texts(self) -> list[dict[str, str]]:
        """The typed texts where they are only read."""
        held = {"problems": self.row.problems, "plans": self.row.plans}
        return [{"label": TEXTS[key], "value": held[key] or NOTHING} for key in TEXTS]

    @property
    def correction_url(self) -> str:
        """Where to ask for a correction; empty where this user can't."""
        if self.row.state != ReportState.APPROVED or not self.may_submit:
            return ""
        return reverse("reports:correction", args=[self.row.pk])

    @property
    def autosave(self) -> dict[str, Any]:
        """What js/autosave.js needs."""
        draft = self.draft
        return {
            "url": reverse("bureau:draft"),
            "key": self.key,
            "version": draft.version if draft else 0,
            "saved_at": f"{timezone.localtime(draft.saved_at):%H:%M}" if draft else "",
        }

    @cached_property
    def entries(self) -> list[dict[str, Any]]:
        """What happened to the report, newest first."""
        happened = [*self._own_events(), *self._returns(), *self._corrections()]
        happened.sort(key=lambda event: event[0], reverse=True)
        return [
            {"what": what, "who": who, "when": moment_words(at), "note": note}
            for at, what, who, note in happened
        ]

    def _own_events(self) -> Iterator["Happened"]:
        row = self.row
        if row.submitted_at:
            yield row.submitted_at, "提交", row.submitted_by, ""
        if row.state == ReportState.APPROVED and row.reviewed_at:
            yield row.reviewed_at, "审核通过", row.reviewed_by, ""

    def _returns(self) -> Iterator["Happened"]:
        rows = self.row.comments.select_related("author").order_by("version", "id")
        for _, said in groupby(rows, key=lambda each: each.version):
            comments = list(said)
            first = comments[0]
            yield (
                first.at,
                "退回",
                first.author,
                "；".join(_comment_words(each) for each in comments),
            )

    def _corrections(self) -> Iterator["Happened"]:
        for each in self.row.corrections.select_related("asked_by", "decided_by"):
            change = f"{each.label} 改为 {each.new_value}"
            yield each.created_at, "申请更正", each.asked_by, f"{change}：{each.reason}"
            if each.decided_at:
                verdict = each.get_state_display()
                words = "；".join(filter(None, [change, each.answer]))
                yield each.decided_at, f"更正{verdict}", each.decided_by, words


Happened = tuple[datetime, str, Any, str]


def _comment_words(comment: Comment) -> str:
    known = comment.key and label_of(comment.key) != label_of("")
    return f"{label_of(comment.key)}：{comment.text}" if known else comment.text
