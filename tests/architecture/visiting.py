"""Opening addresses as one persona after the other, each time in an untouched world."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db import transaction
from django.http import HttpResponse
from django.template.base import Template
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.middleware import RENEWED
from tests.architecture.table import PERSONAS
from tests.architecture.world import World

API = "/api/"


def client_of(world: World, who: str) -> Client:
    """Return a browser in which ``who`` (the short name) is logged in, with their token.

    The portal's pages don't look at the token, nor the API at the session.
    """
    token = world.tokens.get(PERSONAS[who])
    comes_by = {"Authorization": f"Bearer {token}", "If-Match": "*"} if token else {}
    client = Client(raise_request_exception=False, headers=comes_by)
    user = world.people.get(PERSONAS[who])
    if user is not None:
        client.force_login(user)
        # Taken back with each request, it would be noted again at the next one.
        session = client.session
        session[RENEWED] = int(timezone.now().timestamp())
        session.save()
    return client


@contextmanager
def sent(
    client: Client, method: str, address: str, body: Mapping[str, Any] | None = None
) -> Iterator[HttpResponse]:
    """Send one request; at the end take back whatever it changed, the browser's cookies included.

    ``body`` None is an empty form. Inside the block the database is as the request left it.
    """
    cookies = dict(client.cookies)
    with transaction.atomic():
        if method == "POST" and address.startswith(API):
            response = client.post(address, body or {}, content_type="application/json")
        elif method in ("GET", "POST"):
            response = getattr(client, method.lower())(address, body)
        else:
            response = client.generic(method, address)
        if response.streaming:
            response.getvalue()
        yield response
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(cookies)


def visit(
    client: Client, method: str, address: str, body: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Send one request whose answer is all that matters."""
    with sent(client, method, address, body) as response:
        return response


@contextmanager
def templates_at_rest() -> Iterator[None]:
    """Let views do all they do but fill in their templates, which is most of a page's time."""
    with mock.patch.object(Template, "render", return_value=""):
        yield


def address_of(world: World, name: str, of: str) -> str:
    """Return the address called ``name`` about the rows named ``of``."""
    return reverse(name, args=world.args(of))
