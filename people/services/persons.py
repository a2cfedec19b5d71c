"""Human beings who are neither on a roster nor have an account: who holds a post, say."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from common import audit
from common.errors import ConflictError, ForbiddenError
from people.facts import Facts, discreet, take
from people.models import Person
from people.permissions import may_add

if TYPE_CHECKING:
    from accounts.models import User


def add_person(*, actor: "User | None", facts: Facts, at: datetime) -> Person:
    """Enter a human being of whom checked facts are known; whether they are new asks the caller.

    The numbers are left out of the audit log. ``actor`` None is the system.
    """
    if actor is not None and not may_add(actor):
        raise ForbiddenError("只有组织科的工作人员可以登记人员。")
    person = Person(created_at=at)
    take(person, facts)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError:
        raise ConflictError("这个手机号或身份证号刚刚已被登记，请核对是不是同一人。") from None
    _before, after = discreet(None, facts)
    audit.record(actor=actor, verb="people.create_person", obj=person, after=after, at=at)
    return person
