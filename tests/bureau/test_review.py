"""The page on which a monthly report is reviewed."""

import pytest
import time_machine
from django.test import Client

from reports import services
from reports.models import Report
from tests.personas import Bureau, build_bureau
from tests.reports.builders import NOW, THEME_DAY, event_of, report_of, task_of


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def bureau(db) -> Bureau:
    return build_bureau()


def hand_in(bureau) -> Report:
    return services.submit_report(
        actor=bureau.secretary,
        report=report_of(bureau.mine),
        problems="难",
        plans="",
        reasons={THEME_DAY: "外出"},
        at=NOW,
    )


def officer(bureau) -> Client:
    client = Client()
    client.force_login(bureau.officer)
    return client


def test_comments_go_to_figures_tasks_and_texts(bureau):
    task = task_of(bureau.mine, event_of("例会"))
    report = hand_in(bureau)
    page = officer(bureau).get(f"/admin/review/{report.pk}/").content.decode()
    keys = (THEME_DAY, f"task:{task.pk}", "problems", "plans", "")
    assert [f'name="comment:{key}"' in page for key in keys] == [True] * 5
    officer(bureau).post(
        f"/admin/review/{report.pk}/return/",
        {"version": "1", **{f"comment:{key}": f"请核{number}" for number, key in enumerate(keys)}},
    )
    assert [(each.key, each.text) for each in report.comments.all()] == [
        (key, f"请核{number}") for number, key in enumerate(keys)
    ]


@pytest.mark.parametrize("verb", ["approve", "return"])
def test_a_submission_that_was_not_looked_at_is_not_decided(bureau, verb):
    report = hand_in(bureau)
    services.return_report(actor=bureau.officer, report=report, comments=[("", "请核")], at=NOW)
    hand_in(bureau)
    data = {"version": "1", "comment:": "请核"}
    officer(bureau).post(f"/admin/review/{report.pk}/{verb}/", data)
    assert Report.objects.get(pk=report.pk).state == "submitted"
    officer(bureau).post(f"/admin/review/{report.pk}/{verb}/", {**data, "version": "2"})
    assert Report.objects.get(pk=report.pk).state in ("approved", "returned")
