"""Lets PostgreSQL find the beginnings of persons' pinyin by an index (``common.parts``)."""

from django.db import migrations

from common.parts import MOST_WORDS, word

INDEX = "people_person_pinyin_{}"


def make(_apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for place in range(1, MOST_WORDS + 1):
        part = word("pinyin", place)
        # Of all persons, though few have a second reading: what the planner knows of a part of a
        # table's index it doesn't use within an OR.
        schema_editor.execute(f"CREATE INDEX {INDEX.format(place)} ON people_person (({part}))")


def drop(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for place in range(1, MOST_WORDS + 1):
            schema_editor.execute(f"DROP INDEX {INDEX.format(place)}")


class Migration(migrations.Migration):
    dependencies = [("people", "0006_instructors")]

    operations = [migrations.RunPython(make, drop)]
