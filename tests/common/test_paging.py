"""Pages of very many rows: counted up to a bound, and saying so."""

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from common.models import WorkdayOverride
from common.paging import ManyPaginator

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(monkeypatch):
    monkeypatch.setattr(ManyPaginator, "most", 4)
    return lambda: ManyPaginator(WorkdayOverride.objects.order_by("date"), 2)


def days(number: int) -> None:
    WorkdayOverride.objects.bulk_create(
        WorkdayOverride(date=f"2026-03-{day:02}", is_workday=True) for day in range(1, number + 1)
    )


@pytest.mark.parametrize(
    ("rows", "counted", "number", "more"), [(0, 0, 1, False), (4, 4, 2, False), (5, 4, 2, True)]
)
def test_rows_are_counted_up_to_the_bound(pages, rows, counted, number, more):
    days(rows)
    shown = pages()
    assert (shown.count, shown.num_pages, shown.has_more) == (counted, number, more)


@pytest.mark.postgres
def test_the_database_stops_counting_at_the_bound(pages):
    days(6)
    shown = pages()
    with CaptureQueriesContext(connection) as asked:
        assert (shown.count, shown.has_more) == (4, True)
    assert [query["sql"].count("LIMIT 5") for query in asked] == [1]


def test_the_list_says_that_there_are_more(pages):
    days(5)
    told = "只列出前 4 条，其余请筛选或查找"
    template = ManyPaginator.template_name
    assert told in render_to_string(template, {"cl": {"paginator": pages()}})
    WorkdayOverride.objects.filter(date="2026-03-05").delete()
    assert told not in render_to_string(template, {"cl": {"paginator": pages()}})
