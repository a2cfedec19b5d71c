"""Restore a backup into an empty place, or, after a typed confirmation, over what is there."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bureau.backups.keys import Keys, own_keys, read_keys
from bureau.backups.restoring import Place, Restored, restore_backup
from bureau.databases import config_at, own_config, place_of
from common.errors import DomainError


class Command(BaseCommand):
    help = "把一份备份恢复到空的位置；先核对清单、密钥和每个文件，不符就什么也不动。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", type=_path, metavar="ARCHIVE", help="备份目录 portal-…")
        parser.add_argument("--keys", type=_path, required=True, metavar="FILE", help="密钥文件")
        parser.add_argument(
            "--into",
            action="append",
            default=[],
            metavar="DATA_DIR|URL",
            help="恢复到这个目录、这个数据库（可写两次）；默认是本机的 DATA_DIR 和 DATABASE_URL",
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="替换已有的数据（要输入备份名确认，旧数据挪开不删）",
        )

    def handle(
        self,
        *_args: Any,
        archive: Path,
        keys: Path,
        into: list[str],
        replace: bool,
        **_options: Any,
    ) -> None:
        try:
            place = _place(into)
            if replace:
                self._confirm(archive, place)
            secrets = read_keys(keys)
            restored = restore_backup(
                archive=archive,
                keys=secrets,
                place=place,
                replace=replace,
                at=timezone.now(),
                say=self._say,
            )
        except (DomainError, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.strerror}：{error.filename or ''}") from error
        self._report(restored, place, secrets)

    def _confirm(self, archive: Path, place: Place) -> None:
        self._say(f"{place_of(place.database)} 和 {place.data_dir} 里的数据将被这份备份替换。")
        self.stdout.write(f"确认请输入备份名 {archive.name}：", ending="")
        self.stdout.flush()
        if sys.stdin.readline().strip() != archive.name:
            raise CommandError("没有确认，什么也没有改动。")

    def _report(self, restored: Restored, place: Place, keys: Keys) -> None:
        manifest = restored.manifest
        self._say(
            f"已恢复 {manifest.name}：{len(manifest.tables)} 张表 {manifest.rows} 行，"
            f"{len(manifest.files) - 1} 个附件，逐项核对一致。"
        )
        for path in restored.aside:
            self._say(f"原来的数据挪到了：{path}")
        if restored.migrations_waiting:
            self._say(
                f"备份来自较早的版本，还要运行 manage.py migrate"
                f"（{restored.migrations_waiting} 项）。"
            )
        if place.data_dir == settings.DATA_DIR and keys != own_keys():
            self._say(
                "密钥已换成备份时的。如果密钥是用环境变量给的，请改成密钥文件里的值，再启动。"
            )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _place(into: list[str]) -> Place:
    """Read where to restore to: a folder, a database, both, or this installation."""
    folders = [Path(each).expanduser().resolve() for each in into if "://" not in each]
    urls = [each for each in into if "://" in each]
    if len(folders) > 1 or len(urls) > 1:
        raise DomainError("--into 最多写一个目录和一个数据库地址。")
    data_dir = folders[0] if folders else Path(settings.DATA_DIR)
    if urls:
        return Place(data_dir, config_at(urls[0], name="--into"))
    if folders:
        return Place(data_dir, config_at(f"sqlite:///{data_dir / 'db.sqlite3'}", name="--into"))
    return Place(data_dir, own_config())


def _path(text: str) -> Path:
    return Path(text).expanduser().resolve()
