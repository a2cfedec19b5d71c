"""What tests of faults have the portal's own code do, in a process of its own: prints JSON."""

import json
import sys
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone

from accounts.models import User
from bureau.celery import app
from organizations.models import Role
from reports.models import Period, Report
from reports.permissions import may_submit
from reports.services.printing import print_report, print_summary


def _say(answer: Any) -> None:
    sys.stdout.write(f"{json.dumps(answer)}\n")


def session_of(user: User) -> str:
    """Log somebody in without the password, whose hashing would take longer than the test."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "accounts.backends.UsernameBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.set_expiry(timedelta(days=1))
    store.create()
    return str(store.session_key)


def sessions(*usernames: str) -> None:
    """Say the keys of new sessions."""
    _say([session_of(User.objects.get(username=name)) for name in usernames])


def reported(username: str) -> None:
    """Say the number of a report that this secretary has handed in."""
    roles = Role.objects.filter(user__username=username).values("organization")
    report = Report.objects.filter(organization__in=roles, state="approved").latest("id")
    _say(report.pk)


def rush() -> None:
    """Have every school owe its report of the last period that has ended; say who hands it in."""
    period = Period.objects.filter(ends_on__lt=timezone.localdate()).latest("ends_on")
    Period.objects.filter(pk=period.pk).update(state="open")
    reports = Report.objects.filter(period=period)
    reports.update(state="returned")
    owed = []
    for report in reports.select_related("organization"):
        roles = Role.objects.filter(organization=report.organization, kind="secretary")
        heads = [role.user for role in roles if may_submit(role.user, report)]
        if heads:
            owed.append({
                "report": report.pk, "version": report.version, "session": session_of(heads[0]),
            })  # fmt: skip
    _say(owed)


def schema_gaps() -> None:
    """Say which tables and columns the models have and the database lacks."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        gaps = [each._meta.db_table for each in apps.get_models(include_auto_created=True)
                if each._meta.managed and each._meta.db_table not in tables]  # fmt: skip
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and model._meta.db_table in tables:
                described = connection.introspection.get_table_description(
                    cursor, model._meta.db_table
                )
                columns = {column.name for column in described}
                gaps += [
                    f"{model._meta.db_table}.{field.column}"
                    for field in model._meta.local_concrete_fields
                    if field.column not in columns
                ]
    _say(gaps)


def newer_work() -> None:
    """Ask for what the old worker (``older.py``) doesn't know; say the jobs, and the call's id."""
    officer = User.objects.get(username="zuzhi")
    report = Report.objects.filter(state="approved").latest("id")
    jobs = [
        print_report(actor=officer, report=report, at=timezone.now()),
        print_summary(
            actor=officer,
            period=report.period,
            organization_ids=[report.organization_id],
            at=timezone.now(),
        ),
    ]
    call = app.send_task("bureau.remind", expires=3600)
    _say([[job.pk for job in jobs], call.id])
