"""What all of the bureau's own pages inside the admin share, and its home."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from django.contrib import admin
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from bureau.backups.record import standings
from cadres.choices import FindingForce
from cadres.models import Finding, Term
from calendar_events.choices import CalendarState, EventState, Handling
from calendar_events.models import Event
from calendar_events.queries import (
    Lateness,
    MonthCompletion,
    completion_by_month,
    lateness,
)
from common.admin import user_of
from common.jobs import delay_notice
from common.models import Job
from integrity.choices import RectificationState
from integrity.models import Rectification
from notifications.models import Digest, GroupText
from organizations.choices import ADMINISTRATORS, ROLE_LINES, RoleKind
from organizations.models.role import held_roles
from organizations.permissions import is_administrator, is_officer
from reports.choices import PeriodState
from reports.models import Period
from reports.queries import open_corrections, review_queue

if TYPE_CHECKING:
    from accounts.models import User

LATE_SHOWN = 10
TERMS_SHOWN = 10
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
    """What waits for me, completion by month, what is near; their own pages for administrators."""
    user = user_of(request)
    if is_administrator(user):
        held = [role for role in held_roles(user) if role.kind in ADMINISTRATORS]
        lines = [(role.get_kind_display(), ROLE_LINES[RoleKind(role.kind)]) for role in held]
        return desk(request, "admin/bureau/home_apart.html", {"title": "首页", "lines": lines})
    on = timezone.localdate()
    months = completion_by_month(user, on.year)
    late = lateness(user, on, most=LATE_SHOWN)
    context = {
        "title": "工作台",
        "today": on,
        "waiting": _waiting(user, late),
        "has_tasks": any(each.total for each in months),
        "chart": _chart(months),
        "this_month": months[on.month - 1],
        "late": late,
        "near": _near(user, on),
        "is_officer": is_officer(user),
        "delayed": delay_notice(at=timezone.now()),
        "backups": standings(at=timezone.now()) if is_officer(user) else [],
    }
    return desk(request, "admin/bureau/home.html", context)


@require_GET
def job(request: HttpRequest, pk: int) -> TemplateResponse:
    """Show a job of one's own in the admin's frame, with the way back to where it was started."""
    row = get_object_or_404(Job, pk=pk, owner=user_of(request))
    context = {
        "title": row.label,
        "job": row,
        "back": _back_of(request),
        "delayed": delay_notice(at=timezone.now(), job=row),
    }
    return desk(request, "admin/bureau/job.html", context)


def _back_of(request: HttpRequest) -> str:
    """Return the page of the admin that led here: named by the address, else by the browser."""
    referrer = urlsplit(request.headers.get("Referer", ""))
    came_from = f"{referrer.path}?{referrer.query}" if referrer.query else referrer.path
    back = request.GET.get("back") or came_from
    home_url = reverse("admin:index")
    return back if back.startswith(home_url) and back != request.path else home_url


def _chart(months: Sequence[MonthCompletion]) -> dict[str, Any]:
    return {
        "labels": [f"{each.month}月" for each in months],
        "series": [
            {"label": "按时办结", "tone": "green", "values": [each.on_time for each in months]},
            {"label": "逾期后办结", "tone": "amber", "values": [each.late for each in months]},
            {"label": "未办结", "tone": "line", "values": [each.waiting for each in months]},
        ],
    }


def _waiting(user: "User", late: Lateness) -> list[Waiting]:
    rows = [
        Waiting("待审核月报", review_queue(user).count(), reverse("admin:review")),
        Waiting("待处理更正申请", open_corrections(user), reverse("admin:corrections")),
        Waiting("逾期任务", late.tasks, late_tasks_url(), urgent=True),
        Waiting("巡检提示", _findings(user), findings_url()),
    ]
    if is_officer(user):
        calendars = reverse("admin:calendar_events_calendar_changelist")
        rows += [
            Waiting("待复核整改", _to_judge(user), to_judge_url()),
            Waiting("未分类事项", _unsorted(), calendars),
            Waiting("待发群消息", _unsent(), reverse("admin:texts")),
        ]
    return [*rows, Waiting("我的提醒", _unread(user), reverse("bureau:inbox"))]


def _findings(user: "User") -> int:
    """What the check of the night found and nobody has set aside, but for mere information."""
    return Finding.objects.visible_to(user).waiting().filter(force=FindingForce.WARN).count()


def findings_url() -> str:
    """Return the address of the list of these."""
    return f"{reverse('admin:cadres_finding_changelist')}?force={FindingForce.WARN.value}"


def late_tasks_url() -> str:
    """Return the address of the list of overdue tasks of all months."""
    return reverse("admin:calendar_events_task_changelist") + "?late=1"


def _to_judge(user: "User") -> int:
    """What schools say they have mended."""
    handed_in = Rectification.objects.filter(state=RectificationState.HANDED_IN)
    return handed_in.visible_to(user).count()


def to_judge_url() -> str:
    """Return the address of the list of these."""
    handed_in = RectificationState.HANDED_IN.value
    return f"{reverse('admin:integrity_rectification_changelist')}?state__exact={handed_in}"


def _unsorted() -> int:
    drafts = Event.objects.filter(handling=Handling.UNSORTED, calendar__state=CalendarState.DRAFT)
    return drafts.working().count()


def _unsent() -> int:
    return GroupText.objects.filter(sent_at=None).count()


def _unread(user: "User") -> int:
    return Digest.objects.visible_to(user).filter(read_at=None).count()


def _near(user: "User", on: date) -> list[Near]:
    events = (
        Event.objects.visible_to(user)
        .working()
        .filter(state=EventState.PUBLISHED, due_on__range=(on, on + NEAR))
        .order_by("due_on", "position")
    )
    near = [Near(each.due_on, each.title, _matrix_url(each)) for each in events if each.due_on]
    periods = Period.objects.filter(state=PeriodState.OPEN, due_on__range=(on, on + NEAR))
    near += [
        Near(each.due_on, str(each), reverse("admin:summary", args=[each.pk])) for each in periods
    ]
    near += [*_terms_near(user, on)]
    return sorted(near, key=lambda each: each.day)


def _terms_near(user: "User", on: date) -> Iterator[Near]:
    """The first of the terms that are over in these weeks."""
    terms = Term.objects.visible_to(user).current().filter(due_on__range=(on, on + NEAR))
    for term in terms.select_related("organization").order_by("due_on", "pk")[:TERMS_SHOWN]:
        url = reverse("admin:cadres_ledgerrow_change", args=[term.organization_id])
        yield Near(term.due_on, f"{term.organization.label}任期届满", url)


def _matrix_url(event: Event) -> str:
    query = urlencode({"year": event.year, "month": event.last_month, "event": event.pk})
    return f"{reverse('admin:matrix')}?{query}"
