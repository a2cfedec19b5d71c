"""The file of a cadre and the structure of the ranks on A4."""

from datetime import date

from django.template.loader import render_to_string

from accounts.models import User
from cadres.charts import chart
from cadres.models import Cadre
from cadres.queries.files import cadre_file
from cadres.queries.structure import structure
from organizations.queries import unit_of


def file_html(owner: User, person: int, *, on: date) -> str:
    """Return the file of somebody as ``owner`` may see it; raises Cadre.DoesNotExist outside."""
    cadre = Cadre.objects.visible_to(owner).get(pk=person)
    context = {"file": cadre_file(cadre, user=owner, on=on), "unit": unit_of(owner), "on": on}
    return render_to_string("cadres/print/file.html", context)


def structure_html(owner: User, group: str, *, on: date) -> str:
    """Return the structure of a group on a day as ``owner`` may see it."""
    found = structure(owner, group, on)
    context = {
        "found": found,
        "charts": [(each, chart(each.bands)) for each in found.dimensions],
        "unit": unit_of(owner),
        "on": on,
    }
    return render_to_string("cadres/print/structure.html", context)
