"""Slips of paper that carry links: A4, eight a page, to cut apart and hand over."""

import base64
import io
from collections.abc import Sequence
from datetime import date, datetime

import segno
from django.conf import settings
from django.template.loader import render_to_string

from accounts.models import User
from common.pdf import Pdf, render
from organizations.models import Organization
from people import queries
from people.letters import Letter
from people.models import Standing


def slips(letters: Sequence[Letter], *, at: datetime) -> Pdf:
    """Print ``letters`` as slips: whose portal, name, post, user name, address and its QR code."""
    posts = queries.posts([letter.user.pk for letter in letters], at.date())
    rows = [
        {
            "letter": letter,
            "posts": queries.post_text(posts[letter.user.pk]),
            "code": qr_code(letter.address),
        }
        for letter in letters
    ]
    context = {"slips": rows, "bureau": _bureau(), "site": settings.SITE_URL}
    return render(render_to_string("people/print/slips.html", context))


def roster_html(owner: User, ids: Sequence[int], *, on: date) -> str:
    """Return the roster of these standings, as far as ``owner`` may see them, in their order."""
    rows = Standing.objects.visible_to(owner).filter(pk__in=ids)
    held = {row.pk: row for row in rows.select_related("person", "organization")}
    listed = [held[pk] for pk in ids if pk in held]
    places = {row.organization_id: row.organization.name for row in listed}
    context = {
        "title": "党员名册",
        "rows": listed,
        "unit": next(iter(places.values())) if len(places) == 1 else _bureau(),
        "one_place": len(places) == 1,
        "on": on,
    }
    return render_to_string("people/print/roster.html", context)


def _bureau() -> str:
    """Return the name of the bureau's own organisation, which hands the slips out."""
    top = Organization.objects.filter(parent=None, closed_on=None).order_by("order", "pk").first()
    return top.name if top else ""


def qr_code(text: str) -> str:
    """Return the QR code of ``text`` as a data address, for <img>."""
    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(buffer, kind="svg", border=0, scale=4)
    return f"data:image/svg+xml;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def file_name(users: Sequence[User]) -> str:
    """Return what the file of slips is called."""
    who = users[0].name if len(users) == 1 else f"{len(users)}人"
    return f"账号纸条（{who}）.pdf"
