"""Forms that say what is asked of whom: a draft line's plan, an ad-hoc task."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms

from activities.choices import RecordKind
from calendar_events.forms.fields import take_fields
from calendar_events.models import Event
from calendar_events.services import AudienceChoice, EventPlan, FigureAsked
from calendar_events.services.asking import MOST_FIGURES
from common.cells import CellError
from common.forms import PortalForm
from common.resolving import NameResolver
from organizations.choices import AudienceKind, SchoolKind
from organizations.models import FormerName, Office, Organization, SchoolGroup

_SEPARATORS = re.compile(r"[\n\r,，、;；\t]+")


def organization_resolver(on: date) -> NameResolver:
    """Return who knows every open organisation by its names, its code and its schools' names.

    A school's name stands for its reporting organisation. Three queries.
    """
    standing = Organization.objects.open_on(on)
    rows = list(standing.values_list("pk", "name", "short_name", "code"))
    labels = {pk: f"{name}（{code}）" for pk, name, _, code in rows}
    own = [(text, pk) for pk, *names in rows for text in names]
    former = FormerName.objects.filter(organization__in=standing.values("pk"))
    schools = standing.reporting().values_list("pk", "schools__name", "schools__short_name")
    by_school = [(text, pk) for pk, *names in schools for text in names]
    named = [*own, *former.values_list("name", "organization"), *by_school]
    return NameResolver("党组织", [(text, pk, labels[pk]) for text, pk in named if text])


class OrganizationsField(forms.CharField):
    """Names or codes of organisations, one a line, as copied from a list; never guessed."""

    on: date

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": "5"}), **kwargs)

    def clean(self, value: Any) -> tuple[Organization, ...]:
        """Return the organisations, each once, in customary order; name every doubtful one."""
        text = super().clean(value)
        names = [name.strip() for name in _SEPARATORS.split(text) if name.strip()]
        if not names:
            return ()
        resolver = organization_resolver(self.on)
        found, doubtful = set(), []
        for name in names:
            try:
                found.add(resolver(name))
            except CellError as error:
                doubtful.append(forms.ValidationError(f"“{name}”{error}"))
        if doubtful:
            raise forms.ValidationError(doubtful)
        return tuple(Organization.objects.filter(pk__in=found))


class AudienceFields(PortalForm, forms.Form):
    """For whom: all schools, some kinds, some groups, or organisations by name."""

    audience = forms.ChoiceField(
        label="范围",
        choices=AudienceKind.choices,
        initial=AudienceKind.ALL,
        widget=forms.RadioSelect,
    )
    school_kinds = forms.MultipleChoiceField(
        label="学校类别",
        choices=SchoolKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    groups = forms.ModelMultipleChoiceField(
        label="学校分组",
        queryset=SchoolGroup.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    organizations = OrganizationsField(
        label="指定党组织",
        required=False,
        help_text="每行一个，可写党组织或学校的全称、简称，也可写组织代码；可从表格里直接粘贴。",
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organizations"]
        assert isinstance(field, OrganizationsField)
        field.on = on

    def choice(self) -> AudienceChoice:
        """Return what was chosen; the other boxes don't count."""
        data = self.cleaned_data
        kind = data["audience"]
        return AudienceChoice(
            kind=kind,
            school_kinds=tuple(data["school_kinds"]) if kind == AudienceKind.KINDS else (),
            groups=tuple(data["groups"]) if kind == AudienceKind.GROUPS else (),
            organizations=data["organizations"] if kind == AudienceKind.CHOSEN else (),
        )


def audience_initial(event: Event) -> dict[str, Any]:
    """Return what the audience fields show for ``event``."""
    audience = event.audience
    if audience is None:
        return {"audience": AudienceKind.ALL}
    names = audience.organizations.values_list("name", flat=True)
    return {
        "audience": audience.kind,
        "school_kinds": audience.school_kinds,
        "groups": audience.groups.all(),
        "organizations": "\n".join(names),
    }


class FigureFields(PortalForm, forms.Form):
    """Up to eight figures: pairs of name and unit, empty ones left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        boxes: dict[str, forms.Field] = {}
        for number in range(1, MOST_FIGURES + 1):
            boxes |= {
                f"figure_{number}": _box(f"数据{number}", "名称", 50),
                f"unit_{number}": _box(f"数据{number}的单位", "单位", 10),
            }
        take_fields(self, boxes)
        super().__init__(*args, **kwargs)

    def figure_rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """Yield the pairs of boxes for the page."""
        for number in range(1, MOST_FIGURES + 1):
            yield self[f"figure_{number}"], self[f"unit_{number}"]

    def figures(self) -> list[FigureAsked]:
        """Return the pairs of which anything was filled in."""
        data = self.cleaned_data
        pairs = [
            FigureAsked(data[f"figure_{number}"], data[f"unit_{number}"])
            for number in range(1, MOST_FIGURES + 1)
        ]
        return [pair for pair in pairs if any(pair)]


def _box(label: str, shown: str, limit: int) -> forms.CharField:
    widget = forms.TextInput(attrs={"placeholder": shown})
    return forms.CharField(label=label, max_length=limit, required=False, widget=widget)


def figures_initial(event: Event) -> dict[str, str]:
    """Return what the figure boxes show for ``event``."""
    initial: dict[str, str] = {}
    for number, figure in enumerate(event.figures.all(), start=1):
        initial |= {f"figure_{number}": figure.name, f"unit_{number}": figure.unit}
    return initial


class _Asking(AudienceFields, FigureFields):
    """What a plan and an ad-hoc task have in common."""

    title = forms.CharField(label="事项", max_length=200)
    demand = forms.CharField(
        label="要求",
        max_length=2000,
        required=False,
        widget=forms.Textarea,
        help_text="写给学校看：做什么、怎么做、报什么。",
    )
    office = forms.ModelChoiceField(
        label="责任科室", queryset=Office.objects.all(), required=False, empty_label="未定"
    )
    record_kind = forms.ChoiceField(
        label="建议记录类别", choices=[("", "不指定"), *RecordKind.choices], required=False
    )


class PlanForm(_Asking):
    """A draft line before publishing."""

    starts_on = forms.DateField(label="开始日期", required=False)
    ends_on = forms.DateField(label="结束日期", required=False)
    due_on = forms.DateField(
        label="截止日期", required=False, help_text="不填则为最后一个月的最后一个工作日。"
    )

    def plan(self) -> EventPlan:
        """Return what was filled in, without audience and figures."""
        data = self.cleaned_data
        return EventPlan(
            title=data["title"],
            demand=data["demand"],
            due_on=data["due_on"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            office=data["office"],
            record_kind=data["record_kind"],
        )


class AdhocForm(_Asking):
    """A task in two minutes."""

    title = forms.CharField(label="任务名称", max_length=200)
    due_on = forms.DateField(label="截止日期")


def plan_initial(event: Event) -> dict[str, Any]:
    """Return what the plan form shows for ``event``."""
    return {
        "title": event.title,
        "demand": event.demand,
        "office": event.office,
        "record_kind": event.record_kind,
        "starts_on": event.starts_on,
        "ends_on": event.ends_on,
        "due_on": event.due_on,
        **audience_initial(event),
        **figures_initial(event),
    }
