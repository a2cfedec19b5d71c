"""Assigning an instructor (党建指导员) to a school, and ending that."""

from typing import Any

from django import forms
from django.utils import timezone
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from common.admin_verbs import VerbForm
from common.days import chinese_date
from common.pickers import PickedField
from organizations.forms.fields import BasisField, DayField
from organizations.models import Organization, School
from people import services
from people.models import Instructor, Person


def _field(name: str) -> Any:
    return Instructor._meta.get_field(name)


class AssignForm(VerbForm):
    person = PickedField(
        Person.objects.all(),
        source=_field("person"),
        label="党建指导员",
        help_text="输入姓名、拼音或完整的手机号",
    )
    school = PickedField(
        School.objects.filter(closed_on=None), source=_field("school"), label="派驻学校"
    )
    sent_by = PickedField(
        Organization.objects.filter(closed_on=None),
        source=_field("sent_by"),
        label="派出党组织",
        required=False,
    )
    since = DayField("自何日起")
    basis = BasisField()

    def preview(self) -> list[str]:
        """Say who is there already, and whether an organisation works there."""
        values = self.cleaned_data
        school, since = values["school"], values["since"]
        there = Instructor.objects.on(since).filter(school=school).select_related("person")
        held = Organization.objects.open_on(since).filter(schools=school)
        names = "、".join(str(each.person) for each in there)
        organizations = "、".join(each.label for each in held[:3])
        return [
            f"{values['person']}自 {chinese_date(since)} 起派驻「{school}」。",
            f"这所学校已有党建指导员：{names}。" if names else "这所学校还没有党建指导员。",
            f"这所学校已有党组织：{organizations}。"
            if organizations
            else "这所学校没有党组织，派驻后计入工作覆盖。",
        ]

    def perform(self) -> str:
        made = services.assign_instructor(actor=self.actor, at=timezone.now(), **self.cleaned_data)
        return f"已派驻{made}。"


class EndForm(VerbForm):
    danger = True
    on = forms.DateField(
        label="结束日期",
        widget=UnfoldAdminSingleDateWidget(),
        help_text="从这一天起不再派驻；登记有误的，填派驻的第一天",
    )
    basis = forms.CharField(label="依据文件", max_length=200, widget=UnfoldAdminTextInputWidget())

    def preview(self) -> list[str]:
        """Say what coverage loses."""
        day = chinese_date(self.cleaned_data["on"])
        others = Instructor.objects.on(self.cleaned_data["on"]).filter(school=self.obj.school)
        left = others.exclude(pk=self.obj.pk).count()
        return [
            f"{self.obj.person}自 {day} 起不再派驻「{self.obj.school}」，以前的记录保留。",
            f"这所学校还有 {left} 名党建指导员。",
        ]

    def perform(self) -> str:
        services.end_instructor(
            actor=self.actor, instructor=self.obj, at=timezone.now(), **self.cleaned_data
        )
        return f"已结束{self.obj}的派驻。"
