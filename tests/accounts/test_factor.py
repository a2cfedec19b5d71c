"""The second factor: set up by a code, asked for after the password, each code good for once."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import factors, queries, services
from accounts.models import Authenticator, LinkPurpose, RecoveryCode, SpentCode, User
from common.errors import ConflictError, DomainError, ForbiddenError
from common.models import AuditEntry
from organizations.choices import RoleKind
from people.services import reset_factor
from tests.factories import RoleFactory, UserFactory
from tests.personas import build_bureau

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
PASSWORD = "pass-word-9"


@pytest.fixture
def user() -> User:
    return UserFactory(username="zs01", name="张三")


def switched_on(user: User) -> tuple[str, list[str]]:
    """The secret and the recovery codes of a factor switched on at NOW."""
    key = services.begin_factor(actor=user, at=NOW).key
    codes = services.confirm_factor(actor=user, code=code_at(key, NOW), at=NOW)
    return key, codes


def code_at(key: str, at: datetime) -> str:
    return factors.code_of(key, factors.step_of(at))


def is_in(client: Client, user: User) -> bool:
    return client.session.get("_auth_user_id") == str(user.pk)


def log_in(client: Client, code: str = "", password: str = PASSWORD, then: str = "/healthz"):
    """Come as far as the code's page, or through it."""
    data = {"username": "zs01", "password": password, "next": then}
    answer = client.post("/login/", data)
    return client.post("/login/code/", {"code": code}) if code else answer


# Codes -------------------------------------------------------------------------------------------
def test_codes_are_those_of_the_standard():
    """RFC 6238, appendix B, the last six digits."""
    key = b"12345678901234567890".hex()
    known = {59: "287082", 1111111109: "081804", 1111111111: "050471", 20000000000: "353130"}
    for seconds, code in known.items():
        assert factors.code_of(key, seconds // 30) == code


def test_the_secret_is_encrypted_and_its_address_names_portal_and_user(user):
    key, _ = switched_on(user)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM accounts_authenticator")
        (stored,) = cursor.fetchone()
    assert stored.startswith("enc1:")
    assert key not in stored
    address = factors.otpauth_address("zs01", key)
    assert address.startswith("otpauth://totp/%E5%85%9A")
    assert f"secret={factors.shown_key(key).replace(' ', '')}&issuer=" in address


@pytest.mark.parametrize(("seconds", "good"), [(-61, 0), (-30, 1), (0, 1), (30, 1), (61, 0)])
def test_a_phone_may_be_one_step_off(user, seconds, good):
    key, _ = switched_on(user)
    code = code_at(key, LATER + timedelta(seconds=seconds))
    assert services.check_factor(user=user, code=code, at=LATER) is bool(good)


def test_a_code_works_once(user):
    key, _ = switched_on(user)
    assert not services.check_factor(user=user, code=code_at(key, NOW), at=NOW)
    assert services.check_factor(user=user, code=code_at(key, LATER), at=LATER)
    assert not services.check_factor(user=user, code=code_at(key, LATER), at=LATER)


def test_a_clock_set_back_locks_nobody_out_and_old_rows_go(user):
    key, _ = switched_on(user)
    assert services.check_factor(user=user, code=code_at(key, LATER), at=LATER)
    back = LATER - timedelta(hours=1)
    assert services.check_factor(user=user, code=code_at(key, back), at=back)
    after = LATER + timedelta(days=2)
    assert services.check_factor(user=user, code=code_at(key, after), at=after)
    assert [row.step for row in SpentCode.objects.all()] == [factors.step_of(after)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["code", "recovery"])
def test_of_two_at_once_one_gets_in(kind):
    user = UserFactory()
    key, codes = switched_on(user)
    code = code_at(key, LATER) if kind == "code" else codes[0]

    def one(_: int) -> bool:
        try:
            return services.check_factor(user=user, code=code, at=LATER)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(one, range(4))) == [False, False, False, True]


