"""The portal's settings, and beside its admin the bare one that lists are measured against."""

from bureau import settings as _portal

globals().update({name: value for name, value in vars(_portal).items() if name.isupper()})

ROOT_URLCONF = "benchmarks.urls"
# Findings of axes and the like belong into the log of a portal that somebody uses.
LOGGING = {"version": 1, "disable_existing_loggers": True}
