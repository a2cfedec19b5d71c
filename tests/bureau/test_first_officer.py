"""An empty installation asks for its first officer, once."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from bureau.first_officer import appoint_first_officer
from common.errors import DomainError
from common.models import AuditEntry
from organizations.models import Organization
from organizations.permissions import may_enter_admin, may_grant_roles
from people.models import Person

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
GOOD = "qijiang-2026"


def ask(monkeypatch: pytest.MonkeyPatch, *lines: str) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    out = io.StringIO()
    call_command("create_first_officer", stdout=out)
    return out.getvalue()


def test_the_first_officer_may_appoint_everybody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = ask(monkeypatch, "尉迟 堃", "yuchi", GOOD, GOOD)
    user = User.objects.get()
    assert (user.username, user.name, user.must_change_password) == ("yuchi", "尉迟堃", False)
    assert user.check_password(GOOD)
    assert may_grant_roles(user)
    assert may_enter_admin(user)
    assert Person.objects.get().user == user
    assert Organization.objects.get().parent is None
    assert GOOD not in shown
    assert AuditEntry.objects.filter(verb="bureau.appoint_first_officer").count() == 1


def test_answers_that_dont_do_are_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = ask(
        monkeypatch,
        *("单老师", "", "shan yi", GOOD, GOOD),  # an empty user name, then one with a blank
        *("单老师", "shan", GOOD, "other-2026", "12345678", "12345678", GOOD, GOOD),
    )
    assert "用户名只能用字母、汉字、数字和" in shown
    assert "两次输入的密码不一样" in shown
    assert [user.username for user in User.objects.all()] == ["shan"]


def test_there_is_only_one_first(monkeypatch: pytest.MonkeyPatch) -> None:
    appoint_first_officer(name="单老师", username="shan", password=GOOD, on=TODAY)
    with pytest.raises(DomainError):
        appoint_first_officer(name="仇老师", username="qiu", password=GOOD, on=TODAY)
    with pytest.raises(CommandError):
        ask(monkeypatch, "仇老师", "qiu", GOOD, GOOD)
    assert User.objects.count() == 1


def test_an_interrupted_answer_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError):
        ask(monkeypatch, "单老师", "shan")
    assert not User.objects.exists()
    assert not Organization.objects.exists()
