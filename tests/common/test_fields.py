"""Encrypted text: round trip, rotation, loud failure, and nothing plain where it doesn't belong."""

import base64
import re
from collections.abc import Iterator

import pytest
from django.core import serializers
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, models
from django.test.utils import isolate_apps

from common import fields
from common.fields import (
    DecryptionError,
    EncryptedTextField,
    blind_index,
    cipher,
    key_id_of,
    parse_keys,
    rotate,
)

MOBILE = "13800138000"


def key_line(name: str, byte: bytes) -> str:
    return f"{name}:{base64.b64encode(byte * 32).decode()}"


OLD, NEW = key_line("old", b"o"), key_line("new", b"n")


@pytest.fixture
def contact(transactional_db: None) -> Iterator[type[models.Model]]:
    with isolate_apps("common"):

        class Contact(models.Model):  # noqa: DJ008 - lives for one test
            mobile = EncryptedTextField(null=True)

            class Meta:
                app_label = "common"
                db_table = "test_fields_contact"

        with connection.schema_editor() as editor:
            editor.create_model(Contact)
        yield Contact
        with connection.schema_editor() as editor:
            editor.delete_model(Contact)


def stored(pk: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT mobile FROM test_fields_contact WHERE id = %s", [pk])
        value: str = cursor.fetchone()[0]
    return value


def test_a_value_is_plain_on_the_instance_and_encrypted_in_the_database(contact):
    row = contact.objects.create(mobile=MOBILE)
    assert contact.objects.get().mobile == MOBILE
    assert list(contact.objects.values_list("mobile", flat=True)) == [MOBILE]
    assert MOBILE not in stored(row.pk)


@pytest.mark.parametrize("text", ["", "𬭎喆", "enc", "a:b:c", "x" * 5000])
def test_every_text_comes_back_as_it_went_in(contact, text):
    contact.objects.create(mobile=text)
    assert contact.objects.get().mobile == text


def test_none_stays_null_and_isnull_is_the_one_lookup(contact):
    contact.objects.create(mobile=None)
    contact.objects.create(mobile=MOBILE)
    assert contact.objects.filter(mobile__isnull=True).count() == 1
    assert contact.objects.filter(mobile__isnull=False).get().mobile == MOBILE


@pytest.mark.parametrize("lookup", ["exact", "icontains", "in", "gt", "regex"])
def test_other_lookups_are_refused(contact, lookup):
    with pytest.raises(FieldError):
        contact.objects.filter(**{f"mobile__{lookup}": MOBILE})


@pytest.mark.postgres
def test_bulk_writes_encrypt_too(contact):
    rows = contact.objects.bulk_create([contact(mobile=MOBILE), contact(mobile=None)])
    rows[0].mobile = "13900139000"
    contact.objects.bulk_update(rows, ["mobile"])
    assert contact.objects.get(pk=rows[0].pk).mobile == "13900139000"
    contact.objects.update(mobile=MOBILE)
    assert [stored(row.pk).split(":")[0] for row in rows] == ["enc1", "enc1"]
    assert list(contact.objects.values_list("mobile", flat=True)) == [MOBILE, MOBILE]


def test_a_dump_holds_no_plain_text_and_loads_again(contact):
    contact.objects.create(mobile=MOBILE)
    dump = serializers.serialize("python", contact.objects.all())
    assert MOBILE not in str(dump)
    assert contact._meta.get_field("mobile").to_python(dump[0]["fields"]["mobile"]) == MOBILE


def test_equal_texts_have_different_tokens():
    assert cipher().encrypt(MOBILE) != cipher().encrypt(MOBILE)


@pytest.mark.postgres
def test_an_old_key_still_decrypts_and_rotation_brings_values_under_the_first(contact, settings):
    settings.FIELD_ENCRYPTION_KEYS = OLD
    row = contact.objects.create(mobile=MOBILE)
    empty = contact.objects.create(mobile=None)
    settings.FIELD_ENCRYPTION_KEYS = f"{NEW}\n{OLD}\n"
    fresh = contact.objects.create(mobile="1")
    assert contact.objects.get(pk=row.pk).mobile == MOBILE
    assert (rotate(model=contact, field_name="mobile"), key_id_of(stored(row.pk))) == (1, "new")
    assert rotate(model=contact, field_name="mobile") == 0
    settings.FIELD_ENCRYPTION_KEYS = NEW
    assert list(contact.objects.order_by("pk").values_list("pk", "mobile")) == [
        (row.pk, MOBILE),
        (empty.pk, None),
        (fresh.pk, "1"),
    ]


def test_an_unknown_key_fails_loudly(contact, settings):
    settings.FIELD_ENCRYPTION_KEYS = OLD
    contact.objects.create(mobile=MOBILE)
    settings.FIELD_ENCRYPTION_KEYS = NEW
    with pytest.raises(DecryptionError, match="No key 'old'"):
        contact.objects.get()


def test_plain_text_in_the_database_fails_loudly_and_isnt_repeated(contact):
    row = contact.objects.create(mobile="")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE test_fields_contact SET mobile = %s WHERE id = %s", [MOBILE, row.pk])
    with pytest.raises(DecryptionError) as caught:
        contact.objects.get()
    assert MOBILE not in str(caught.value)


def test_every_changed_byte_is_noticed():
    token = cipher().encrypt(MOBILE)
    head, _, body = token.rpartition(":")
    raw = base64.urlsafe_b64decode(body)
    for place in range(len(raw)):
        broken = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        with pytest.raises(DecryptionError):
            cipher().decrypt(f"{head}:{base64.urlsafe_b64encode(broken).decode()}")


@pytest.mark.parametrize("body", ["", "AA==", "not base64!", "é"])
def test_a_cut_token_is_a_decryption_error(body):
    with pytest.raises(DecryptionError):
        cipher().decrypt(f"enc1:{cipher().primary}:{body}")


def test_the_key_id_is_authenticated():
    same_key_twice = "\n".join([key_line("a", b"s"), key_line("b", b"s")])
    engine = fields.Cipher(parse_keys(same_key_twice))
    with pytest.raises(DecryptionError):
        engine.decrypt(engine.encrypt(MOBILE).replace("enc1:a:", "enc1:b:"))


@pytest.mark.parametrize(
    "text",
    ["", "no colon", "k1:c2hvcnQ=", f"{OLD}\n{OLD}", ":" + OLD.partition(":")[2], "k1:%%%"],
)
def test_unreadable_keys_stop_the_start_without_being_shown(text):
    with pytest.raises(ImproperlyConfigured) as caught:
        parse_keys(text)
    assert "c2hvcnQ" not in str(caught.value)
    assert OLD.partition(":")[2] not in str(caught.value)


def test_a_url_safe_key_is_taken():
    key = bytes(range(224, 256))
    assert parse_keys("k:" + base64.urlsafe_b64encode(key).decode()) == {"k": key}


def test_nothing_shows_in_a_repr():
    assert repr(cipher()) == f"<Cipher primary={cipher().primary}>"


def test_the_blind_index_is_stable_normalised_and_keyed(settings):
    settings.BLIND_INDEX_KEY = "one"
    digest = blind_index(MOBILE)
    assert re.fullmatch(r"[0-9a-f]{64}", digest)
    assert blind_index(" 138 ００１３８０００ ") == digest
    assert blind_index("11010519491231002x") == blind_index("11010519491231002X")
    assert blind_index("13800138001") != digest
    settings.BLIND_INDEX_KEY = "two"
    assert blind_index(MOBILE) != digest


@isolate_apps("common")
def test_unique_or_indexed_is_a_system_check_error():
    class Wrong(models.Model):  # noqa: DJ008 - lives for one test
        mobile = EncryptedTextField(unique=True)

        class Meta:
            app_label = "common"

    found = Wrong._meta.get_field("mobile").check()
    assert [message.id for message in found if message.id == "common.E001"] == ["common.E001"]


def test_the_field_deconstructs_as_itself():
    _, path, args, kwargs = EncryptedTextField(null=True).deconstruct()
    assert (path, args, kwargs) == ("common.fields.EncryptedTextField", [], {"null": True})


def test_rotate_refuses_a_plain_column(contact):
    with pytest.raises(TypeError):
        rotate(model=contact, field_name="id")
