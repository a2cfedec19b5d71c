"""Closes a way round the append-only log on SQLite.

REPLACE deletes the row in its way without asking the triggers for deletion. PostgreSQL has no such
statement: its ON CONFLICT DO UPDATE is an UPDATE, which the triggers there refuse.
"""

from django.db import migrations

TRIGGER = (
    "CREATE TRIGGER audit_no_replace BEFORE INSERT ON common_auditentry "
    "WHEN EXISTS (SELECT 1 FROM common_auditentry WHERE id = NEW.id) "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
)


def guard(_apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(TRIGGER)


def unguard(_apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER audit_no_replace")


class Migration(migrations.Migration):
    dependencies = [("common", "0003_where_a_job_was_asked_for_from")]
    operations = [migrations.RunPython(guard, unguard)]
