"""Files that belong to a record, a notice or another row; the owner decides who may have them."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Attachment(models.Model):
    """One checked file. It has no URL of its own: the owner's view scopes and streams it.

    ``path`` is relative to MEDIA_ROOT and random; ``name`` is what people see.
    """

    name = models.CharField("文件名", max_length=150)
    path = models.CharField("存放位置", max_length=200, unique=True)
    size = models.PositiveIntegerField("大小（字节）")
    sha256 = models.CharField("校验值", max_length=64, db_index=True)
    content_type = models.CharField("类型", max_length=100)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="上传人", related_name="+"
    )
    uploaded_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name
