"""How gunicorn serves the portal, wherever it is started from the checkout's folder.

Without Redis the throttles live in one process's memory, so there must be one only.
"""

import os

wsgi_app = "bureau.wsgi:application"
logger_class = "bureau.weblog.WebLogger"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "3")) if os.environ.get("REDIS_URL") else 1
threads = 8
# The memory of a process stays flat, but a bureau's machine runs for years.
max_requests, max_requests_jitter = (20_000, 2_000) if workers > 1 else (0, 0)
graceful_timeout = 5
control_socket_disable = True
# Heartbeats of the workers; on a disk that stalls, gunicorn would kill them.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108