def test_recovery_codes_work_once_each_and_only_their_digests_are_kept(user):
    _, codes = switched_on(user)
    assert len(set(codes)) == factors.RECOVERY_CODES
    kept = " ".join(RecoveryCode.objects.values_list("digest", flat=True))
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]
    assert services.check_factor(user=user, code=codes[3], at=LATER)
    assert not services.check_factor(user=user, code=codes[3], at=LATER)
    assert services.check_factor(user=user, code=codes[4].replace("-", ""), at=LATER)
    assert not services.check_factor(user=UserFactory(), code=codes[5], at=LATER)
    renewed = services.renew_recovery_codes(actor=user, at=LATER)
    assert not services.check_factor(user=user, code=codes[5], at=LATER)
    assert services.check_factor(user=user, code=renewed[5], at=LATER)


# Setting up --------------------------------------------------------------------------------------
def test_nothing_counts_before_a_first_code(user):
    key = services.begin_factor(actor=user, at=NOW).key
    assert queries.second_factor(user) is None
    assert not services.check_factor(user=user, code=code_at(key, NOW), at=NOW)
    with pytest.raises(DomainError, match="验证码不对"):
        services.confirm_factor(actor=user, code="000000", at=NOW + timedelta(days=400))
    again = services.begin_factor(actor=user, at=NOW).key
    assert again != key
    services.confirm_factor(actor=user, code=code_at(again, NOW), at=NOW)
    with pytest.raises(ConflictError, match="已经开启"):
        services.begin_factor(actor=user, at=NOW)


