"""Lets PostgreSQL find parts of names by an index (``common.parts``); SQLite compares every name."""

from django.db import migrations

from common.parts import characters

INDEXES = {
    f"{table}_{column}_parts": (f"organizations_{table}", column)
    for table, column in (
        ("organization", "name"),
        ("organization", "short_name"),
        ("formername", "name"),
        ("school", "name"),
        ("school", "short_name"),
    )
}


def make(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, (table, column) in INDEXES.items():
            schema_editor.execute(
                f"CREATE INDEX {name} ON {table} USING gin ({characters(column)})"
            )


def drop(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [("organizations", "0005_index_in_order")]
    operations = [migrations.RunPython(make, drop)]
