"""The Celery application; the timetable of the scheduler stands in ``bureau.schedule``."""

import os

from celery import Celery

from bureau.schedule import BEAT_SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bureau.settings")

app = Celery("bureau")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")
app.conf.beat_schedule = BEAT_SCHEDULE
