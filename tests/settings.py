"""Settings of the test run: the portal's own, on a DATA_DIR that lives as long as the process.

Nothing of the developer's environment gets in. TEST_DATABASE_URL runs the tests on PostgreSQL
instead of SQLite; SQLite is a real file, as in production: two connections to a database in memory
would lock whole tables. Jobs are neither run eagerly nor by a worker: a hint goes into the
filesystem broker, and a test that wants the work done calls it, or starts a real worker. TEST_REDIS_URL puts
hints and the cache into Redis.
"""

import atexit
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_FOREIGN = (
    "TRUSTED_PROXIES",
    "REDIS_URL",
    "SITE_URL",
    "PORT",
    "DEMO",
    "DEBUG",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
)
_SECRETS = ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "BLIND_INDEX_KEY")
for _name in (*_FOREIGN, *_SECRETS, *(f"{name}_FILE" for name in _SECRETS), "DATABASE_URL"):
    os.environ.pop(_name, None)

_data_dir = tempfile.mkdtemp(prefix="portal-tests-")
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
os.environ["DATA_DIR"] = _data_dir
subprocess.run(
    [sys.executable, ROOT / "scripts" / "data_dir.py"], check=True, stdout=subprocess.DEVNULL
)
subprocess.run([sys.executable, ROOT / "scripts" / "compile_messages.py"], check=True)

if _on_redis := os.environ.get("TEST_REDIS_URL", ""):
    os.environ["REDIS_URL"] = _on_redis

from bureau import settings as _portal  # noqa: E402 - reads the environment prepared above

globals().update({name: value for name, value in vars(_portal).items() if name.isupper()})

DATABASES = _portal.DATABASES
_on_postgres = os.environ.get("TEST_DATABASE_URL", "")
if _on_postgres:
    # One database for each checkout, so that two of them can be tested side by side.
    _checkout = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
    DATABASES["default"] = {
        **_portal.env.db_url_config(_on_postgres),
        "TEST": {"NAME": f"test_portal_{_checkout}"},
    }
else:
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_data_dir) / "test.sqlite3")}

if _on_redis:
    # Test processes side by side: each has keys of its own.
    _own = f"test-{os.getpid()}-"
    CACHES = {"default": {**_portal.CACHES["default"], "KEY_PREFIX": _own}}
    CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": _own}

# Hashing as it is in production takes a third of a second for each user.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Unhashed: tests need no collectstatic. The real storage has a test of its own.
STORAGES = {
    **_portal.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Tests ask more often than programs may; what stops these has tests of its own.
API_RATES = dict.fromkeys(_portal.API_RATES, "100000/min")
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Administrators come in by force_login; tests/accounts/test_factor.py switches it on.
SECOND_FACTOR_REQUIRED = False
