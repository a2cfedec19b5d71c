"""Reading the environment: typed, odd values refused, secrets also from files.

Every value may be given as ``NAME`` or, for what must not stand in an environment, as a file named
by ``NAME_FILE``. A secret given in neither way is looked for in ``DATA_DIR/secrets``, where
``make setup`` puts it once. Nothing here falls back to a secret of its own making.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import FileAwareEnv

BASE_DIR = Path(__file__).resolve().parent.parent
env = FileAwareEnv()

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"", "0", "false", "no", "off"}


def boolean(name: str, *, default: bool = False) -> bool:
    """Return the switch ``name``; refuse anything that is neither clearly on nor clearly off."""
    raw = str(env(name, default="1" if default else "0")).strip().lower()
    if raw in _TRUE | _FALSE:
        return raw in _TRUE
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {raw!r}.")


def data_dir() -> Path:
    """Return the folder that holds everything an installation owns: database, media, secrets..."""
    return Path(env("DATA_DIR", default=str(BASE_DIR / "data"))).expanduser().resolve()


def site_url(*, port: int) -> str:
    """Return the address people type, without a trailing slash."""
    value = str(env("SITE_URL", default=f"http://127.0.0.1:{port}")).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise ImproperlyConfigured(
            f"SITE_URL must look like https://host[:port] without a path, not {value!r}."
        )
    return value


def port() -> int:
    """Return the port that ``make run`` listens on."""
    raw = str(env("PORT", default="8000"))
    if raw.isdecimal() and 0 < int(raw) < 65536:
        return int(raw)
    raise ImproperlyConfigured(f"PORT must be a number between 1 and 65535, not {raw!r}.")


def trusted_proxies() -> int:
    """Return how many proxies stand in front and append to X-Forwarded-For; 0 for none."""
    raw = str(env("TRUSTED_PROXIES", default="0"))
    if raw.isdecimal() and int(raw) < 10:
        return int(raw)
    raise ImproperlyConfigured(f"TRUSTED_PROXIES must be a number from 0 to 9, not {raw!r}.")


def secret(name: str, *, folder: Path) -> str:
    """Return the secret ``name``; stop with what to do when there is none.

    Looked for in ``NAME``, in the file named by ``NAME_FILE`` and in ``folder/name``.
    """
    value = str(env(name, default="")).strip()
    path = folder / name.lower()
    if not value and path.is_file():
        value = path.read_text(encoding="utf-8").strip()
    if not value:
        raise ImproperlyConfigured(
            f"The secret {name} is missing: set {name} or {name}_FILE, or run 'make setup', which "
            f"writes it once to {path}."
        )
    return value


def database(*, folder: Path) -> dict[str, Any]:
    """Return the database of DATABASE_URL, by default a SQLite file in ``folder``."""
    return database_at(
        str(env("DATABASE_URL", default="")) or f"sqlite:///{folder / 'db.sqlite3'}",
        name="DATABASE_URL",
    )


def database_at(url: str, *, name: str) -> dict[str, Any]:
    """Return the database that ``url`` names: PostgreSQL or SQLite.

    The message of a refusal doesn't repeat the address: it may hold a password. It calls the
    address by ``name``.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql", "sqlite"} or len(parts.path) < 2:
        raise ImproperlyConfigured(
            f"{name} must look like postgres://user:password@host:5432/name or "
            "sqlite:////folder/file."
        )
    config: dict[str, Any] = env.db_url_config(url)
    return config


def redis_url() -> str:
    """Return the address of Redis, empty for none."""
    value = str(env("REDIS_URL", default=""))
    if value and urlsplit(value).scheme not in {"redis", "rediss"}:
        raise ImproperlyConfigured("REDIS_URL must look like redis://host:6379/0.")
    return value


def web_workers() -> int:
    """Return how many processes serve pages; without Redis the throttles stand in one's memory."""
    raw = str(env("WEB_WORKERS", default="3"))
    if not raw.isdecimal() or not 0 < int(raw) < 100:
        raise ImproperlyConfigured(f"WEB_WORKERS must be a number from 1 to 99, not {raw!r}.")
    return int(raw) if redis_url() else 1


def email() -> dict[str, Any]:
    """Return the mail settings of EMAIL_URL, none without it: letters go into files then.

    The message of a refusal doesn't repeat the address: it may hold a password.
    """
    url = str(env("EMAIL_URL", default=""))
    parts = urlsplit(url)
    if not url:
        return {}
    if parts.scheme not in {"smtp", "smtp+tls", "smtp+ssl"} or not parts.hostname:
        raise ImproperlyConfigured(
            "EMAIL_URL must look like smtp+tls://user:password@host:587 or smtp://host:25."
        )
    config: dict[str, Any] = env.email_url_config(url)
    return config


def folder(name: str, *, default: Path) -> Path:
    """Return the folder ``name``; it need not be there yet."""
    return Path(str(env(name, default="")) or default).expanduser().resolve()


def days_weeks_months(name: str, *, default: str) -> tuple[int, int, int]:
    """Return three numbers of backups to keep: of days, of weeks, of months."""
    raw = str(env(name, default=default))
    parts = [part.strip() for part in raw.split(",")]
    if len(parts) == 3 and all(part.isdecimal() and int(part) < 1000 for part in parts):
        days, weeks, months = map(int, parts)
        return days, weeks, months
    raise ImproperlyConfigured(f"{name} must be three numbers like 7,4,12, not {raw!r}.")


def span(name: str, *, default: int, unit: timedelta) -> timedelta:
    """Return a length of time, given in whole ``unit``s."""
    raw = str(env(name, default=str(default)))
    if raw.isdecimal() and 0 < int(raw) < 10_000:
        return int(raw) * unit
    raise ImproperlyConfigured(f"{name} must be a number from 1 to 9999, not {raw!r}.")


def drill_url() -> str:
    """Return the server on which drills may make a database for a while; empty: the portal's."""
    value = str(env("BACKUP_DRILL_URL", default=""))
    if value:
        database_at(value, name="BACKUP_DRILL_URL")
    return value
