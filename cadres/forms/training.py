"""What the pages of training classes ask, at the desk and on the phone."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from cadres.choices import PostKind
from cadres.models import Cadre, Post, TrainingClass, TrainingRecord
from cadres.qualities import Attendance
from cadres.services import hours as hour_services
from cadres.services import training as services
from cadres.services.training import MOST_HOURS, ClassPlan
from common.admin_fields import dress
from common.admin_verbs import VerbForm
from common.errors import DomainError
from common.forms import PortalForm
from common.pickers import PickedField
from common.resolving import NameResolver
from organizations.choices import SchoolKind
from organizations.models import Organization, SchoolLink
from organizations.queries.names import organization_names
from people.facts import FactError
from people.finding import PersonFinder, Wanted, described
from people.models import Person

_MOST_LINES = 500


def _hours_field(**more: Any) -> forms.IntegerField:
    return forms.IntegerField(label="学时", min_value=1, max_value=MOST_HOURS, **more)


class PlanForm(forms.Form):
    """What is said of a training class; ``plan`` once it is valid."""

    title = forms.CharField(label="培训班", max_length=200)
    since = forms.DateField(label="开始日期")
    until = forms.DateField(label="结束日期", required=False, help_text="只有一天的不填")
    hours = _hours_field(help_text="全程参加计多少学时")
    place = forms.CharField(label="地点", max_length=100, required=False)
    basis = forms.CharField(label="通知（文号）", max_length=200, required=False)

    plan: ClassPlan

    def clean(self) -> dict[str, Any]:
        """Check what the fields say together."""
        values = super().clean() or self.cleaned_data
        if not self.errors:
            names = ("title", "since", "hours", "place", "basis")
            until = values["until"] or values["since"]
            self.plan = ClassPlan(**{name: values[name] for name in names}, until=until)
            try:
                services.check_class(self.plan)
            except DomainError as error:
                self.add_error(None, error.message)
        return values


class HoldForm(PortalForm, PlanForm):
    """A training class that a school holds itself."""


class HoldStep(PlanForm, VerbForm):
    """A training class that the bureau enters."""

    field_order = ("title", "organization")

    def __init__(self, data: Any = None, *, actor: Any, obj: Any = None) -> None:
        super().__init__(data, actor=actor, obj=obj)
        self.fields["organization"] = PickedField(
            Organization.objects.visible_to(actor).filter(closed_on=None),
            source=TrainingClass._meta.get_field("organization"),
            label="主办党组织",
            help_text="输入全称、简称、拼音或代码",
            error_messages={"invalid_choice": "没有找到这个党组织，请重新搜索选择。"},
        )
        self.order_fields(self.field_order)
        dress(self)

    def preview(self) -> list[str]:
        """Say what is entered."""
        plan, place = self.plan, self.cleaned_data["organization"]
        days = f"{plan.since:%Y-%m-%d} 至 {plan.until:%Y-%m-%d}"
        return [
            f"「{place}」主办“{plan.title}”，{days}，{plan.hours} 学时。",
            "登记后选人参加，到课登记后学时一次记给全部到课的人。",
        ]

    def perform(self) -> str:
        made = services.hold_class(
            actor=self.actor, organization=self.cleaned_data["organization"], plan=self.plan,
            at=timezone.now(),
        )  # fmt: skip
        return f"已登记“{made}”。"


class CorrectClassStep(PlanForm, VerbForm):
    """What is said of a class, put right."""

    def __init__(self, data: Any = None, *, actor: Any, obj: Any = None) -> None:
        super().__init__(data, actor=actor, obj=obj)
        names = ("title", "since", "until", "hours", "place", "basis")
        self.initial = {name: getattr(obj, name) for name in names}
        dress(self)

    def preview(self) -> list[str]:
        """Say whose hours change."""
        held: TrainingClass = self.obj
        lines = [f"“{held}”（{held.days}，{held.hours} 学时）改为“{self.plan.title}”。"]
        if self.plan.hours != held.hours:
            many = held.records.filter(withdrawn_at=None, hours=held.hours).count()
            lines.append(f"{many} 人的学时由 {held.hours} 改为 {self.plan.hours}；单独改过的不变。")
        return lines

    def perform(self) -> str:
        services.correct_class(
            actor=self.actor, training_class=self.obj, plan=self.plan, at=timezone.now()
        )
        return f"已更正“{self.obj}”。"


class ReasonStep(VerbForm):
    """Why something is taken back; what it comes to, the kinds of it say."""

    danger = True
    reason = forms.CharField(
        label="撤回原因", max_length=services.LONGEST_REASON, widget=UnfoldAdminTextInputWidget()
    )


class WithdrawClassStep(ReasonStep):
    """A class taken back with its hours."""

    def preview(self) -> list[str]:
        """Say of how many."""
        many = self.obj.records.credited().count()
        return [f"“{self.obj}”撤回，{many} 人的学时随之撤回；记录和原因保留。"]

    def perform(self) -> str:
        services.withdraw_class(
            actor=self.actor, training_class=self.obj, reason=self.cleaned_data["reason"],
            at=timezone.now(),
        )  # fmt: skip
        return f"已撤回“{self.obj}”。"


class EnrolStep(VerbForm):
    """Who is to take part: everybody who holds a kind of post in a kind of school."""

    kinds = forms.MultipleChoiceField(
        label="职务", choices=PostKind.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget()
    )
    school_kinds = forms.MultipleChoiceField(
        label="学校类别", choices=SchoolKind.choices, required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(), help_text="不选就是全部",
    )  # fmt: skip

    def _people(self) -> QuerySet[Person]:
        posts = Post.objects.visible_to(self.actor).current().order_by()
        posts = posts.filter(kind__in=self.cleaned_data["kinds"])
        if self.cleaned_data["school_kinds"]:
            links = SchoolLink.objects.filter(school__kind__in=self.cleaned_data["school_kinds"])
            posts = posts.filter(organization__in=links.values("organization"))
        people: QuerySet[Person] = Person.objects.filter(pk__in=posts.values("person"))
        return people

    def preview(self) -> list[str]:
        """Say how many come, and how many of them are on the list already."""
        found = self._people()
        known = TrainingRecord.objects.filter(training_class=self.obj, withdrawn_at=None)
        already = found.filter(pk__in=known.values("person")).count()
        many = found.count()
        if not many:
            raise DomainError("没有符合条件的现任干部，请换个条件，或先在任职里登记。")
        return [
            f"符合条件的现任干部 {many} 人，其中 {already} 人已在名单上，加入 {many - already} 人。"
        ]

    def perform(self) -> str:
        added = services.enrol(
            actor=self.actor, training_class=self.obj, people=list(self._people().only("pk")),
            at=timezone.now(),
        )  # fmt: skip
        return f"“{self.obj}”加入 {added} 人。"


class PasteStep(VerbForm):
    """Who took part, as a list of names and units copied from anywhere."""

    names = forms.CharField(
        label="姓名和单位",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 12}),
        help_text="每行一人：姓名 单位，如：张三 芙蓉小学。可从 Excel 复制两列粘贴",
    )
    present = forms.BooleanField(
        label="这些人都已到课", required=False, help_text="勾上就直接记学时；不勾只列入名单"
    )

    def clean_names(self) -> list[Person]:
        """Find everybody who is named, or tell every line at fault with its candidates."""
        lines = _name_lines(self.cleaned_data["names"])
        found, faults = _found(lines, actor=self.actor)
        if faults:
            raise ValidationError(faults)
        return found

    def preview(self) -> list[str]:
        """Say who they are."""
        people = self.cleaned_data["names"]
        known = set(
            TrainingRecord.objects.filter(training_class=self.obj, withdrawn_at=None).values_list(
                "person", flat=True
            )
        )
        already = sum(person.pk in known for person in people)
        named = "、".join(described(each) for each in people[:10])
        more = f"等 {len(people)} 人" if len(people) > 10 else ""
        state = "并记为到课" if self.cleaned_data["present"] else "到课另行登记"
        return [f"{named}{more}，其中 {already} 人已在名单上；{state}。"]

    def perform(self) -> str:
        people, at = self.cleaned_data["names"], timezone.now()
        added = services.enrol(actor=self.actor, training_class=self.obj, people=people, at=at)
        if not self.cleaned_data["present"]:
            return f"“{self.obj}”加入 {added} 人。"
        records = TrainingRecord.objects.filter(
            training_class=self.obj, withdrawn_at=None, person__in=people
        )
        taken = services.take_attendance(
            actor=self.actor, training_class=self.obj, absent=(), at=at,
            present=records.values_list("pk", flat=True),
        )  # fmt: skip
        return f"“{self.obj}”加入 {added} 人，到课 {taken.present} 人。"


def _name_lines(text: str) -> list[tuple[int, str, str]]:
    """Return line number, name and unit of every line that is not empty."""
    lines = []
    for number, line in enumerate(text.splitlines(), start=1):
        parts = line.replace("，", " ").replace(",", " ").split()
        if not parts:
            continue
        if len(parts) < 2:
            raise ValidationError(f"第 {number} 行“{parts[0][:20]}”没有写单位，请写成：姓名 单位。")
        lines.append((number, "".join(parts[:-1]), parts[-1]))
    if len(lines) > _MOST_LINES:
        raise ValidationError(f"一次最多 {_MOST_LINES} 人，现在有 {len(lines)} 行，请分次粘贴。")
    return lines


def _found(lines: Sequence[tuple[int, str, str]], *, actor: Any) -> tuple[list[Person], list[str]]:
    """Return who is meant, and what is wrong with which line."""
    today = timezone.localdate()
    resolver = NameResolver("党组织", organization_names(today))
    seen = set(Organization.objects.visible_to(actor).values_list("pk", flat=True))
    wanted, faults = {}, []
    for number, name, unit in lines:
        candidates = resolver.find(unit)
        if len(candidates) != 1 or candidates[0].key not in seen:
            near = "、".join(each.label for each in candidates or resolver.suggest(unit))
            hint = f"；相近的有：{near}" if near else ""
            faults.append(f"第 {number} 行的单位“{unit[:20]}”没有找到或不止一个{hint}。")
            continue
        wanted[number] = Wanted(name, candidates[0].key)
    finder = PersonFinder(list(wanted.values()), on=today, ties=Post.objects.current())
    people: list[Person] = []
    for number, each in wanted.items():
        try:
            people.append(finder.find(each))
        except FactError as error:
            faults.append(f"第 {number} 行：{error.message}")
    return people, faults


class HoursStep(VerbForm):
    """Hours of a training elsewhere, of one person."""

    title = forms.CharField(label="培训名称", max_length=200)
    organiser = forms.CharField(label="主办单位", max_length=200, required=False)
    held_on = forms.DateField(label="结束日期", help_text="学时计入这一天的年度")
    hours = _hours_field()
    basis = forms.CharField(label="证明（结业证号等）", max_length=200, required=False)

    def __init__(self, data: Any = None, *, actor: Any, obj: Cadre) -> None:
        super().__init__(data, actor=actor, obj=obj)
        dress(self)

    def _entry(self) -> hour_services.Hours:
        return hour_services.Hours(person=self.obj, **self.cleaned_data)

    def preview(self) -> list[str]:
        """Say what counts in which year."""
        entry = self._entry()
        hour_services.check_credit(entry, on=timezone.localdate())
        return [f"{self.obj}{entry.held_on.year}年增加 {entry.hours} 学时：{entry.title}。"]

    def perform(self) -> str:
        done = hour_services.credit_hours(
            actor=self.actor, entries=[self._entry()], at=timezone.now()
        )
        for _place, _key, message in done.refused:
            raise DomainError(message)
        return f"已登记{self.obj}的学时。" if not done.unchanged else "这次培训已经登记过了。"


class CorrectHoursStep(VerbForm):
    """Other hours for one person: who left early."""

    hours = _hours_field()

    def __init__(self, data: Any = None, *, actor: Any, obj: TrainingRecord) -> None:
        super().__init__(data, actor=actor, obj=obj)
        self.initial = {"hours": obj.hours}
        dress(self)

    def preview(self) -> list[str]:
        """Say what changes."""
        held: TrainingRecord = self.obj
        wanted = self.cleaned_data["hours"]
        return [f"{held.person}“{held.title}”的学时：{held.hours} 改为 {wanted}。"]

    def perform(self) -> str:
        hour_services.correct_hours(
            actor=self.actor, record=self.obj, hours=self.cleaned_data["hours"], at=timezone.now()
        )
        return f"已更正{self.obj.person}的学时。"


class WithdrawHoursStep(ReasonStep):
    """Hours taken back of one person."""

    def preview(self) -> list[str]:
        """Say which."""
        held: TrainingRecord = self.obj
        return [f"{held.person}“{held.title}”的 {held.hours} 学时撤回；记录和原因保留。"]

    def perform(self) -> str:
        hour_services.withdraw_hours(
            actor=self.actor, record=self.obj, reason=self.cleaned_data["reason"],
            at=timezone.now(),
        )  # fmt: skip
        return f"已撤回{self.obj.person}的学时。"


class AttendanceForm(forms.Form):
    """Who of a page of records was there: one box each; what is not on the page isn't touched.

    Ticked until somebody says otherwise: nearly everybody comes, and absentees are fewer taps.
    """

    def __init__(self, data: Any = None, *, records: Sequence[TrainingRecord]) -> None:
        super().__init__(data)
        self.records = records
        for each in records:
            self.fields[f"record_{each.pk}"] = forms.BooleanField(
                label=str(each.person), required=False, initial=each.attended != Attendance.ABSENT
            )

    def rows(self) -> list[tuple[TrainingRecord, forms.BoundField]]:
        """Return each record with its box."""
        return [(each, self[f"record_{each.pk}"]) for each in self.records]

    def split(self) -> tuple[list[int], list[int]]:
        """Return the records of who was there, and of who wasn't."""
        present = [each.pk for each in self.records if self.cleaned_data[f"record_{each.pk}"]]
        return present, [each.pk for each in self.records if each.pk not in present]
