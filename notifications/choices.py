"""States of digests and deliveries."""

from django.db.models import TextChoices


class Channel(TextChoices):
    IN_APP = "in_app", "站内"
    EMAIL = "email", "电子邮件"


class DeliveryState(TextChoices):
    PENDING = "pending", "待发"
    SENDING = "sending", "发送中"
    SENT = "sent", "已发"
    FAILED = "failed", "未发出"
    UNKNOWN = "unknown", "不明"


class GroupTextKind(TextChoices):
    DIGEST = "digest", "到期提醒"
    NUDGE = "nudge", "催办"
    CHANGE = "change", "变更通知"
