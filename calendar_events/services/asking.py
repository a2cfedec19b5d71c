"""What an event asks, and of whom: its audience and its figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction

from calendar_events.choices import EventState
from calendar_events.models import Event, Figure
from calendar_events.services.checks import require_draft, require_planner, required_text
from common import audit
from common.errors import ConflictError, DomainError
from organizations.choices import AudienceKind, SchoolKind
from organizations.models import Audience, Organization, SchoolGroup

if TYPE_CHECKING:
    from accounts.models import User

MOST_FIGURES = 8


class FigureAsked(NamedTuple):
    """A number asked of each school: 参加人数, 人."""

    name: str
    unit: str


@dataclass(frozen=True)
class AudienceChoice:
    """For whom something is meant, as a form hands it over; all schools by default."""

    kind: str = AudienceKind.ALL
    school_kinds: tuple[str, ...] = ()
    groups: tuple[SchoolGroup, ...] = ()
    organizations: tuple[Organization, ...] = ()

    def check(self) -> None:
        """Refuse a choice that names nobody, or kinds of school that don't exist."""
        missing = {
            AudienceKind.KINDS: (self.school_kinds, "学校类别"),
            AudienceKind.GROUPS: (self.groups, "学校分组"),
            AudienceKind.CHOSEN: (self.organizations, "党组织"),
        }
        if self.kind not in AudienceKind.values:
            raise DomainError("请选择任务范围。")
        chosen, name = missing.get(AudienceKind(self.kind), ((True,), ""))
        if not chosen:
            raise DomainError(f"请至少选择一个{name}，或把范围改为“全部学校”。")
        if set(self.school_kinds) - set(SchoolKind.values):
            raise DomainError("所选学校类别不存在，请重新选择。")


def save_audience(choice: AudienceChoice, *, audience: Audience | None) -> Audience:
    """Write ``choice`` into ``audience``, or into a new one."""
    choice.check()
    kept = audience or Audience()
    kept.kind = choice.kind
    kept.school_kinds = list(choice.school_kinds)
    kept.save()
    kept.groups.set(choice.groups)
    kept.organizations.set(choice.organizations)
    return kept


def kept_in_copies(source: Event) -> dict[str, Any]:
    """Return the columns that every copy of ``source`` keeps; its audience is copied along."""
    return {
        "first_month": source.first_month,
        "last_month": source.last_month,
        "handling": source.handling,
        "office": source.office,
        "audience": _copied(source.audience),
        "record_kind": source.record_kind,
    }


def _copied(audience: Audience | None) -> Audience | None:
    """Return a copy; None, meaning all schools, stays None."""
    if audience is None:
        return None
    choice = AudienceChoice(
        kind=audience.kind,
        school_kinds=tuple(audience.school_kinds),
        groups=tuple(audience.groups.all()),
        organizations=tuple(audience.organizations.all()),
    )
    return save_audience(choice, audience=None)


def choose_audience(
    *, actor: "User", event: Event, choice: AudienceChoice, at: datetime
) -> Audience:
    """Say for whom a draft event is meant."""
    require_planner(actor)
    choice.check()
    before = str(event.audience or AudienceKind.ALL.label)
    with transaction.atomic():
        audience = save_audience(choice, audience=event.audience)
        kept = Event.objects.filter(pk=event.pk, state=EventState.DRAFT).update(
            audience=audience, updated_at=at
        )
        if not kept:
            raise ConflictError(f"「{event}」已发布，范围不能再改；可以另发临时任务。")
        audit.record(
            actor=actor,
            verb="calendar_events.choose_audience",
            obj=event,
            before={"audience": before},
            after={"audience": str(audience)},
            at=at,
        )
    event.audience = audience
    return audience


def check_figures(figures: Sequence[FigureAsked]) -> list[FigureAsked]:
    """Return the figures with their spaces stripped; refuse too many, unnamed or repeated ones."""
    if len(figures) > MOST_FIGURES:
        raise DomainError(
            f"一个事项最多要 {MOST_FIGURES} 个数据，现在是 {len(figures)} 个，请精简。"
        )
    clean = [
        FigureAsked(
            required_text(name, name="数据名称", limit=50),
            required_text(unit, name=f"“{name}”的单位", limit=10),
        )
        for name, unit in figures
    ]
    names = [figure.name for figure in clean]
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated:
        raise DomainError(f"数据“{repeated}”写了两次，请删去一个。")
    return clean


def ask_figures(
    *, actor: "User", event: Event, figures: Sequence[FigureAsked], at: datetime
) -> list[Figure]:
    """Replace the figures a draft event asks for, at most eight."""
    require_planner(actor)
    require_draft(event)
    wanted = check_figures(figures)
    with transaction.atomic():
        locked = Event.objects.select_for_update().get(pk=event.pk)
        require_draft(locked)
        before = [str(figure) for figure in locked.figures.all()]
        made = write_figures(locked, wanted)
        audit.record(
            actor=actor,
            verb="calendar_events.ask_figures",
            obj=event,
            before={"figures": before},
            after={"figures": [str(figure) for figure in made]},
            at=at,
        )
    return made


def write_figures(event: Event, figures: Sequence[FigureAsked]) -> list[Figure]:
    """Put ``figures`` in place of those the event has; answers of returned tasks go with them."""
    for figure in event.figures.all():
        figure.values.all().delete()
        figure.delete()
    return Figure.objects.bulk_create(
        Figure(event=event, name=name, unit=unit, position=position)
        for position, (name, unit) in enumerate(figures, start=1)
    )
