"""Year calendar -> event -> task for each organisation."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from activities.models import Record
from calendar_events.choices import (
    PENDING,
    CalendarState,
    EventState,
    Handling,
    TaskState,
    VacationKind,
)
from common.models import TimeStamped
from common.scoping import ScopedQuerySet
from organizations.choices import ADMINISTRATORS, BUREAU_ROLES, RoleKind
from organizations.models import Audience, Office, Organization, Role
from organizations.models.role import held_kinds, scope_of

if TYPE_CHECKING:
    from accounts.models import User

MONTH = [MinValueValidator(1), MaxValueValidator(12)]


class CalendarQuerySet(ScopedQuerySet["Calendar"]):
    def visible_to(self, user: "User") -> Self:
        """Everything for the bureau, published ones for everybody who holds another role."""
        kinds = held_kinds(user) - {*ADMINISTRATORS}
        if kinds.intersection(BUREAU_ROLES):
            return self
        return self.filter(state=CalendarState.PUBLISHED) if kinds else self.none()

    def editable_by(self, user: "User") -> Self:
        """Everything for officers of the bureau, nothing for others."""
        return self if RoleKind.OFFICER in held_kinds(user) else self.none()


class Calendar(TimeStamped):
    """The committee's calendar (行事历) of one year."""

    year = models.PositiveSmallIntegerField("年度", unique=True)
    title = models.CharField("标题", max_length=200)
    state = models.CharField(
        "状态", max_length=10, choices=CalendarState.choices, default=CalendarState.DRAFT
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)

    objects: ClassVar = CalendarQuerySet.as_manager()

    class Meta:
        verbose_name = "行事历"
        verbose_name_plural = "行事历"
        ordering: ClassVar = ["-year"]

    def __str__(self) -> str:
        return self.title


class EventQuerySet(ScopedQuerySet["Event"]):
    def visible_to(self, user: "User") -> Self:
        """Everything for the bureau; for others published lines and those of their own tasks."""
        kinds = held_kinds(user)
        if kinds.intersection(BUREAU_ROLES):
            return self
        mine = Task.objects.visible_to(user).filter(event=OuterRef("pk"))
        published = ~Q(state=EventState.DRAFT)
        if not kinds - {*ADMINISTRATORS}:
            return self.none()
        return self.filter(published, Q(calendar__isnull=False) | Exists(mine))

    def editable_by(self, user: "User") -> Self:
        """Everything for officers of the bureau, nothing for others."""
        return self if RoleKind.OFFICER in held_kinds(user) else self.none()

    def printed(self) -> Self:
        """Lines as the annex prints them: a line that was split stands once, as it was written."""
        return self.filter(split_from=None)

    def working(self) -> Self:
        """Lines that tasks come from: the parts of a split one instead of the whole."""
        return self.exclude(parts__isnull=False)


class Event(TimeStamped):
    """One line (事项) of a calendar, or an ad-hoc task (临时任务) where ``calendar`` is empty.

    ``first_month`` and ``last_month`` span the line. ``due_on`` is the last day to finish. A line
    may be split into parts that each make tasks; ``split_from`` points to the whole.
    ``rolled_from`` is the published line of the year before that it was taken over from.
    """

    calendar = models.ForeignKey(
        Calendar,
        models.PROTECT,
        verbose_name="行事历",
        null=True,
        blank=True,
        related_name="events",
    )
    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("事项", max_length=200)
    demand = models.TextField("要求", blank=True, max_length=2000)
    first_month = models.PositiveSmallIntegerField("起始月", validators=MONTH)
    last_month = models.PositiveSmallIntegerField("截止月", validators=MONTH)
    starts_on = models.DateField("开始日期", null=True, blank=True)
    ends_on = models.DateField("结束日期", null=True, blank=True)
    due_on = models.DateField("截止日期", null=True, blank=True)
    position = models.PositiveSmallIntegerField("月内序号", default=0)
    handling = models.CharField(
        "分类", max_length=10, choices=Handling.choices, default=Handling.UNSORTED
    )
    state = models.CharField(
        "状态", max_length=10, choices=EventState.choices, default=EventState.DRAFT
    )
    office = models.ForeignKey(
        Office, models.PROTECT, verbose_name="责任科室", null=True, blank=True, related_name="+"
    )
    office_text = models.CharField("责任科室（原文）", max_length=100, blank=True)
    audience_text = models.CharField("参加对象（原文）", max_length=200, blank=True)
    audience = models.OneToOneField(
        Audience, models.PROTECT, verbose_name="范围", null=True, blank=True, related_name="event"
    )
    record_kind = models.CharField("建议记录类别", max_length=20, blank=True)
    split_from = models.ForeignKey(
        "self", models.PROTECT, verbose_name="拆分自", null=True, blank=True, related_name="parts"
    )
    rolled_from = models.ForeignKey(
        "self", models.PROTECT, verbose_name="沿用自", null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="创建人", null=True, related_name="+"
    )
    cancelled_reason = models.CharField("取消原因", max_length=200, blank=True)

    objects: ClassVar = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "事项"
        verbose_name_plural = "事项"
        ordering: ClassVar = ["year", "first_month", "position", "id"]
        indexes: ClassVar = [
            models.Index(fields=["year", "first_month", "last_month"], name="event_months"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(first_month__lte=F("last_month")), name="event_months_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def months_label(self) -> str:
        """The months as a calendar writes them: 3月, 1—2月."""
        if self.first_month == self.last_month:
            return f"{self.first_month}月"
        return f"{self.first_month}—{self.last_month}月"


class Figure(models.Model):
    """A number that an event asks of each school, at most eight of them."""

    event = models.ForeignKey(Event, models.CASCADE, verbose_name="事项", related_name="figures")
    name = models.CharField("数据名称", max_length=50)
    unit = models.CharField("单位", max_length=10)
    position = models.PositiveSmallIntegerField("序号", default=0)

    class Meta:
        verbose_name = "数据项"
        verbose_name_plural = "数据项"
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "name"], name="figure_once_per_event"),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.unit}）"


