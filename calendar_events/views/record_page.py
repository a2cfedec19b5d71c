"""What the page of a record form is about: its form, its draft, its words.

A record may stand alone (:class:`RecordPage`), do a task (:class:`TaskPage`) or be changed
(:class:`ChangePage`).
"""

import secrets
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.http import QueryDict
from django.urls import reverse

from activities.choices import RecordKind
from activities.forms import typed
from activities.models import Record
from activities.queries import heads_filled_in
from activities.services import Content
from calendar_events.agenda import is_optional
from calendar_events.choices import PENDING, TaskState
from calendar_events.forms.filing import FiledRecordForm
from calendar_events.models import Task, TaskQuerySet
from calendar_events.queries import month_tasks
from calendar_events.views.rows import file_rows, saved_words
from common import drafts
from common.models import Draft
from notifications.texts import day_words
from organizations.models import Organization
from organizations.portal import PortalRequest

_SEVERAL_VALUES = ("tasks",)


@dataclass
class RecordPage:
    """A record that may stand alone; ``on`` is today."""

    request: PortalRequest
    organization: Organization
    on: date
    kind: str

    # Whether the draft of another kind is about the same thing.
    carries_over: ClassVar[bool] = False
    button: ClassVar[str] = "保存记录"

    @property
    def changing(self) -> Record | None:
        """The record being changed, if any."""
        return None

    @property
    def stem(self) -> str:
        """Beginning of the draft's key, which names the user, as devices are shared."""
        return f"record:{self.request.user.pk}:new:{self.organization.pk}"

    @property
    def key(self) -> str:
        """Key of what is typed on this page."""
        return f"{self.stem}:{self.kind}"

    @property
    def used_keys(self) -> list[str]:
        """Keys of the drafts that are used up once the form is filed."""
        return [self.key]

    @cached_property
    def asked(self) -> list[Task]:
        """The tasks that the record is for."""
        return []

    @cached_property
    def others(self) -> list[Task]:
        """Further open tasks of the month that it may do as well."""
        held = {task.pk for task in self.asked}
        month = month_tasks(self.organization, self.on.year, self.on.month)
        return [task for task in month if task.state in PENDING and task.pk not in held]

    @cached_property
    def draft(self) -> Draft | None:
        """What was typed here before and not yet filed."""
        return drafts.load(owner=self.request.user, key=self.key)

    @cached_property
    def resumed(self) -> Draft | None:
        """The draft that the form continues; None where there is none, or one wants a new start."""
        if "anew" in self.request.GET:
            return None
        if self.draft is None and self.carries_over:
            return drafts.latest(owner=self.request.user, keys=keys_of(self.stem))
        return self.draft

    def bound(self, data: QueryDict, files: Any = None) -> FiledRecordForm:
        """Return the form with what was sent.

        Further tasks are looked for only where one was ticked: most records do just their own.
        """
        others = self.others if data.getlist("tasks") else []
        return FiledRecordForm(data, files, others=others, **self._about())

    def fresh(self) -> FiledRecordForm:
        """Return the form with what is known, and over it what was typed before."""
        initial = self.known() | self._typed_before() | self.identity()
        return FiledRecordForm(initial=initial, others=self.others, **self._about())

    def identity(self) -> dict[str, Any]:
        """Return what tells this form from any other."""
        return {"kind": self.kind, "token": secrets.token_urlsafe(24)}

    def known(self) -> dict[str, Any]:
        """Return what nobody should have to type: the day, how many are entitled."""
        entitled = heads_filled_in(self.organization, self.kind, on=self.on)
        return {"held_on": self.on, "entitled": entitled}

    def _about(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "organization": self.organization,
            "on": self.on,
            "record": self.changing,
            "asked": self.asked,
        }

    def _typed_before(self) -> dict[str, Any]:
        held = self.resumed.data.items() if self.resumed else ()
        return {
            name: values if name in _SEVERAL_VALUES else values[0]
            for name, values in held
            if values
        }

    def context(self, form: FiledRecordForm) -> dict[str, Any]:
        """Return what the template shows."""
        return {
            "form": form,
            "kind_label": RecordKind(self.kind).label,
            "organization": self.organization,
            "button": self.button,
            "draft": draft_words(self.draft, key=self.key, on=self.on),
            "resumed": self._resumed_words() if not form.is_bound else "",
            "anew_url": f"?kind={self.kind}&anew=1",
            **self.more(form),
        }

    def _resumed_words(self) -> str:
        return saved_words(self.resumed.saved_at, on=self.on) if self.resumed else ""

    def more(self, form: FiledRecordForm) -> dict[str, Any]:  # noqa: ARG002 - others need it
        """Return the addresses around the form and what else it shows."""
        place = reverse("calendar_events:new_record")
        return {
            "action": place,
            "kinds_url": place,
            "back_url": reverse("calendar_events:records"),
            "back_label": "记录",
        }


