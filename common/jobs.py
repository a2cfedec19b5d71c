"""Long work as database rows: claimed by a conditional UPDATE, retried, swept up after a crash.

A room registers a function for a kind; a door calls :func:`enqueue` inside its transaction; the
broker only carries the hint that there is something to do. A worker killed in the middle leaves a
row whose heart has stopped; :func:`sweep` puts it back in the queue. So every function must be
safe to run twice.
"""

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from celery import shared_task
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import ChannelError, KombuError
from redis import RedisError

from common import audit
from common.errors import DomainError
from common.files import is_full, write_whole
from common.models import Job, JobState, Pulse

if TYPE_CHECKING:
    from accounts.models import User

logger = logging.getLogger(__name__)

HEARTBEAT_LOST_AFTER = timedelta(minutes=5)
MAX_ATTEMPTS = 3
SCHEDULER_PULSE = "scheduler"
Runner = Callable[["Progress"], None]
_runners: dict[str, Runner] = {}
_params: dict[str, frozenset[str]] = {}

# Whoever waits is told from then on that they will wait longer.
LATE_AFTER = timedelta(minutes=1)
SILENT_AFTER = timedelta(minutes=3)
DELAYED = "后台处理暂时延迟，打印、导入和提醒会晚一些。已提交的都已保存，恢复后自动继续，不必重做。"
_FULL = "磁盘空间不足，没有生成文件。请联系管理员清理磁盘，然后重新发起。"
_INTERRUPTED = "多次处理都中断了，请重新发起。"
_DEFECT = "处理时出现意外，已记录，请稍后重试；仍不行请联系管理员。"
_BROKER_ERRORS = (OSError, KombuError, ChannelError, RedisError)
# One try more: a connection kept since before the broker's restart is only found out by using it.
_HINT_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}


