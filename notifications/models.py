"""Due rows of all rooms, the digests they are merged into, and how these were delivered."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models

from common.models import TimeStamped
from notifications.choices import Channel, DeliveryState, GroupTextKind

if TYPE_CHECKING:
    from accounts.models import User


class DigestQuerySet(models.QuerySet["Digest"]):
    def visible_to(self, user: "User") -> Self:
        """One's own digests: an inbox is private."""
        return self.filter(recipient=user) if user.is_authenticated else self.none()


class Digest(models.Model):
    """One message to one person: everything that fell due for them in one sweep.

    ``key`` makes it exactly-once in the inbox: the sweep that writes it a second time finds it.
    """

    key = models.CharField("键", max_length=100, unique=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="接收人", related_name="digests"
    )
    subject = models.CharField("标题", max_length=200)
    text = models.TextField("正文")
    created_at = models.DateTimeField("时间", db_index=True)
    read_at = models.DateTimeField("已读时间", null=True, blank=True)

    objects: ClassVar = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = "提醒"
        verbose_name_plural = "提醒"
        ordering: ClassVar = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.subject


class Due(models.Model):
    """One reminder that a room owes one person, written under a key that makes it once only.

    ``due_at <= now`` makes it ready; ``digest`` says where it went, ``group_text`` which text for
    the chat group speaks of it. ``stage`` is one of ``notifications.stages.Stage``. ``unit`` is the
    short name of the organisation it speaks of; ``minutes`` the time the work takes. Rows with the
    same recipient, room and link speak of the same piece of work.
    """

    key = models.CharField("键", max_length=150, unique=True)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="接收人", related_name="dues"
    )
    room = models.CharField("来源", max_length=30)
    subject = models.CharField("事项", max_length=200)
    stage = models.CharField("阶段", max_length=20)
    unit = models.CharField("单位", max_length=120, blank=True)
    deadline = models.DateField("截止日期", null=True, blank=True)
    minutes = models.PositiveSmallIntegerField("约需分钟", default=3)
    link = models.CharField("链接", max_length=200, blank=True)
    due_at = models.DateTimeField("应提醒时间", db_index=True)
    digest = models.ForeignKey(
        Digest, models.PROTECT, verbose_name="提醒", null=True, blank=True, related_name="dues"
    )
    group_text = models.ForeignKey(
        "GroupText",
        models.PROTECT,
        verbose_name="群消息",
        null=True,
        blank=True,
        related_name="dues",
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        verbose_name = "到期项"
        verbose_name_plural = "到期项"
        ordering: ClassVar = ["due_at", "id"]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(digest=None, withdrawn_at=None),
                name="due_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.stage}"


class Delivery(models.Model):
    """A digest on its way out by e-mail.

    Claimed by a conditional UPDATE before hand-over. One that was interrupted there is marked
    ``unknown`` and never sent again by itself. ``claimed_at`` and ``sent_at`` are the real clock's,
    also in a round that was started by hand for another moment.
    """

    digest = models.ForeignKey(
        Digest, models.PROTECT, verbose_name="提醒", related_name="deliveries"
    )
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    address = models.CharField("地址", max_length=254)
    state = models.CharField(
        "状态", max_length=10, choices=DeliveryState.choices, default=DeliveryState.PENDING
    )
    claimed_at = models.DateTimeField("领取时间", null=True, blank=True)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    error = models.CharField("原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "投递"
        verbose_name_plural = "投递"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest", "channel"], name="delivery_once_per_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.digest} {self.get_channel_display()}"


class GroupText(TimeStamped):
    """A text to copy into a chat group: with names of units, without them, and whom to call.

    ``created_by`` is who caused it, nobody for the reminders of the day. ``calls`` is a list of
    ``{unit, user_id, name, what}``, one for each unit and person; numbers are looked up when shown
    and never stored here. ``sent_at`` is the mark of who posted it.
    """

    kind = models.CharField("种类", max_length=10, choices=GroupTextKind.choices)
    key = models.CharField("键", max_length=150, unique=True)
    title = models.CharField("标题", max_length=200)
    named = models.TextField("点名版")
    unnamed = models.TextField("不点名版")
    calls = models.JSONField("电话名单", default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="生成人", null=True, related_name="+"
    )
    sent_at = models.DateTimeField("已发时间", null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="发送人", null=True, related_name="+"
    )

    class Meta:
        verbose_name = "群消息"
        verbose_name_plural = "群消息"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.title
