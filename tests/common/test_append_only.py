"""The audit log in the database: an entry can be added, and nothing else."""

import pytest
from django.db import DatabaseError, connection, transaction

from common import audit
from common.models import AuditEntry

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

CHANGES = [
    "UPDATE common_auditentry SET verb = 'x'",
    "UPDATE common_auditentry SET at = at WHERE id = -1 OR id > 0",
    "DELETE FROM common_auditentry",
]
ONLY_ON = {
    "postgresql": ["TRUNCATE common_auditentry", "TRUNCATE accounts_user CASCADE"],
    "sqlite": [
        """REPLACE INTO common_auditentry (id, at, actor_label, verb, object_type, object_id,
        object_label, object_ids, before, after, agent)
        SELECT id, at, '', 'x', '', '', '', '[]', '{}', '{}', '' FROM common_auditentry"""
    ],
}


def test_the_database_itself_refuses_to_change_an_entry():
    audit.record(actor=None, verb="tests.first")
    before = list(AuditEntry.objects.values())
    for statement in CHANGES + ONLY_ON[connection.vendor]:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            connection.cursor().execute(statement)
    assert list(AuditEntry.objects.values()) == before
