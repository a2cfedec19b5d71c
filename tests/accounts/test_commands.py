"""Commands that refuse, and the one that helps when nobody can log in."""

import pytest
from django.core.management import CommandError, call_command

from accounts.management.commands import createsuperuser
from accounts.models import AccessLink, User
from common.models import AuditEntry
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_there_is_no_superuser():
    with pytest.raises(CommandError, match="没有超级用户"):
        call_command("createsuperuser", interactive=False, username="root", email="r@example.cn")
    with pytest.raises(PermissionError, match="没有超级用户"):
        User.objects.create_superuser("root", name="root", password="x")
    assert User.objects.count() == 0


def test_createsuperuser_refuses_on_the_command_line(capsys):
    with pytest.raises(SystemExit) as stopped:
        createsuperuser.Command().run_from_argv(
            ["manage.py", "createsuperuser", "--username", "root"]
        )
    assert stopped.value.code == 1
    assert "没有超级用户" in capsys.readouterr().err


def test_passwords_are_not_set_past_the_audit_log():
    with pytest.raises(CommandError, match="access_link"):
        call_command("changepassword", username="zs01")


def test_a_link_from_the_terminal(capsys, client, settings):
    user = UserFactory(username="zs01")
    call_command("access_link", "ZS01")
    address = capsys.readouterr().out.strip()
    assert client.get(address.removeprefix(settings.SITE_URL)).status_code == 200
    assert AccessLink.objects.get().user == user
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.object_id) == ("accounts.issue_link", None, str(user.pk))
    with pytest.raises(CommandError, match="没有用户"):
        call_command("access_link", "nobody")
