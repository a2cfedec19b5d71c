"""The timetable of the scheduler.

What is due is read from the database, so nothing here must be punctual. A call that no worker has
taken before the next one is due expires: a worker that comes back after a week finds one of each
waiting, not two thousand. The night's housekeeping waits for it until the next evening.
"""

from typing import Any

from celery.schedules import crontab, schedule


def _every(task: str, seconds: int) -> dict[str, Any]:
    return {"task": task, "schedule": schedule(seconds), "options": {"expires": seconds}}


BEAT_SCHEDULE = {
    "sweep-jobs": _every("common.sweep_jobs", 60),
    "remind": _every("bureau.remind", 300),
    # Shanghai time: CELERY_TIMEZONE.
    "tidy": {
        "task": "bureau.tidy",
        "schedule": crontab(hour="3", minute="20"),
        "options": {"expires": 20 * 3600},
    },
}
