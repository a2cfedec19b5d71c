"""The timetable of the scheduler.

What is due is read from the database, so nothing here must be punctual.
"""

from celery.schedules import schedule

BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "common.sweep_jobs", "schedule": schedule(60)},
    "remind": {"task": "bureau.remind", "schedule": schedule(300)},
}
