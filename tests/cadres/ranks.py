"""Cadres for tests: people with posts, whose file is then filled."""

from datetime import date

from cadres.choices import PostKind
from cadres.models import Post
from cadres.services import facts, hours, training
from cadres.services.facts import Fact
from cadres.services.hours import Hours
from cadres.services.training import ClassPlan
from common.cells import loose_date
from people.models import Person
from tests.people.roster import AT

TIME = loose_date()
DAY = date(2026, 3, 2)
PLAN = ClassPlan("书记培训班", date(2026, 1, 12), date(2026, 1, 13), 16, "区委党校")


def cadre(
    name: str, organization, kind=PostKind.SECRETARY, since=date(2021, 9, 1), **more
) -> Person:
    """Somebody with a post, entered bare: how posts begin is tested elsewhere."""
    person = Person(sex=more.pop("sex", ""), born_on=more.pop("born_on", None))
    person.bear(name)
    person.save()
    Post.objects.create(person=person, organization=organization, kind=kind, since=since, **more)
    return person


def state(person, kind, value, since="2015.12", *, actor=None, **more):
    said = Fact(person, kind, value, TIME(since) if since else None, **more)
    return facts.state_facts(actor=actor, facts=[said], at=AT)


def elsewhere(person, day=date(2025, 10, 8), *, title="省网络培训", many=8, actor=None):
    entry = Hours(person, title, day, many)
    return hours.credit_hours(actor=actor, entries=[entry], at=AT)


def hold(organization, plan=PLAN, *, actor=None):
    return training.hold_class(actor=actor, organization=organization, plan=plan, at=AT)
