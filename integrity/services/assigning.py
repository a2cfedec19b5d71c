"""Asking an audience to check themselves, and what changes about that later."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from calendar_events.services import AudienceChoice
from calendar_events.services.asking import save_audience
from common import audit
from common.errors import ConflictError, DomainError
from integrity.choices import PENDING, AssignmentState, EditionState, SelfCheckState, Subject
from integrity.models import Assignment, Checklist, Edition, Item, SelfCheck
from integrity.services.guards import check_planner, checked_text, required_text
from integrity.services.rectifying import cancel_closed_rectifications
from integrity.telling import tell_news, withdraw_dues
from notifications.texts import day_words
from organizations.choices import SchoolKind
from organizations.models import Audience, Organization, OrganizationQuerySet, SchoolLink

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_NOTE, LONGEST_REASON = 500, 200
BATCH = 500
# Units that teach nobody: what is asked of each school isn't asked of them.
NO_SCHOOLS = (
    SchoolKind.ASSOCIATION, SchoolKind.INSTITUTE, SchoolKind.OFFICE, SchoolKind.RETIRED,
)  # fmt: skip


@dataclass(frozen=True)
class Unit:
    """Who answers once: an organisation, for one of its schools where each school answers."""

    organization: Organization
    school_id: int | None
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Reach:
    """Whom an assignment would reach; ``already`` are asked this year, ``nothing`` have no item."""

    units: Sequence[Unit]
    already: int
    nothing: int

    @property
    def sentences(self) -> list[str]:
        """What assigning would do, in numbers."""
        several = len(self.units) - len({unit.organization.pk for unit in self.units})
        told = [f"将布置给 {len(self.units)} 个单位，每个单位一份自查表。"]
        if several:
            told.append(f"其中 {several} 份由管几所学校的联合党组织多填：每所学校一份。")
        if self.already:
            told.append(f"{self.already} 个单位本年度已布置过这份清单，不再重复。")
        if self.nothing:
            told.append(f"{self.nothing} 个单位没有适用的项目，不布置。")
        return told


def reach_of(*, edition: Edition, year: int, choice: AudienceChoice, on: date) -> Reach:
    """Return whom the assignment would reach; writes nothing. Raises DomainError where nobody."""
    with transaction.atomic():
        audience = save_audience(choice, audience=None)
        reach = _reach(edition, year, audience, on)
        transaction.set_rollback(True)
    return reach


def _reach(edition: Edition, year: int, audience: Audience, on: date) -> Reach:
    meant = audience.members(on=on)
    each_school = edition.checklist.subject == Subject.SCHOOL
    units = list(_schools(meant, on) if each_school else _organizations(meant))
    items = list(Item.objects.filter(section__edition=edition).standing())
    fitting = [unit for unit in units if any(item.applies_to(unit.kinds) for item in items)]
    asked = SelfCheck.objects.filter(
        assignment__year=year,
        assignment__edition__checklist=edition.checklist_id,
        assignment__state=AssignmentState.OPEN,
    ).exclude(state=SelfCheckState.WAIVED)
    key = "school_id" if each_school else "organization_id"
    held = set(asked.values_list(key, flat=True))
    new = [u for u in fitting if (u.school_id if each_school else u.organization.pk) not in held]
    if not new:
        raise DomainError("这个范围里没有要布置的单位：可能本年度都已布置，或没有适用的项目。")
    return Reach(new, already=len(fitting) - len(new), nothing=len(units) - len(fitting))


def _schools(meant: OrganizationQuerySet, on: date) -> Iterable[Unit]:
    """Yield each school once, in the hands of the first of its organisations that are meant."""
    links = SchoolLink.objects.filter(organization__in=meant.values("pk"))
    rows = links.exclude(school__kind__in=NO_SCHOOLS).select_related("organization", "school")
    seen: set[int] = set()
    for link in rows.order_by("organization__path", "school__order", "school_id"):
        closed = link.school.closed_on
        if link.school_id in seen or (closed is not None and closed <= on):
            continue
        seen.add(link.school_id)
        yield Unit(link.organization, link.school_id, (link.school.kind,))


def _organizations(meant: OrganizationQuerySet) -> Iterable[Unit]:
    kinds: dict[int, list[str]] = defaultdict(list)
    links = SchoolLink.objects.filter(organization__in=meant.values("pk"))
    for pk, kind in links.values_list("organization", "school__kind"):
        kinds[pk].append(kind)
    for organization in meant.order_by("order", "pk"):
        yield Unit(organization, None, tuple(kinds[organization.pk]))


def assign(
    *,
    actor: "User",
    edition: Edition,
    year: int,
    due_on: date,
    choice: AudienceChoice,
    note: str = "",
    at: datetime,
) -> Assignment:
    """Ask the audience to check themselves by ``edition``, and tell them.

    Each unit is asked once a year by the same checklist. Raises DomainError for a due date that
    has passed or lies too far ahead, an edition that isn't in force, an audience of nobody.
    """
    check_planner(actor)
    on = timezone.localdate(at)
    _check_due(year, due_on, on)
    told = checked_text(note, name="要求", limit=LONGEST_NOTE)
    with transaction.atomic():
        # Two at once would each ask the same schools.
        Checklist.objects.select_for_update().get(pk=edition.checklist_id)
        if not Edition.objects.filter(pk=edition.pk, state=EditionState.PUBLISHED).exists():
            raise ConflictError("这个版本不是现行的，请布置现行的版本。")
        audience = save_audience(choice, audience=None)
        reach = _reach(edition, year, audience, on)
        assignment = Assignment.objects.create(
            edition=edition,
            year=year,
            audience=audience,
            due_on=due_on,
            note=told,
            created_by=actor,
            created_at=at,
        )
        made = _hand_out(assignment, reach.units)
        audit.record(
            actor=actor,
            verb="integrity.assign",
            obj=assignment,
            after={"due_on": due_on, "audience": str(audience), "units": len(made)},
            at=at,
        )
        sentence = f"请于{day_words(due_on)}前完成{assignment}，在手机上填，约需 10 分钟。"
        tell_news(assignment, made, "assigned", sentence, actor=actor, at=at)
    return assignment


def _check_due(year: int, due_on: date, on: date) -> None:
    if due_on < on:
        raise DomainError(f"截止日期{day_words(due_on)}已经过去，请选今天或以后的日期。")
    if not on.year - 1 <= year <= on.year + 1:
        raise DomainError(f"年度应在 {on.year - 1} 到 {on.year + 1} 之间，写的是 {year}。")
    if not year <= due_on.year <= year + 1:
        raise DomainError(f"{year} 年的自查，截止日期应在 {year} 或 {year + 1} 年内。")


def _hand_out(assignment: Assignment, units: Sequence[Unit]) -> list[SelfCheck]:
    items = list(Item.objects.filter(section__edition=assignment.edition_id).standing())
    asked = {unit.kinds: sum(item.applies_to(unit.kinds) for item in items) for unit in units}
    SelfCheck.objects.bulk_create(
        (
            SelfCheck(
                assignment=assignment,
                organization=unit.organization,
                school_id=unit.school_id,
                order=unit.organization.order,
                asked=asked[unit.kinds],
            )
            for unit in units
        ),
        batch_size=BATCH,
    )
    made = SelfCheck.objects.filter(assignment=assignment)
    return list(made.select_related("organization", "school"))


def move_due_date(
    *, actor: "User", assignment: Assignment, due_on: date, reason: str, at: datetime
) -> Assignment:
    """Give another due date, for a reason, and tell who hasn't handed in."""
    check_planner(actor)
    why = required_text(reason, name="调整的原因", limit=LONGEST_REASON)
    _check_due(assignment.year, due_on, timezone.localdate(at))
    before = assignment.due_on
    if due_on == before:
        raise DomainError("新的截止日期和现在的一样。")
    with transaction.atomic():
        done = Assignment.objects.filter(
            pk=assignment.pk, due_on=before, state=AssignmentState.OPEN
        ).update(due_on=due_on, updated_at=at)
        if not done:
            raise ConflictError("截止日期刚刚已被别人调整，或自查已取消，请刷新后再看。")
        assignment.due_on = due_on
        audit.record(
            actor=actor,
            verb="integrity.move_due_date",
            obj=assignment,
            before={"due_on": before},
            after={"due_on": due_on, "reason": why},
            at=at,
        )
        sentence = f"截止日期由{day_words(before)}改为{day_words(due_on)}：{why}。"
        tell_news(assignment, _still(assignment), "moved", sentence, actor=actor, at=at)
    return assignment


