"""What the tests of the school's pages share."""

from django.test import Client

from activities.choices import RecordKind

TOKEN = "t" * 32


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(kind=RecordKind.OTHER, **changes) -> dict[str, object]:
    """What a form of a record sends."""
    data = {
        "kind": kind,
        "token": TOKEN,
        "held_on": "2026-03-09",
        "topic": "开展活动",
        "summary": "",
        "present": "",
    }
    return {**data, **changes}


def errors_of(response) -> dict[str, list[str]]:
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}
