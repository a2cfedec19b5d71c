"""Forms with which a school does its tasks: a record, an existing record, or not applicable."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from activities.forms import RecordFields
from activities.models import Record
from calendar_events.models import Figure, Task
from calendar_events.services.tasks import LARGEST_VALUE
from common.forms import PortalForm

_FIGURE = "figure_"
_GONE = "有一项任务刚刚已办结或取消，已从下面去掉，请核对后再保存"


def _figure_field(figure: Figure, *, required: bool) -> forms.IntegerField:
    return forms.IntegerField(
        label=figure.name,
        min_value=0,
        max_value=LARGEST_VALUE,
        required=required,
        error_messages={"required": _missing(figure)},
    )


def _missing(figure: Figure) -> str:
    return f"「{figure.name}」还没有填，没有请填 0"


class FigureFields(forms.Form):
    """The figures that events ask, in a form that has other fields as well.

    Tasks come with ``event`` and ``event.figures`` prefetched, several of them with ``values``.
    """

    def ask(self, task: Task, *, required: bool) -> None:
        """Add a field for each figure that ``task`` asks, with the answer given before."""
        figures = task.event.figures.all()
        given = {each.figure_id: each.value for each in task.values.all()} if figures else {}
        for figure in figures:
            name = f"{_FIGURE}{figure.pk}"
            self.fields[name] = _figure_field(figure, required=required)
            if figure.pk in given:
                self.initial.setdefault(name, given[figure.pk])

    def figures_of(self, task: Task) -> list[dict[str, Any]]:
        """Return the figures of ``task`` as the page shows them: bound field and unit."""
        figures = task.event.figures.all()
        return [{"field": self[f"{_FIGURE}{each.pk}"], "unit": each.unit} for each in figures]

    def answers_of(self, tasks: Sequence[Task]) -> dict[int, int]:
        """Return ``{figure id: number}`` for everything that ``tasks`` ask."""
        figures = [figure for task in tasks for figure in task.event.figures.all()]
        return {each.pk: self.cleaned_data[f"{_FIGURE}{each.pk}"] for each in figures}


class TaskFields(RecordFields, FigureFields):
    """Fields of a record with what its tasks ask.

    ``asked`` are the tasks that the record is for, ``others`` the open ones it may do as well.
    """

    def __init__(
        self, *args: Any, asked: Sequence[Task], others: Sequence[Task], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked = list(asked)
        for task in self.asked:
            self.ask(task, required=True)
        self.add_others(others)

    def add_others(self, others: Sequence[Task]) -> None:
        """Add fields for the open tasks that the record may do as well."""
        self.others = list(others)
        if self.others:
            self.fields["tasks"] = forms.TypedMultipleChoiceField(
                label="这次活动还完成了",
                choices=[(task.pk, task.event.title) for task in self.others],
                coerce=int,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": _GONE},
            )
        for task in self.others:
            self.ask(task, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the figures of every further task that was ticked."""
        data = super().clean()
        for task in self.ticked():
            for figure in task.event.figures.all():
                name = f"{_FIGURE}{figure.pk}"
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, ValidationError(_missing(figure)))
        return data

    def ticked(self) -> list[Task]:
        """Return the further tasks that were ticked."""
        chosen = self.cleaned_data.get("tasks", ())
        return [task for task in self.others if task.pk in chosen]

    def tasks(self) -> list[Task]:
        """Return every task that the record does."""
        return [*self.asked, *self.ticked()]

    def answers(self) -> dict[int, int]:
        """Return ``{figure id: number}`` for these tasks."""
        return self.answers_of(self.tasks())

    def asked_figures(self) -> list[dict[str, Any]]:
        """Return the tasks with figures to give, as the page shows them."""
        shown = [{"task": task, "figures": self.figures_of(task)} for task in self.asked]
        return [each for each in shown if each["figures"]]

    @property
    def further_is_chosen(self) -> bool:
        """Whether another task is ticked, or something is wrong with one."""
        names = [f"{_FIGURE}{each.pk}" for t in self.others for each in t.event.figures.all()]
        bad = any(name in self.errors for name in ("tasks", *names))
        return bad or bool(self["tasks"].value())

    def further(self) -> list[dict[str, Any]]:
        """Return the other open tasks with their boxes and figures, as the page shows them."""
        if not self.others:
            return []
        boxes = zip(self.others, self["tasks"], strict=True)
        return [{"task": task, "box": box, "figures": self.figures_of(task)} for task, box in boxes]


class FiledRecordForm(PortalForm, TaskFields):
    """A record on a page of the portal, with what its tasks ask."""

    def offer(self, others: Sequence[Task]) -> None:
        """Add ``others`` to a form sent without any of them ticked, to be shown again."""
        if self.others:
            return
        known = set(self.fields)
        self.add_others(others)
        self.dress([name for name in self.fields if name not in known])


class ExistingRecordFields(FigureFields):
    """Fields that complete ``task`` by one of ``records``."""

    def __init__(
        self, *args: Any, task: Task, records: Mapping[Record, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.task = task
        self.fields["record"] = forms.TypedChoiceField(
            label="用哪条记录",
            choices=[(record.pk, words) for record, words in records.items()],
            coerce=int,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": "这条记录已经撤回或不在列表里，请重新选择"},
        )
        self._records = {record.pk: record for record in records}
        self.ask(task, required=True)

    def record(self) -> Record:
        """Return the record chosen."""
        return self._records[self.cleaned_data["record"]]

    def answers(self) -> dict[int, int]:
        """Return ``{figure id: number}`` for the task."""
        return self.answers_of([self.task])


class ExistingRecordForm(PortalForm, ExistingRecordFields):
    """The choice of a record that is there already."""


class NotApplicableForm(PortalForm, forms.Form):
    """Why a task does not apply to the organisation."""

    reason = forms.CharField(
        label="不适用的理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如：本支部没有设党小组；本校没有发展对象。审核人会看到。",
    )
