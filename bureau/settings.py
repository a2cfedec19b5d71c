"""Settings of the portal. What an installation may change comes from the environment (env.py)."""

import logging
from datetime import timedelta
from urllib.parse import urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF

from bureau import admin_look, api_config, logs
from bureau import env as _env

django_stubs_ext.monkeypatch()

env = _env.env
BASE_DIR = _env.BASE_DIR
DATA_DIR = _env.data_dir()
SECRETS_DIR = DATA_DIR / "secrets"

DEMO = _env.boolean("DEMO")
DEBUG = _env.boolean("DEBUG")
PORT = _env.port()
SITE_URL = _env.site_url(port=PORT)
_SITE = urlsplit(SITE_URL)

SECRET_KEY = _env.secret("SECRET_KEY", folder=SECRETS_DIR)
# One key a line, "id:key"; the first one encrypts, all of them decrypt.
FIELD_ENCRYPTION_KEYS = _env.secret("FIELD_ENCRYPTION_KEYS", folder=SECRETS_DIR)
BLIND_INDEX_KEY = _env.secret("BLIND_INDEX_KEY", folder=SECRETS_DIR)

ALLOWED_HOSTS = sorted({_SITE.hostname or "", "127.0.0.1", "localhost"})
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "bureau.apps.BureauConfig",
    "integrity",
    "reports",
    "calendar_events",
    "activities",
    "cadres",
    "honours",
    "people",
    "notices",
    "organizations",
    "notifications",
    "attachments",
    "accounts",
    "common",
    "unfold.apps.BasicAppConfig",
    "bureau.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_structlog",
]

MIDDLEWARE = [
    "bureau.middleware.RequestLogMiddleware",
    "common.middleware.ClientAddressMiddleware",
    "common.middleware.ReadableMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "common.middleware.AuditOriginMiddleware",
    "organizations.middleware.RolesAskedOnceMiddleware",
    "accounts.middleware.LoginNeededMiddleware",
    "accounts.middleware.IdleLogoutMiddleware",
    "accounts.middleware.PasswordDueMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "bureau.urls"
WSGI_APPLICATION = "bureau.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "organizations.portal.context",
            ],
        },
    }
]

# Database ---------------------------------------------------------------------------------------
DATABASES = {"default": _env.database(folder=DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Without these, four writers for eight seconds met "database is locked" 454 times.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# Jobs -------------------------------------------------------------------------------------------
REDIS_URL = _env.redis_url()
BROKER_DIR = DATA_DIR / "broker"
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
    # A page hands over a hint and must not wait for a broker that is gone.
    "socket_connect_timeout": 3,
    "max_retries": 1,
    "interval_start": 0,
    "interval_max": 0.2,
}
if not REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "processed_folder": str(BROKER_DIR / "processed"),
        "control_folder": str(BROKER_DIR / "control"),
        "store_processed": False,
        "polling_interval": 0.2,
    }
# The worker waits for its broker, however long that is gone.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BEAT_SCHEDULER = "bureau.scheduler:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(BROKER_DIR / "beat-schedule")
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

CACHES = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# People -----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.UsernameBackend",
    "people.backends.MobileBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Of the three administrators; everybody else may have one.
SECOND_FACTOR_REQUIRED = not DEMO
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "bureau:home"
LOGOUT_REDIRECT_URL = "accounts:login"
SESSION_COOKIE_AGE = 30 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "bureau.errors.csrf_failure"
AXES_VERBOSE = False  # says its version at every command otherwise
# The counting is ours (accounts/lockout.py); axes stands in front of the log-in and shows the page.
AXES_HANDLER = "accounts.lockout.LockoutHandler"
AXES_USERNAME_CALLABLE = "people.backends.account_key"
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False

# Language, time ---------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]

# Files ------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "common.storage.StaticStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# Backups ----------------------------------------------------------------------------------------
BACKUP_DIR = _env.folder("BACKUP_DIR", default=DATA_DIR / "backups")
# Apart from the backups: who has both can read everything.
BACKUP_KEYS_DIR = _env.folder("BACKUP_KEYS_DIR", default=DATA_DIR / "backup-keys")
BACKUP_KEEP = _env.days_weeks_months("BACKUP_KEEP", default="7,4,12")
BACKUP_MAX_AGE = _env.span("BACKUP_MAX_AGE_HOURS", default=50, unit=timedelta(hours=1))
DRILL_MAX_AGE = _env.span("DRILL_MAX_AGE_DAYS", default=15, unit=timedelta(days=1))
BACKUP_DRILL_URL = _env.drill_url()

# Mail -------------------------------------------------------------------------------------------
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
# A mail server that stopped answering must not hold a worker's thread for ever.
EMAIL_TIMEOUT = 30
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
vars().update(_env.email())
DEFAULT_FROM_EMAIL = str(env("DEFAULT_FROM_EMAIL", default="portal@localhost"))

# API --------------------------------------------------------------------------------------------
REST_FRAMEWORK = api_config.REST_FRAMEWORK
API_RATES = api_config.API_RATES
SPECTACULAR_SETTINGS = api_config.SPECTACULAR_SETTINGS

# Requests an hour for one calendar link, and with links that don't stand from one address; phones
# ask a few times a day, and all schools of a district may stand behind one address.
FEED_RATES = {"link": 60, "address": 600}

# Admin ------------------------------------------------------------------------------------------
UNFOLD = admin_look.UNFOLD

# Security ---------------------------------------------------------------------------------------
TRUSTED_PROXIES = _env.trusted_proxies()
_HTTPS = _SITE.scheme == "https"
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_SECURE = _HTTPS
SECURE_SSL_REDIRECT = _HTTPS
# Asked from the same machine, without the proxy in front.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31536000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _HTTPS
SECURE_HSTS_PRELOAD = _HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
# The admin's Alpine needs inline styles and unsafe-eval; the portal keeps the strict policy above.
ADMIN_CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **CONTENT_SECURITY_POLICY["DIRECTIVES"],
        "script-src": [SELF, "'unsafe-eval'", "'unsafe-inline'"],
        "style-src": [SELF, "'unsafe-inline'"],
    }
}
SILENCED_SYSTEM_CHECKS: list[str] = []

# Logs -------------------------------------------------------------------------------------------
LOGGING = logs.LOGGING
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
DJANGO_STRUCTLOG_CELERY_ENABLED = True