def test_setting_up_in_the_browser_ends_other_sessions(client, user):
    other = Client()
    with time_machine.travel(NOW, tick=False):
        client.force_login(user)
        other.force_login(user)
        assert client.get("/factor/setup/")["Location"] == "/factor/"
        client.post("/factor/begin/")
        page = client.get("/factor/setup/").content.decode()
        key = Authenticator.objects.get(user=user).key
        assert factors.shown_key(key) in page
        assert "data:image/svg+xml" in page
        wrong = client.post("/factor/setup/", {"code": "12345"}).content.decode()
        assert "验证码不对" in wrong
        done = client.post("/factor/setup/", {"code": f" {code_at(key, NOW)} "})
        shown = re.findall(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>", done.content.decode())
        assert len(shown) == factors.RECOVERY_CODES
        assert "no-store" in done["Cache-Control"]
        assert is_in(client, user)
        assert other.get("/mine/").status_code == 302
        assert client.get("/mine/").status_code == 200
        assert shown[0] not in client.get("/factor/").content.decode()
        assert AuditEntry.objects.filter(verb="accounts.turn_on_factor", actor=user).count() == 1


def test_switching_off_and_new_codes_need_the_password(client, user):
    switched_on(user)
    client.force_login(user)
    for address in ("/factor/off/", "/factor/codes/"):
        answer = client.post(address, {"old_password": "wrong"})
        assert "「现在的密码」不对" in answer.content.decode()
    assert queries.second_factor(user)
    answer = client.post("/factor/codes/", {"old_password": PASSWORD}).content.decode()
    assert "恢复码已换发" in answer
    assert client.post("/factor/off/", {"old_password": PASSWORD})["Location"] == "/factor/"
    assert is_in(client, user)
    assert queries.second_factor(user) is None
    assert [row.key for row in Authenticator.objects.all()] == [""]


# Logging in --------------------------------------------------------------------------------------
def test_the_password_alone_opens_nothing(client, user):
    switched_on(user)
    answer = log_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/login/code/")
    assert not is_in(client, user)
    for address in ("/mine/", "/mine/tokens/", "/factor/", "/admin/"):
        assert client.get(address)["Location"].startswith("/login/?next=")
    assert not AuditEntry.objects.filter(verb="accounts.log_in").exists()


def test_code_after_password_leads_where_one_wanted(client, user):
    key, codes = switched_on(user)
    with time_machine.travel(LATER, tick=False):
        answer = log_in(client, code_at(key, LATER))
        assert (answer.status_code, answer["Location"]) == (302, "/healthz")
        assert is_in(client, user)
        assert AuditEntry.objects.filter(verb="accounts.log_in", actor=user).exists()
        again = Client()
        assert log_in(again, codes[0]).status_code == 302
        assert is_in(again, user)


def test_wrong_codes_count_like_wrong_passwords_and_lock(client, user):
    key, _ = switched_on(user)
    with time_machine.travel(LATER, tick=False):
        for left in (4, 3):
            assert f"还可以试 {left} 次，之后锁定 15 分钟" in log_in(client, "1").content.decode()
        assert "还可以试 2 次" in log_in(client, password="wrong").content.decode()
        assert "还可以试 1 次" in log_in(client, "1").content.decode()
        locked = log_in(client, "1")
        assert locked.status_code == 429
        assert "请 15 分钟后再试" in locked.content.decode()
        assert client.post("/login/code/", {"code": code_at(key, LATER)}).status_code == 429
    assert not is_in(client, user)
    assert AuditEntry.objects.filter(verb="accounts.log_in_failed").count() == 5


def test_the_page_for_the_code_forgets_after_five_minutes_or_a_new_password(client, user):
    key, _ = switched_on(user)
    with time_machine.travel(LATER, tick=False) as clock:
        log_in(client)
        clock.shift(timedelta(minutes=6))
        assert client.get("/login/code/")["Location"] == "/login/"
        log_in(client)
        user.set_password("another-pass-9")
        user.save()
        answer = client.post("/login/code/", {"code": code_at(key, timezone.now())})
    assert answer["Location"] == "/login/"
    assert not is_in(client, user)


def test_a_reset_link_does_not_skip_it(client, user):
    key, _ = switched_on(user)
    with time_machine.travel(LATER, tick=False):
        token = services.issue_link(
            actor=None, user=user, purpose=LinkPurpose.RESET, at=timezone.now()
        )
        words = {"password1": "brand-new-9x", "password2": "brand-new-9x"}
        answer = client.post(f"/link/{token}/", words)
        assert answer["Location"] == "/login/code/"
        assert not is_in(client, user)
        client.post("/login/code/", {"code": code_at(key, LATER)})
        assert is_in(client, user)


# Administrators ----------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["system_admin", "security_admin", "auditor"])
def test_an_administrator_sets_it_up_before_anything_else(client, settings, kind):
    settings.SECOND_FACTOR_REQUIRED = True
    bureau = build_bureau()
    user = RoleFactory(organization=bureau.root, kind=kind).user
    with time_machine.travel(NOW, tick=False):
        client.force_login(user)
        assert client.get("/admin/")["Location"] == reverse("accounts:factor")
        client.post("/factor/begin/")
        key = Authenticator.objects.get(user=user).key
        client.post("/factor/setup/", {"code": code_at(key, NOW)})
        assert client.get("/admin/").status_code == 200
        client.post("/factor/off/", {"old_password": PASSWORD})
        assert client.get("/admin/")["Location"] == reverse("accounts:factor")
        assert client.post("/admin/logout/")["Location"] == "/login/"


def test_others_and_the_demonstration_are_not_forced(client, settings):
    bureau = build_bureau()
    client.force_login(bureau.auditor)
    assert client.get("/admin/").status_code == 200
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(bureau.officer)
    assert client.get("/admin/").status_code == 200


def test_the_security_administrator_resets_it_for_a_reason(client):
    bureau = build_bureau()
    security = RoleFactory(organization=bureau.root, kind=RoleKind.SECURITY_ADMIN).user
    switched_on(bureau.secretary)
    theirs = Client()
    theirs.force_login(bureau.secretary)
    for actor in (bureau.officer, bureau.reviewer, bureau.secretary):
        with pytest.raises(ForbiddenError):
            reset_factor(actor=actor, user=bureau.secretary, reason="手机丢失", at=LATER)
    with pytest.raises(DomainError, match="请写明"):
        reset_factor(actor=security, user=bureau.secretary, reason=" ", at=LATER)
    client.force_login(security)
    address = reverse("admin:accounts_user_factor", args=[bureau.secretary.pk])
    body = {"reason": "手机丢失，已当面核实", "confirmed": "1"}
    assert client.post(address, body).status_code == 302
    assert queries.second_factor(bureau.secretary) is None
    assert theirs.get("/mine/").status_code == 302
    entry = AuditEntry.objects.get(verb="accounts.reset_factor")
    assert (entry.actor, entry.after["reason"]) == (security, "手机丢失，已当面核实")


def test_the_command_resets_the_last_one(user):
    switched_on(user)
    call_command("reset_factor", "ZS01", reason="手机丢失")
    assert queries.second_factor(user) is None
    with pytest.raises(CommandError, match="没有开启两步验证"):
        call_command("reset_factor", "zs01", reason="手机丢失")
    with pytest.raises(CommandError, match="没有用户"):
        call_command("reset_factor", "nobody", reason="手机丢失")
