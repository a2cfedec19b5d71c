"""Forms for the lines of a calendar: opening a year, one more line, sorting, splitting."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from calendar_events.choices import Handling
from calendar_events.forms.fields import take_fields
from calendar_events.models import Event
from calendar_events.reading import suggest_handling
from calendar_events.services.calendars import FIRST_YEAR, LAST_YEAR
from common.forms import PortalForm
from organizations.models import Office

MONTHS = [(month, f"{month} 月") for month in range(1, 13)]
HANDLINGS = [choice for choice in Handling.choices if choice[0] != Handling.UNSORTED]
_BY_LABEL = {label: value for value, label in Handling.choices}


class OpenCalendarForm(PortalForm, forms.Form):
    """A year and its title."""

    year = forms.IntegerField(label="年度", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    title = forms.CharField(label="标题", max_length=200)


class LineForm(PortalForm, forms.Form):
    """One more line."""

    title = forms.CharField(label="事项", max_length=200)
    first_month = forms.TypedChoiceField(label="起始月", choices=MONTHS, coerce=int)
    last_month = forms.TypedChoiceField(
        label="截止月",
        choices=[("", "同起始月"), *MONTHS],
        coerce=int,
        required=False,
        empty_value=None,
    )


class SplitForm(PortalForm, forms.Form):
    """The parts of a line."""

    titles = forms.CharField(
        label="拆分成的任务",
        widget=forms.Textarea(attrs={"rows": "6"}),
        help_text="每行一个任务，2–10 个。附件表格仍按原文印成一项。",
    )

    def names(self) -> list[str]:
        """Return the lines that hold anything."""
        return [line for line in self.cleaned_data["titles"].splitlines() if line.strip()]


def suggested(event: Event) -> tuple[Handling, str]:
    """Return the handling suggested for ``event``, and why."""
    found = suggest_handling(event.title)
    return Handling(_BY_LABEL[found.kind]), found.reason


@dataclass(frozen=True)
class SortRow:
    """One line of the sorting page with its three boxes and what is suggested."""

    event: Event
    handling: forms.BoundField
    due_on: forms.BoundField
    office: forms.BoundField
    suggestion: Handling
    reason: str


class SortForm(PortalForm, forms.Form):
    """Handling, due date and office of every draft line; an unsorted one may stay so."""

    def __init__(self, *args: Any, lines: Sequence[tuple[Event, date]], **kwargs: Any) -> None:
        self.lines = lines
        offices = [("", "未定"), *((str(each.pk), each.name) for each in Office.objects.all())]
        boxes: dict[str, forms.Field] = {}
        for event, default in lines:
            boxes |= _boxes(event, default, offices)
        take_fields(self, boxes)
        super().__init__(*args, **kwargs)

    def rows(self) -> Iterator[SortRow]:
        """Yield the lines for the page."""
        for event, _ in self.lines:
            suggestion, reason = suggested(event)
            yield SortRow(
                event,
                self[f"handling_{event.pk}"],
                self[f"due_{event.pk}"],
                self[f"office_{event.pk}"],
                suggestion,
                reason,
            )

    def handlings(self) -> dict[int, str]:
        """Return ``{event id: handling}`` of the lines that were given one."""
        chosen = ((event.pk, self.cleaned_data[f"handling_{event.pk}"]) for event, _ in self.lines)
        return {pk: handling for pk, handling in chosen if handling}

    def arrangements(self) -> dict[int, tuple[date | None, Office | None]]:
        """Return ``{event id: (due date, office)}``; the default date is not written down."""
        offices = {str(office.pk): office for office in Office.objects.all()}
        found: dict[int, tuple[date | None, Office | None]] = {}
        for event, default in self.lines:
            due_on = self.cleaned_data[f"due_{event.pk}"]
            kept = None if due_on == default and event.due_on is None else due_on
            found[event.pk] = (kept, offices.get(self.cleaned_data[f"office_{event.pk}"]))
        return found


def _boxes(event: Event, default: date, offices: list[tuple[str, str]]) -> dict[str, forms.Field]:
    """Return the three fields of one line."""
    name = f"{event.first_month}月「{event.title}」"
    sorted_to = event.handling if event.handling != Handling.UNSORTED else None
    return {
        f"handling_{event.pk}": forms.ChoiceField(
            label=f"{name}的分类",
            choices=HANDLINGS,
            required=False,
            initial=sorted_to,
            widget=forms.RadioSelect,
        ),
        f"due_{event.pk}": forms.DateField(
            label=f"{name}的截止日期", required=False, initial=event.due_on or default
        ),
        f"office_{event.pk}": forms.ChoiceField(
            label=f"{name}的责任科室",
            choices=offices,
            required=False,
            initial=str(event.office_id or ""),
        ),
    }
