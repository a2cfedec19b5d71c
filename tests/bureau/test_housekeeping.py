"""What goes at night, and what stays."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from bureau.housekeeping import Tidied, tidy
from bureau.jobs import tidy_up
from common import audit
from common.models import AuditEntry, Draft, Job, JobState
from notices.models import Notice
from notifications.models import Digest
from notifications.services import sweep
from tests.factories import UserFactory
from tests.notifications.rows import at as moment
from tests.notifications.rows import kept

pytestmark = pytest.mark.django_db
NIGHT = moment(3, 21, 3, 20)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def session(age: timedelta) -> Session:
    store = SessionStore()
    store.save()
    Session.objects.filter(pk=store.session_key).update(expire_date=NIGHT - age)
    return Session.objects.get(pk=store.session_key)


def draft(age: timedelta) -> Draft:
    return Draft.objects.create(owner=UserFactory(), key="record:new", saved_at=NIGHT - age)


def result(age: timedelta, state: str = JobState.DONE) -> tuple[Job, Path]:
    """A job that ended so long ago, with its file."""
    job = Job.objects.create(kind="k", label="月报", state=state, finished_at=NIGHT - age)
    job.result_path, job.result_name = f"jobs/{job.pk}.pdf", "月报.pdf"
    job.save()
    path = Path(settings.MEDIA_ROOT) / job.result_path
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"%PDF")
    return job, path


def stray(age: timedelta) -> Path:
    path = Path(settings.MEDIA_ROOT) / "attachments" / f"stray-{age.days}"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    then = (NIGHT - age).timestamp()
    os.utime(path, (then, then))
    return path


DAY = timedelta(days=1)
A_MOMENT = timedelta(seconds=1)


def test_expired_sessions_go():
    session(A_MOMENT)
    kept_one = session(-DAY)
    assert tidy(at=NIGHT).sessions == 1
    assert Session.objects.get() == kept_one


def test_drafts_of_half_a_year_go():
    draft(180 * DAY + A_MOMENT)
    kept_one = draft(180 * DAY - A_MOMENT)
    assert tidy(at=NIGHT).drafts == 1
    assert Draft.objects.get() == kept_one


def test_files_without_a_row_go_after_a_day():
    old, young = stray(2 * DAY), stray(timedelta(hours=23))
    assert tidy(at=NIGHT).orphans == 1
    assert (old.exists(), young.exists()) == (False, True)


def test_results_of_a_month_go_and_their_rows_stay():
    (old, old_file), (young, young_file) = result(30 * DAY + A_MOMENT), result(30 * DAY - A_MOMENT)
    assert tidy(at=NIGHT).results == 1
    assert (old_file.exists(), young_file.exists()) == (False, True)
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.result_path, old.state, old.result_name) == ("", JobState.DONE, "月报.pdf")
    assert young.result_path == f"jobs/{young.pk}.pdf"


def test_the_pdf_of_a_notice_stays():
    job, file = result(400 * DAY)
    Notice.objects.create(title="通知", source="通知", job=job, created_by=UserFactory())
    assert tidy(at=NIGHT).results == 0
    assert file.exists()


def test_a_result_whose_file_is_gone_already_is_no_obstacle():
    _, file = result(31 * DAY)
    file.unlink()
    assert tidy(at=NIGHT).results == 1


def test_the_log_and_the_digests_stay_however_old():
    audit.record(actor=None, verb="accounts.login", at=NIGHT - 2000 * DAY)
    kept(UserFactory(), due_at=moment(1, 5))
    sweep(at=moment(1, 5))
    tidy(at=NIGHT + 2000 * DAY)
    assert AuditEntry.objects.filter(verb="accounts.login").count() == 1
    assert Digest.objects.count() == 1


def test_each_night_leaves_one_entry_in_the_log():
    session(DAY)
    draft(200 * DAY)
    assert tidy(at=NIGHT) == Tidied(sessions=1, orphans=0, drafts=1, results=0)
    assert tidy(at=NIGHT) == Tidied(sessions=0, orphans=0, drafts=0, results=0)
    first, second = AuditEntry.objects.filter(verb="bureau.tidy").order_by("id")
    assert (first.actor, first.at, first.object_label) == (None, NIGHT, "每晚清理")
    assert first.after == {"sessions": 1, "orphans": 0, "drafts": 1, "results": 0}
    assert second.after == {"sessions": 0, "orphans": 0, "drafts": 0, "results": 0}


def test_the_task_tidies_up():
    session(DAY)
    with time_machine.travel(NIGHT, tick=False):
        tidy_up()
        assert timezone.now() == NIGHT
    assert not Session.objects.exists()
