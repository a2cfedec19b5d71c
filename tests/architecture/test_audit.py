"""Every change, log-in, export and reset stands in the audit log; nothing secret ever does."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client

from accounts.models import User
from bureau.audit_words import change_rows
from common.models import AuditEntry
from people.models import Person
from tests.architecture.bodies import NEW_ID, NEW_PASSWORD, OLD_PASSWORD, body_of
from tests.architecture.filled import FILLED, MOBILE
from tests.architecture.matrix import LINES
from tests.architecture.matrix.audit import TABLE
from tests.architecture.test_house import ROOT, sources
from tests.architecture.visiting import address_of, sent
from tests.architecture.world import World
from tests.people.lists import KUN, WANG

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Door:
    """A line of the table: what is used, and what the log then says."""

    method: str
    name: str
    of: str
    verbs: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.method} {self.name} {self.of}"

    @property
    def who(self) -> str:
        """The first persona that gets through; logging in is for who isn't in yet."""
        lines = [line for line in LINES if (line.name, line.method) == (self.name, self.method)]
        return "ano" if self.name == "accounts:login" else lines[0].let_in or "off"


def doors() -> Iterator[Door]:
    for row in (line.split() for line in TABLE.splitlines()[2:] if line.strip()):
        method, name, of, *verbs = row
        yield Door(method, name, of, tuple(verb for verb in verbs if verb != "-"))


DOORS = list(doors())


def secrets_of(world: World) -> set[str]:
    """Everything in the world, and in the forms that are sent, that no log may hold."""
    mobiles = {person.mobile for person in Person.objects.exclude(mobile_index="")}
    numbers = {person.id_number for person in Person.objects.exclude(id_index="")} | {NEW_ID}
    typed = {re.sub(r"\D", "", str(row[4])) for row in (WANG, KUN)} | {MOBILE}
    hashes = set(User.objects.values_list("password", flat=True))
    return mobiles | numbers | typed | hashes | {OLD_PASSWORD, NEW_PASSWORD, world.rows["token"]}


def entries_after(world: World) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(pk__gt=world.rows["entry"].pk).order_by("pk"))


def text_of(entries: list[AuditEntry]) -> str:
    kept = [[each.before, each.after, each.object_label, each.object_id] for each in entries]
    return json.dumps(kept, ensure_ascii=False)


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_using_a_door_leaves_its_entries_and_no_secret(world, clients, door):
    secrets = secrets_of(world)
    typed = FILLED.get(f"{door.name.removeprefix('admin:')} {door.of}")
    body = typed(world) if typed else body_of(world, door.name) if door.method == "POST" else {}
    address = address_of(world, door.name, door.of)
    with sent(clients[door.who], door.method, address, body) as answer:
        entries = entries_after(world)
        assert answer.status_code in {200, 201, 302}
        assert tuple(entry.verb for entry in entries) == door.verbs
        assert {entry.address for entry in entries} <= {"127.0.0.1"}
        assert [secret for secret in secrets if secret in text_of(entries)] == []
        assert [name for name in labels_of(entries) if re.search("[A-Za-z_]{2,}", name)] == []


def labels_of(entries: list[AuditEntry]) -> list[str]:
    """The words that the auditor reads before each change."""
    said = [change_rows(each.object_type, each.before, each.after) for each in entries]
    return [row[0] for rows in said for row in rows]


def test_every_door_that_takes_something_stands_in_the_table():
    takes = {line.name for line in LINES if line.method == "POST" and line.let_in}
    gives = {line.name for line in LINES if re.search("export", line.name) and line.let_in}
    lists = {name for name in takes if name.endswith("_changelist")}
    assert sorted((takes | gives) - lists - {door.name for door in DOORS}) == []


def test_who_fails_to_log_in_leaves_neither_number_nor_password(world):
    browser = Client()
    for name in (world.people["secretary"].person.mobile, OLD_PASSWORD, "secretary"):
        browser.post("/login/", {"username": name, "password": NEW_PASSWORD})
    entries = entries_after(world)
    assert [entry.verb for entry in entries] == ["accounts.log_in_failed"] * 3
    assert [secret for secret in secrets_of(world) if secret in text_of(entries)] == []


# Services --------------------------------------------------------------------------------------
# What is done without an entry, and why.
SILENT = {
    "cadres/services/reminding.py terms_to_remind": "a question: whom to remind",
    "cadres/services/posts.py check_appointment": "a question: would it be refused",
    "organizations/services/roles.py check_grant": "a question: would it be refused",
    "organizations/services/roles.py check_withdrawal": "a question: would it be refused",
    "accounts/services.py begin_factor": "counts for nothing before a first code confirms it",
    "accounts/services.py set_large_text": "how large somebody likes letters",
    "notifications/services/group_texts.py write_group_text": "its cause has an entry: a nudge",
}


def service_functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in sources():
        if path.name == "services.py" or path.parent.name == "services":
            place = str(path.relative_to(ROOT))
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef):
                    yield place, node


def called_in(node: ast.AST) -> set[str]:
    calls = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
    return {getattr(call, "id", getattr(call, "attr", "")) for call in calls}


def test_every_service_with_an_actor_writes_an_entry():
    """Directly, or by a function of the services that it calls."""
    calls: dict[str, set[str]] = {}
    for _, node in service_functions():
        calls.setdefault(node.name, set()).update(called_in(node))
    telling = {"record", "record_rows"}
    while more := {name for name, called in calls.items() if called & telling} - telling:
        telling |= more
    silent = {
        f"{place} {node.name}"
        for place, node in service_functions()
        if any(each.arg == "actor" for each in node.args.kwonlyargs)
        and not node.name.startswith("_")
        and node.name not in telling
    }
    assert sorted(silent) == sorted(SILENT)
