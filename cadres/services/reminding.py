"""Drafting the letter that reminds of elections."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from cadres.choices import TermState
from cadres.letters import reminder
from cadres.models import Term
from cadres.queries import bureau_name
from cadres.services.terms import note_reminded
from common.errors import DomainError
from notices.documents import forms
from notices.documents.plain_text import to_text
from notices.models import Notice
from notices.services import draft_notice
from organizations.choices import AudienceKind
from organizations.models import Audience

if TYPE_CHECKING:
    from accounts.models import User

MOST_REMINDED = 200


def terms_to_remind(*, actor: "User", organization_ids: Sequence[int], at: datetime) -> list[Term]:
    """Return the running terms of these, as far as ``actor`` sees them, that are over or near it.

    By the day on which they are over. DomainError for none, and for more than one letter is for.
    """
    on = timezone.localdate(at)
    rows = Term.objects.visible_to(actor).current().filter(organization__in=organization_ids)
    terms = [
        term
        for term in rows.select_related("organization").order_by("due_on", "organization__order")
        if term.state_on(on) != TermState.RUNNING
    ]
    if not terms:
        raise DomainError("选中的党组织里，没有半年内届满或已经届满的，不用提醒。")
    if len(terms) > MOST_REMINDED:
        raise DomainError(f"一份提醒函最多写 {MOST_REMINDED} 个党组织，请分批起草。")
    return terms


def draft_reminder(*, actor: "User", organization_ids: Sequence[int], at: datetime) -> Notice:
    """Draft one letter to all of these; the officer then edits, numbers and prints it."""
    terms = terms_to_remind(actor=actor, organization_ids=organization_ids, at=at)
    issuer = bureau_name()
    if not issuer:
        raise DomainError("还没有建立局党委，不能起草提醒函。请先在党组织中添加最上级党组织。")
    document = reminder(terms, issuer=issuer, on=timezone.localdate(at))
    with transaction.atomic():
        audience = Audience.objects.create(kind=AudienceKind.CHOSEN)
        audience.organizations.set(term.organization_id for term in terms)
        notice = draft_notice(
            actor=actor, source=to_text(document), at=at, form=forms.LETTER.key, audience=audience
        )
        note_reminded(actor=actor, terms=terms, notice=notice, at=at)
    return notice
