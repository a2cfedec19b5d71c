"""Celery's scheduler, for clocks that are set back.

It keeps in the clock's time when each entry was last sent, so after a step back of an hour it
would send nothing for an hour.
"""

import time
from typing import Any

from celery.beat import PersistentScheduler
from celery.schedules import crontab

# Clocks are put right by a second or two all the time.
STEP_SECONDS = 10


class Scheduler(PersistentScheduler):
    """Counts from now on where it finds itself before what it did last."""

    _seen = 0.0

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send one entry that is due."""
        now = time.time()
        if now < self._seen - STEP_SECONDS:
            self._count_from_now()
        self._seen = now
        seconds: float = super().tick(*args, **kwargs)
        return seconds

    def setup_schedule(self) -> None:
        """Read the timetable; what was kept may come from a clock that was ahead."""
        super().setup_schedule()
        self._count_from_now()

    def _count_from_now(self) -> None:
        """Forget about moments yet to come; what is done at night was done for this night."""
        for entry in self.schedule.values():
            now, last = entry.default_now(), entry.last_run_at
            if now and last and last > now and not isinstance(entry.schedule, crontab):
                entry.last_run_at = now
        self._heap = None