def cancel_assignment(
    *, actor: "User", assignment: Assignment, reason: str, at: datetime
) -> Assignment:
    """Take an assignment back, for a reason; what was answered stays readable."""
    check_planner(actor)
    why = required_text(reason, name="取消的原因", limit=LONGEST_REASON)
    with transaction.atomic():
        still = _still(assignment)
        done = Assignment.objects.filter(pk=assignment.pk, state=AssignmentState.OPEN).update(
            state=AssignmentState.CANCELLED, cancelled_reason=why, updated_at=at
        )
        if not done:
            raise ConflictError("这次自查已经取消。")
        audit.record(
            actor=actor,
            verb="integrity.cancel_assignment",
            obj=assignment,
            after={"cancelled_reason": why},
            at=at,
        )
        sentence = f"{assignment}已取消，不用填了：{why}。"
        tell_news(assignment, still, "cancelled", sentence, actor=actor, at=at)
    assignment.refresh_from_db()
    return assignment


def _still(assignment: Assignment) -> list[SelfCheck]:
    """Return what still waits for the school."""
    rows = SelfCheck.objects.filter(assignment=assignment).pending()
    return list(rows.select_related("organization", "school"))


def waive_closed(
    *, actor: "User | None" = None, organization: Organization | None = None, at: datetime
) -> int:
    """Mark what closed organisations still owe as 无需自查, with the reason; return how many.

    A school that goes on under another organisation may be asked again. Rectifications that nobody
    is left to do are cancelled.

    Without an ``organization`` it looks at all of them: the scheduler's safety net.
    """
    owed = SelfCheck.objects.pending().filter(organization__closed_on__lte=timezone.localdate(at))
    if organization is not None:
        owed = owed.filter(organization=organization)
    waived = 0
    with transaction.atomic():
        by_owner: dict[Organization, list[SelfCheck]] = defaultdict(list)
        along = ("organization", "school", "assignment__edition__checklist")
        for row in owed.select_related(*along):
            by_owner[row.organization].append(row)
        for owner, rows in by_owner.items():
            waived += _waive(actor, owner, rows, at=at)
        cancel_closed_rectifications(actor=actor, organization=organization, at=at)
    return waived


def _waive(
    actor: "User | None", owner: Organization, rows: Sequence[SelfCheck], *, at: datetime
) -> int:
    reason = f"{owner}已于 {owner.closed_on:%Y-%m-%d} 撤销"
    ids, waived = [row.pk for row in rows], {"state": SelfCheckState.WAIVED}
    done: int = SelfCheck.objects.filter(pk__in=ids, state__in=PENDING).update(
        state=SelfCheckState.WAIVED, waived_reason=reason, updated_at=at
    )
    withdraw_dues(ids, at=at)
    audit.record(
        actor=actor,
        verb="integrity.waive_closed",
        model=SelfCheck,
        label=str(owner),
        before={audit.ROWS: {str(row): {"state": row.state} for row in rows}},
        after={"waived_reason": reason, audit.ROWS: {str(row): waived for row in rows}},
        ids=ids,
        at=at,
    )
    return done
