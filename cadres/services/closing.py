"""Posts and terms end with their organisation; its roles end in the room below."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest

from cadres.choices import PostEnd, TermEnd
from cadres.models import Post, Term
from common import audit
from organizations.models import Organization

if TYPE_CHECKING:
    from accounts.models import User


def end_closed(
    *, actor: "User | None" = None, organization: Organization | None = None, at: datetime
) -> int:
    """End what lasts in a closed organisation, in all of them without one; returns how many.

    They end on the day of the closing. Safe to run again: it finds nothing.
    """
    with transaction.atomic():
        posts = _end(Post.objects.current(), PostEnd.MERGED, organization, at)
        terms = _end(Term.objects.current(), TermEnd.MERGED, organization, at)
        if posts:
            audit.record(
                actor=actor, verb="cadres.end_closed", obj=organization, model=Post,
                label="" if organization else f"{len(posts)} 项任职", ids=posts, at=at,
            )  # fmt: skip
    return len(posts) + len(terms)


def resume_term(
    *, actor: "User | None", organization: Organization, closed_on: date | None, at: datetime
) -> None:
    """Let the term go on that ended with a closing which was taken back."""
    ended = Term.objects.filter(organization=organization, until=closed_on, ended_as=TermEnd.MERGED)
    with transaction.atomic():
        if closed_on and ended.update(until=None, ended_as="", updated_at=at):
            audit.record(actor=actor, verb="cadres.resume_term", obj=organization, at=at)


def _end(
    rows: QuerySet[Post] | QuerySet[Term],
    reason: str,
    organization: Organization | None,
    at: datetime,
) -> list[int]:
    closed = rows.filter(organization__closed_on__isnull=False)
    if organization is not None:
        closed = closed.filter(organization=organization)
    ids = list(closed.order_by().values_list("pk", flat=True))
    day = Organization.objects.filter(pk=OuterRef("organization")).values("closed_on")
    rows.filter(pk__in=ids).update(
        until=Greatest("since", Subquery(day)), ended_as=reason, updated_at=at
    )
    return ids
