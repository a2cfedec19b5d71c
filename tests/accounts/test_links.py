"""Links to set a password: shown as often as opened, used up by the button alone."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts import services
from accounts.models import AccessLink, LinkPurpose, User
from common.errors import ConflictError, DomainError
from common.models import AuditEntry
from tests.factories import UserFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
NEW = {"password1": "spring-Water-42", "password2": "spring-Water-42"}


@pytest.fixture
def user() -> User:
    user = UserFactory(username="zs01", name="张三")
    user.set_unusable_password()
    user.save()
    return user


@pytest.fixture
def officer() -> User:
    return UserFactory(username="officer", name="组织科")


def issue(user, officer, purpose=LinkPurpose.ACTIVATE) -> str:
    return services.issue_link(actor=officer, user=user, purpose=purpose, at=timezone.now())


def test_the_token_is_kept_as_its_sha256_only(user, officer, caplog):
    caplog.set_level("DEBUG")
    token = issue(user, officer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_accesslink")
        row = repr(cursor.fetchall())
    assert services.digest_of(token) in row
    assert token not in row + repr(list(AuditEntry.objects.values())) + caplog.text
    assert len(token) == 20


def test_opening_uses_nothing_up_and_shows_the_name(client, user, officer):
    path = f"/link/{issue(user, officer)}/"
    for method in (client.get, client.head, client.get):
        assert method(path).status_code == 200
    shown = client.get(path).content.decode()
    assert "张三，您好" in shown
    assert "zs01" in shown
    assert AccessLink.objects.get().used_at is None
    assert client.post(path, NEW).status_code == 302


def test_the_button_sets_the_password_and_lets_in_once(client, user, officer):
    path = f"/link/{issue(user, officer)}/"
    assert client.post(path, NEW).status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    user.refresh_from_db()
    assert user.check_password("spring-Water-42")

    again = {"password1": "autumn-Leaf-77", "password2": "autumn-Leaf-77"}
    assert client.post(path, again).status_code == 410
    assert client.get(path).status_code == 410
    user.refresh_from_db()
    assert user.check_password("spring-Water-42")
    assert list(AuditEntry.objects.order_by("id").values_list("verb", flat=True)) == [
        "accounts.issue_link",
        "accounts.use_link",
        "accounts.log_in",
    ]


@pytest.mark.parametrize(
    ("passwords", "message"),
    [
        (("short1", "short1"), "密码太短"),
        (("spring-Water-42", "spring-Water-43"), "两次输入的新密码不一样"),
        (("1357924680", "1357924680"), "密码只包含数字"),
        (("", ""), "还没有填"),
    ],
)
def test_a_bad_password_does_not_use_it_up(client, user, officer, passwords, message):
    path = f"/link/{issue(user, officer)}/"
    data = dict(zip(("password1", "password2"), passwords, strict=True))
    response = client.post(path, data)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert AccessLink.objects.get().used_at is None


@pytest.mark.parametrize(
    ("purpose", "lifetime"),
    [(LinkPurpose.ACTIVATE, timedelta(days=7)), (LinkPurpose.RESET, timedelta(hours=24))],
)
def test_links_expire(client, user, officer, purpose, lifetime):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        path = f"/link/{issue(user, officer, purpose)}/"
        clock.shift(lifetime - timedelta(seconds=1))
        assert client.get(path).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert client.get(path).status_code == 410
        assert client.post(path, NEW).status_code == 410
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_a_new_link_ends_the_older_ones(client, user, officer):
    old, new = issue(user, officer), issue(user, officer, LinkPurpose.RESET)
    assert client.get(f"/link/{old}/").status_code == 410
    assert client.get(f"/link/{new}/").status_code == 200


def test_an_unknown_link_is_not_there(client):
    response = client.get("/link/neverissued/")
    assert response.status_code == 404
    assert "链接已失效" in response.content.decode()


def test_a_switched_off_account_gets_and_uses_no_link(client, user, officer):
    token = issue(user, officer)
    services.switch_off(actor=officer, user=user, at=timezone.now())
    assert client.post(f"/link/{token}/", NEW).status_code == 410
    user.refresh_from_db()
    with pytest.raises(DomainError, match="已停用"):
        issue(user, officer)
    services.switch_on(actor=officer, user=user, at=timezone.now())
    assert client.get(f"/link/{token}/").status_code == 410


def test_switching_off_twice_is_a_conflict(user, officer):
    services.switch_off(actor=officer, user=user, at=timezone.now())
    with pytest.raises(ConflictError):
        services.switch_off(actor=officer, user=user, at=timezone.now())


def test_using_a_link_unlocks(client, user, officer):
    for _ in range(5):
        client.post("/login/", {"username": "zs01", "password": "wrong"})
    client.post(f"/link/{issue(user, officer)}/", NEW)
    client.post("/logout/")
    data = {"username": "zs01", "password": "spring-Water-42", "next": "/healthz"}
    assert client.post("/login/", data).status_code == 302


def test_unlocking_an_account_that_is_not_locked_says_so(user, officer):
    with pytest.raises(ConflictError, match="没有被锁定"):
        services.unlock(actor=officer, user=user, at=timezone.now())
