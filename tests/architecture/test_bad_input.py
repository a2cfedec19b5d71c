"""Whatever is sent to any address: never a 500, nothing half saved, an answer in Chinese.

Each door gets what its own form would send, with one or all fields spoilt (`spoiling`). A refusal
leaves every table as it was, except those that note who came and what they typed.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.contrib.messages import ERROR
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from organizations.models.role import roles_asked_once
from tests.architecture.bodies import body_of
from tests.architecture.filled import FILLED
from tests.architecture.matrix import LINES
from tests.architecture.reading import read
from tests.architecture.spoiling import SPOILS, Fields, as_fields, encoded, forms_of, spoilt
from tests.architecture.table import Line
from tests.architecture.test_pages import english
from tests.architecture.visiting import address_of, templates_at_rest
from tests.architecture.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.services]
FORM = "application/x-www-form-urlencoded"
# Who came, and what was typed: kept whatever became of the request.
NOTES = ("django_session", "common_auditentry", "common_draft", "axes_")
# What may be asked for as often as one likes, and what it then makes once more: papers, links that
# end the former ones, rows that nobody else sees before their author has looked at them.
PRINTS = ("reports:print", "admin:matrix_print", "admin:print_rulebook", "admin:print_report", "admin:print_summary",
          "reports:print_version", "admin:print_version", "bureau:print_one_page",
          "admin:print_notice", "admin:accounts_user_slips", "admin:organizations_import_run",
          "people:print_roster", "admin:people_standing_print", "admin:honours_honour_print", "admin:people_instructor_print",
          "admin:print_tree", "admin:print_coverage",
          "admin:cadres_cadre_print", "admin:cadres_post_print", "admin:cadres_finding_print",
          "admin:cadres_ledgerrow_print", "admin:cadres_finding_check",
          "admin:cadres_trainingclass_print", "admin:cadres_cadre_paper",
          "admin:cadres_cadre_structure_print",
          *(f"admin:organizations_{each}_print" for each in (
              "organization", "school", "headcount", "role", "tightening")))  # fmt: skip
AGAIN: dict[str, set[str]] = {
    **{name: {"common_job"} for name in PRINTS},
    "accounts:factor_codes": {"accounts_recoverycode"},
    "admin:accounts_user_texts": {"accounts_accesslink"},
    "admin:calendar_events_calendar_circular": {"notices_notice"},
    "admin:cadres_ledgerrow_letter": {"notices_notice", "organizations_audience"},
    "admin:notices_notice_add": {"notices_notice"},
    "calendar_events:subscription": {"calendar_events_feed"},
    "organizations:tokens": {"organizations_apitoken"},
}
# What may stand behind the question mark: of a list of the admin beside its filters, of a page.
LISTED = ("p", "o", "q", "all", "e", "_to_field")
ASKED = """
page p all q o e _to_field _popup next back year month kind organization task record from to
first_day anew done
"""


def doors(*methods: str) -> list[Line]:
    """Each address once, about the first row that somebody may come to; programs have their own."""
    found: dict[str, Line] = {}
    for line in LINES:
        if line.method in methods and line.let_in and not line.name.startswith("api:"):
            found.setdefault(line.name, line)
    return list(found.values())


@dataclass
class Answer:
    """What came back, and the tables that were written meanwhile."""

    response: HttpResponse
    written: set[str] = field(default_factory=set)

    @property
    def complaints(self) -> list[str]:
        """The messages that say what is wrong."""
        queued = getattr(self.response.wsgi_request, "_messages", None)
        return [
            str(each) for each in getattr(queued, "_queued_messages", ()) if each.level >= ERROR
        ]


@contextmanager
def answering(client: Client, ask: Callable[[], HttpResponse]) -> Iterator[Answer]:
    """Ask; inside the block the database is as the request left it, afterwards as before."""
    cookies, answer = dict(client.cookies), Answer(HttpResponse())

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT INTO", "UPDATE", "DELETE FROM")):
            answer.written.add(sql.split('"')[1])
        return execute(sql, params, many, context)

    with transaction.atomic():
        # The frame of an admin page asks for roles again and again where it isn't only read.
        with connection.execute_wrapper(watch), roles_asked_once():
            answer.response = ask()
            if answer.response.streaming:
                answer.response.getvalue()
        yield answer
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(cookies)


def state_of_all_tables() -> str:
    """Return a digest of everything but the notes."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted({model._meta.db_table for model in apps.get_models()}):
            if not table.startswith(NOTES):
                cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
                digest.update(repr((table, cursor.fetchall())).encode("utf-8", "replace"))
    return digest.hexdigest()


