"""Who opens which page of the bureau's calendar, by which method."""

import pytest
from django.urls import reverse

from calendar_events.choices import TaskState
from calendar_events.models import Vacation
from common.models import WorkdayOverride
from tests.calendar_events.builders import draft_calendar, published_event, task_of

pytestmark = pytest.mark.django_db

# Personas in this order: officer, leader, reviewer; auditor and school people are all the same.
LISTS = ["calendar", "event", "task", "vacation"]
DRAFT = {
    "calendar_events_calendar_change": (200, 200, 404),
    "calendar_events_calendar_line": (200, 403, 404),
    "calendar_events_calendar_import": (200, 403, 404),
    "calendar_events_calendar_check": (302, 403, 404),
    "calendar_events_calendar_sort": (200, 403, 404),
    "calendar_events_calendar_publish": (200, 403, 404),
    "calendar_events_calendar_circular": (200, 403, 404),
}
DRAFT_EVENT = {
    "calendar_events_event_change": (200, 200, 404),
    "calendar_events_event_plan": (200, 403, 404),
    "calendar_events_event_split": (200, 403, 404),
    "calendar_events_event_join": (200, 403, 404),
    "calendar_events_event_remove": (200, 403, 404),
}
PUBLISHED_EVENT = {
    "calendar_events_event_change": (200, 200, 200),
    "calendar_events_event_revise": (200, 403, 403),
    "calendar_events_event_deadline": (200, 403, 403),
    "calendar_events_event_cancel": (200, 403, 403),
}
DONE_TASK = {
    "calendar_events_task_change": (200, 200, 200),
    "calendar_events_task_return": (200, 403, 200),
    "calendar_events_task_reopen": (200, 403, 200),
    "calendar_events_task_extend": (200, 403, 403),
}
ADD = {
    "calendar_events_calendar_add": (200, 403, 403),
    "calendar_events_event_add": (200, 403, 403),
    "calendar_events_vacation_add": (200, 403, 403),
    "common_workdayoverride_add": (200, 403, 403),
}
PERSONAS = ("officer", "leader", "reviewer")


def status(client, user, address: str) -> int:
    client.force_login(user)
    return client.get(address).status_code


def check(client, bureau, expected, pk=None) -> None:
    args = [pk] if pk else []
    seen = {
        name: tuple(
            status(client, getattr(bureau, who), reverse(f"admin:{name}", args=args))
            for who in PERSONAS
        )
        for name in expected
    }
    assert seen == expected


def test_pages_of_a_draft_calendar(client, bureau):
    calendar = draft_calendar(titles={"主题党日": 3})
    check(client, bureau, DRAFT, calendar.pk)
    check(client, bureau, DRAFT_EVENT, calendar.events.get().pk)


def test_pages_of_a_published_event_and_of_a_finished_task(client, bureau):
    event = published_event()
    task = task_of(bureau.mine, event, state=TaskState.DONE)
    check(client, bureau, PUBLISHED_EVENT, event.pk)
    check(client, bureau, DONE_TASK, task.pk)


def test_pages_that_add(client, bureau):
    check(client, bureau, ADD)


@pytest.mark.parametrize("who", PERSONAS)
@pytest.mark.parametrize("model", LISTS)
def test_lists_open_for_those_who_see_business_data(client, bureau, who, model):
    address = reverse(f"admin:calendar_events_{model}_changelist")
    assert status(client, getattr(bureau, who), address) == 200


@pytest.mark.parametrize(
    ("who", "answer"),
    [("auditor", 404), ("secretary", 403), ("clerk", 403), ("stranger", 403), (None, 302)],
)
def test_nobody_else_comes_in(client, bureau, who, answer):
    event = published_event()
    task = task_of(bureau.mine, event)
    day = WorkdayOverride.objects.create(date="2026-05-09", is_workday=True)
    vacation = Vacation.objects.create(
        year=2026, kind="winter", first_day="2026-01-20", last_day="2026-02-20"
    )
    addresses = [
        *(reverse(f"admin:calendar_events_{model}_changelist") for model in LISTS),
        *(reverse(f"admin:{name}", args=[event.calendar_id]) for name in DRAFT),
        *(reverse(f"admin:{name}", args=[event.pk]) for name in PUBLISHED_EVENT),
        *(reverse(f"admin:{name}", args=[task.pk]) for name in DONE_TASK),
        *(reverse(f"admin:{name}") for name in ADD),
        reverse("admin:common_workdayoverride_change", args=[day.pk]),
        reverse("admin:common_workdayoverride_clear", args=[day.pk]),
        reverse("admin:calendar_events_vacation_change", args=[vacation.pk]),
    ]
    if who:
        client.force_login(getattr(bureau, who))
    assert {client.get(address).status_code for address in addresses} == {answer}


def test_a_reviewer_meets_only_their_own_subtree(client, bureau):
    event = published_event()
    mine, other = task_of(bureau.mine, event), task_of(bureau.other, event)
    client.force_login(bureau.reviewer)

    page = client.get(reverse("admin:calendar_events_task_changelist")).content.decode()
    assert ("芙蓉小学党支部" in page, "荷花小学党支部" in page) == (True, False)
    assert (
        client.get(reverse("admin:calendar_events_task_change", args=[mine.pk])).status_code == 200
    )
    for name in DONE_TASK:
        assert client.get(reverse(f"admin:{name}", args=[other.pk])).status_code == 404


@pytest.mark.parametrize("pk", ["0", "999999", "abc", "99999999999999999999"])
def test_forged_identifiers_are_not_found(client, bureau, pk):
    client.force_login(bureau.officer)
    for model in ("calendar", "event", "task", "vacation"):
        assert client.get(f"/admin/calendar_events/{model}/{pk}/change/").status_code == 404


def test_wrong_methods_are_refused(client, bureau):
    calendar = draft_calendar()
    client.force_login(bureau.officer)
    read = reverse("admin:calendar_events_calendar_change", args=[calendar.pk])
    write = reverse("admin:calendar_events_calendar_accept", args=[calendar.pk])
    assert client.post(read).status_code == 405
    assert client.get(write).status_code == 405
    assert (
        client.put(reverse("admin:calendar_events_calendar_line", args=[calendar.pk])).status_code
        == 405
    )


def test_nothing_is_deleted_and_no_history_shown(client, bureau):
    event = published_event()
    client.force_login(bureau.officer)
    for verb in ("delete", "history"):
        address = reverse(f"admin:calendar_events_event_{verb}", args=[event.pk])
        assert client.get(address).status_code in {403, 404}
