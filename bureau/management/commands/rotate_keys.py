"""Encrypt every stored number again under the first key of FIELD_ENCRYPTION_KEYS."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db.models import Model

from common import audit
from common.fields import EncryptedTextField, cipher, rotate


class Command(BaseCommand):
    help = (
        "Encrypts every number again under the first key of FIELD_ENCRYPTION_KEYS: put the new key "
        "on top, restart, run this, then take the old line out. Safe to run twice."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        changed: dict[str, int] = {}
        for model, name in encrypted_columns():
            changed[f"{model._meta.label}.{name}"] = rotate(model=model, field_name=name)
        for column, rows in changed.items():
            self.stdout.write(f"{column}: {rows}")
        total = sum(changed.values())
        if total:
            after = {"rows": total}
            audit.record(actor=None, verb="bureau.rotate_keys", label=cipher().primary, after=after)
        self.stdout.write(f"已用密钥 {cipher().primary} 重新加密 {total} 个值。")


def encrypted_columns() -> Iterator[tuple[type[Model], str]]:
    """Yield every column that holds encrypted values, of whatever room."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field.name