@pytest.fixture(scope="module")
def untouched(world: World) -> str:
    """The state of the world before anybody comes."""
    return state_of_all_tables()


def form_at(world: World, client: Client, line: Line, address: str) -> Fields:
    """What is sent when the form at the address is filled in well, hidden fields included."""
    filled = FILLED.get(filled_name(line))
    fields = as_fields(filled(world) if filled else body_of(world, line.name))
    with answering(client, lambda: client.get(address)) as answer:
        response = answer.response
        if response.status_code == 200 and "html" in response["Content-Type"]:
            there = forms_of(response.content.decode(), address)
            fields = {**there.fields.get(address, {}), **fields}
    fields.pop("csrfmiddlewaretoken", None)
    return fields


@pytest.mark.parametrize("line", doors("POST"), ids=str)
def test_a_spoilt_form_is_refused_whole_and_in_chinese(world, clients, untouched, line):
    client, address = clients[line.let_in], address_of(world, line.name, line.of)
    fields = form_at(world, client, line, address)
    faults = []
    for label, wrong in spoilt(fields, doors("POST").index(line)):
        shown = label == "no such choice"
        body = encoded(wrong)
        ask = lambda body=body: client.generic("POST", address, body, FORM)  # noqa: E731
        with (
            nullcontext() if shown else templates_at_rest(),
            answering(client, ask) as answer,
        ):
            found = faults_of(answer, line, untouched)
            faults += [f"{label}: {each}" for each in found + english_in(answer, world)]
    assert faults == []


def faults_of(answer: Answer, line: Line, untouched: str) -> list[str]:
    """Say what is wrong with an answer: a defect, or a refusal that changed something."""
    status = answer.response.status_code
    if status >= 500:
        return [str(status)]
    taken = 302 if filled_name(line) in FILLED else line.expected[line.let_in]
    refused = status != taken or answer.complaints
    return ["half saved"] if refused and _changed(answer, untouched) else []


