"""Reminders that terms owe six months ahead: to who answers there, and to the office.

Nothing here sends. ``notifications`` merges the rows into digests; the letter itself is drafted by
an officer (``cadres.services.draft_reminder``).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from cadres.models import Term
from common.days import chinese_date
from notifications import services as notifications
from notifications.hours import opening_of, reached_on
from notifications.models import Due
from notifications.services.dues import batched
from notifications.stages import Stage
from organizations.choices import RoleKind
from organizations.models import Role
from organizations.queries import responsible_people

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User

ROOM = "cadres"
BATCH = 500
_MINUTES = 5


def write_dues(*, at: datetime) -> int:
    """Write the reminders that running terms owe by ``at``; returns the new ones.

    The key (``term:<id>:<due date>:<user>``) makes each of them once only. A term that is over is
    no longer reminded of: the check of the night tells of it.
    """
    on = reached_on(at)
    near = Term.objects.current().filter(remind_on__lte=on, due_on__gte=on)
    rows = near.exclude(organization__closed_on__lte=on).select_related("organization")
    office = _office(on)
    written = 0
    for batch in batched(rows.order_by("pk").iterator(chunk_size=BATCH), BATCH):
        written += notifications.write_dues(_rows(batch, office, on))
    return written


def _office(on: "date") -> list["User"]:
    """Who drafts the letters: the officers of the organisation office, for all schools."""
    roles = Role.objects.current(on).filter(
        kind=RoleKind.OFFICER, office__grants_roles=True, user__is_active=True
    )
    return [role.user for role in roles.select_related("user").order_by("since", "pk")]


def _rows(terms: Sequence[Term], office: Sequence["User"], on: "date") -> Iterator[Due]:
    heads = responsible_people([term.organization_id for term in terms], on)
    for term in terms:
        for user in heads[term.organization_id]:
            yield _due(term, user, "任期将于{}届满，请准备换届", reverse("cadres:mine"))
        if term.reminded_on is None:
            link = reverse("admin:cadres_ledgerrow_changelist") + "?term=due"
            for user in office:
                yield _due(term, user, "任期将于{}届满，请起草换届提醒函", link)


def _due(term: Term, user: "User", subject: str, link: str) -> Due:
    return Due(
        key=f"term:{term.pk}:{term.due_on:%Y%m%d}:{user.pk}",
        recipient=user,
        room=ROOM,
        subject=subject.format(chinese_date(term.due_on)),
        stage=Stage.TERM,
        unit=term.organization.label,
        minutes=_MINUTES,
        link=link,
        due_at=opening_of(term.remind_on),
    )


def outdated(dues: Sequence[Due], at: datetime) -> set[int]:
    """Return the ids of waiting rows that are no longer so: the term ended, or is over by now."""
    on = reached_on(at)
    mine = {due.pk: int(due.key.split(":")[1]) for due in dues if due.room == ROOM}
    rows = Term.objects.current().filter(pk__in=set(mine.values()), due_on__gte=on)
    still = set(rows.values_list("pk", flat=True)) if mine else set()
    return {pk for pk, term in mine.items() if term not in still}
