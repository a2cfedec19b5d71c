"""A new key on top, the command, the old key out: every number is still there."""

from base64 import b64encode
from io import StringIO

import pytest
from django.core.management import call_command

from bureau.management.commands.rotate_keys import encrypted_columns
from common.fields import DecryptionError, EncryptedTextField
from common.models import AuditEntry
from people.models import Person
from tests.people.numbers import id_number

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
OLD, NEW = (
    f"{name}:{b64encode(bytes([fill]) * 32).decode()}" for name, fill in (("a", 1), ("b", 2))
)


def test_every_encrypted_column_is_known():
    names = {f"{model._meta.label}.{name}" for model, name in encrypted_columns()}
    assert names == {
        "accounts.Authenticator.key",
        "people.Person.id_number",
        "people.Person.mobile",
    }
    assert all(
        isinstance(model._meta.get_field(name), EncryptedTextField)
        for model, name in encrypted_columns()
    )


def test_numbers_outlive_the_old_key(settings):
    settings.FIELD_ENCRYPTION_KEYS = OLD
    person = Person(name="王堃")
    person.put_id_number(id_number())
    person.put_mobile("13800000001")
    person.save()
    settings.FIELD_ENCRYPTION_KEYS = f"{NEW}\n{OLD}"
    said = StringIO()
    call_command("rotate_keys", stdout=said)
    call_command("rotate_keys", stdout=said)
    assert said.getvalue().splitlines()[-1] == "已用密钥 b 重新加密 0 个值。"
    assert AuditEntry.objects.get(verb="bureau.rotate_keys").after == {"rows": 2}
    settings.FIELD_ENCRYPTION_KEYS = NEW
    held = Person.objects.with_id_number(id_number()).get()
    assert (held.id_number, held.mobile) == (id_number(), "13800000001")
    settings.FIELD_ENCRYPTION_KEYS = OLD
    with pytest.raises(DecryptionError):
        Person.objects.get(pk=person.pk)
