"""Who keeps a roster of persons here, so that heads are counted instead of typed."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models

from common.models import TimeStamped
from common.scoping import ScopedQuerySet
from organizations.models.role import scope_of

if TYPE_CHECKING:
    from accounts.models import User


class RosterQuerySet(ScopedQuerySet["Roster"]):
    def visible_to(self, user: "User") -> Self:
        """Rosters of the organisations that ``user`` may see."""
        return self.filter(scope_of(user, "organization__"))

    def kept_on(self, on: date) -> Self:
        """Rosters that count on the day ``on``."""
        return self.filter(since__lte=on)


class Roster(TimeStamped):
    """From ``since`` on the heads of an organisation are those of its roster; never ended.

    The persons stand in a room above; this row is what the lower one knows of them, so that nobody
    types what is counted. ``typed`` keeps the last typed figures, ``{"on": day, head: figure}``.
    """

    organization = models.OneToOneField(
        "organizations.Organization", models.PROTECT, verbose_name="党组织", related_name="roster"
    )
    since = models.DateField("启用日期")
    typed = models.JSONField("启用前的填报数", default=dict, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="启用人", null=True, related_name="+"
    )

    objects: ClassVar = RosterQuerySet.as_manager()

    class Meta:
        verbose_name = "名册启用"
        verbose_name_plural = "名册启用"

    def __str__(self) -> str:
        return f"{self.organization} {self.since:%Y-%m-%d}"
