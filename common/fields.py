"""An encrypted text field and the blind index by which an encrypted value is found again.

Keys come from ``settings.FIELD_ENCRYPTION_KEYS``, one a line as ``id:base64``: the first encrypts,
all of them decrypt, so that a new key is put on top, `rotate` is run and the old line is taken out.
They are apart from ``SECRET_KEY``: changing that one must not lose telephone numbers.
"""

import base64
import binascii
import hashlib
import hmac
import os
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, models, router, transaction

_ST_contra = TypeVar("_ST_contra", contravariant=True)
_GT_co = TypeVar("_GT_co", covariant=True)
if TYPE_CHECKING:
    _TextField = models.TextField
else:
    # Django's fields take type parameters in the stubs only.
    _TextField = type(
        "_TextField",
        (models.TextField,),
        {"__class_getitem__": classmethod(lambda cls, _types: cls), "__module__": __name__},
    )

_MARK = "enc1"
_NONCE_BYTES = 12
_KEY_BYTES = 32
_ROTATED_AT_ONCE = 500


class DecryptionError(Exception):
    """A stored value can't be decrypted: unknown key, changed bytes or never encrypted.

    Never carries the value, nor a part of it.
    """


class Cipher:
    """AES-256-GCM under several keys; a token reads ``enc1:<key id>:<base64 of nonce + text>``.

    The key id is authenticated with the text. Does not tie a token to its row or column, as rows
    are merged and moved.
    """

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = {name: AESGCM(key) for name, key in keys.items()}
        self.primary = next(iter(keys))

    def __repr__(self) -> str:
        return f"<Cipher primary={self.primary}>"

    def encrypt(self, text: str) -> str:
        """Return a token for ``text`` under the first key; another one at every call."""
        head = f"{_MARK}:{self.primary}"
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._keys[self.primary].encrypt(nonce, text.encode(), head.encode())
        return f"{head}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def decrypt(self, token: str) -> str:
        """Return the text of ``token``; raise `DecryptionError` rather than anything doubtful."""
        key_id = key_id_of(token)
        if key_id not in self._keys:
            raise DecryptionError(f"No key {key_id!r} in FIELD_ENCRYPTION_KEYS.")
        head, _, body = token.rpartition(":")
        try:
            raw = base64.b64decode(body, altchars=b"-_", validate=True)
            text = self._keys[key_id].decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], head.encode())
        except (binascii.Error, ValueError, InvalidTag):
            raise DecryptionError(f"A value under key {key_id!r} was changed or cut.") from None
        return text.decode()


def key_id_of(token: str) -> str:
    """Return the id of the key that encrypted ``token``."""
    parts = token.split(":")
    if len(parts) != 3 or parts[0] != _MARK:
        raise DecryptionError("A stored value was never encrypted.")
    return parts[1]


def parse_keys(text: str) -> dict[str, bytes]:
    """Read lines ``id:base64`` (32 bytes); raise `ImproperlyConfigured` without showing a key."""
    keys: dict[str, bytes] = {}
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), start=1):
        name, _, encoded = line.partition(":")
        key = _decode_key(encoded.strip(), number=number)
        if not name.strip() or name.strip() in keys:
            raise ImproperlyConfigured(
                f"FIELD_ENCRYPTION_KEYS, line {number}: every key needs an id of its own."
            )
        keys[name.strip()] = key
    if not keys:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS holds no key.")
    return keys


def _decode_key(encoded: str, *, number: int) -> bytes:
    try:
        key = base64.b64decode(encoded.translate(str.maketrans("-_", "+/")), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        raise ImproperlyConfigured(
            f"FIELD_ENCRYPTION_KEYS, line {number}: write id:key with the key as base64 of "
            f"{_KEY_BYTES} bytes."
        )
    return key


@lru_cache(maxsize=4)
def _cipher_for(keys: str) -> Cipher:
    return Cipher(parse_keys(keys))


def cipher() -> Cipher:
    """Return the cipher of this installation's keys."""
    return _cipher_for(settings.FIELD_ENCRYPTION_KEYS)


def blind_index(value: str) -> str:
    """Return 64 hex digits by which an encrypted value is found without decrypting any.

    HMAC-SHA256 under ``settings.BLIND_INDEX_KEY`` of the value in NFKC without blanks and case:
    full-width digits and a small x in an ID number find the same row. Knows nothing of country
    codes; mobile numbers go through `common.names.normalize_mobile` first.
    """
    folded = "".join(unicodedata.normalize("NFKC", value).split()).casefold()
    key = settings.BLIND_INDEX_KEY.encode()
    return hmac.new(key, folded.encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(_TextField[_ST_contra, _GT_co]):
    """Text that stands encrypted in the database and plain on the instance.

    Every look-up but ``isnull`` is refused (equal texts have different tokens): look up by a
    `blind_index` column beside it. Serialisation (``dumpdata``) writes the token, never the text.
    """

    def get_lookup(self, lookup_name: str) -> Any:
        """Return ``isnull``; Django answers any other name with ``FieldError``."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def get_transform(self, lookup_name: str) -> None:
        """Offer no transform: there is nothing to compute on a token."""
        del lookup_name

    def from_db_value(self, value: str | None, *_args: object) -> str | None:
        """Decrypt what the database holds."""
        return None if value is None else cipher().decrypt(value)

    def to_python(self, value: Any) -> Any:
        """Take plain text, and the tokens that `value_to_string` wrote."""
        if isinstance(value, str) and value.startswith(f"{_MARK}:"):
            return cipher().decrypt(value)
        return super().to_python(value)

    def get_db_prep_value(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        """Encrypt on the way into the database."""
        plain = super().get_db_prep_value(value, *args, **kwargs)
        return None if plain is None else cipher().encrypt(plain)

    def value_to_string(self, obj: models.Model) -> str:
        """Return the token, so that a dump holds no plain text."""
        return cipher().encrypt(str(self.value_from_object(obj) or ""))

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Refuse an index or uniqueness on tokens: both would be without effect."""
        found = super().check(**kwargs)
        if self.unique or getattr(self, "db_index", False):
            found.append(
                checks.Error(
                    "An encrypted field can be neither unique nor indexed.",
                    hint="Put the constraint on a blind_index() column beside it.",
                    obj=self,
                    id="common.E001",
                )
            )
        return found


def rotate(*, model: type[models.Model], field_name: str) -> int:
    """Encrypt every value of one column under the first key again; return how many were changed.

    Safe to run twice and while people work: a row saved in between keeps its newer value, as the
    update asks for the old token. Doesn't touch blind indexes, which have a key of their own.
    """
    options = model._meta
    field, pk = options.get_field(field_name), options.pk
    if not isinstance(field, EncryptedTextField) or pk is None:
        raise TypeError(f"{field_name} is not an encrypted field.")
    connection = connections[router.db_for_write(model)]
    table, column, key = (
        connection.ops.quote_name(str(name)) for name in (options.db_table, field.column, pk.column)
    )
    engine = cipher()
    # Names come from the model and are quoted; values are parameters.
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, {column} FROM {table} WHERE {column} IS NOT NULL")  # noqa: S608
        stale = [row for row in cursor.fetchall() if key_id_of(row[1]) != engine.primary]
    statement = f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s"  # noqa: S608
    changed = 0
    for start in range(0, len(stale), _ROTATED_AT_ONCE):
        # Short transactions: others go on writing in between.
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            for row_id, token in stale[start : start + _ROTATED_AT_ONCE]:
                cursor.execute(statement, [engine.encrypt(engine.decrypt(token)), row_id, token])
                changed += cursor.rowcount
    return changed