@dataclass
class TaskPage(RecordPage):
    """A record that does an open task."""

    task: Task

    carries_over: ClassVar[bool] = True
    button: ClassVar[str] = "保存并完成任务"

    @property
    def stem(self) -> str:
        """One draft for one task of one user."""
        return task_stem(self.request, self.task)

    @property
    def used_keys(self) -> list[str]:
        """Whatever the kind: the task is done."""
        return keys_of(self.stem)

    @cached_property
    def asked(self) -> list[Task]:
        """The task."""
        return [self.task]

    def known(self) -> dict[str, Any]:
        """Return the event's title too, and its day where it has only one and that has come."""
        event = self.task.event
        known = super().known() | {"topic": event.title}
        if event.starts_on and event.starts_on == event.ends_on:
            known["held_on"] = min(event.starts_on, self.on)
        return known

    def more(self, form: FiledRecordForm) -> dict[str, Any]:  # noqa: ARG002 - others need it
        """Return the other ways to do the task as well."""
        return {
            "action": reverse("calendar_events:task", args=[self.task.pk]),
            "kinds_url": f"{reverse('calendar_events:new_record')}?task={self.task.pk}",
            "back_url": reverse("bureau:month"),
            "back_label": "本月",
            **task_words(self.task, on=self.on),
        }


@dataclass
class ChangePage(RecordPage):
    """The change of a record, with what the tasks ask that it does."""

    record: Record

    carries_over: ClassVar[bool] = True

    @property
    def changing(self) -> Record:
        """The record."""
        return self.record

    @property
    def stem(self) -> str:
        """One draft for one record of one user."""
        return f"record:{self.request.user.pk}:edit:{self.record.pk}"

    @property
    def used_keys(self) -> list[str]:
        """Whatever the kind: the record is changed."""
        return keys_of(self.stem)

    @cached_property
    def asked(self) -> list[Task]:
        """The tasks that the record does or did and that the user may do."""
        return tasks_of(self.record, self.request)

    @property
    def returned(self) -> Task | None:
        """The task that was sent back because of this record, if any."""
        return next((task for task in self.asked if task.state in PENDING), None)

    def identity(self) -> dict[str, Any]:
        """Return the version that the change starts from."""
        return {"kind": self.kind, "version": self.record.version}

    def known(self) -> dict[str, Any]:
        """Return what the record says."""
        return typed(Content.of(self.record))

    def more(self, form: FiledRecordForm) -> dict[str, Any]:
        """Return the files, and whether somebody changed the record after the draft was typed."""
        returned = self.returned
        draft = self.draft
        return {
            "action": reverse("calendar_events:edit_record", args=[self.record.pk]),
            "kinds_url": f"{reverse('calendar_events:new_record')}?record={self.record.pk}",
            "back_url": reverse("calendar_events:record", args=[self.record.pk]),
            "back_label": "记录",
            "changing": self.record,
            "files": self._files(form),
            "changed_since": bool(
                draft and self.record.version > 1 and self.record.updated_at > draft.saved_at
            ),
            "button": "保存并重新提交任务" if returned else "保存修改",
            **(task_words(returned, on=self.on) if returned else {}),
        }

    def _files(self, form: FiledRecordForm) -> list[dict[str, Any]]:
        boxes = zip(file_rows(self.record), form.remove_boxes(), strict=True)
        return [
            {**row, "remove_name": box.html_name, "removed": bool(box.value())}
            for row, (_, box) in boxes
        ]


def draft_words(draft: Draft | None, *, key: str, on: date) -> dict[str, Any]:
    """Return what js/autosave.js and the line under the form need."""
    return {
        "url": reverse("bureau:draft"),
        "key": key,
        "version": draft.version if draft else 0,
        "saved_at": saved_words(draft.saved_at, on=on) if draft else "",
    }


def task_stem(request: PortalRequest, task: Task) -> str:
    """Return how the keys of drafts for ``task`` begin."""
    return f"record:{request.user.pk}:task:{task.pk}"


def keys_of(stem: str) -> list[str]:
    """Return the keys of the drafts of every kind under ``stem``."""
    return [f"{stem}:{kind}" for kind in RecordKind.values]


def tasks_of(record: Record, request: PortalRequest) -> list[Task]:
    """Return the tasks that ``record`` does or did and that the user may do."""
    mine: TaskQuerySet = Task.objects.editable_by(request.user)
    states = (TaskState.DONE, TaskState.RETURNED)
    rows = mine.filter(record=record, state__in=states).select_related("event", "organization")
    return list(rows.prefetch_related("event__figures", "values"))


def task_words(task: Task, *, on: date) -> dict[str, Any]:
    """Return what a form says of the task it is for, and the other ways to do it."""
    days = (on - task.due_on).days
    late = days > 0 and not is_optional(task)
    until = day_words(task.due_on)
    return {
        "task": {
            "title": task.event.title,
            "demand": task.event.demand,
            "comment": task.comment if task.state == TaskState.RETURNED else "",
            "due_label": f"应于 {until}前完成，已过 {days} 天" if late else f"请于 {until}前完成",
            "late": late,
            "optional": is_optional(task),
        },
        "existing_url": reverse("calendar_events:existing", args=[task.pk]),
        "not_applicable_url": reverse("calendar_events:not_applicable", args=[task.pk]),
    }
