"""Personal tokens: with one, a program comes in at /api/v1/ in the place of a person."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.scoping import ScopedQuerySet
from organizations.choices import ApiAccess, ApiArea

if TYPE_CHECKING:
    from accounts.models import User


class ApiTokenQuerySet(ScopedQuerySet["ApiToken"]):
    def visible_to(self, user: "User") -> Self:
        """One's own tokens; nobody sees another's."""
        return self.filter(user=user)

    def editable_by(self, user: "User") -> Self:
        """One's own tokens."""
        return self.filter(user=user)

    def usable(self, *, at: datetime) -> Self:
        """Tokens neither revoked nor expired; their owner isn't looked at."""
        return self.filter(revoked_at=None).filter(Q(expires_at__gt=at))


class ApiToken(models.Model):
    """A personal token. Only the SHA-256 of it is kept.

    ``scopes`` is ``{area: access}``; an area left out is closed. It is as good as the roles its
    owner held when it was made: see ``permissions.token_stands``.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="用户", related_name="api_tokens"
    )
    name = models.CharField("用途", max_length=50)
    digest = models.CharField("摘要", max_length=64, unique=True)
    scopes = models.JSONField("权限", default=dict)
    created_at = models.DateTimeField("生成时间")
    expires_at = models.DateTimeField("失效时间")
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)
    revoked_at = models.DateTimeField("作废时间", null=True, blank=True)

    objects: ClassVar = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "接口令牌"
        verbose_name_plural = "接口令牌"
        ordering: ClassVar = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name

    def allows(self, area: str, *, writing: bool) -> bool:
        """Whether the token opens ``area``; who may write there may read."""
        held = self.scopes.get(area)
        return held == ApiAccess.WRITE or (held == ApiAccess.READ and not writing)

    @property
    def scopes_label(self) -> str:
        """What it opens: 任务（可读写）、月报（只读）."""
        return "、".join(
            f"{area.label}（{ApiAccess(self.scopes[area]).label}）"
            for area in ApiArea
            if area in self.scopes
        )
