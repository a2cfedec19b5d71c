"""Long work as database rows: claimed by a conditional UPDATE, retried, swept up after a crash.

A room registers a function for a kind; a door calls :func:`enqueue` inside its transaction; the
broker only carries the hint that there is something to do. A worker killed in the middle leaves a
row whose heart has stopped; :func:`sweep` puts it back in the queue. So every function must be
safe to run twice.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from common import audit
from common.errors import DomainError
from common.models import Job, JobState

if TYPE_CHECKING:
    from accounts.models import User

logger = logging.getLogger(__name__)

HEARTBEAT_LOST_AFTER = timedelta(minutes=5)
MAX_ATTEMPTS = 3
Runner = Callable[["Progress"], None]
_runners: dict[str, Runner] = {}


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
        target = settings.MEDIA_ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        target.chmod(0o600)
        Job.objects.filter(pk=self.job.pk).update(result_path=path, result_name=name)

    def say(self, message: str) -> None:
        """Leave a Chinese message for the person who waits."""
        Job.objects.filter(pk=self.job.pk).update(message=message)


def register(kind: str) -> Callable[[Runner], Runner]:
    """Make a function the runner of jobs of ``kind``."""

    def remember(function: Runner) -> Runner:
        _runners[kind] = function
        return function

    return remember


def enqueue(*, kind: str, label: str, params: dict[str, Any], owner: "User | None") -> Job:
    """Write the job row and, after commit, hint to the worker that it is there.

    A broker that is down loses the hint only: the sweeper finds the row within a minute.
    """
    if kind not in _runners:
        raise LookupError(f"No runner is registered for jobs of kind {kind!r}.")
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
        run_job.delay(job_id)
    except OSError as error:
        logger.warning("broker does not answer, job %s waits for the sweeper: %s", job_id, error)


def claim(*, job_id: int, at: datetime) -> Job | None:
    """Take the job if it is still waiting; None when somebody else has it."""
    taken = Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(
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
    except Exception:
        _finish(job, JobState.FAILED, "处理时出现意外，已记录，请稍后重试；仍不行请联系管理员。")
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        raise
    else:
        _finish(job, JobState.DONE, None)


def _finish(job: Job, state: JobState, message: str | None) -> None:
    fields: dict[str, Any] = {"state": state, "finished_at": timezone.now()}
    if message is not None:
        fields["message"] = message
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(**fields)


def sweep(*, at: datetime) -> list[int]:
    """Put back jobs whose worker died, give up those that died too often; return what waits."""
    dead = Job.objects.filter(Q(heartbeat_at__lt=at - HEARTBEAT_LOST_AFTER), state=JobState.RUNNING)
    dead.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=JobState.FAILED, finished_at=at, message="多次处理都中断了，请重新发起。"
    )
    dead.update(state=JobState.QUEUED)
    return list(Job.objects.filter(state=JobState.QUEUED).values_list("pk", flat=True))


@shared_task(name="common.run_job")
def run_job(job_id: int) -> None:
    """Run one job row."""
    execute(job_id=job_id, at=timezone.now())


@shared_task(name="common.sweep_jobs")
def sweep_jobs() -> None:
    """Find and run what a lost hint or a killed worker left behind."""
    for job_id in sweep(at=timezone.now()):
        execute(job_id=job_id, at=timezone.now())
