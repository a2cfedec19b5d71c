"""Jobs: run once, end in words, and stand in the audit log where they were asked for."""

import errno
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError
from django.utils import timezone
from kombu.exceptions import ChannelError
from kombu.exceptions import OperationalError as BrokerGoneError
from redis import RedisError

from common import audit, jobs
from common.errors import DomainError
from common.models import AuditEntry, Job, JobState, Pulse
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


# Interrupted ------------------------------------------------------------------------------------
def test_what_the_database_interrupts_is_done_later_but_not_for_ever(monkeypatch):
    def work(_progress: jobs.Progress) -> None:
        raise OperationalError("terminating connection due to administrator command")

    monkeypatch.setitem(jobs._runners, KIND, work)
    asked = enqueue("好")
    states = []
    for _ in range(jobs.MAX_ATTEMPTS):
        with pytest.raises(OperationalError):
            jobs.execute(job_id=asked.pk, at=timezone.now())
        asked.refresh_from_db()
        states.append(asked.state)
    assert states == [JobState.QUEUED, JobState.QUEUED, JobState.FAILED]
    assert "请重新发起" in asked.message


def test_a_job_of_a_newer_version_is_left_alone(ran, monkeypatch):
    kind, params = enqueue("好"), enqueue("好")
    Job.objects.filter(pk=kind.pk).update(kind="tests.newer")
    monkeypatch.setitem(jobs._params, KIND, frozenset({"number"}))
    for asked in (kind, params):
        jobs.execute(job_id=asked.pk, at=timezone.now())
    assert set(Job.objects.values_list("state", "attempts")) == {(JobState.QUEUED, 0)}
    assert ran == []


def test_a_kind_is_asked_for_with_its_own_parameters_only(ran, monkeypatch):
    monkeypatch.setitem(jobs._params, KIND, frozenset({"number"}))
    with pytest.raises(LookupError, match="word"):
        enqueue("好")


@pytest.mark.parametrize(
    "error", [BrokerGoneError("no broker"), RedisError("gone"), ChannelError("full"), OSError(28)]
)
def test_a_broker_that_is_gone_loses_the_hint_only(ran, monkeypatch, error):
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise error

    monkeypatch.setattr(jobs.run_job, "apply_async", refuse)
    asked = enqueue("好")
    jobs._hint(asked.pk)
    assert jobs.sweep(at=timezone.now()) == [asked.pk]


def test_a_result_that_does_not_fit_on_the_disk_is_told(monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    def work(progress: jobs.Progress) -> None:
        monkeypatch.setattr(Path, "replace", no_room)
        progress.keep(b"%PDF", name="a.pdf")

    def no_room(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setitem(jobs._runners, KIND, work)
    asked = enqueue("好")
    jobs.execute(job_id=asked.pk, at=timezone.now())
    asked.refresh_from_db()
    assert (asked.state, asked.result_path) == (JobState.FAILED, "")
    assert "磁盘空间不足" in asked.message
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_delay_is_told_of_a_waiting_job_and_of_a_silent_scheduler(ran):
    now = timezone.now()
    asked = enqueue("好")
    assert jobs.delay_notice(at=now) == ""
    assert jobs.delay_notice(at=now, job=asked) == ""
    late = now + timedelta(minutes=2)
    assert "延迟" in jobs.delay_notice(at=late, job=asked)
    Pulse.objects.create(name=jobs.SCHEDULER_PULSE, at=now)
    assert jobs.delay_notice(at=late) == ""
    assert "延迟" in jobs.delay_notice(at=now + timedelta(minutes=4))
    # Set back, the clock is before the last sign of life: nobody knows of a delay.
    assert jobs.delay_notice(at=now - timedelta(hours=1)) == ""
    jobs.execute(job_id=asked.pk, at=now)
    asked.refresh_from_db()
    assert jobs.delay_notice(at=now + timedelta(days=1), job=asked) == ""