class TaskQuerySet(ScopedQuerySet["Task"]):
    def visible_to(self, user: "User") -> Self:
        """Tasks of the organisations that ``user`` may see."""
        return self.filter(scope_of(user, "organization__"))

    def editable_by(self, user: "User") -> Self:
        """Tasks of the organisations in which ``user`` holds a school role."""
        return self.filter(
            organization__in=Role.objects.current_of(user).school_roles().values("organization")
        )

    def pending(self) -> Self:
        """Tasks that wait for the school: open or returned."""
        return self.filter(state__in=PENDING)

    def compulsory(self) -> Self:
        """Tasks that must be done: not the optional ones (选报), which are never late."""
        optional = Event.objects.filter(handling=Handling.OPTIONAL)
        return self.exclude(event__in=optional.values("pk"))

    def overdue(self, on: date) -> Self:
        """Compulsory tasks still waiting for the school after their due date."""
        return self.pending().compulsory().filter(due_on__lt=on)


class Task(TimeStamped):
    """What one organisation has to do for one event.

    ``due_on`` starts as the event's and moves with it, unless extended for this one
    (``extended_reason``). Whether it is late is computed from ``due_on`` and ``completed_on``.
    """

    # Both keys lead an index of the table's own.
    event = models.ForeignKey(
        Event, models.PROTECT, verbose_name="事项", related_name="tasks", db_index=False
    )
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        verbose_name="党组织",
        related_name="tasks",
        db_index=False,
    )
    state = models.CharField(
        "状态", max_length=15, choices=TaskState.choices, default=TaskState.OPEN
    )
    due_on = models.DateField("截止日期")
    extended_reason = models.CharField("延期原因", max_length=200, blank=True)
    completed_on = models.DateField("完成日期", null=True, blank=True)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="完成人", null=True, related_name="+"
    )
    record = models.ForeignKey(
        Record,
        models.PROTECT,
        verbose_name="工作记录",
        null=True,
        blank=True,
        related_name="tasks",
    )
    reason = models.CharField("不适用理由", max_length=200, blank=True)
    comment = models.CharField("退回意见", max_length=500, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects: ClassVar = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "任务"
        verbose_name_plural = "任务"
        ordering: ClassVar = ["due_on", "event__position", "id"]
        # Wide enough that what is counted over all tasks never reads the tasks themselves.
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "due_on", "state", "event"], name="task_by_organization"
            ),
            models.Index(fields=["event", "state", "due_on", "organization"], name="task_by_event"),
            models.Index(fields=["state", "due_on", "organization", "event"], name="task_by_state"),
            # The list of all tasks in its order.
            models.Index(fields=["-due_on", "id"], name="task_newest"),
            models.Index(
                fields=["event", "state"],
                condition=models.Q(completed_on__gt=models.F("due_on")),
                name="task_done_late",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "organization"], name="task_once"),
        ]

    def __str__(self) -> str:
        return f"{self.event} · {self.organization}"

    def is_late(self, on: date) -> bool:
        """Whether it was finished, or still waits, after its due date, seen from the day ``on``.

        An optional one (选报) is never late. Reads ``event``: fetch it along.
        """
        if self.event.handling == Handling.OPTIONAL:
            return False
        if self.state in PENDING:
            return self.due_on < on
        return self.completed_on is not None and self.completed_on > self.due_on


class FigureValue(models.Model):
    """A school's answer to an asked figure; no row means not answered, 0 is an answer."""

    task = models.ForeignKey(Task, models.CASCADE, verbose_name="任务", related_name="values")
    figure = models.ForeignKey(Figure, models.PROTECT, verbose_name="数据项", related_name="values")
    value = models.PositiveIntegerField("数值")

    class Meta:
        verbose_name = "数据"
        verbose_name_plural = "数据"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "figure"], name="figure_value_once"),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.value}"


class FeedQuerySet(ScopedQuerySet["Feed"]):
    def visible_to(self, user: "User") -> Self:
        """One's own links; nobody sees another's."""
        return self.filter(user=user)

    def editable_by(self, user: "User") -> Self:
        """One's own links."""
        return self.filter(user=user)

    def standing(self) -> Self:
        """Links that weren't revoked; whether their owner still sees anything is asked apart."""
        return self.filter(revoked_at=None)


class Feed(models.Model):
    """A private link under which a calendar program fetches what its owner has to do.

    Only the SHA-256 of its token is kept; one link stands at a time.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="用户", related_name="feeds"
    )
    digest = models.CharField("摘要", max_length=64, unique=True)
    created_at = models.DateTimeField("生成时间")
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)
    revoked_at = models.DateTimeField("作废时间", null=True, blank=True)

    objects: ClassVar = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = "日历订阅"
        verbose_name_plural = "日历订阅"
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at=None), name="feed_one_stands"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d} 的日历订阅"


class Vacation(models.Model):
    """School holidays of a year; spans such as 寒假 in a calendar take their dates here."""

    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("假期", max_length=10, choices=VacationKind.choices)
    first_day = models.DateField("首日")
    last_day = models.DateField("末日")

    class Meta:
        verbose_name = "寒暑假"
        verbose_name_plural = "寒暑假"
        ordering: ClassVar = ["-year", "kind"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "kind"], name="vacation_once"),
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")), name="vacation_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年{self.get_kind_display()}"
