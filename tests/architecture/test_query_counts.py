"""Pages cost as many queries for three of everything as for one, and no more than they did.

``query_counts.json`` keeps what each page costs; whoever makes one dearer says so there.
"""

import json
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.architecture.pages import ANSWERS, PAGES
from tests.architecture.visiting import client_of
from tests.architecture.world import standing_world

pytestmark = pytest.mark.django_db
CEILINGS = json.loads(Path(__file__).with_name("query_counts.json").read_text(encoding="utf-8"))
# It remembers for seconds how the machines are.
WORKING = {"GET admin:system -"}
READ = [*(page for page in PAGES if page.line.method == "GET"), *ANSWERS]


def count_queries(items: int) -> dict[str, int]:
    """Return what each page costs in a world with ``items`` of everything, log-in included."""
    counts = {}
    with standing_world(items) as world:
        clients = {page.who: client_of(world, page.who) for page in READ}
        for page in READ:
            ContentType.objects.clear_cache()
            with CaptureQueriesContext(connection) as queries:
                page.open(world, clients[page.who])
            counts[str(page)] = sum("SAVEPOINT" not in query["sql"] for query in queries)
    return counts


@pytest.fixture(scope="module")
def counts(django_db_setup, django_db_blocker) -> dict[int, dict[str, int]]:
    with django_db_blocker.unblock():
        return {items: count_queries(items) for items in (1, 3)}


@pytest.mark.parametrize("page", READ, ids=str)
def test_three_rows_cost_no_more_than_one(counts, page):
    one, three = counts[1][str(page)], counts[3][str(page)]
    assert one == three or str(page) in WORKING


@pytest.mark.parametrize("page", READ, ids=str)
def test_pages_keep_within_what_they_cost(counts, page):
    assert counts[1][str(page)] <= CEILINGS[str(page)]


def test_every_page_has_its_count_and_none_is_stale():
    assert sorted(CEILINGS) == sorted(str(page) for page in READ)
