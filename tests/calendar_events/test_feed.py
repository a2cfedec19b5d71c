"""The private calendar link: what a calendar program gets, who gets nothing, the page of the link."""

from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import icalendar
import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureau.logs import discreet
from calendar_events import services
from calendar_events.choices import EventState, Handling, TaskState
from calendar_events.models import Feed, Task
from common.errors import ConflictError, ForbiddenError
from common.models import AuditEntry, WorkdayOverride
from organizations.choices import RoleKind
from organizations.models import Role
from tests.calendar_events.builders import NOW, at, done, published_event, task_of
from tests.factories import RoleFactory

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Wednesday.
DUE = date(2026, 3, 25)


@pytest.fixture(autouse=True)
def now():
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def link_of(user) -> str:
    _, token = services.make_feed(actor=user, at=NOW)
    return reverse("bureau:feed", args=[token])


def fetch(address: str, **headers):
    return Client().get(address, headers=headers)


def entries(address: str) -> dict[str, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(fetch(address).content)
    found = list(calendar.walk("VEVENT"))
    by_uid = {str(each["UID"]): each for each in found}
    assert len(by_uid) == len(found)
    return by_uid


def only(address: str) -> icalendar.Event:
    (entry,) = entries(address).values()
    return entry


def rings(entry) -> list[datetime]:
    """When it rings, on a phone that shows Shanghai's time."""
    midnight = datetime.combine(entry["DTSTART"].dt, time(), SHANGHAI)
    return [midnight + alarm["TRIGGER"].dt for alarm in entry.walk("VALARM")]


def test_a_secretary_gets_the_tasks_of_their_own_organisation_as_whole_days(bureau):
    task = task_of(bureau.mine)
    task_of(bureau.other, task.event)
    entry = only(link_of(bureau.secretary))
    assert str(entry["UID"]) == f"task-{task.pk}@127.0.0.1"
    assert (str(entry["SUMMARY"]), str(entry["STATUS"])) == ("主题党日", "CONFIRMED")
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (DUE, DUE + timedelta(days=1))
    assert entry["DTSTART"].params["VALUE"] == "DATE"
    assert str(entry["URL"]).endswith(f"/tasks/{task.pk}/")
    assert sorted(entry) == sorted([
        "CREATED", "DTEND", "DTSTAMP", "DTSTART", "LAST-MODIFIED", "SEQUENCE", "STATUS",
        "SUMMARY", "TRANSP", "UID", "URL",
    ])  # fmt: skip


def test_it_rings_three_workdays_before_and_on_the_day_at_nine(bureau):
    task_of(bureau.mine)
    address = link_of(bureau.secretary)
    morning = datetime(2026, 3, 25, 9, tzinfo=SHANGHAI)
    assert rings(only(address)) == [morning - timedelta(days=5), morning]
    # Saturday is worked.
    WorkdayOverride.objects.create(date=date(2026, 3, 21), is_workday=True)
    assert rings(only(address)) == [morning - timedelta(days=4), morning]


@pytest.mark.parametrize(
    ("state", "words", "ringing"),
    [
        (TaskState.OPEN, "主题党日", True),
        (TaskState.RETURNED, "退回待改：主题党日", True),
        (TaskState.NOT_APPLICABLE, "不适用：主题党日", False),
        (TaskState.CANCELLED, "已取消：主题党日", False),
    ],
)
def test_only_what_waits_rings(bureau, state, words, ringing):
    task_of(bureau.mine, state=state)
    entry = only(link_of(bureau.secretary))
    cancelled = state == TaskState.CANCELLED
    assert (str(entry["SUMMARY"]), bool(rings(entry))) == (words, ringing)
    assert str(entry["STATUS"]) == ("CANCELLED" if cancelled else "CONFIRMED")


def test_what_is_done_or_optional_never_rings(bureau):
    done(bureau.mine, published_event("做完的"), on=date(2026, 3, 9))
    task_of(bureau.mine, published_event("自愿的", handling=Handling.OPTIONAL))
    found = entries(link_of(bureau.secretary)).values()
    assert sorted(str(each["SUMMARY"]) for each in found) == ["已办结：做完的", "选报：自愿的"]
    assert [rings(each) for each in found] == [[], []]


def test_a_change_keeps_the_identity_and_raises_the_sequence(bureau):
    event = published_event()
    task_of(bureau.mine, event)
    address = link_of(bureau.secretary)
    before = only(address)
    services.move_deadline(
        actor=bureau.officer,
        event=event,
        due_on=date(2026, 3, 30),
        reason="会期",
        at=at(2026, 3, 11),
    )
    moved = only(address)
    services.cancel_event(actor=bureau.officer, event=event, reason="合并", at=at(2026, 3, 12))
    gone = only(address)
    assert before["UID"] == moved["UID"] == gone["UID"]
    assert before["SEQUENCE"] < moved["SEQUENCE"] < gone["SEQUENCE"]
    assert before["LAST-MODIFIED"].dt < moved["LAST-MODIFIED"].dt < gone["LAST-MODIFIED"].dt
    assert (moved["DTSTART"].dt, gone["STATUS"]) == (date(2026, 3, 30), "CANCELLED")


def test_what_is_long_past_is_left_out(bureau):
    task_of(bureau.mine, published_event("去年的", year=2025, month=11))
    task_of(bureau.mine, published_event("上月的", month=2))
    assert str(only(link_of(bureau.secretary))["SUMMARY"]) == "上月的"


def test_officers_get_the_lines_that_they_may_see_and_nothing_of_schools(bureau):
    task_of(bureau.mine)
    published_event("没发布的", state=EventState.DRAFT)
    published_event("通报", handling=Handling.INFORM)
    whole = published_event("拆分的", handling=Handling.BUREAU)
    published_event("拆出的", split_from=whole, handling=Handling.BUREAU)
    found = entries(link_of(bureau.officer)).values()
    assert sorted(str(each["SUMMARY"]) for each in found) == [
        "局办：拆出的",
        "校办：主题党日",
        "知晓：通报",
    ]
    assert {str(each["SUMMARY"]): len(rings(each)) for each in found}["知晓：通报"] == 0


def test_who_works_in_two_organisations_reads_whose_task_it_is(bureau):
    RoleFactory(user=bureau.secretary, organization=bureau.other, kind=RoleKind.ACTING_HEAD)
    event = published_event()
    task_of(bureau.mine, event)
    task_of(bureau.other, event)
    found = entries(link_of(bureau.secretary)).values()
    assert {str(each["SUMMARY"]) for each in found} == {
        "主题党日（芙蓉小学党支部）",
        "主题党日（荷花小学党支部）",
    }


def test_nothing_personal_stands_in_it_and_the_zone_is_defined(bureau):
    task_of(bureau.mine, comment="请李四补照片", reason="张三病假")
    text = fetch(link_of(bureau.secretary)).content.decode()
    assert "BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai" in text
    for word in ("张三", "李四", "secretary", "ATTENDEE", "ORGANIZER"):
        assert word not in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_no_log_in_no_cookie_kept_to_itself_and_short_when_nothing_changed(bureau):
    task_of(bureau.mine)
    address = link_of(bureau.secretary)
    first = fetch(address)
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert (first["Cache-Control"], first.cookies) == ("private, no-cache", {})
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        again = fetch(address, If_None_Match=first["ETag"])
        assert (again.status_code, again.content) == (304, b"")
        Task.objects.update(state=TaskState.CANCELLED)
        assert fetch(address, If_None_Match=first["ETag"]).status_code == 200
    assert Client().head(address).status_code == 200
    assert Client().post(address).status_code == 405


def test_it_costs_the_same_however_many_tasks(bureau):
    address = link_of(bureau.secretary)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert fetch(address).status_code == 200
        return len(queries)

    task_of(bureau.mine, published_event("一"))
    cost()
    one = cost()
    for title in ("二", "三", "四"):
        task_of(bureau.mine, published_event(title))
    assert cost() == one <= 6


@pytest.mark.parametrize("way", ["revoked", "role ended", "account shut", "replaced", "unknown"])
def test_a_link_that_does_not_stand_tells_nobody_why(bureau, way):
    task_of(bureau.mine)
    address = link_of(bureau.secretary)
    if way == "revoked":
        services.revoke_feed(actor=bureau.secretary, feed=Feed.objects.get(), at=NOW)
    elif way == "role ended":
        Role.objects.filter(user=bureau.secretary).update(until=date(2026, 3, 9))
    elif way == "account shut":
        bureau.secretary.is_active = False
        bureau.secretary.save()
    elif way == "replaced":
        link_of(bureau.secretary)
    else:
        address = reverse("bureau:feed", args=["nothing"])
    answer = fetch(address)
    assert (answer.status_code, answer.content.decode()) == (404, "没有这个日历，或者已经作废。")


def test_a_role_in_another_school_shows_that_school_only(bureau):
    task_of(bureau.mine)
    address = link_of(bureau.secretary)
    Role.objects.filter(user=bureau.secretary).update(organization=bureau.other)
    assert entries(address) == {}


def test_asking_too_often_is_refused_for_a_while(bureau, settings):
    settings.FEED_RATES = {"link": 2, "address": 2}
    address = link_of(bureau.secretary)
    assert [fetch(address).status_code for _ in range(3)] == [200, 200, 429]
    wrong = reverse("bureau:feed", args=["guess"])
    assert [fetch(wrong).status_code for _ in range(3)] == [404, 404, 429]
    assert fetch(wrong)["Retry-After"] == "3600"
    # Whoever guesses from a school stops nobody else there.
    assert fetch(link_of(bureau.deputy)).status_code == 200


def test_only_the_digest_is_kept_and_the_log_says_who_made_and_ended_it(bureau):
    feed, token = services.make_feed(actor=bureau.secretary, at=NOW)
    assert token not in str(Feed.objects.values_list().get())
    services.make_feed(actor=bureau.secretary, at=NOW)
    assert Feed.objects.standing().count() == 1
    with pytest.raises(ConflictError):
        services.revoke_feed(actor=bureau.secretary, feed=feed, at=NOW)
    with pytest.raises(ForbiddenError):
        services.revoke_feed(actor=bureau.deputy, feed=Feed.objects.standing().get(), at=NOW)
    verbs = AuditEntry.objects.values_list("verb", "object_ids").order_by("pk")
    assert list(verbs) == [
        ("calendar_events.make_feed", []),
        ("calendar_events.make_feed", [feed.pk]),
    ]
    for actor in (bureau.auditor, bureau.stranger):
        with pytest.raises(ForbiddenError):
            services.make_feed(actor=actor, at=NOW)


def test_the_page_shows_the_link_once_and_revokes_it(client, bureau):
    client.force_login(bureau.secretary)
    page = reverse("calendar_events:subscription")
    made = client.post(page)
    address = made.context["address"]
    assert address in made.content.decode()
    assert made.context["webcal"].startswith("webcal://")
    assert "no-store" in made["Cache-Control"]
    assert fetch(urlsplit(address).path).status_code == 200
    again = client.get(page).content.decode()
    assert address not in again
    assert "正在使用" in again
    client.post(reverse("calendar_events:revoke_subscription"))
    assert "还没有订阅链接" in client.get(page).content.decode()
    assert AuditEntry.objects.filter(verb="calendar_events.revoke_feed").count() == 1


def test_the_log_of_requests_hides_the_link(bureau):
    address = link_of(bureau.secretary)
    assert discreet(f"GET {address}") == "GET /feed/…/calendar.ics"
