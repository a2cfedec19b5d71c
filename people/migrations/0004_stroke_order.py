"""Give those entered before it their place in the order of strokes."""

from django.db import migrations

from common.names import stroke_key

PIECE = 2000


def fill(apps, schema_editor):
    people = apps.get_model("people", "Person").objects.using(schema_editor.connection.alias)
    piece = []
    for person in people.filter(strokes="").only("pk", "name", "strokes").iterator(PIECE):
        person.strokes = stroke_key(person.name)
        piece.append(person)
    people.bulk_update(piece, ["strokes"], batch_size=PIECE)


class Migration(migrations.Migration):
    dependencies = [("people", "0003_party_standings")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
