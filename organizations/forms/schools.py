"""The schools of an organisation, and the closing of a school."""

from typing import Any

from django import forms
from django.utils import timezone
from unfold.widgets import UnfoldAdminTextInputWidget

from common.admin_verbs import VerbForm
from common.days import chinese_date
from organizations import services
from organizations.forms.fields import BasisField, DayField, schools_field


class LinkSchoolsForm(VerbForm):
    schools = schools_field("联合党支部可选几所学校")
    on = DayField("自何日起")
    basis = BasisField(required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        schools = list(self.obj.schools.values_list("pk", flat=True))
        self.initial = {"schools": schools, "on": timezone.localdate()}

    def preview(self) -> list[str]:
        """List what comes and what goes."""
        before, after = set(self.obj.schools.all()), set(self.cleaned_data["schools"])
        lines = [
            f"{word} {len(schools)} 所学校：{'、'.join(sorted(map(str, schools)))}。"
            for word, schools in (("增加", after - before), ("去掉", before - after))
            if schools
        ]
        return lines or ["没有变化。"]

    def perform(self) -> str:
        services.link_schools(actor=self.actor, organization=self.obj, **self.cleaned_data)
        return f"已调整「{self.obj}」所在学校。"


class CloseSchoolForm(VerbForm):
    danger = True
    on = DayField("撤并日期", help_text="从这一天起不再存在")

    def preview(self) -> list[str]:
        """Say what stays."""
        on = chinese_date(self.cleaned_data["on"])
        return [f"「{self.obj}」自 {on} 起撤并，以前的记录全部保留。"]

    def perform(self) -> str:
        services.close_school(actor=self.actor, school=self.obj, **self.cleaned_data)
        return f"已撤并「{self.obj}」。"


class SchoolMembersForm(VerbForm):
    """How many full members work in a school without an organisation of its own."""

    full = forms.IntegerField(
        label="正式党员",
        min_value=0,
        max_value=services.MOST_MEMBERS,
        widget=UnfoldAdminTextInputWidget(),
        help_text="在这所学校工作的正式党员，没有就填 0",
    )
    on = DayField("自何日起")

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.initial = {"on": timezone.localdate()}

    def preview(self) -> list[str]:
        """Say what the figure is for."""
        values = self.cleaned_data
        return [
            f"「{self.obj}」自 {chinese_date(values['on'])} 起有正式党员 {values['full']} 名。",
            "只用来判断学校要不要单独设立党组织，不计入党员总数：党员仍在所在党组织里统计。",
        ]

    def perform(self) -> str:
        services.record_school_members(actor=self.actor, school=self.obj, **self.cleaned_data)
        return f"已登记「{self.obj}」的正式党员数。"
