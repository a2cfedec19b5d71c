"""The hook that empties append-only tables between tests, and only there."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from common import audit
from common.models import AuditEntry

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_a_flush_passes_the_triggers_and_puts_them_back() -> None:
    audit.record(actor=None, verb="tests.first")
    call_command("flush", interactive=False, verbosity=0)
    assert AuditEntry.objects.count() == 0

    audit.record(actor=None, verb="tests.second")
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.update(verb="tests.changed")
    assert [entry.verb for entry in AuditEntry.objects.all()] == ["tests.second"]
