"""Jobs: run once, end in words, and stand in the audit log where they were asked for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from common import audit, jobs
from common.errors import DomainError
from common.models import AuditEntry, Job, JobState
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
KIND = "tests.work"


@pytest.fixture
def ran(monkeypatch) -> list[int]:
    """Have a runner that notes which jobs it ran and writes to the audit log."""
    done: list[int] = []

    def work(progress: jobs.Progress) -> None:
        done.append(progress.job.pk)
        audit.record(actor=progress.job.owner, verb="tests.work", label=progress.params["word"])
        if progress.params["word"] == "不行":
            raise DomainError("名单里没有人。")
        if progress.params["word"] == "坏":
            raise RuntimeError("broken")

    monkeypatch.setitem(jobs._runners, KIND, work)
    return done


def enqueue(word: str) -> Job:
    return jobs.enqueue(kind=KIND, label="试", params={"word": word}, owner=UserFactory())


def test_what_a_job_does_comes_from_where_it_was_asked_for(ran):
    with audit.origin_scope(audit.Origin("10.1.2.3", "Firefox")):
        asked = enqueue("好")
    jobs.execute(job_id=asked.pk, at=timezone.now())
    assert [(row.address, row.agent) for row in AuditEntry.objects.all()] == [
        ("10.1.2.3", "Firefox")
    ]
    assert audit.origin() == audit.Origin()


def test_a_job_is_run_once(ran):
    asked = enqueue("好")
    for _ in range(2):
        jobs.execute(job_id=asked.pk, at=timezone.now())
    assert ran == [asked.pk]
    assert Job.objects.get().state == JobState.DONE


def test_what_a_rule_refuses_is_told_and_a_defect_hidden(ran):
    refused, broken = enqueue("不行"), enqueue("坏")
    jobs.execute(job_id=refused.pk, at=timezone.now())
    with pytest.raises(RuntimeError):
        jobs.execute(job_id=broken.pk, at=timezone.now())
    assert Job.objects.get(pk=refused.pk).message == "名单里没有人。"
    assert Job.objects.get(pk=broken.pk).message.startswith("处理时出现意外，已记录")
    assert {job.state for job in Job.objects.all()} == {JobState.FAILED}


def test_a_job_whose_worker_died_runs_again_and_not_for_ever(ran):
    asked = enqueue("好")
    at = timezone.now()
    for attempt in range(1, jobs.MAX_ATTEMPTS + 1):
        assert jobs.claim(job_id=asked.pk, at=at).attempts == attempt
        assert jobs.sweep(at=at + timedelta(minutes=4)) == []
        at += timedelta(minutes=6)
        assert jobs.sweep(at=at) == ([asked.pk] if attempt < jobs.MAX_ATTEMPTS else [])
    given_up = Job.objects.get()
    assert (given_up.state, given_up.message) == (JobState.FAILED, "多次处理都中断了，请重新发起。")


def test_a_kind_nobody_knows_is_a_defect():
    with pytest.raises(LookupError):
        jobs.enqueue(kind="tests.unknown", label="", params={}, owner=None)
