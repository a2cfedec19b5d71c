"""Starting, handing over, ending and correcting a post: each says first what it changes."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from cadres import services
from cadres.choices import CHOSEN_ENDS, ROLE_OF, Duty, Engagement, PostEnd, PostKind
from cadres.models import Post
from cadres.services import Appointment
from common.admin_fields import dress
from common.admin_verbs import VerbForm
from common.days import chinese_date
from common.pickers import PickedField
from organizations.models import Organization
from people.models import Person

_HOW_TO_FIND = "输入全称、简称、曾用名、拼音或代码"
_UNION = (("", "未登记"), ("yes", "一肩挑（书记同时任校长、园长等行政正职）"), ("no", "分设"))
_IS_HEAD = {"yes": True, "no": False}
_EMPTY = [("", "未登记")]


def _basis(label: str = "依据文件") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=200, required=False, help_text="如 澄教委〔2026〕3号"
    )


def _person(form: VerbForm, label: str) -> PickedField:
    return PickedField(
        Person.objects.visible_to(form.actor),
        source=Post._meta.get_field("person"),
        label=label,
        help_text="输入姓名、拼音或完整的手机号；没有的请先在“人员”或“党员名册”里登记",
        error_messages={
            "required": "请选择人员：输入姓名、拼音或完整的手机号。",
            "invalid_choice": "没有找到这个人，请重新搜索选择。",
        },
    )


class _About(VerbForm):
    """What else is known of whoever holds a post."""

    engagement = forms.ChoiceField(
        label="专／兼职", choices=[*_EMPTY, *Engagement.choices], required=False
    )
    administrative_post = forms.CharField(
        label="行政职务", max_length=50, required=False, help_text="如 校长、副校长；没有的留空"
    )
    is_head = forms.ChoiceField(label="一肩挑／分设", choices=_UNION, required=False)
    basis = _basis()

    def about(self) -> dict[str, Any]:
        """Return it in the words of `Appointment`."""
        values = self.cleaned_data
        return {
            "engagement": values["engagement"],
            "administrative_post": values["administrative_post"].strip(),
            "is_head": _IS_HEAD.get(values["is_head"]),
            "basis": values["basis"].strip(),
        }


class StartStep(_About):
    """Somebody comes into a post."""

    kind = forms.ChoiceField(label="党内职务", choices=PostKind.choices)
    duty = forms.ChoiceField(
        label="委员分工", choices=[("", "无"), *Duty.choices], required=False,
        help_text="委员和兼任委员的副书记填写",
    )  # fmt: skip
    group = forms.CharField(
        label="党小组", max_length=50, required=False, help_text="只有党小组组长填写"
    )
    since = forms.DateField(label="任职时间")

    field_order = (
        "organization", "person", "kind", "duty", "group", "since", "engagement",
        "administrative_post", "is_head", "basis",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, actor: Any, obj: Any = None) -> None:
        super().__init__(data, actor=actor, obj=obj)
        self.fields["organization"] = PickedField(
            Organization.objects.visible_to(actor).filter(closed_on=None),
            source=Post._meta.get_field("organization"),
            label="党组织",
            help_text=_HOW_TO_FIND,
            error_messages={
                "required": f"请选择党组织：{_HOW_TO_FIND}。",
                "invalid_choice": "没有找到这个党组织，请重新搜索选择。",
            },
        )
        self.fields["person"] = _person(self, "姓名")
        self.order_fields(self.field_order)
        dress(self)

    @property
    def appointment(self) -> Appointment:
        """What was asked for."""
        values = self.cleaned_data
        known = {name: values[name] for name in ("person", "organization", "kind", "since", "duty")}
        return Appointment(**known, group=values["group"].strip(), **self.about())

    def preview(self) -> list[str]:
        """Say who comes into which post, and what becomes of the account."""
        wanted = self.appointment
        services.check_appointment(actor=self.actor, appointment=wanted, at=timezone.now())
        services.check_overlap(wanted)
        return [*_starting(wanted), "以前的记录不变。"]

    def perform(self) -> str:
        post = services.start_post(
            actor=self.actor, appointment=self.appointment, at=timezone.now()
        )
        return f"已登记{post}。"


class HandOverStep(_About):
    """Somebody else takes a post over."""

    on = forms.DateField(label="从哪天起接任")

    field_order = ("person", "on", "engagement", "administrative_post", "is_head", "basis")

    def __init__(self, data: Any = None, *, actor: Any, obj: Any = None) -> None:
        super().__init__(data, actor=actor, obj=obj)
        self.fields["person"] = _person(self, "接任人")
        self.order_fields(self.field_order)
        dress(self)

    @property
    def appointment(self) -> Appointment:
        """What was asked for."""
        values, post = self.cleaned_data, self.obj
        return Appointment(
            values["person"], post.organization, post.kind, values["on"], duty=post.duty,
            group=post.group, **self.about(),
        )  # fmt: skip

    def preview(self) -> list[str]:
        """Say what ends and what begins."""
        wanted = self.appointment
        services.check_appointment(actor=self.actor, appointment=wanted, at=timezone.now())
        return [*_ending(self.obj, wanted.since), *_starting(wanted)]

    def perform(self) -> str:
        post = services.hand_over(
            actor=self.actor, post=self.obj, appointment=self.appointment, at=timezone.now()
        )
        return f"已由{post}接任。"


class EndStep(VerbForm):
    """Somebody leaves a post."""

    danger = True
    reason = forms.ChoiceField(
        label="卸任方式", choices=[(end.value, end.label) for end in CHOSEN_ENDS]
    )
    on = forms.DateField(label="从哪天起不再担任")
    basis = _basis()

    def __init__(self, data: Any = None, *, actor: Any, obj: Any = None) -> None:
        super().__init__(data, actor=actor, obj=obj)
        dress(self)

    def preview(self) -> list[str]:
        """Say what ends, and that the post is vacant then."""
        post, reason = self.obj, PostEnd(self.cleaned_data["reason"])
        if reason == PostEnd.MISTAKEN:
            return [f"{post}这一条作废，从一开始就不算；随之授予的账号权限一并收回。"]
        told = [*_ending(post, self.cleaned_data["on"]), f"卸任方式：{reason.label}。"]
        if post.kind == PostKind.SECRETARY:
            told.append("之后书记空缺；有人接任的请改用“交接”。")
        return told

    def perform(self) -> str:
        services.end_post(actor=self.actor, post=self.obj, at=timezone.now(), **self.cleaned_data)
        return f"已登记{self.obj}卸任。"


class CorrectStep(_About):
    """What is known of a post is put right."""

    duty = forms.ChoiceField(label="委员分工", choices=[("", "无"), *Duty.choices], required=False)

    def __init__(self, data: Any = None, *, actor: Any, obj: Any = None) -> None:
        super().__init__(data, actor=actor, obj=obj)
        if obj.kind not in (PostKind.MEMBER, PostKind.DEPUTY):
            del self.fields["duty"]
        for name in self.fields:
            self.initial[name] = getattr(obj, name)
        self.initial["is_head"] = {True: "yes", False: "no"}.get(obj.is_head, "")
        dress(self)

    def preview(self) -> list[str]:
        """Say that nothing else changes."""
        return [f"更正{self.obj}的信息；任职人、任职时间和账号权限不变。"]

    def perform(self) -> str:
        values = self.about()
        if "duty" in self.fields:
            values["duty"] = self.cleaned_data["duty"]
        services.correct_post(actor=self.actor, post=self.obj, values=values, at=timezone.now())
        return f"已更正{self.obj}。"


def _starting(wanted: Appointment) -> list[str]:
    day, kind = chinese_date(wanted.since), ROLE_OF.get(wanted.kind)
    told = [f"{wanted.person}从 {day} 起任「{wanted.organization}」{wanted.title}。"]
    if kind is None:
        return told
    user = wanted.person.user
    if user is None:
        return [*told, f"{wanted.person}还没有账号；开通账号并授予角色以后才能登录填报。"]
    return [*told, f"账号“{user.username}”从这天起有「{wanted.organization}」{kind.label}的权限。"]


def _ending(post: Post, on: date) -> list[str]:
    day = chinese_date(on)
    told = [f"{post.person}从 {day} 起不再担任「{post.organization}」{post.title}。"]
    roles = services.roles_with(post, on)
    return [*told, *(f"账号“{role.user.username}”的{role.get_kind_display()}权限到前一天为止。"
                     for role in roles)]  # fmt: skip
