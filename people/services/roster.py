"""The dated roster: who begins, changes and ends what they are in a Party organisation."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from common import audit
from common.errors import ConflictError, DomainError, ForbiddenError
from organizations import services as organizations
from organizations.models import Organization, Roster
from people.choices import ENDINGS, NEXT_STEPS, EndReason, StandingKind
from people.facts import FACT_FIELDS, FactError, Facts, check_since, discreet, facts_of, take
from people.matching import ELSEWHERE
from people.models import Person, Standing
from people.permissions import may_change, may_correct, may_keep_roster, may_unmask_field
from people.queries import roster_figures
from people.services.counting import locked_rosters, recount
from people.services.entering import Entry, enter_standings

_NOT_YOURS = "不在您可以登记名册的范围内，请联系局党委组织科。"
_SHORTEST_REASON = 2
SECRET_FIELDS = {"id_number": "身份证号", "mobile": "手机号"}


def register_person(
    *,
    actor: User | None,
    organization: Organization,
    kind: str,
    since: date,
    facts: Facts,
    at: datetime,
) -> Standing:
    """Put somebody on the roster of ``organization``: a new person, or one who is on none.

    ``facts`` come from `people.facts.checked_facts`. Raises `FactError` with the field at fault,
    among others where the same ID number, or the same person under another spelling, is here.
    """
    return _enter(Entry(organization.pk, kind, since, facts), actor, at)


def _enter(entry: Entry, actor: User | None, at: datetime) -> Standing:
    done = enter_standings(actor=actor, entries=[entry], at=at, update=False)
    for refused in done.refused:
        raise FactError(refused.key, refused.message)
    return done.standings[0]


def start_standing(
    *,
    actor: User | None,
    person: Person,
    organization: Organization,
    kind: str,
    since: date,
    at: datetime,
) -> Standing:
    """Begin a standing of somebody known who has none at present."""
    return _enter(Entry(organization.pk, kind, since, facts_of(person), person), actor, at)


def change_standing(
    *, actor: User | None, standing: Standing, kind: str, on: date, at: datetime
) -> Standing:
    """Go on to the next step from the day ``on``: 转正, 延长预备期, 列为发展对象 ...

    Ends ``standing`` before that day and begins the new one in the same organisation.
    """
    reason = NEXT_STEPS[standing.kind].get(kind)
    if reason is None:
        raise DomainError(
            f"{standing.get_kind_display()}不能直接改为{StandingKind(kind).label}；"
            "登记错了的，请先结束并选“登记有误”。"
        )
    with transaction.atomic():
        since = _open(actor, standing, on, at)
        _end(standing, on, reason, at)
        following = Standing.objects.create(
            person=standing.person,
            organization=standing.organization,
            kind=kind,
            since=on,
            created_at=at,
        )
        audit.record(
            actor=actor,
            verb="people.change_standing",
            obj=following,
            before={"kind": standing.kind, "since": standing.since},
            after={"kind": kind, "since": on, "ended_as": reason},
            at=at,
        )
        recount(actor=actor, since=since, at=at)
    return following


def end_standing(
    *, actor: User | None, standing: Standing, on: date, reason: str, at: datetime
) -> Standing:
    """End a standing: it does not count on the day ``on`` any more.

    Entered by mistake it ends on the day on which it began, whatever ``on`` says, and so never
    counted.
    """
    if reason not in ENDINGS[standing.kind]:
        allowed = "、".join(EndReason(each).label for each in ENDINGS[standing.kind])
        raise DomainError(f"{standing.get_kind_display()}的变动应为 {allowed} 之一。")
    day = standing.since if reason == EndReason.MISTAKEN else on
    with transaction.atomic():
        since = _open(actor, standing, day, at)
        _end(standing, day, reason, at)
        audit.record(
            actor=actor,
            verb="people.end_standing",
            obj=standing,
            before={"until": None},
            after={"until": day, "ended_as": reason},
            at=at,
        )
        recount(actor=actor, since=since, at=at)
    return standing


def _open(actor: User | None, standing: Standing, on: date, at: datetime) -> dict[int, date]:
    """Ask for the rights and the day; return the first day of the roster, locked."""
    if actor is not None and not may_keep_roster(actor, standing.organization):
        raise ForbiddenError(f"{standing.person}{_NOT_YOURS}")
    if on > timezone.localdate(at):
        raise DomainError(f"{on:%Y-%m-%d} 还没有到，请到那天再登记。")
    if on < standing.since:
        raise DomainError(
            f"{standing.person}从 {standing.since:%Y-%m-%d} 起才是{standing.get_kind_display()}，"
            "变动日期不能更早。"
        )
    return locked_rosters([standing.organization_id])


def _end(standing: Standing, on: date, reason: str, at: datetime) -> None:
    current = Standing.objects.current().filter(pk=standing.pk)
    if not current.update(until=on, ended_as=reason, updated_at=at):
        raise ConflictError(f"{standing.person}的名册刚刚有了变动，请刷新后再看。")
    standing.until, standing.ended_as = on, reason


def correct_person(*, actor: User | None, person: Person, facts: Facts, at: datetime) -> Person:
    """Put right what is known of somebody on a roster that the actor keeps.

    Name and mobile of somebody with an account are also what they log in with: those change with
    the account alone (``people.permissions.may_change``).
    """
    if actor is not None and not may_correct(actor, person):
        raise ForbiddenError(f"{person}{_NOT_YOURS}")
    before = facts_of(person)
    old, new = discreet(before, facts)
    if not new:
        return person
    login = [key for key in ("name", "mobile") if key in new and person.user_id]
    if login and actor is not None and not may_change(actor, person):
        raise FactError(login[0], f"{person}有账号，姓名和手机号由组织科在“人员”里更正。")
    with transaction.atomic():
        list(Person.objects.select_for_update().filter(pk=person.pk))
        _refuse_double(person, facts)
        _refuse_too_young(person, facts, at)
        take(person, facts)
        _save(person)
        if person.user_id and "name" in new:
            User.objects.filter(pk=person.user_id).update(name=facts.name)
        audit.record(
            actor=actor, verb="people.correct_person", obj=person, before=old, after=new, at=at
        )
    return person


def _refuse_double(person: Person, facts: Facts) -> None:
    others = Person.objects.exclude(pk=person.pk)
    if facts.id_number and others.with_id_number(facts.id_number).exists():
        raise FactError("id_number", f"这个身份证号{ELSEWHERE}")
    if facts.mobile and others.with_mobile(facts.mobile).exists():
        raise FactError("mobile", f"这个手机号{ELSEWHERE}")


def _refuse_too_young(person: Person, facts: Facts, at: datetime) -> None:
    first = person.standings.order_by("since").first()
    if first is not None:
        try:
            check_since(first.since, born_on=facts.born_on, on=timezone.localdate(at))
        except FactError as error:
            key = "id_number" if facts.id_number else "born_on"
            raise FactError(key, error.message) from error


def _save(person: Person) -> None:
    try:
        with transaction.atomic():
            person.save(update_fields=FACT_FIELDS)
    except IntegrityError:
        raise ConflictError("这个号码刚刚被登记在别人名下，请核对。") from None


def start_roster(
    *, actor: User | None, organization: Organization, since: date, at: datetime
) -> Roster:
    """Count the heads of ``organization`` from its roster, from the day ``since`` on (启用名册).

    Figures that were reported stay as they are; the typed ones stay to be compared.
    """
    if actor is not None and not may_keep_roster(actor, organization):
        raise ForbiddenError(f"「{organization}」{_NOT_YOURS}")
    if since > timezone.localdate(at):
        raise DomainError(f"启用日期 {since:%Y-%m-%d} 还没有到，请填今天或以前。")
    if organization.founded_on is not None and since < organization.founded_on:
        raise DomainError(f"「{organization}」{organization.founded_on:%Y-%m-%d} 才成立。")
    if not organization.standings.current().exists():
        raise DomainError("名册里还没有人，请先登记或导入党员，再启用名册。")
    return organizations.start_roster(
        actor=actor,
        organization=organization,
        since=since,
        counts=roster_figures({organization.pk: since}),
        at=at,
    )


def unmask(*, actor: User, person: Person, field: str, reason: str, at: datetime) -> str:
    """Return the whole ID or mobile number once, and write down who wanted it what for."""
    if not may_unmask_field(actor, person):
        raise ForbiddenError(f"{person}{_NOT_YOURS}")
    if len(reason.strip()) < _SHORTEST_REASON:
        raise DomainError("请写明查看完整号码的原因，例如：核对组织关系介绍信。")
    audit.record(
        actor=actor,
        verb="people.unmask",
        obj=person,
        after={"field": SECRET_FIELDS[field], "reason": reason.strip()[:200]},
        at=at,
    )
    return str(getattr(person, field))
