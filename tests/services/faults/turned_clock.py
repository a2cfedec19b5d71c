"""The portal's Celery in a hurry (tests.bureau.hurried), on a clock that is set back an hour.

It is once the file named by CLOCK_BACK is there. Monotonic time goes on, as on a real machine.
"""

import os
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

from tests.bureau.hurried import app

SIGN = Path(os.environ["CLOCK_BACK"])


def _turn() -> None:
    while not SIGN.exists():
        time.sleep(0.1)
    time_machine.travel(datetime.now(UTC) - timedelta(hours=1), tick=True).start()
    (SIGN.parent / f"turned-{'beat' if 'beat' in sys.argv else 'worker'}").touch()


threading.Thread(target=_turn, daemon=True).start()

__all__ = ["app"]
