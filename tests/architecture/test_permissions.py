"""Who gets which answer at which address: the whole portal against the tables of ``matrix``.

Outside the scope 404, inside but not allowed 403, without a log-in on to the log-in page, a method
that an address doesn't take 405; nothing ever fails with 500.
"""

import re
from contextlib import nullcontext

import pytest
from django.test import Client
from django.urls import reverse

from tests.architecture.bodies import body_of
from tests.architecture.matrix import EXCEPTIONS, LINES
from tests.architecture.table import METHODS, named_addresses
from tests.architecture.visiting import address_of, templates_at_rest, visit

pytestmark = pytest.mark.django_db
# The form of a list takes its query from the address, as a search does.
ASKED_BY_ADDRESS = {"admin:autocomplete"}


def test_every_address_stands_in_the_matrix_and_no_line_is_stale():
    assert sorted({line.name for line in LINES} ^ named_addresses()) == []


def test_no_line_stands_twice():
    seen = [str(line) for line in LINES]
    assert sorted({each for each in seen if seen.count(each) > 1}) == []


@pytest.mark.parametrize("line", LINES, ids=str)
def test_each_persona_gets_the_answer_of_the_matrix(world, clients, line):
    """Each answer is rendered for the first who gets it; for the others its status is enough."""
    address = address_of(world, line.name, line.of)
    sends = line.method == "POST" or line.name in ASKED_BY_ADDRESS
    seen: dict[str, int] = {}
    for who, client in clients.items():
        known = line.expected[who] in seen.values()
        with templates_at_rest() if known else nullcontext():
            body = body_of(world, line.name) if sends else {}
            seen[who] = visit(client, line.method, address, body).status_code
    assert seen == line.expected


@pytest.mark.parametrize("name", sorted(named_addresses()))
def test_any_other_method_is_refused(world, clients, name):
    lines = [line for line in LINES if line.name == name]
    line = next((line for line in lines if line.let_in), lines[0])
    client = clients[line.let_in or "off"]
    known = {line.method for line in lines}
    address = address_of(world, name, line.of)
    others = [method for method in (*METHODS, "PUT", "DELETE") if method not in known]
    seen = {method: visit(client, method, address).status_code for method in others}
    assert seen == dict.fromkeys(others, 405)


def test_without_a_log_in_the_way_leads_to_the_log_in_page(world):
    client = Client()
    closed = [line for line in LINES if line.expected["ano"] == 302 and line.method == "GET"]
    for line in closed:
        address = address_of(world, line.name, line.of)
        # Half-way through a log-in there is nowhere to come back to.
        way = "/login/" if line.name == "accounts:code" else "/login/?next="
        assert visit(client, "GET", address)["Location"].startswith(way), line


LISTS = sorted({line.name for line in LINES if line.name.endswith("_changelist")})


@pytest.mark.parametrize("name", LISTS)
def test_no_list_of_the_admin_leads_to_a_closed_page(world, clients, name):
    lists = next(line for line in LINES if (line.name, line.method) == (name, "GET"))
    closed = []
    for who in [who for who, status in lists.expected.items() if status == 200]:
        answer = visit(clients[who], "GET", reverse(name))
        row = re.search(r'href="([^"]+/change/)[^"]*"', answer.content.decode())
        if row:
            with templates_at_rest():
                status = visit(clients[who], "GET", row[1]).status_code
            closed += [f"{who} {row[1]}: {status}"] if status != 200 else []
    assert closed == []


def test_every_exception_for_administrators_is_one():
    """A line about the other two that says what the auditor gets anyway, or about no address."""
    lines = {(line.name, line.of, line.method): line.expected for line in LINES}
    same = [
        key
        for key, given in EXCEPTIONS.items()
        if set(given.values()) == {lines.get(key, {"aud": 0})["aud"]}
    ]
    assert sorted(set(EXCEPTIONS) - set(lines)) == same == []
