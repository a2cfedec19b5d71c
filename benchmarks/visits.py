"""Who hands in what in the rush; as a program it builds a bureau first and prints the plan."""

import json
import os
import sys
from dataclasses import asdict, dataclass, field
from importlib import import_module
from typing import Any

COOKIE = "sessionid"


@dataclass(frozen=True)
class Visit:
    """A page with a form that a session has open; ``values`` are what its secretary types."""

    session: str
    path: str
    form: str
    values: dict[str, str] = field(default_factory=dict)


def plan_visits() -> list[Visit]:
    """Every secretary hands in once: the report of the last period, or else the month's task."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.utils import timezone

    from accounts.middleware import RENEWED
    from calendar_events.models import Task
    from organizations.models import Role
    from reports.models import Report

    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    today = timezone.localdate()
    reports = dict(
        Report.objects.filter(state="draft", period__ends_on__lt=today).values_list(
            "organization", "pk"
        )
    )
    waiting = Task.objects.pending().filter(event__figures=None).order_by("-due_on")
    tasks = dict(waiting.values_list("organization", "pk"))
    visits = []
    heads = Role.objects.filter(kind="secretary").select_related("user").order_by("pk")
    for head in heads:
        path, form, values = _errand(head.organization_id, reports, tasks)
        if not path:
            continue
        session = store()
        session[SESSION_KEY] = str(head.user_id)
        session[BACKEND_SESSION_KEY] = "accounts.backends.UsernameBackend"
        session[HASH_SESSION_KEY] = head.user.get_session_auth_hash()
        session[RENEWED] = int(timezone.now().timestamp())
        session.save()
        visits.append(Visit(session.session_key, path, form, values))
    return visits


def _errand(
    organization: int, reports: dict[int, int], tasks: dict[int, int]
) -> tuple[str, str, dict[str, str]]:
    from django.urls import reverse

    if organization in reports:
        values = {"plans": "开展主题党日。", "theme_day_reason": "放假"}
        return reverse("reports:report", args=[reports[organization]]), "report-form", values
    if organization in tasks:
        place = reverse("calendar_events:task", args=[tasks[organization]])
        typed = {"summary": "已对照要求完成。", "entitled": "12", "present": "11"}
        return place, "record-form", typed
    return "", "", {}


def main() -> None:
    """Build a bureau of the size given in the database of DATABASE_URL; print the plan as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    import django

    django.setup()
    from benchmarks.databases import migrated
    from benchmarks.seeding import build

    migrated()
    build(int(sys.argv[1]))
    print(json.dumps([asdict(visit) for visit in plan_visits()]))


if __name__ == "__main__":
    main()
