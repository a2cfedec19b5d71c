"""Lets PostgreSQL find parts of persons' names by an index (``common.parts``)."""

from django.db import migrations

from common.parts import characters

INDEX = "people_person_name_parts"


def make(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        columns = characters("name")
        schema_editor.execute(f"CREATE INDEX {INDEX} ON people_person USING gin ({columns})")


def drop(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("people", "0004_stroke_order")]

    operations = [migrations.RunPython(make, drop)]
