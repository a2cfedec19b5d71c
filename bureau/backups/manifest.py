"""What a backup says of itself: versions, migrations, rows, every file; sealed with the keys."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from bureau.backups.files import Filed, hash_of
from bureau.backups.keys import Keys
from bureau.tables import Column, Table, Tally
from common.errors import DomainError

FORMAT = 1
FILE = "manifest.json"
_NAME = re.compile(r"portal-\d{8}-\d{6}")


@dataclass(frozen=True)
class Manifest:
    """The content of ``manifest.json``."""

    name: str
    made_at: str
    engine: str
    versions: dict[str, str]
    migrations: list[str]
    tables: list[tuple[Table, Tally]]
    keys: dict[str, str]
    keys_file: str
    files: list[Filed]
    format: int = FORMAT

    @property
    def moment(self) -> datetime:
        """When the database was read."""
        return datetime.fromisoformat(self.made_at)

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(tally.rows for _, tally in self.tables)

    @property
    def size(self) -> int:
        """How many bytes the files have, those shared with an earlier backup too."""
        return sum(each.size for each in self.files)

    @property
    def database_file(self) -> str:
        """The file with the database, beside which there is only ``media``."""
        return next(each.path for each in self.files if "/" not in each.path)


def name_at(at: datetime) -> str:
    """Return what a backup of this moment is called, in the time of the house."""
    return f"portal-{timezone.localtime(at):%Y%m%d-%H%M%S}"


def backups_in(folder: Path) -> list[Path]:
    """Return the backups in ``folder``, oldest first; what is half made has no such name."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name) and path.is_dir())


def write_manifest(manifest: Manifest, *, folder: Path, keys: Keys) -> None:
    """Write it with its seal into ``folder``."""
    text = _text(asdict(manifest))
    sealed = {**json.loads(text), "seal": keys.seal(text)}
    path = folder / FILE
    path.write_text(json.dumps(sealed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    path.chmod(0o600)


def read_manifest(folder: Path) -> Manifest:
    """Read it; believes nothing yet: see `check`."""
    return _manifest_of(_read(folder)[0])


def check(folder: Path, *, keys: Keys) -> Manifest:
    """Return the manifest after comparing keys, seal and every file; raise `DomainError`.

    Nothing is touched by it. What lies in the folder without being named in the manifest is not
    looked at, and never restored.
    """
    content, seal = _read(folder)
    manifest = _manifest_of(content)
    if not keys.read_all_of(manifest.keys):
        raise DomainError(f"密钥文件与这份备份不配：需要 {manifest.keys_file}。")
    if keys.seal(_text(content)) != seal:
        raise DomainError(f"{folder.name} 的 {FILE} 被改动过，不能使用。")
    for each in manifest.files:
        path = folder / each.path
        if not path.is_file():
            raise DomainError(f"{folder.name} 里缺少文件 {each.path}，不能使用。")
        if path.stat().st_size != each.size or hash_of(path) != each.sha256:
            raise DomainError(f"{folder.name} 里的 {each.path} 已损坏或被改动，不能使用。")
    return manifest


def _read(folder: Path) -> tuple[dict[str, Any], str]:
    try:
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
        seal = content.pop("seal")
    except OSError as error:
        raise DomainError(f"{folder} 不是一份备份：读不到 {FILE}。") from error
    except (ValueError, KeyError, AttributeError):
        raise DomainError(f"{folder.name} 的 {FILE} 已损坏，不能使用。") from None
    if content.get("format") != FORMAT:
        raise DomainError(f"{folder.name} 来自更新的版本，请用那个版本的程序恢复。")
    return content, seal


def _manifest_of(content: dict[str, Any]) -> Manifest:
    try:
        tables = [
            (
                Table(table["name"], tuple(Column(**column) for column in table["columns"])),
                Tally(**tally),
            )
            for table, tally in content["tables"]
        ]
        files = [Filed(**each) for each in content["files"]]
        return Manifest(**{**content, "tables": tables, "files": files})
    except (TypeError, KeyError, ValueError):
        raise DomainError(f"备份的 {FILE} 已损坏，不能使用。") from None


def _text(content: dict[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
