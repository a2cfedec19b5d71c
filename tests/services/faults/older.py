"""The worker of a version before this one: it lacks a kind of job, a parameter, a call.

Prints of summaries came later, prints of a report had no parameter yet, nobody was reminded.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bureau.settings")
django.setup()

from bureau.celery import app  # noqa: E402 - reads the settings prepared above
from common import jobs  # noqa: E402
from reports.services.printing import REPORT_JOB, SUMMARY_JOB  # noqa: E402

app.loader.import_default_modules()
del jobs._runners[SUMMARY_JOB]
jobs._params[REPORT_JOB] = frozenset()
app.tasks.unregister("bureau.remind")

__all__ = ["app"]
