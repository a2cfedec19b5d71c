"""The database goes away in the middle of saving: nothing half saved, nothing typed lost."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, close_old_connections, connection
from django.test import Client
from django.urls import reverse

from activities.models import Record
from calendar_events.choices import TaskState
from common import drafts
from common.models import AuditEntry, Draft
from tests.calendar_events.builders import NOW, published_event, task_of
from tests.calendar_events.pages import typed
from tests.personas import build_bureau

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
TYPED = "清理河道，拾到𬭎矿石一块"


@contextmanager
def gone_after(table: str) -> Iterator[list[str]]:
    """Take the database away right after the first row of ``table`` was written."""
    written: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if written:
            written.append(sql)
            _end_session()
            if connection.vendor == "sqlite":
                raise OperationalError("disk I/O error")
        result = execute(sql, params, many, context)
        if sql.startswith((f'INSERT INTO "{table}"', f'UPDATE "{table}"')):
            written.append(sql)
        return result

    with connection.execute_wrapper(watch):
        yield written


def _end_session() -> None:
    """What an administrator who restarts the server does to every session; a file has none."""
    if connection.vendor == "postgresql":
        with suppress(connection.Database.Error), connection.connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def secretary_of(bureau: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(bureau.secretary)
    return client


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_a_record_is_filed_whole_or_not_at_all() -> None:
    bureau = build_bureau()
    task = task_of(bureau.mine, published_event("志愿服务"))
    client, address = secretary_of(bureau), reverse("calendar_events:task", args=[task.pk])
    client.get(address)
    key = f"record:{bureau.secretary.pk}:task:{task.pk}:other"
    drafts.save(
        owner=bureau.secretary, key=key, version=0, data={"topic": [TYPED]}, device="", at=NOW
    )
    entries = AuditEntry.objects.count()

    with gone_after("activities_record") as written:
        answer = client.post(address, typed(topic=TYPED))
    close_old_connections()

    page = answer.content.decode()
    assert len(written) > 1
    assert answer.status_code == 503
    assert "数据库暂时连接不上，您填写的内容仍在本页" in page
    assert TYPED in page
    task.refresh_from_db()
    assert (Record.objects.count(), task.state) == (0, TaskState.OPEN)
    assert AuditEntry.objects.count() == entries
    assert Draft.objects.get(owner=bureau.secretary, key=key).data == {"topic": [TYPED]}

    assert client.post(address, typed(topic=TYPED)).status_code == 302
    assert Record.objects.get().topic == TYPED
