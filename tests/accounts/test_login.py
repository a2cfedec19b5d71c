"""Coming in: by user name or mobile, locked after five failures, the same for unknown names."""

from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessFailureLog
from django.urls import reverse
from django.utils import timezone

from accounts import devices
from accounts.models import User
from common.fields import blind_index
from common.models import AuditEntry
from tests.factories import PersonFactory, UserFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
LOGIN = "/login/"
PASSWORD = "pass-word-9"
MOBILE = "13812345678"


@pytest.fixture
def user() -> User:
    user = UserFactory(username="zs01", name="张三")
    PersonFactory(name="张三", mobile=MOBILE, user=user)
    return user


def attempt(client, username, password="wrong", **extra):
    data = {"username": username, "password": password, "next": "/healthz"}
    return client.post(LOGIN, data, **extra)


def is_in(client, user: User) -> bool:
    return client.session.get("_auth_user_id") == str(user.pk)


@pytest.mark.parametrize("name", ["zs01", "ZS01", " zs01 ", MOBILE, "+86 138-1234-5678"])
def test_user_name_and_mobile_open_the_same_account(client, user, name):
    response = attempt(client, name, PASSWORD)
    assert (response.status_code, response["Location"]) == (302, "/healthz")
    assert is_in(client, user)


def test_logging_in_and_out_is_audited(client, user):
    attempt(client, MOBILE, PASSWORD, REMOTE_ADDR="203.0.113.7")
    assert client.post("/logout/").status_code == 302
    assert not is_in(client, user)
    seen = AuditEntry.objects.order_by("id").values_list("verb", "actor", "address")
    assert list(seen) == [
        ("accounts.log_in", user.pk, "203.0.113.7"),
        ("accounts.log_out", user.pk, "127.0.0.1"),
    ]


def test_logging_out_needs_a_post(client, user):
    client.force_login(user)
    assert client.get("/logout/").status_code == 405
    assert is_in(client, user)


def test_logging_out_twice_is_harmless(client, user):
    assert client.post("/logout/").status_code == 302
    assert AuditEntry.objects.count() == 0


def test_the_session_gets_a_new_key(client, user):
    client.get(LOGIN)
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    attempt(client, "zs01", PASSWORD)
    assert client.session.session_key != session.session_key


