"""What is checked: a checklist, its editions, their sections and items."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.models import TimeStamped
from common.scoping import ScopedQuerySet
from integrity.choices import EditionState, Subject
from organizations.choices import ADMINISTRATORS, BUREAU_ROLES, RoleKind
from organizations.models.role import held_kinds

if TYPE_CHECKING:
    from collections.abc import Collection

    from accounts.models import User


class Checklist(TimeStamped):
    """A checklist that goes on from year to year; what it asks stands in its editions."""

    title = models.CharField("清单", max_length=60, unique=True)
    subject = models.CharField(
        "填报单位", max_length=15, choices=Subject.choices, default=Subject.SCHOOL
    )

    class Meta:
        verbose_name = "清单"
        verbose_name_plural = "清单"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.title


class EditionQuerySet(ScopedQuerySet["Edition"]):
    def visible_to(self, user: "User") -> Self:
        """Everything for the bureau; for others those that were published."""
        kinds = held_kinds(user) - {*ADMINISTRATORS}
        if kinds.intersection(BUREAU_ROLES):
            return self
        return self.exclude(state=EditionState.DRAFT) if kinds else self.none()

    def editable_by(self, user: "User") -> Self:
        """Drafts, for officers of the bureau."""
        officer = RoleKind.OFFICER in held_kinds(user)
        return self.filter(state=EditionState.DRAFT) if officer else self.none()


class Edition(TimeStamped):
    """What a checklist asks in one wording; changed as a draft, fixed once it is published.

    ``source`` is the whole of it as text, as ``integrity.reading`` reads it; sections and items are
    made from it. One edition of a checklist is in force at a time.
    """

    checklist = models.ForeignKey(
        Checklist, models.PROTECT, verbose_name="清单", related_name="editions"
    )
    name = models.CharField("版本", max_length=30)
    basis = models.CharField("依据文件", max_length=200, blank=True)
    source = models.TextField("内容")
    state = models.CharField(
        "状态", max_length=10, choices=EditionState.choices, default=EditionState.DRAFT
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="拟稿人", null=True, related_name="+"
    )
    published_at = models.DateTimeField("启用时间", null=True, blank=True)

    objects: ClassVar = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "清单版本"
        verbose_name_plural = "清单"
        ordering: ClassVar = ["checklist", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["checklist", "name"], name="edition_name_once"),
            models.UniqueConstraint(
                fields=["checklist"],
                condition=Q(state=EditionState.PUBLISHED),
                name="edition_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["checklist"],
                condition=Q(state=EditionState.DRAFT),
                name="edition_one_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.checklist}（{self.name}）"


class Section(models.Model):
    """A part of an edition. The items of one that ``bars`` (否决项) are yes or no alone."""

    edition = models.ForeignKey(
        Edition, models.CASCADE, verbose_name="清单版本", related_name="sections"
    )
    title = models.CharField("部分", max_length=60)
    bars = models.BooleanField("否决项", default=False)
    position = models.PositiveSmallIntegerField("序号")

    class Meta:
        verbose_name = "部分"
        verbose_name_plural = "部分"
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "position"], name="section_position_once"),
        ]

    def __str__(self) -> str:
        return self.title


class ItemQuerySet(models.QuerySet["Item"]):
    def standing(self) -> Self:
        """Those that weren't withdrawn."""
        return self.filter(withdrawn_at=None)


class Item(models.Model):
    """One thing to be checked.

    ``key`` is the same in every edition that asks the same, so that an answer finds the one of the
    year before. ``points`` None: nothing is counted. ``sources`` are keys of
    ``integrity.evidence``: what the portal may hold as proof. Without ``school_kinds`` it applies
    to everybody. ``withdrawn_at``: no longer asked; answers given before stay readable.
    """

    section = models.ForeignKey(Section, models.CASCADE, verbose_name="部分", related_name="items")
    key = models.CharField("标识", max_length=32, db_index=True)
    position = models.PositiveSmallIntegerField("序号")
    text = models.CharField("内容", max_length=300)
    guidance = models.CharField("说明", max_length=500, blank=True)
    wanted = models.CharField("佐证", max_length=200, blank=True)
    points = models.DecimalField("分值", max_digits=4, decimal_places=1, null=True, blank=True)
    sources = models.JSONField("可引用", default=list, blank=True)
    school_kinds = models.JSONField("适用学校", default=list, blank=True)
    withdrawn_at = models.DateTimeField("停用时间", null=True, blank=True)
    withdrawn_reason = models.CharField("停用原因", max_length=200, blank=True)

    objects: ClassVar = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = "检查项目"
        verbose_name_plural = "检查项目"
        ordering: ClassVar = ["section__position", "position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section", "position"], name="item_position_once"),
        ]

    def __str__(self) -> str:
        return self.text

    def applies_to(self, kinds: "Collection[str]") -> bool:
        """Whether a school of one of ``kinds`` is asked."""
        return not self.school_kinds or bool(set(self.school_kinds).intersection(kinds))
