"""The keys of an installation: written to a file of their own, recognised without being shown."""

import hmac
import json
import os
from dataclasses import asdict, dataclass
from hashlib import pbkdf2_hmac
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from common.errors import DomainError
from common.fields import Cipher, parse_keys

_FORMAT = "party-building-portal keys 1"
# A mark stands in a manifest that others may read; a weak secret must not be guessed from it.
_ROUNDS = 50_000


@dataclass(frozen=True, repr=False)
class Keys:
    """The three secrets, by the names of their files in ``DATA_DIR/secrets``."""

    secret_key: str
    field_encryption_keys: str
    blind_index_key: str

    def marks(self) -> dict[str, str]:
        """Return what recognises each key that reads data, and tells nothing about it."""
        fields = parse_keys(self.field_encryption_keys)
        marks = {f"field {name}": _mark(name, key) for name, key in fields.items()}
        return {**marks, "blind index": _mark("blind index", self.blind_index_key.encode())}

    def read_all_of(self, marks: dict[str, str]) -> bool:
        """Whether these keys read data marked so; they may be newer and more."""
        own = self.marks()
        return all(own.get(name) == mark for name, mark in marks.items())

    def seal(self, text: bytes) -> str:
        """Return what only a holder of the keys can write under ``text``."""
        return hmac.new(self.blind_index_key.encode(), b"backup" + text, "sha256").hexdigest()

    def cipher(self) -> Cipher:
        """Return what decrypts the fields."""
        return Cipher(parse_keys(self.field_encryption_keys))


def own_keys() -> Keys:
    """Return the keys that this installation runs with, wherever they come from."""
    return Keys(settings.SECRET_KEY, settings.FIELD_ENCRYPTION_KEYS, settings.BLIND_INDEX_KEY)


def write_keys(keys: Keys, *, folder: Path) -> Path:
    """Write the file of the keys for its owner only, once for each set of keys; return it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = json.dumps({"format": _FORMAT, **asdict(keys)}, indent=1)
    whole = _mark("file", content.encode())
    path = folder / f"portal-keys-{whole[:12]}.json"
    if not path.exists():
        draft = folder / f".{path.name}.{os.getpid()}"
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f"{content}\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    return path


def read_keys(path: Path) -> Keys:
    """Read a file that `write_keys` wrote; the refusal never shows what stands in it."""
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
        if content.pop("format") != _FORMAT:
            raise ValueError
        keys = Keys(**content)
        keys.cipher()
    except OSError as error:
        raise DomainError(f"读不到密钥文件 {path}：{error.strerror}。") from error
    except (ValueError, TypeError, KeyError, AttributeError, ImproperlyConfigured):
        raise DomainError(f"{path.name} 不是本系统的密钥文件。") from None
    return keys


def _mark(name: str, key: bytes) -> str:
    return pbkdf2_hmac("sha256", key, f"portal {name}".encode(), _ROUNDS).hex()[:24]