def test_five_failures_lock_and_name_the_minutes(client, user):
    answers = [attempt(client, "zs01") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert "还可以试 1 次" in answers[3].content.decode()
    assert "请 15 分钟后再试" in answers[4].content.decode()
    assert attempt(client, "zs01", PASSWORD).status_code == 429
    assert not is_in(client, user)
    verbs = AuditEntry.objects.order_by("id").values_list("verb", "object_id")
    failed, locked = ("accounts.log_in_failed", str(user.pk)), ("accounts.lock", str(user.pk))
    assert list(verbs) == [failed] * 5 + [locked]


def test_user_name_and_mobile_count_together(client, user):
    names = ["zs01", MOBILE, "ZS01", "+86" + MOBILE, " 138 1234 5678"]
    assert [attempt(client, name).status_code for name in names] == [200, 200, 200, 200, 429]


def test_a_lock_ends_after_15_minutes_and_trying_on_does_not_prolong_it(client, user):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        for _ in range(5):
            attempt(client, "zs01")
        clock.shift(timedelta(minutes=14))
        assert "请 1 分钟后再试" in attempt(client, "zs01", PASSWORD).content.decode()
        clock.shift(timedelta(minutes=1))
        assert attempt(client, "zs01", PASSWORD).status_code == 302


def test_a_clock_set_back_does_not_prolong_a_lock(client, user):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(5):
            attempt(client, "zs01")
        clock.shift(timedelta(hours=-1))
        assert attempt(client, "zs01", PASSWORD).status_code == 302
        clock.shift(timedelta(minutes=50))
        assert attempt(client, "zs01", PASSWORD).status_code == 302


def test_failures_spread_over_more_than_15_minutes_do_not_lock(client, user):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(12):
            assert attempt(client, "zs01").status_code == 200
            clock.shift(timedelta(minutes=4))
        assert attempt(client, "zs01", PASSWORD).status_code == 302


def test_success_forgets_failures(client, user):
    for _ in range(4):
        attempt(client, "zs01")
    attempt(client, "zs01", PASSWORD)
    client.post("/logout/")
    assert attempt(client, "zs01").status_code == 200


def page(response) -> str:
    """The text of a page without its CSRF token and what was typed."""
    import re

    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return re.sub(r'name="username" value="[^"]*"', "", text)


@pytest.mark.parametrize("unknown", ["nobody", "13900000000"])
def test_unknown_accounts_get_the_same_answers(client, django_user_model, user, unknown):
    for _ in range(5):
        known, other = attempt(client, "zs01"), attempt(client, unknown)
        assert known.status_code == other.status_code
        assert page(known) == page(other)


@pytest.mark.parametrize(
    ("known", "unknown"), [("zs01", "nobody"), (MOBILE, "13900000000"), ("off", "nobody")]
)
def test_unknown_and_switched_off_accounts_cost_the_same_hashing(
    client, user, monkeypatch, known, unknown
):
    """Hashing is all the time there is: count the rounds instead of stopping a clock."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    UserFactory(username="off", is_active=False)
    rounds = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *args: rounds.append(1) or encode(*args)
    )
    counts = []
    for name in (known, unknown):
        rounds.clear()
        attempt(client, name)
        counts.append(len(rounds))
    assert counts[0] == counts[1] > 0


def test_a_switched_off_user_gets_the_same_answer(client, user):
    User.objects.update(is_active=False)
    answer = attempt(client, "zs01", PASSWORD)
    assert "用户名（手机号）或密码不对" in answer.content.decode()
    assert not is_in(client, user)


def test_what_was_typed_stands_nowhere_in_clear(client, user, caplog):
    caplog.set_level("DEBUG")
    for typed in (MOBILE, "13900000000", "my-Secret-9"):
        for _ in range(6):
            attempt(client, typed, "other-Secret-8")
    kept = list(AccessFailureLog.objects.values()) + list(AuditEntry.objects.values())
    written = repr(kept) + caplog.text
    assert len(kept) > 15
    for secret in (MOBILE, "13900000000", "my-Secret-9", "other-Secret-8"):
        assert secret not in written
    unknown = AccessFailureLog.objects.exclude(username="zs01").values_list("username", flat=True)
    assert set(unknown) == {f"?{blind_index(t)}" for t in ("13900000000", "my-Secret-9")}


def test_an_address_that_tries_names_is_stopped_but_not_a_known_browser(client, user, client_again):
    attempt(client_again, "zs01", PASSWORD)
    client_again.post("/logout/")
    for number in range(100):
        assert attempt(client, f"name{number}").status_code == 200
    stopped = attempt(client, "zs01", PASSWORD)
    assert stopped.status_code == 429
    assert "从您所在的网络登录，失败次数过多" in stopped.content.decode()
    assert attempt(client_again, "zs01", PASSWORD).status_code == 302
    elsewhere = attempt(client, "zs01", PASSWORD, REMOTE_ADDR="198.51.100.4")
    assert elsewhere.status_code == 302


@pytest.fixture
def client_again():
    from django.test import Client

    return Client()


def test_a_forged_device_cookie_helps_nobody(client, user):
    client.cookies["portal_known"] = "1:forged"
    for number in range(100):
        attempt(client, f"name{number}")
    assert attempt(client, "zs01", PASSWORD).status_code == 429


def test_only_our_own_pages_are_returned_to(client, user):
    data = {"username": "zs01", "password": PASSWORD, "next": "https://example.com/"}
    assert client.post(LOGIN, data)["Location"] == reverse("bureau:home")


def test_who_was_logged_out_on_a_page_hears_that_nothing_is_lost(client, user):
    kept = "刚才填写的内容都还在"
    assert kept not in client.get(LOGIN, {"next": "/records/"}).content.decode()
    attempt(client, "zs01", PASSWORD)
    client.post("/logout/")
    assert kept in client.get(LOGIN, {"next": "/records/"}).content.decode()
    for front in ("", "/", "/admin/accounts/user/"):
        assert kept not in client.get(LOGIN, {"next": front}).content.decode()
    client.cookies[devices.COOKIE] = "forged"
    assert kept not in client.get(LOGIN, {"next": "/records/"}).content.decode()


def test_large_text_follows_the_user(client, user):
    User.objects.update(large_text=True)
    response = attempt(client, "zs01", PASSWORD)
    assert response.cookies["portal_text"].value == "large"


@pytest.mark.parametrize("large", [True, False])
def test_large_text_switch(client, user, large):
    client.force_login(user)
    User.objects.update(large_text=not large)
    response = client.post("/mine/large-text/", {"large": "1" if large else "0", "next": "/mine/"})
    assert (response.status_code, response["Location"]) == (302, "/mine/")
    assert response.cookies["portal_text"].value == ("large" if large else "")
    user.refresh_from_db()
    assert user.large_text is large


def test_large_text_switch_works_before_the_log_in_and_only_by_post(client):
    response = client.post("/mine/large-text/", {"large": "1", "next": "/login/"})
    assert response.cookies["portal_text"].value == "large"
    assert client.get("/mine/large-text/").status_code == 405
