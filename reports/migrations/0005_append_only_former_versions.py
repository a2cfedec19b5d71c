"""Makes former versions of reports append-only in the database, on SQLite and on PostgreSQL."""

from django.db import migrations

WORDS = "former versions of reports are append-only"
SQLITE = {
    f"former_version_no_{verb.lower()}": (
        f"CREATE TRIGGER former_version_no_{verb.lower()} BEFORE {verb} ON reports_formerversion "
        f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
    )
    for verb in ("UPDATE", "DELETE")
}
POSTGRESQL = (
    (
        "CREATE FUNCTION former_version_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$"
    ),
    (
        "CREATE TRIGGER former_version_no_change BEFORE UPDATE OR DELETE "
        "ON reports_formerversion FOR EACH ROW EXECUTE FUNCTION former_version_append_only()"
    ),
)


def guard(_apps, schema_editor):
    postgres = schema_editor.connection.vendor == "postgresql"
    for statement in POSTGRESQL if postgres else SQLITE.values():
        schema_editor.execute(statement)


def unguard(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION former_version_append_only() CASCADE")
        return
    for name in SQLITE:
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_former_versions")]
    operations = [migrations.RunPython(guard, unguard)]
