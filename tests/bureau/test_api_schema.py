"""The API keeps what its schema says, whatever is sent to it: no 5xx, no answer outside the schema.

Schemathesis invents requests from the schema, good ones and bad ones, about rows that are there and
rows that aren't. A few for every address run always; the many of them run with the services, where
the database is PostgreSQL.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from tests.architecture.world import World, standing_world

pytestmark = pytest.mark.django_db
load_all_checks()
HELD = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)
# The row of each resource that verbs are tried on, besides one that isn't there.
ROWS = {
    "organizations": ["mine"],
    "calendars": ["calendar", "ready_calendar"],
    "events": ["event", "line"],
    "tasks": ["task", "done_task"],
    "records": ["record", "withdrawn"],
    "reports": ["report", "submitted", "approved"],
    "corrections": ["correction"],
    "notices": ["draft_notice", "printed_notice"],
    "honours": ["honour", "waiting_honour"],
    "standings": ["standing"],
    "posts": ["post"],
    "terms": ["term"],
}
NOWHERE = {"id": 999_999_999}
SMOKE = ["GET /api/v1/tasks/", "GET /api/v1/reports/{id}/", "POST /api/v1/records/"]


def drawn() -> Any:
    """The schema as /api/v1/schema/ hands it out."""
    return SchemaGenerator().get_schema(request=None, public=True)


SCHEMA = schemathesis.openapi.from_dict(drawn())
SCHEMA.app = get_wsgi_application()
OPERATIONS = [result.ok() for result in SCHEMA.get_all_operations()]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """A world whose database stays open between requests, as Django's own test client keeps it."""
    closing = (request_started, request_finished)
    for signal in closing:
        signal.disconnect(close_old_connections)
    with django_db_blocker.unblock(), standing_world() as built:
        yield built
    for signal in closing:
        signal.connect(close_old_connections)


def about(world: World, operation: Any) -> list[dict[str, int]]:
    """The rows to ask for; one nothing where the address names none."""
    if "{id}" not in operation.path:
        return [{}]
    names = ROWS[operation.path.split("/")[3]]
    return [*({"id": world.rows[name].pk} for name in names), NOWHERE]


def ways_in(world: World) -> list[dict[str, str]]:
    """Somebody who may change it and somebody else; any version, and whatever is made up."""
    officer, secretary = (
        {"Authorization": f"Bearer {world.tokens[name]}"} for name in ("officer", "secretary")
    )
    return [{**officer, "If-Match": "*"}, {**secretary, "If-Match": "*"}, officer]


def probe(world: World, operation: Any, *, examples: int) -> Counter[int]:
    """Send invented requests, take back what they do; returns how often which status came."""
    answered: Counter[int] = Counter()
    for row in about(world, operation):
        for headers in ways_in(world)[: 1 if row == NOWHERE else None]:
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                if mode == GenerationMode.NEGATIVE and not takes_anything(operation):
                    continue
                strategy = operation.as_strategy(
                    generation_mode=mode, path_parameters=row or None, headers=headers
                )

                @settings(
                    max_examples=examples,
                    database=None,
                    derandomize=True,
                    suppress_health_check=list(HealthCheck),
                )
                @given(case=strategy)
                def ask(case: Any) -> None:
                    with transaction.atomic():
                        response = case.call()
                        transaction.set_rollback(True)
                    case.validate_response(response, checks=HELD)
                    answered[response.status_code] += 1

                ask()
    return answered


def takes_anything(operation: Any) -> bool:
    """Whether there is something in a request that could be wrong."""
    return bool(operation.query or operation.body)


def test_the_schema_is_openapi_and_nothing_in_it_was_guessed(capsys):
    schema = drawn()
    validate_schema(schema)
    assert schema["openapi"].startswith("3.")
    assert capsys.readouterr().err == ""


def test_the_schema_speaks_chinese_and_names_no_host():
    def words(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            for name, inner in node.items():
                if name in {"title", "description", "summary"} and isinstance(inner, str):
                    yield inner
                yield from words(inner)
        elif isinstance(node, list):
            for inner in node:
                yield from words(inner)

    schema = drawn()
    assert sorted({each for each in words(schema) if not re.search("[一-龥]", each)}) == []
    assert "http://" not in json.dumps(schema)


@pytest.mark.parametrize("label", SMOKE)
def test_a_few_requests_for_some_addresses(world, label):
    operation = next(each for each in OPERATIONS if each.label == label)
    assert sum(probe(world, operation, examples=1).values()) > 0


@pytest.mark.services
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
def test_many_requests_for_every_address(world, operation):
    seen = probe(world, operation, examples=10)
    # What is invented seldom fits a verb's own conditions; what is right passes in each room's tests.
    if operation.method == "get":
        assert seen[200]
    else:
        assert set(seen) - {401}
