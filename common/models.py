"""The few tables that every room shares: audit log, jobs, drafts, workday overrides."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class TimeStamped(models.Model):
    """Adds when a row was made and last changed."""

    created_at = models.DateTimeField("创建时间", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        abstract = True


class AuditEntry(models.Model):
    """One change, log-in, export or reset: who, when, from where, before and after.

    Append-only: database triggers refuse UPDATE and DELETE. Written by ``common.audit.record``
    alone.
    """

    at = models.DateTimeField("时间", db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="操作人",
        null=True,
        blank=True,
        related_name="+",
    )
    actor_label = models.CharField("操作人姓名", max_length=100)
    verb = models.CharField("操作", max_length=60, db_index=True)
    object_type = models.CharField("对象类型", max_length=60, blank=True)
    object_id = models.CharField("对象编号", max_length=40, blank=True)
    object_label = models.CharField("对象", max_length=200, blank=True)
    object_ids = models.JSONField("批量对象编号", default=list, blank=True)
    before = models.JSONField("变更前", default=dict, blank=True)
    after = models.JSONField("变更后", default=dict, blank=True)
    address = models.GenericIPAddressField("来源地址", null=True, blank=True)
    agent = models.CharField("浏览器", max_length=200, blank=True)

    class Meta:
        verbose_name = "审计日志"
        verbose_name_plural = "审计日志"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["object_type", "object_id"], name="audit_object"),
        ]

    def __str__(self) -> str:
        at = timezone.localtime(self.at)
        return f"{at:%Y-%m-%d %H:%M} {self.actor_label} {self.object_label}".strip()


class JobState(models.TextChoices):
    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "未成功"


class Job(TimeStamped):
    """Long work as a row: claimed by a conditional UPDATE, shown with its progress, found again.

    ``kind`` names a function registered with ``common.jobs.register``; ``params`` are its
    JSON arguments. ``result_path`` is relative to MEDIA_ROOT. ``address`` and ``agent`` say from
    where it was asked for: what it does stands in the audit log as coming from there.
    """

    kind = models.CharField("种类", max_length=60)
    label = models.CharField("名称", max_length=200)
    params = models.JSONField("参数", default=dict)
    state = models.CharField(
        "状态", max_length=10, choices=JobState.choices, default=JobState.QUEUED, db_index=True
    )
    done = models.PositiveIntegerField("已处理", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    message = models.TextField("说明", blank=True)
    result_path = models.CharField("结果文件", max_length=200, blank=True)
    result_name = models.CharField("结果文件名", max_length=200, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="发起人", null=True, related_name="+"
    )
    address = models.GenericIPAddressField("来源地址", null=True, blank=True)
    agent = models.CharField("浏览器", max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    claimed_at = models.DateTimeField("领取时间", null=True, blank=True)
    heartbeat_at = models.DateTimeField("心跳时间", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = "后台任务"
        verbose_name_plural = "后台任务"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.label

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in (JobState.DONE, JobState.FAILED)


class Pulse(models.Model):
    """When something that must go on by itself last showed that it does; one row a name."""

    name = models.CharField("名称", max_length=40, primary_key=True)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "运行信号"
        verbose_name_plural = "运行信号"

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """What a person has typed so far, kept on the server under a key, with a version.

    ``key`` is made by the page: ``record:task:17``, ``report:5``. A save names the version it
    started from; ``common.drafts.save`` refuses an older one and hands back what is there.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="填写人", related_name="+"
    )
    key = models.CharField("键", max_length=100)
    version = models.PositiveIntegerField("版本", default=1)
    data = models.JSONField("内容", default=dict)
    device = models.CharField("设备", max_length=100, blank=True)
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = "草稿"
        verbose_name_plural = "草稿"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "key"], name="draft_once_per_owner_and_key"),
        ]

    def __str__(self) -> str:
        return self.key


class WorkdayOverride(models.Model):
    """A day on which the office works or rests otherwise than the calendar package says."""

    date = models.DateField("日期", unique=True)
    is_workday = models.BooleanField("上班")
    name = models.CharField("说明", max_length=50, blank=True)

    class Meta:
        verbose_name = "工作日调整"
        verbose_name_plural = "工作日调整"
        ordering: ClassVar = ["date"]

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {'上班' if self.is_workday else '休息'}"


def overrides() -> dict[date, bool]:
    """Return every override as ``{date: is_workday}``, the shape ``common.workdays`` takes."""
    return dict(WorkdayOverride.objects.values_list("date", "is_workday"))
