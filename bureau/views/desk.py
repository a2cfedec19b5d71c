"""What all of the bureau's own pages inside the admin share, and its home."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from calendar_events.choices import CalendarState, EventState, Handling
from calendar_events.models import Event, Task
from calendar_events.queries import completion_by_month, late_organizations
from common.admin import user_of
from notifications.models import GroupText
from organizations.permissions import is_auditor, is_bureau, is_officer
from reports.choices import PeriodState
from reports.models import Period
from reports.queries import open_corrections, review_queue

if TYPE_CHECKING:
    from accounts.models import User

LATE_SHOWN = 10
NEAR = timedelta(days=21)


def desk(request: HttpRequest, template: str, context: dict[str, Any]) -> TemplateResponse:
    """Render a page of the bureau in the admin's frame."""
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context})


@dataclass(frozen=True)
class Waiting:
    """A count that opens the list it counts."""

    label: str
    count: int
    url: str
    urgent: bool = False


@dataclass(frozen=True)
class Near:
    """A date of the next weeks."""

    day: date
    label: str
    url: str


def home(request: HttpRequest) -> TemplateResponse:
    """What waits for me, completion by month, what is near; the audit log for auditors."""
    user = user_of(request)
    on = timezone.localdate()
    months = completion_by_month(user, on.year)
    late = late_organizations(user, on)
    context = {
        "title": "工作台",
        "today": on,
        "waiting": _waiting(user, on),
        "months": months,
        "chart": {
            "labels": [f"{each.month}月" for each in months],
            "values": [each.percent for each in months],
        },
        "this_month": months[on.month - 1],
        "late": late[:LATE_SHOWN],
        "late_count": len(late),
        "near": _near(user, on),
        "only_auditor": is_auditor(user) and not _works(user),
        "matrix_url": reverse("admin:matrix"),
    }
    return desk(request, "admin/bureau/home.html", context)


def _works(user: "User") -> bool:
    return is_bureau(user) or Task.objects.visible_to(user).exists()


def _waiting(user: "User", on: date) -> list[Waiting]:
    review = reverse("admin:review")
    late = Task.objects.visible_to(user).overdue(on).count()
    rows = [
        Waiting("待审核月报", review_queue(user).count(), review),
        Waiting("待处理更正申请", open_corrections(user), reverse("admin:corrections")),
        Waiting("逾期任务", late, f"{reverse('admin:matrix')}?state=late", urgent=True),
    ]
    if is_officer(user):
        calendars = reverse("admin:calendar_events_calendar_changelist")
        rows += [
            Waiting("未分类事项", _unsorted(), calendars),
            Waiting("待发群消息", _unsent(), reverse("admin:texts")),
        ]
    return rows


def _unsorted() -> int:
    drafts = Event.objects.filter(handling=Handling.UNSORTED, calendar__state=CalendarState.DRAFT)
    return drafts.working().count()


def _unsent() -> int:
    return GroupText.objects.filter(sent_at=None).count()


def _near(user: "User", on: date) -> list[Near]:
    events = (
        Event.objects.visible_to(user)
        .working()
        .filter(state=EventState.PUBLISHED, due_on__range=(on, on + NEAR))
        .order_by("due_on", "position")
    )
    near = [
        Near(each.due_on, f"{each.title}截止", reverse("admin:matrix") + f"?event={each.pk}")
        for each in events
        if each.due_on
    ]
    periods = Period.objects.filter(state=PeriodState.OPEN, due_on__range=(on, on + NEAR))
    near += [
        Near(each.due_on, f"{each}截止", reverse("admin:summary", args=[each.pk]))
        for each in periods
    ]
    return sorted(near, key=lambda each: each.day)