class Progress:
    """What a running job may say about itself; also hands it its parameters."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.params: dict[str, Any] = job.params

    def advance(self, done: int, total: int) -> None:
        """Store how far the work is; beats the heart as well."""
        Job.objects.filter(pk=self.job.pk).update(
            done=done, total=total, heartbeat_at=timezone.now()
        )

    def keep(self, content: bytes, *, name: str) -> None:
        """Keep a result file, shown to people as ``name``."""
        path = f"jobs/{self.job.pk}-{uuid4().hex}{Path(name).suffix}"
        write_whole(settings.MEDIA_ROOT / path, [content], full=_FULL)
        Job.objects.filter(pk=self.job.pk).update(result_path=path, result_name=name)

    def say(self, message: str) -> None:
        """Leave a Chinese message for the person who waits."""
        Job.objects.filter(pk=self.job.pk).update(message=message)


def register(kind: str, *, params: Collection[str]) -> Callable[[Runner], Runner]:
    """Make a function the runner of jobs of ``kind`` with these parameters.

    While two versions run side by side, a worker leaves alone what names a kind or a parameter
    that it doesn't know: one that does know will come.
    """

    def remember(function: Runner) -> Runner:
        _runners[kind], _params[kind] = function, frozenset(params)
        return function

    return remember


def enqueue(*, kind: str, label: str, params: dict[str, Any], owner: "User | None") -> Job:
    """Write the job row and, after commit, hint to the worker that it is there.

    A broker that is down loses the hint only: the sweeper finds the row within a minute.
    """
    if kind not in _runners:
        raise LookupError(f"No runner is registered for jobs of kind {kind!r}.")
    if foreign := _foreign_params(kind, params):
        raise LookupError(f"Jobs of kind {kind!r} are registered without {sorted(foreign)}.")
    source = audit.origin()
    job = Job.objects.create(
        kind=kind,
        label=label,
        params=params,
        owner=owner,
        address=source.address,
        agent=source.agent,
    )
    transaction.on_commit(lambda: _hint(job.pk))
    return job


def _hint(job_id: int) -> None:
    try:
        run_job.apply_async((job_id,), retry_policy=_HINT_POLICY)
    except _BROKER_ERRORS as error:
        logger.warning("broker does not answer, job %s waits for the sweeper: %s", job_id, error)


def _foreign_params(kind: str, params: Collection[str]) -> set[str]:
    return set(params) - _params[kind] if kind in _params else set()


def claim(*, job_id: int, at: datetime) -> Job | None:
    """Take the job if it is still waiting; None when somebody else has it, or will have to."""
    waiting = Job.objects.filter(pk=job_id, state=JobState.QUEUED)
    job = waiting.first()
    if job is None:
        return None
    if job.kind not in _runners or _foreign_params(job.kind, job.params):
        logger.warning("job %s (%s) is left for a newer worker", job.pk, job.kind)
        return None
    taken = waiting.update(
        state=JobState.RUNNING, claimed_at=at, heartbeat_at=at, attempts=F("attempts") + 1
    )
    return Job.objects.get(pk=job_id) if taken else None


def execute(*, job_id: int, at: datetime) -> None:
    """Claim and run one job; whatever goes wrong ends in its row, in words for its owner."""
    job = claim(job_id=job_id, at=at)
    if job is None:
        return
    try:
        with audit.origin_scope(audit.Origin(job.address, job.agent)):
            _runners[job.kind](Progress(job))
    except DomainError as error:
        _finish(job, JobState.FAILED, error.message)
    except (OperationalError, InterfaceError):
        # If the database isn't back yet this fails too, and the sweeper misses the heartbeat.
        if connection.connection is not None and not connection.is_usable():
            connection.close()
        _put_back(job)
        raise
    except Exception as error:
        _finish(job, JobState.FAILED, _FULL if is_full(error) else _DEFECT)
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        raise
    else:
        _finish(job, JobState.DONE, None)


def _finish(job: Job, state: JobState, message: str | None) -> None:
    fields: dict[str, Any] = {"state": state, "finished_at": timezone.now()}
    if message is not None:
        fields["message"] = message
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(**fields)


def _put_back(job: Job) -> None:
    """Leave a job that the database interrupted to the sweeper, but not for ever."""
    if job.attempts >= MAX_ATTEMPTS:
        _finish(job, JobState.FAILED, _INTERRUPTED)
    else:
        Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(state=JobState.QUEUED)


def delay_notice(*, at: datetime, job: Job | None = None) -> str:
    """Say in Chinese that work in the background is late, or that ``job`` is; empty if not."""
    if job is not None:
        if job.ended:
            return ""
        if job.state == JobState.QUEUED and job.created_at < at - LATE_AFTER:
            return DELAYED
    silent = Pulse.objects.filter(name=SCHEDULER_PULSE, at__lt=at - SILENT_AFTER).exists()
    return DELAYED if silent else ""


def sweep(*, at: datetime) -> list[int]:
    """Put back jobs whose worker died, give up those that died too often; return what waits."""
    dead = Job.objects.filter(Q(heartbeat_at__lt=at - HEARTBEAT_LOST_AFTER), state=JobState.RUNNING)
    dead.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=JobState.FAILED, finished_at=at, message=_INTERRUPTED
    )
    dead.update(state=JobState.QUEUED)
    return list(Job.objects.filter(state=JobState.QUEUED).values_list("pk", flat=True))


@shared_task(name="common.run_job")
def run_job(job_id: int) -> None:
    """Run one job row."""
    execute(job_id=job_id, at=timezone.now())


@shared_task(name="common.sweep_jobs")
def sweep_jobs() -> None:
    """Show that scheduler and worker go on; run what a lost hint or a killed worker left."""
    Pulse.objects.update_or_create(name=SCHEDULER_PULSE, defaults={"at": timezone.now()})
    for job_id in sweep(at=timezone.now()):
        execute(job_id=job_id, at=timezone.now())
