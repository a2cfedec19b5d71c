"""Who checks themselves by what, until when; and what they answered."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from attachments.models import Attachment
from common.models import TimeStamped
from common.scoping import ScopedQuerySet
from integrity.choices import PENDING, AssignmentState, SelfCheckState, Verdict
from integrity.models.checklist import Edition, Item
from organizations.choices import BUREAU_ROLES, RoleKind
from organizations.models import Audience, Organization, Role, School
from organizations.models.role import held_kinds, scope_of

if TYPE_CHECKING:
    from accounts.models import User


class AssignmentQuerySet(ScopedQuerySet["Assignment"]):
    def visible_to(self, user: "User") -> Self:
        """Everything for bureau and reviewers, who see of its self-checks those of their scope."""
        kinds = held_kinds(user)
        return self if kinds.intersection((*BUREAU_ROLES, RoleKind.REVIEWER)) else self.none()

    def editable_by(self, user: "User") -> Self:
        """Everything for officers of the bureau."""
        return self if RoleKind.OFFICER in held_kinds(user) else self.none()


class Assignment(TimeStamped):
    """An edition asked of an audience for a year, until a day."""

    edition = models.ForeignKey(
        Edition, models.PROTECT, verbose_name="清单", related_name="assignments"
    )
    year = models.PositiveSmallIntegerField("年度")
    audience = models.OneToOneField(
        Audience, models.PROTECT, verbose_name="范围", related_name="assignment"
    )
    due_on = models.DateField("截止日期")
    note = models.CharField("要求", max_length=500, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=AssignmentState.choices, default=AssignmentState.OPEN
    )
    cancelled_reason = models.CharField("取消原因", max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="布置人", null=True, related_name="+"
    )

    objects: ClassVar = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "自查布置"
        verbose_name_plural = "自查布置"
        ordering: ClassVar = ["-year", "-id"]

    def __str__(self) -> str:
        return f"{self.year}年{self.edition.checklist}自查"


class SelfCheckQuerySet(ScopedQuerySet["SelfCheck"]):
    def visible_to(self, user: "User") -> Self:
        """Those of the organisations that ``user`` may see."""
        return self.filter(scope_of(user, "organization__"))

    def editable_by(self, user: "User") -> Self:
        """Those of the organisations in which ``user`` holds a school role."""
        return self.filter(
            organization__in=Role.objects.current_of(user).school_roles().values("organization")
        )

    def pending(self) -> Self:
        """Those that wait for the school, of assignments that stand."""
        return self.filter(state__in=PENDING, assignment__state=AssignmentState.OPEN)


class SelfCheck(TimeStamped):
    """What one school, or one organisation, answers for an assignment.

    ``school`` is set where each school answers once; ``organization`` fills in for it. ``order`` is
    the customary one of the organisation when it was assigned: lists are read in it without a look
    at the organisations. The counts are those of the answers as saved last; ``asked`` how many
    items apply. ``version`` goes up with every change. ``comment`` says why it was returned.
    """

    assignment = models.ForeignKey(
        Assignment,
        models.PROTECT,
        verbose_name="自查布置",
        related_name="self_checks",
        db_index=False,
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="党组织", related_name="self_checks"
    )
    school = models.ForeignKey(
        School, models.PROTECT, verbose_name="学校", null=True, blank=True, related_name="+"
    )
    order = models.PositiveIntegerField("惯例排序号", default=0)
    state = models.CharField(
        "状态", max_length=10, choices=SelfCheckState.choices, default=SelfCheckState.OPEN
    )
    asked = models.PositiveSmallIntegerField("应查项目", default=0)
    met = models.PositiveSmallIntegerField("符合", default=0)
    partly = models.PositiveSmallIntegerField("部分符合", default=0)
    not_met = models.PositiveSmallIntegerField("不符合", default=0)
    not_applicable = models.PositiveSmallIntegerField("不适用", default=0)
    barred = models.BooleanField("有否决情形", default=False)
    comment = models.CharField("退回意见", max_length=300, blank=True)
    waived_reason = models.CharField("无需自查的原因", max_length=300, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="提交人", null=True, related_name="+"
    )
    returned_at = models.DateTimeField("退回时间", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects: ClassVar = SelfCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "自查表"
        verbose_name_plural = "自查表"
        ordering: ClassVar = ["-assignment_id", "order", "id"]
        indexes: ClassVar = [
            models.Index(fields=["-assignment", "order", "id"], name="self_check_in_order"),
            models.Index(fields=["assignment", "state", "order", "id"], name="self_check_by_state"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assignment", "school"],
                condition=Q(school__isnull=False) & ~Q(state=SelfCheckState.WAIVED),
                name="self_check_once_a_school",
            ),
            models.UniqueConstraint(
                fields=["assignment", "organization"],
                condition=Q(school=None) & ~Q(state=SelfCheckState.WAIVED),
                name="self_check_once_an_organization",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.assignment}"

    @property
    def unit(self) -> str:
        """Whom it is about: 芙蓉小学, or 芙蓉小学党支部."""
        return str(self.school or self.organization)

    @property
    def answered(self) -> int:
        """How many items have an answer."""
        return self.met + self.partly + self.not_met + self.not_applicable

    @property
    def is_pending(self) -> bool:
        """Whether it waits for the school; ``assignment`` comes with the row."""
        return self.state in PENDING and self.assignment.state == AssignmentState.OPEN


class Answer(models.Model):
    """What the school says of one item; ``remark`` is the bureau's word on it."""

    self_check = models.ForeignKey(
        SelfCheck, models.CASCADE, verbose_name="自查表", related_name="answers"
    )
    item = models.ForeignKey(Item, models.PROTECT, verbose_name="检查项目", related_name="answers")
    verdict = models.CharField("结论", max_length=15, choices=Verdict.choices)
    reason = models.CharField("说明", max_length=200, blank=True)
    points = models.DecimalField("自评分", max_digits=4, decimal_places=1, null=True, blank=True)
    remark = models.CharField("局里意见", max_length=200, blank=True)

    class Meta:
        verbose_name = "自查结论"
        verbose_name_plural = "自查结论"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["self_check", "item"], name="answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.get_verdict_display()}"


class Evidence(models.Model):
    """What proves an answer: something that the portal holds, or a file.

    ``source`` and ``ref`` name the row (``integrity.evidence``), ``label`` how it was called when
    it was named: it stays readable when the row is withdrawn.
    """

    answer = models.ForeignKey(
        Answer, models.CASCADE, verbose_name="自查结论", related_name="evidence"
    )
    source = models.CharField("来源", max_length=40, blank=True)
    ref = models.PositiveBigIntegerField("编号", null=True, blank=True)
    label = models.CharField("名称", max_length=250)
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, verbose_name="附件", null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "佐证"
        verbose_name_plural = "佐证"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["answer", "source", "ref"],
                condition=Q(attachment=None),
                name="evidence_once",
            ),
            models.CheckConstraint(
                condition=Q(attachment=None, ref__isnull=False)
                | Q(attachment__isnull=False, ref=None),
                name="evidence_row_or_file",
            ),
        ]

    def __str__(self) -> str:
        return self.label
