"""Changing a published event: all at once, for exactly those whom it concerns, and told to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from calendar_events.choices import FINISHED, MAKES_TASKS, PENDING, Handling, TaskState
from calendar_events.dates import default_due
from calendar_events.models import Event, FigureValue, Task
from calendar_events.reach import members_of
from calendar_events.revising import (
    Differing,
    Effect,
    Standing,
    standing_of,
    with_organizations,
)
from calendar_events.services.asking import (
    AudienceChoice,
    FigureAsked,
    check_figures,
    save_audience,
    write_figures,
)
from calendar_events.services.changes import cancel_tasks, move_tasks
from calendar_events.services.checks import (
    EVENT_CHANGED,
    require_planner,
    require_published,
    required_text,
)
from calendar_events.services.planning import EventPlan
from calendar_events.telling import News, people_told, short_title, tell, tell_group
from common import audit
from common.errors import ConflictError, DomainError
from common.models import overrides
from notifications.texts import day_words
from organizations.choices import AudienceKind, SchoolKind

if TYPE_CHECKING:
    from accounts.models import User

# Changed without a word to the schools: they see it when they look.
_QUIET = {"责任科室", "建议记录类别"}
_SHORT = 40


@dataclass(frozen=True)
class Revision:
    """A published event as it shall be; what is None stays as it is."""

    plan: EventPlan
    first_month: int
    last_month: int
    handling: str
    audience: AudienceChoice | None = None
    figures: Sequence[FigureAsked] | None = None


def with_due(event: Event, due_on: date) -> Revision:
    """Return ``event`` as it is, with another due date."""
    plan = EventPlan(
        title=event.title,
        demand=event.demand,
        due_on=due_on,
        starts_on=event.starts_on,
        ends_on=event.ends_on,
        office=event.office,
        record_kind=event.record_kind,
    )
    return Revision(plan, event.first_month, event.last_month, event.handling)


def revise_event(
    *,
    actor: "User",
    event: Event,
    revision: Revision,
    reason: str,
    at: datetime,
    dry_run: bool = False,
) -> Effect:
    """Make a published event what ``revision`` says, tell whom it concerns; returns what it did.

    Whom it newly asks get a task, whom it asks no longer lose theirs unless it is finished. Without
    a change of audience or handling nobody gains or loses a task. A dry run takes all of it back.
    """
    require_planner(actor)
    require_published(event)
    why = required_text(reason, name="修改原因", limit=100)
    on = timezone.localdate(at)
    with transaction.atomic():
        locked = Event.objects.select_for_update().get(pk=event.pk)
        if locked.updated_at != event.updated_at:
            raise ConflictError(EVENT_CHANGED)
        before = standing_of(locked, on=on)
        changes, fields = _changes(locked, revision)
        _check(locked, revision, changes, before.finished, on=on)
        old_due, made = locked.due_on, locked.handling in MAKES_TASKS
        cleared = _write(locked, revision, changes, fields, at=at)
        effect = _settle(
            locked, changes, before, cleared, had_tasks=made, moved=old_due != locked.due_on, at=at
        )
        audit.record(
            actor=actor,
            verb="calendar_events.revise_event",
            obj=locked,
            ids=[task.pk for task in (*effect.told, *effect.given, *effect.withdrawn)],
            before={"what": {each.label: each.old for each in changes}},
            after={"what": {each.label: each.new for each in changes}, "reason": why},
            at=at,
        )
        if dry_run:
            transaction.set_rollback(True)
        else:
            _announce(effect, why, at=at)
    return effect


def _changes(event: Event, revision: Revision) -> tuple[tuple[Differing, ...], dict[str, Any]]:
    """Return what differs, in words, and the columns to write."""
    wanted = {
        **revision.plan.fields(),
        "first_month": revision.first_month,
        "last_month": revision.last_month,
        "handling": revision.handling,
    }
    if not 1 <= revision.first_month <= revision.last_month <= 12:
        raise DomainError("月份应在 1–12 之间，截止月不能早于起始月。")
    if wanted["due_on"] is None:
        future = Event(year=event.year, last_month=revision.last_month)
        wanted["due_on"] = default_due(future, overrides())
    if wanted["demand"].split() == event.demand.split():
        # Browsers send other line ends than were typed.
        wanted["demand"] = event.demand
    before, fields = audit.changes(event, wanted)
    named = [
        Differing(
            str(Event._meta.get_field(name).verbose_name),  # type: ignore[union-attr]
            _words(event, name, old),
            _words(event, name, fields[name]),
        )
        for name, old in before.items()
    ]
    named += _audience_change(event, revision) + _figures_change(event, revision)
    return tuple(named), fields


def _words(event: Event, name: str, value: Any) -> str:
    if value in (None, ""):
        return "空"
    if isinstance(value, date):
        return f"{value.year}年{day_words(value)}"
    choices = dict(Event._meta.get_field(name).flatchoices)  # type: ignore[union-attr]
    if name.endswith("_month"):
        return f"{value}月"
    del event
    return str(choices.get(value, value))


def _audience_change(event: Event, revision: Revision) -> list[Differing]:
    choice = revision.audience
    if choice is None:
        return []
    choice.check()
    return [Differing("范围", str(event.audience or AudienceKind.ALL.label), _chosen(choice))]


def _chosen(choice: AudienceChoice) -> str:
    if choice.kind == AudienceKind.CHOSEN:
        return f"指定的 {len(choice.organizations)} 个党组织"
    if choice.kind == AudienceKind.GROUPS:
        return "、".join(group.name for group in choice.groups)
    if choice.kind == AudienceKind.KINDS:
        return "、".join(str(SchoolKind(kind).label) for kind in choice.school_kinds)
    return str(AudienceKind.ALL.label)


def _figures_change(event: Event, revision: Revision) -> list[Differing]:
    if revision.figures is None:
        return []
    wanted = check_figures(revision.figures)
    old = [str(figure) for figure in event.figures.all()]
    new = [f"{figure.name}（{figure.unit}）" for figure in wanted]
    return (
        [] if old == new else [Differing("数据项", "、".join(old) or "无", "、".join(new) or "无")]
    )


def _check(
    event: Event, revision: Revision, changes: Sequence[Differing], finished: int, *, on: date
) -> None:
    labels = {each.label for each in changes}
    if not changes:
        raise DomainError("没有任何改动。")
    if revision.handling == Handling.UNSORTED or revision.handling not in Handling.values:
        raise DomainError("请在 局办、校办、选报、知晓 中选择一类。")
    if event.parts.exists() and labels & {"分类", "范围", "数据项", "截止日期"}:
        raise DomainError("这个事项已拆分：分类、范围、数据项、截止日期请在拆分出的任务上修改。")
    if "数据项" in labels and finished:
        raise DomainError(f"已有 {finished} 个党组织办结，数据项不能再改；确需补充请另发临时任务。")
    due_on = revision.plan.due_on
    if "截止日期" in labels and due_on is not None and due_on < on:
        raise DomainError("新的截止日期已经过去，请改为今天或以后的日期。")


def _write(
    event: Event,
    revision: Revision,
    changes: Sequence[Differing],
    fields: dict[str, Any],
    *,
    at: datetime,
) -> int:
    """Write event, audience and figures; returns of how many tasks figures typed so far go."""
    labels = {each.label for each in changes}
    cleared = 0
    if revision.audience is not None:
        event.audience = save_audience(revision.audience, audience=event.audience)
    if "数据项" in labels and revision.figures is not None:
        answered = FigureValue.objects.filter(task__event=event, task__state__in=PENDING)
        cleared = answered.values("task").distinct().count()
        write_figures(event, check_figures(revision.figures))
    for name, value in fields.items():
        setattr(event, name, value)
    event.updated_at = at
    Event.objects.filter(pk=event.pk).update(**fields, audience=event.audience, updated_at=at)
    return cleared


def _settle(
    event: Event,
    changes: tuple[Differing, ...],
    before: Standing,
    cleared: int,
    *,
    had_tasks: bool,
    moved: bool,
    at: datetime,
) -> Effect:
    """Give, move and withdraw tasks; returns the effect."""
    on = timezone.localdate(at)
    labels = {each.label for each in changes}
    given: list[Task] = []
    withdrawn: list[Task] = []
    outside: list[int] = []
    has_tasks = event.handling in MAKES_TASKS
    if not has_tasks and had_tasks:
        withdrawn = cancel_tasks(event.tasks.all(), at=at)
    elif has_tasks and ("范围" in labels or not had_tasks) and not event.parts.exists():
        members = members_of([event], on=on)[event.pk]
        if not members:
            raise DomainError("所选范围内没有党组织，请重新选择范围。")
        outside = list(event.tasks.exclude(organization__in=members).values_list("pk", flat=True))
        withdrawn = cancel_tasks(event.tasks.filter(pk__in=outside), at=at)
        given = _give(event, members, at=at)
    followed = move_tasks(event, event.due_on, at=at) if moved and event.due_on else []
    fresh = {task.pk for task in given}
    staying = [
        task
        for task in with_organizations(event.tasks.filter(state__in=PENDING))
        if task.pk not in fresh
    ]
    if labels == {"截止日期"}:
        staying = [task for task in followed if task.pk not in fresh]
    told = staying if labels - _QUIET - {"范围"} else []
    return Effect(
        event=event,
        changes=changes,
        before=before,
        told=tuple(told),
        given=tuple(given),
        withdrawn=tuple(withdrawn),
        kept=event.tasks.filter(pk__in=outside, state__in=FINISHED).count()
        if has_tasks
        else before.finished,
        cleared=cleared,
        late_after=standing_of(event, on=on).late,
        people=people_told([*told, *given, *withdrawn], at=at),
    )


def _give(event: Event, members: Sequence[int], *, at: datetime) -> list[Task]:
    """Give whoever is newly asked a task; one that was withdrawn before waits again."""
    due_on = event.due_on
    assert due_on is not None
    holding = set(
        event.tasks.exclude(state=TaskState.CANCELLED).values_list("organization", flat=True)
    )
    missing = [pk for pk in members if pk not in holding]
    if missing and due_on < timezone.localdate(at):
        raise DomainError(
            f"截止日期{day_words(due_on)}已经过去，新增的党组织来不及办，请同时调整截止日期。"
        )
    again = event.tasks.filter(state=TaskState.CANCELLED, organization__in=missing)
    revived = list(again.values_list("pk", "organization"))
    again.filter(pk__in=[pk for pk, _ in revived]).update(
        state=TaskState.OPEN, due_on=due_on, extended_reason="", updated_at=at
    )
    back = {organization for _, organization in revived}
    Task.objects.bulk_create(
        Task(event=event, organization_id=pk, due_on=due_on, created_at=at)
        for pk in missing
        if pk not in back
    )
    return with_organizations(event.tasks.filter(organization__in=missing))


def _announce(effect: Effect, why: str, *, at: datetime) -> None:
    event = effect.event
    title, due_on = short_title(event.title), event.due_on
    words = "；".join(
        f"{each.label}由{_short(each.old)}改为{_short(each.new)}"
        for each in effect.changes
        if each.label not in _QUIET | {"范围"}
    )
    until = f"，截止日期{day_words(due_on)}" if due_on else ""
    news = (
        (effect.told, "revised", "任务调整", f"「{title}」{words}，原因：{why}"),
        (effect.given, "assigned", "新增任务", f"请办理「{title}」{until}，原因：{why}"),
        (effect.withdrawn, "withdrawn", "任务撤回", f"「{title}」不再需要填报，原因：{why}"),
    )
    for tasks, verb, heading, sentence in news:
        if tasks:
            told = News(verb, "change", heading, sentence)
            tell(tasks=tasks, news=told, at=at)
            tell_group(tasks=tasks, news=told, key=f"event:{event.pk}:{verb}", at=at)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHORT else f"{flat[: _SHORT - 1]}…"
