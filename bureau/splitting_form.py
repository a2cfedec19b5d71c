"""The form of a split (分设): what becomes an organisation of its own, and who goes along."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from bureau.rehearsal import rehearse
from bureau.splitting import split_organization
from cadres.choices import ROLE_OF
from cadres.models import Post
from common.admin_verbs import VerbForm
from common.days import chinese_date
from organizations.choices import OrganizationKind
from organizations.forms.fields import BasisField, DayField, organization_field
from organizations.models import (
    Campus,
    Organization,
    OrganizationQuerySet,
    Role,
    School,
    Succession,
)
from organizations.services import Part
from people.models import Standing

# More than anybody ticks one by one.
_MOST_OFFERED = 200


class _Several(forms.TypedMultipleChoiceField):
    """Rows of the organisation to be ticked; numbers that weren't offered are refused."""

    def __init__(self, label: str, *, help_text: str = "") -> None:
        super().__init__(
            label=label,
            required=False,
            coerce=int,
            widget=UnfoldAdminCheckboxSelectMultipleWidget(),
            help_text=help_text,
        )


class SplitForm(VerbForm):
    name = forms.CharField(
        label="新党组织全称", max_length=120, widget=UnfoldAdminTextInputWidget()
    )
    short_name = forms.CharField(
        label="简称", max_length=60, required=False, widget=UnfoldAdminTextInputWidget()
    )
    code = forms.CharField(label="组织代码", max_length=30, widget=UnfoldAdminTextInputWidget())
    kind = forms.ChoiceField(
        label="类别",
        choices=[("", "请选择"), *OrganizationKind.choices],
        widget=UnfoldAdminSelectWidget(),
    )
    parent = organization_field(
        "上级党组织", required=False, help_text="不选就和原党组织同一个上级"
    )
    schools = _Several("分出去的学校", help_text="从此只由新党组织覆盖")
    campuses = _Several("分出去的校区")
    branches = _Several("随同的下级党组织")
    persons = _Several("随同的党员", help_text="名册从分设之日起转到新党组织")
    posts = _Several("随同的班子任职", help_text="在新党组织任同样的职务，相应的角色一同转")
    roles = _Several(
        "随同的其他角色", help_text="原角色到前一天为止，从分设之日起在新党组织任同样的角色"
    )
    on = DayField("分设日期")
    basis = BasisField()

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name, choices in self._offered().items():
            if choices:
                self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
            else:
                del self.fields[name]

    def _offered(self) -> dict[str, list[tuple[int, str]]]:
        held = self.obj
        schools = School.objects.filter(organizations=held, closed_on=None)
        campuses = Campus.objects.filter(school__in=schools.values("pk"), closed_on=None)
        branches = Organization.objects.filter(parent=held, closed_on=None)
        roster = Standing.objects.current().filter(organization=held).select_related("person")
        roles = Role.objects.current(timezone.localdate()).filter(organization=held)
        posts = Post.objects.current().filter(organization=held)
        with_posts = Q(
            kind__in=ROLE_OF.values(),
            user__in=posts.values("person__user").exclude(person__user=None),
        )
        several = _choices(schools.order_by("order", "pk"))
        people = roster.in_customary_order()[:_MOST_OFFERED]
        return {
            "schools": several if len(several) > 1 else [],
            "campuses": _choices(campuses.order_by("pk")),
            "branches": _choices(branches),
            "persons": [(each.person_id, str(each)) for each in people],
            "posts": _choices(posts.select_related("person").in_customary_order()),
            "roles": [
                (each.pk, f"{each.user}（{each.get_kind_display()}）")
                for each in roles.exclude(with_posts).select_related("user").order_by("pk")
            ][:_MOST_OFFERED],
        }

    def preview(self) -> list[str]:
        """Say what stands where afterwards, and who goes along."""
        values = self.cleaned_data
        kind = OrganizationKind(values["kind"]).label
        above = values["parent"] or self.obj.parent or self.obj
        return [
            f"自 {chinese_date(values['on'])} 起，从「{self.obj}」分设{kind}「{values['name']}」。",
            f"新党组织隶属「{above}」。",
            *self._named("schools", "分出去的学校"),
            *self._named("campuses", "分出去的校区"),
            *self._named("branches", "随同的下级党组织"),
            *rehearse(self._split, places=self._concerned, of=self.obj),
            "原有的任务、月报仍由原党组织办理；两边人数没有按名册统计的，请分别填报。",
        ]

    def _named(self, field: str, words: str) -> list[str]:
        chosen = self.cleaned_data.get(field) or []
        if not chosen:
            return []
        labels = dict(self.fields[field].choices)  # type: ignore[attr-defined]  # a ChoiceField
        names = "、".join(labels[pk] for pk in chosen)
        return [f"{words} {len(chosen)} 个：{names}。"]

    def _concerned(self) -> OrganizationQuerySet:
        made = Succession.objects.filter(predecessor=self.obj).values("successor")
        rows: OrganizationQuerySet = Organization.objects.filter(Q(pk=self.obj.pk) | Q(pk__in=made))
        return rows

    def _split(self) -> Organization:
        values = self.cleaned_data
        part = Part(
            name=values["name"],
            short_name=values["short_name"],
            code=values["code"],
            kind=values["kind"],
            parent=values["parent"],
            schools=self._chosen(School.objects.all(), "schools"),
            campuses=self._chosen(Campus.objects.all(), "campuses"),
            branches=self._chosen(Organization.objects.all(), "branches"),
        )
        return split_organization(
            actor=self.actor,
            organization=self.obj,
            part=part,
            on=values["on"],
            basis=values["basis"],
            persons=values.get("persons") or [],
            posts=values.get("posts") or [],
            roles=values.get("roles") or [],
            at=timezone.now(),
        )

    def _chosen(self, rows: QuerySet[Any], name: str) -> list[Any]:
        return list(rows.filter(pk__in=self.cleaned_data.get(name) or []))

    def perform(self) -> str:
        return f"已从「{self.obj}」分设「{self._split()}」。"


def _choices(rows: Iterable[Any]) -> list[tuple[int, str]]:
    return [(row.pk, str(row)) for row in islice(rows, _MOST_OFFERED)]
