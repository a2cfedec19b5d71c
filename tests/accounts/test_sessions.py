"""Idle logout, passwords that must be changed, sessions that end elsewhere."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from common.models import AuditEntry
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/password/"
OLD = "pass-word-9"
NEW = "spring-Water-42"


@pytest.fixture
def user() -> User:
    return UserFactory(username="zs01", name="张三", password=OLD)


def change(client, old=OLD, new=NEW, **extra):
    return client.post(
        PAGE, {"old_password": old, "password1": new, "password2": new, "next": "/healthz"}, **extra
    )


def test_thirty_idle_minutes_end_the_session_and_lead_back(client, user):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.force_login(user)
        assert client.get(PAGE).status_code == 200
        clock.shift(timedelta(minutes=29))
        assert client.get(PAGE).status_code == 200
        clock.shift(timedelta(minutes=29))
        assert client.get(PAGE).status_code == 200
        clock.shift(timedelta(minutes=30, seconds=1))
        response = client.get(PAGE)
    assert (response.status_code, response["Location"]) == (302, "/login/?next=/password/")


def test_a_page_writes_the_session_at_most_once_a_minute(client, user, django_assert_num_queries):
    def writes() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        return sum("UPDATE" in query["sql"] for query in queries)

    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.force_login(user)
        client.get(PAGE)
        assert writes() == 0
        clock.shift(timedelta(seconds=59))
        assert writes() == 0
        clock.shift(timedelta(seconds=1))
        assert writes() == 1
        assert writes() == 0


def test_a_clock_set_back_ends_no_session_and_keeps_none_for_ever(client, user):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.force_login(user)
        clock.shift(timedelta(hours=-1))
        for _ in range(3):
            assert client.get(PAGE).status_code == 200
            clock.shift(timedelta(minutes=29))
        clock.shift(timedelta(minutes=2))
        assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Requested-With": "fetch"},
        {"Sec-Fetch-Mode": "cors"},
        {"Accept": "application/json"},
    ],
)
def test_scripts_without_a_session_get_401(client, headers):
    page = "http://testserver/records/new/?kind=1"
    response = client.post(PAGE, {}, headers={**headers, "Referer": page})
    assert response.status_code == 401
    assert response.json() == {
        "message": "登录已过期，请重新登录。",
        "login": "/login/?next=%2Frecords%2Fnew%2F%3Fkind%3D1",
    }


def test_htmx_without_a_session_goes_to_the_log_in(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/records/"}
    response = client.get(PAGE, headers=headers)
    assert response.status_code == 401
    assert response["HX-Redirect"] == "/login/?next=%2Frecords%2F"


@pytest.mark.parametrize(
    ("referer", "expected"),
    [
        ("http://testserver/reports/3/", "/login/?next=%2Freports%2F3%2F"),
        ("http://example.com/reports/3/", "/login/"),
    ],
)
def test_a_form_sent_too_late_leads_back_to_its_page(client, referer, expected):
    response = client.post(PAGE, {}, headers={"Referer": referer})
    assert (response.status_code, response["Location"]) == (302, expected)


def test_changing_the_password_ends_all_other_sessions(client, user):
    other = Client()
    client.force_login(user)
    other.force_login(user)
    before = client.session.session_key
    response = change(client)
    assert (response.status_code, response["Location"]) == (302, "/healthz")
    assert client.session.session_key != before
    assert client.get(PAGE).status_code == 200
    assert other.get(PAGE).status_code == 302
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert [entry.verb for entry in AuditEntry.objects.all()] == ["accounts.change_password"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("wrong", NEW, "「现在的密码」不对"),
        (OLD, OLD, "和现在的密码一样"),
        (OLD, "zs01-z", "密码太短，至少要有 8 位"),
    ],
)
def test_a_wrong_change_changes_nothing(client, user, old, new, message):
    client.force_login(user)
    response = change(client, old, new)
    assert response.status_code == 200
    assert message in response.content.decode()
    user.refresh_from_db()
    assert user.check_password(OLD)


def test_guessing_the_old_password_locks_as_a_log_in_does(client, user):
    client.force_login(user)
    assert [change(client, "wrong").status_code for _ in range(5)] == [200, 200, 200, 200, 429]
    assert change(client).status_code == 429


def test_a_password_that_must_be_changed_comes_first(client, user):
    User.objects.update(must_change_password=True)
    client.force_login(user)
    response = client.get("/healthz")
    assert (response.status_code, response["Location"]) == (302, "/password/?next=%2Fhealthz")
    assert "请先改掉临时密码" in client.get(PAGE).content.decode()
    change(client)
    assert client.get("/healthz").status_code == 200


def test_the_demonstration_forces_no_change(client, user, settings):
    settings.DEMO = True
    User.objects.update(must_change_password=True)
    client.force_login(user)
    assert client.get("/healthz").status_code == 200


def test_a_switched_off_user_is_out_at_once(client, user):
    client.force_login(user)
    User.objects.update(is_active=False)
    assert client.get(PAGE).status_code == 302
