"""The nightly housekeeping: what may go, goes; logs and everything that was filed stay."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from attachments.services import remove_orphans
from common import audit
from common.models import Draft, Job
from notices.models import Notice

ORPHANS_AFTER = timedelta(days=1)
DRAFTS_AFTER = timedelta(days=180)
RESULTS_AFTER = timedelta(days=30)


@dataclass(frozen=True)
class Tidied:
    """How many of each were removed."""

    sessions: int
    orphans: int
    drafts: int
    results: int


def tidy(*, at: datetime) -> Tidied:
    """Remove expired sessions, files without a row, drafts of 180 and results of 30 days.

    Safe to run twice and to be killed in the middle. Deliberately never touches the audit log, nor
    digests and deliveries: they are records, and logs stay at least 184 days. A result that a
    notice shows as its PDF stays too.
    """
    tidied = Tidied(
        sessions=_deleted(Session.objects.filter(expire_date__lt=at)),
        orphans=remove_orphans(before=at - ORPHANS_AFTER),
        drafts=_deleted(Draft.objects.filter(saved_at__lt=at - DRAFTS_AFTER)),
        results=_remove_results(before=at - RESULTS_AFTER),
    )
    audit.record(actor=None, verb="bureau.tidy", label="每晚清理", after=asdict(tidied), at=at)
    return tidied


def _deleted(rows: QuerySet[Session] | QuerySet[Draft]) -> int:
    return rows.delete()[0]


def _remove_results(*, before: datetime) -> int:
    """Delete the files of finished jobs; the rows stay and say that they had one."""
    shown = Notice.objects.exclude(job=None).values("job")
    old = Job.objects.filter(finished_at__lt=before).exclude(result_path="").exclude(pk__in=shown)
    rows = list(old.values_list("pk", "result_path"))
    for pk, path in rows:
        (Path(settings.MEDIA_ROOT) / path).unlink(missing_ok=True)
        Job.objects.filter(pk=pk).update(result_path="")
    return len(rows)
