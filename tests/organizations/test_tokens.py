"""Personal tokens: shown once, kept as a digest, ended by hand, by time, by account, by role."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import LinkPurpose
from accounts.queries import digest_of
from accounts.services import change_password, issue_link, use_link
from common.errors import ConflictError, DomainError, ForbiddenError
from common.models import AuditEntry
from organizations.choices import RoleKind
from organizations.models import ApiToken, Role
from organizations.services import make_token, note_token_used, revoke_token
from organizations.services.tokens import MOST_TOKENS
from people.services import switch_off, switch_on
from tests.factories import PersonFactory, RoleFactory
from tests.personas import Bureau, build_bureau

pytestmark = pytest.mark.django_db
READ = {"organizations": "read"}
ME = "/api/v1/me/"
PASSWORD = "a-new-pass-for-2026"


@pytest.fixture
def bureau() -> Bureau:
    return build_bureau()


def made(user, *, scopes=READ, days=30, at=None):
    return make_token(
        actor=user, name="办公系统", scopes=scopes, days=days, at=at or timezone.now()
    )


def status_with(client, text: str) -> int:
    return client.get(ME, headers={"Authorization": f"Bearer {text}"}).status_code


def test_only_a_digest_is_kept_and_the_log_knows_no_more(bureau):
    token, text = made(bureau.secretary)
    assert token.digest == digest_of(text)
    assert text not in str(AuditEntry.objects.values())
    assert text not in str(ApiToken.objects.values())


def test_the_text_is_shown_once(client, bureau):
    client.force_login(bureau.secretary)
    typed = {"name": "办公系统", "days": "90", "tasks": "write"}
    page = client.post("/mine/tokens/", typed)
    text = page.context["text"]
    assert text in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert text not in client.get("/mine/tokens/").content.decode()
    assert ApiToken.objects.get().scopes == {"tasks": "write"}
    assert status_with(client, text) == 200


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "", "days": "90", "tasks": "read"},
        {"name": "办公系统", "days": "90"},
        {"name": "办公系统", "days": "4000", "tasks": "read"},
        {"name": "办公系统", "days": "90", "organizations": "write"},
    ],
)
def test_a_form_filled_in_badly_makes_none(client, bureau, typed):
    client.force_login(bureau.secretary)
    assert client.post("/mine/tokens/", typed).context["form"].errors
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("scopes", "days"),
    [({}, 30), ({"tasks": "all"}, 30), ({"organizations": "write"}, 30), (READ, 0), (READ, 366)],
)
def test_the_service_refuses_what_the_form_never_sends(bureau, scopes, days):
    with pytest.raises(DomainError):
        made(bureau.secretary, scopes=scopes, days=days)


@pytest.mark.parametrize("who", ["auditor", "stranger"])
def test_who_has_no_business_data_gets_none(bureau, who):
    with pytest.raises(ForbiddenError):
        made(getattr(bureau, who))


def test_nobody_holds_too_many(bureau):
    for _ in range(MOST_TOKENS):
        made(bureau.secretary)
    with pytest.raises(DomainError, match="请先作废"):
        made(bureau.secretary)


def test_it_ends_by_hand_and_by_nobody_elses(client, bureau):
    token, text = made(bureau.secretary)
    with pytest.raises(ForbiddenError):
        revoke_token(actor=bureau.deputy, token=token, at=timezone.now())
    assert status_with(client, text) == 200
    revoke_token(actor=bureau.secretary, token=token, at=timezone.now())
    assert status_with(client, text) == 401
    with pytest.raises(ConflictError):
        revoke_token(actor=bureau.secretary, token=token, at=timezone.now())


def test_it_ends_by_time(client, bureau):
    _, text = made(bureau.secretary, days=1, at=timezone.now() - timedelta(days=1, seconds=1))
    assert status_with(client, text) == 401


def test_it_ends_with_the_account_and_stays_ended(client, bureau):
    PersonFactory(user=bureau.secretary)
    _, text = made(bureau.secretary)
    switch_off(actor=bureau.officer, user=bureau.secretary, at=timezone.now())
    assert status_with(client, text) == 401
    switch_on(actor=bureau.officer, user=bureau.secretary, at=timezone.now())
    assert status_with(client, text) == 401
    assert AuditEntry.objects.filter(verb="organizations.revoke_tokens").count() == 1


@pytest.mark.parametrize("way", ["changed", "reset"])
def test_it_ends_with_the_password(client, bureau, way):
    user = bureau.secretary
    token, text = made(user)
    _, others = made(bureau.deputy)
    if way == "changed":
        change_password(actor=user, password=PASSWORD, at=timezone.now())
    else:
        link = issue_link(
            actor=bureau.officer, user=user, purpose=LinkPurpose.RESET, at=timezone.now()
        )
        assert status_with(client, text) == 200
        use_link(token=link, password=PASSWORD, at=timezone.now())
    assert (status_with(client, text), status_with(client, others)) == (401, 200)
    entry = AuditEntry.objects.get(verb="organizations.revoke_tokens")
    assert (entry.actor, entry.object_ids) == (user, [token.pk])


def test_a_new_password_without_tokens_says_nothing_of_them(bureau):
    change_password(actor=bureau.secretary, password=PASSWORD, at=timezone.now())
    assert not AuditEntry.objects.filter(verb="organizations.revoke_tokens").exists()


def test_it_ends_with_the_roles_it_was_made_in(client, bureau):
    today = timezone.localdate()
    _, text = made(bureau.secretary, at=timezone.now() - timedelta(days=5))
    Role.objects.filter(user=bureau.secretary).update(until=today - timedelta(days=2))
    assert status_with(client, text) == 401
    RoleFactory(user=bureau.secretary, organization=bureau.mine, since=today, kind=RoleKind.DEPUTY)
    assert status_with(client, text) == 401
    client.force_login(bureau.secretary)
    assert "生成时的角色已结束" in client.get("/mine/tokens/").content.decode()


def test_its_use_is_noted_once_a_minute(bureau, django_assert_num_queries):
    token, _ = made(bureau.secretary)
    at = timezone.now()
    note_token_used(token=token, at=at)
    token.refresh_from_db()
    assert token.last_used_at == at
    with django_assert_num_queries(0):
        note_token_used(token=token, at=at + timedelta(seconds=59))
    note_token_used(token=token, at=at + timedelta(seconds=61))
    token.refresh_from_db()
    assert token.last_used_at == at + timedelta(seconds=61)


def test_anothers_token_is_not_there(client, bureau):
    token, _ = made(bureau.secretary)
    client.force_login(bureau.deputy)
    assert client.post(f"/mine/tokens/{token.pk}/revoke/").status_code == 404
    client.force_login(bureau.secretary)
    assert "立即失去访问权限" in client.get(f"/mine/tokens/{token.pk}/revoke/").content.decode()


@pytest.mark.parametrize(("who", "offered"), [("officer", True), ("auditor", False)])
def test_the_admins_menu_offers_them_to_who_may_have_some(client, bureau, who, offered):
    client.force_login(getattr(bureau, who))
    page = client.get("/admin/", follow=True)
    assert page.status_code == 200
    assert ("/mine/tokens/" in page.content.decode()) is offered
