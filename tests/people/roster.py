"""People on rosters for tests: entered by the services, as every door does."""

from datetime import date, datetime

from django.utils import timezone

from people import services
from people.choices import StandingKind
from people.facts import checked_facts

AT = timezone.make_aware(datetime(2026, 3, 2, 9))
TODAY = date(2026, 3, 2)
SINCE = date(2020, 6, 1)


def register(
    organization, name="王小明", *, kind=StandingKind.FULL, since=SINCE, actor=None, **facts
):
    return services.register_person(
        actor=actor,
        organization=organization,
        kind=kind,
        since=since,
        facts=checked_facts(name=name, on=TODAY, **facts),
        at=AT,
    )