def english_in(answer: Answer, world: World) -> list[str]:
    """Return what isn't Chinese in the messages, and on the page as far as it was filled in."""
    # What was typed; and the frame of a list, which Django names where somebody has forged it.
    frame = {f"{part}_FORMS" for part in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    names = {"nonsense", "Nonsense"} | frame | {user.username for user in world.people.values()}
    words = list(answer.complaints)
    if "html" in answer.response.get("Content-Type", ""):
        words += read(answer.response.content.decode()).words
    # The number of the request is no word.
    return english([each for each in words if "请报这个编号" not in each], names)


def filled_name(line: Line) -> str:
    """The name under which `FILLED` has the form of the line, if it has."""
    return f"{line.name.removeprefix('admin:')} {line.of}"


def _changed(answer: Answer, untouched: str) -> bool:
    """Whether a request changed more than the notes; only what wrote at all is looked at."""
    written = {table for table in answer.written if not table.startswith(NOTES)}
    return bool(written) and state_of_all_tables() != untouched


@pytest.mark.parametrize("line", doors("GET"), ids=str)
def test_an_address_that_asks_nonsense_gets_a_page_all_the_same(world, clients, line):
    """Lists of the admin look at one parameter after the other and stop at the first wrong one."""
    client, address = clients[line.let_in], address_of(world, line.name, line.of)
    asked = ASKED.split()
    if line.name.endswith("_changelist"):
        with answering(client, lambda: client.get(address)) as answer:
            asked = sorted({*LISTED, *forms_of(answer.response.content.decode(), address).asked})
    faults = []
    with templates_at_rest():
        for label, query in _questions(line, asked):
            get = lambda query=query: client.get(address, QUERY_STRING=query)  # noqa: E731
            with answering(client, get) as answer:
                if answer.response.status_code >= 500:
                    faults.append(f"{label}: {answer.response.status_code}")
    assert faults == []


def _questions(line: Line, asked: list[str]) -> Iterator[tuple[str, str]]:
    turn = doors("GET").index(line)
    labels = [label for label, spoil in SPOILS.items() if len(spoil) < 10_000]
    for place, name in enumerate(asked if line.name.endswith("_changelist") else []):
        label = labels[(turn + place) % len(labels)]
        yield f"{name}: {label}", encoded({name: [SPOILS[label]]}).decode()
    label = labels[turn % len(labels)]
    yield label, encoded({name: [SPOILS[label]] for name in asked}).decode()


@pytest.mark.parametrize("line", [line for line in doors("GET", "POST") if line.of != "-"], ids=str)
def test_an_address_about_nothing_there_is_not_found(world, clients, line):
    client, rows = clients[line.let_in], world.args(line.of)
    seen = {}
    for place in range(len(rows)):
        for wrong in (10**19, "nonsense"):
            given = [*rows[:place], wrong, *rows[place + 1 :]]
            with suppress(NoReverseMatch):
                address = reverse(line.name, args=given)
                ask = lambda address=address: client.generic(line.method, address)  # noqa: E731
                with templates_at_rest(), answering(client, ask) as answer:
                    seen[str(wrong)[:20]] = answer.response.status_code
    assert {wrong: status for wrong, status in seen.items() if status >= 500} == {}


# Rows that others may see, in forms of who may not: persona, address, row it is about, field, row.
FOREIGN = [
    ("sec", "organizations:switch", "-", "organization", "other"),
    ("sec", "calendar_events:existing", "task", "record", "other_record"),
    ("sec", "calendar_events:new_record", "-", "organization", "other"),
    ("rev", "admin:accounts_user_texts", "-", "user", "foreign_account"),
    ("rev", "admin:accounts_user_slips", "-", "user", "foreign_account"),
    ("lim", "admin:send_nudge", "-", "task", "task"),
    ("lim", "admin:nudge_preview", "-", "organization", "mine"),
    ("lim", "admin:approve_several", "-", "report", "submitted"),
    ("rev", "admin:approve_several", "-", "report", "other_submitted"),
    ("lim", "admin:organizations_headcount_add", "-", "organization", "mine"),
]


@pytest.mark.parametrize("case", FOREIGN, ids=" ".join)
def test_somebody_elses_row_is_nothing_to_anybody(world, clients, untouched, case):
    who, name, of, field_name, row = case
    line = next(each for each in LINES if (each.name, each.of, each.method) == (name, of, "POST"))
    foreign = world.people["other_secretary"] if row == "foreign_account" else world.rows[row]
    filled = FILLED.get(filled_name(line))
    body = {**(filled(world) if filled else body_of(world, name)), field_name: foreign.pk}
    address = address_of(world, name, of)
    with answering(clients[who], lambda: clients[who].post(address, body)) as answer:
        assert answer.response.status_code < 500
        assert not _changed(answer, untouched)


@pytest.mark.parametrize("line", doors("POST"), ids=str)
def test_a_form_sent_twice_does_nothing_more(world, clients, line):
    """The second time it is refused, or shows what the first has done."""
    client, address = clients[line.let_in], address_of(world, line.name, line.of)
    filled = FILLED.get(filled_name(line))
    body = filled(world) if filled else body_of(world, line.name)
    with templates_at_rest(), answering(client, lambda: client.post(address, body)):
        before = rows_of_all_tables()
        again = client.post(address, body)
        counts = rows_of_all_tables()
    assert again.status_code < 500
    more = {name for name, count in counts.items() if count > before[name]}
    assert more == AGAIN.get(line.name, set())


def rows_of_all_tables() -> dict[str, int]:
    """Return how many rows each table has, but for the notes."""
    tables = {model._meta.db_table for model in apps.get_models()}
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(table for table in tables if not table.startswith(NOTES)):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    return found
