"""The timetable of the scheduler.

What is due is read from the database, so nothing here must be punctual. A call that no worker has
taken before the next one is due expires: a worker that comes back after a week finds one of each
waiting, not two thousand. What is done at night waits for it until the next evening.
"""

from typing import Any

from celery.schedules import crontab, schedule


def _every(task: str, seconds: int) -> dict[str, Any]:
    return {"task": task, "schedule": schedule(seconds), "options": {"expires": seconds}}


def _at_night(task: str, when: crontab) -> dict[str, Any]:
    """Shanghai time: CELERY_TIMEZONE."""
    return {"task": task, "schedule": when, "options": {"expires": 20 * 3600}}


BEAT_SCHEDULE = {
    "sweep-jobs": _every("common.sweep_jobs", 60),
    "remind": _every("bureau.remind", 300),
    "check": _at_night("bureau.check", crontab(hour="1", minute="40")),
    # Before the housekeeping, so that what that removes is in the backup once more.
    "backup": _at_night("bureau.backup", crontab(hour="2", minute="30")),
    "tidy": _at_night("bureau.tidy", crontab(hour="3", minute="20")),
    "drill": _at_night("bureau.drill", crontab(hour="4", minute="10", day_of_week="sunday")),
}
