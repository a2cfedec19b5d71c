"""How gunicorn serves the portal, wherever it is started from the checkout's folder."""

import gc
import os

from django.core.exceptions import ImproperlyConfigured

from bureau import env

try:
    workers = env.web_workers()
except ImproperlyConfigured as error:
    raise SystemExit(str(error)) from error

wsgi_app = "bureau.wsgi:application"
logger_class = "bureau.weblog.WebLogger"
worker_class = "gthread"
# More threads than a processor can serve only take turns with each other, and all are late.
threads = 4 if workers > 1 else 8
# The memory of a process stays flat, but a bureau's machine runs for years.
max_requests, max_requests_jitter = (20_000, 2_000) if workers > 1 else (0, 0)
graceful_timeout = 5
control_socket_disable = True
# Heartbeats of the workers; on a disk that stalls, gunicorn would kill them.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108


def post_worker_init(_worker: object) -> None:
    """Let the collector of garbage leave alone what stays for as long as the process.

    Those are some hundred thousand objects of the source itself; to look at them again and again
    takes a twentieth of a page's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
