"""Posts and terms for tests: entered by the services, as every door does."""

from datetime import date, datetime

from django.utils import timezone

from cadres import services
from cadres.choices import PostKind
from cadres.services import Appointment
from tests.factories import PersonFactory

AT = timezone.make_aware(datetime(2026, 3, 2, 9))
TODAY = date(2026, 3, 2)
SINCE = date(2024, 9, 1)


def appoint(organization, person=None, *, kind=PostKind.SECRETARY, since=SINCE, actor=None, **more):
    """Begin a post; of somebody new without an account where nobody is named."""
    appointment = Appointment(person or PersonFactory(), organization, kind, since, **more)
    return services.start_post(actor=actor, appointment=appointment, at=AT)


def elect(organization, since=SINCE, *, actor=None, **more):
    return services.begin_term(actor=actor, organization=organization, since=since, at=AT, **more)
