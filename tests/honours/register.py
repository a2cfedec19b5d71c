"""Honours for tests: entered by the services, as every door does."""

from common.cells import loose_date
from honours import services
from honours.services import Facts
from organizations.models import Organization
from people.models import Person
from tests.people.roster import AT

TIME = loose_date()


def facts(title="优秀教师", level="district", awarded="2025.09", **more) -> Facts:
    return Facts(title, level, TIME(awarded), **more)


def enter(holder: Person | Organization, *, actor=None, **said):
    return services.enter_honour(actor=actor, holder=holder, facts=facts(**said), at=AT)


def person(name: str) -> Person:
    return Person.objects.get(name=name)
