"""Records: what took place, filed together with the tasks it does."""

import hashlib
import secrets
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from activities.api import (
    ContentBody,
    RecordDetail,
    RecordFilter,
    RecordRow,
    WithdrawBody,
    content_of,
)
from activities.models import Record, RecordQuerySet
from calendar_events.api.tasks import ValuesBody, answers_of
from calendar_events.models import Task
from calendar_events.services import file_record, refile_record, withdraw_filed
from common.api.fields import IdField
from common.api.versions import row_version
from common.api.views import Resource, Typed, chosen, verb
from organizations.choices import ApiArea
from organizations.models import Organization

MOST_TASKS = 50


class ChangeBody(ContentBody, ValuesBody):
    """A record anew: all of it, and the tasks it does."""

    task_ids = serializers.ListField(
        label="用这条记录完成的任务（编号）",
        child=IdField(),
        max_length=MOST_TASKS,
        required=False,
    )


class FileBody(ChangeBody):
    """A new record."""

    organization_id = IdField(label="党组织编号")
    submission_key = serializers.CharField(
        label="提交编号，由程序自定；同一编号重复发送只登记一次",
        max_length=100,
        required=False,
    )


class RecordResource(Resource[Record]):
    """Records in the scope."""

    area = ApiArea.RECORDS
    label = "工作记录"
    summary = "登记一条工作记录，可同时完成任务"
    serializer_class = RecordRow
    detail_class = RecordDetail
    filterset_class = RecordFilter
    body_class = FileBody

    def rows(self) -> QuerySet[Record]:
        """With their organisation."""
        rows: RecordQuerySet = Record.objects.visible_to(self.actor)
        return rows.select_related("organization")

    def detailed(self, rows: QuerySet[Record]) -> QuerySet[Record]:
        """With numbers and files."""
        return rows.prefetch_related("counters", "attachments")

    def version(self, row: Record) -> str:
        """Every change counts the record's own version up, its numbers and files included."""
        return row_version(row)

    def create(self, request: Request) -> Response:
        """File a record and do tasks by it, all or nothing."""
        del request
        typed = self.typed()
        there = Organization.objects.visible_to(self.actor)
        record = file_record(
            actor=self.actor,
            organization=chosen(there, [typed["organization_id"]], "organization_id")[0],
            content=content_of(typed),
            token=self._token(typed.get("submission_key")),
            tasks=self._tasks(typed),
            values=answers_of(typed),
            at=timezone.now(),
        )
        return self.shown(self.detailed(self.rows()).get(pk=record.pk), status=201)

    @verb("change", "修改工作记录（整条重写）", body=ChangeBody)
    def change_content(self, request: Request, pk: str) -> Response:
        """Write it anew; files stay as they are."""
        del request, pk
        return self.change(
            lambda row, typed, at: refile_record(
                actor=self.actor,
                record=row,
                version=row.version,
                content=content_of(typed),
                tasks=self._tasks(typed),
                values=answers_of(typed),
                at=at,
            )
        )

    @verb("withdraw", "撤回工作记录，用它完成的任务重新打开", body=WithdrawBody)
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take it back."""
        del request, pk
        return self.change(
            lambda row, typed, at: withdraw_filed(actor=self.actor, record=row, at=at, **typed)
        )

    def _tasks(self, typed: Typed) -> list[Task]:
        tasks = Task.objects.visible_to(self.actor).select_related("event", "organization")
        found: list[Task] = chosen(tasks, typed.get("task_ids", ()), "task_ids")
        return found

    def _token(self, key: Any) -> str:
        """Keep the keys of different people apart: a record's token is unique among all."""
        if not key:
            return secrets.token_urlsafe(24)
        return hashlib.sha256(f"{self.actor.pk}:{key}".encode()).hexdigest()[:40]
