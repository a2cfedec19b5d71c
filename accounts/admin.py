"""Closes what Django registers by itself: groups and their permissions aren't used.

Users are shown by ``people.admin``, which knows whose account somebody may help with.
"""

import django.contrib.auth.admin  # noqa: F401 - registers groups, which is taken back here
from django.contrib import admin
from django.contrib.auth.models import Group

admin.site.unregister(Group)
