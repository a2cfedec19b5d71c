"""One row for one human being."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.fields import EncryptedTextField, blind_index
from common.models import TimeStamped
from common.scoping import ScopedQuerySet
from people.scope import sees_everybody, users_in_scope, users_to_help

if TYPE_CHECKING:
    from accounts.models import User


class PersonQuerySet(ScopedQuerySet["Person"]):
    def visible_to(self, user: "User") -> Self:
        """People with a role in the scope of ``user``; unlimited officers and leaders see all."""
        return self if sees_everybody(user) else self.filter(user__in=users_in_scope(user))

    def with_mobile(self, *numbers: str) -> Self:
        """Whoever has one of these numbers, given as 11 digits.

        The second condition is that of the index: without it every look-up reads the whole table.
        """
        wanted = [blind_index(number) for number in numbers]
        return self.filter(mobile_index__in=wanted).exclude(mobile_index="")

    def editable_by(self, user: "User") -> Self:
        """People whose account ``user`` may help with (``people.scope``)."""
        return self.filter(user__in=users_to_help(user))


class Person(TimeStamped):
    """A human being, with at most one user.

    The mobile number stands here and nowhere else: encrypted, with a keyed digest
    (``mobile_index``, ``common.fields.blind_index``) for exact look-up and log-in.
    """

    name = models.CharField("姓名", max_length=50)
    pinyin = models.CharField("拼音", max_length=200, blank=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="用户",
        null=True,
        blank=True,
        related_name="person",
    )
    mobile = EncryptedTextField("手机号", blank=True, default="")
    mobile_index = models.CharField("手机号索引", max_length=64, blank=True, editable=False)

    objects: ClassVar = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = "人员"
        verbose_name_plural = "人员"
        ordering: ClassVar = ["pinyin", "id"]
        indexes: ClassVar = [models.Index(fields=["pinyin", "id"], name="person_by_pinyin")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mobile_index"], condition=~Q(mobile_index=""), name="person_mobile_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_mobile(self) -> str:
        """The number as pages show it: 138****5678; empty when unknown."""
        number = self.mobile
        return (
            f"{number[:3]}****{number[-4:]}" if len(number) == 11 else ("已登记" if number else "")
        )
