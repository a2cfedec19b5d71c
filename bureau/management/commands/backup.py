"""Back up by hand what the scheduler backs up every night, or try out the newest backup."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bureau.backups.drill import run_drill
from bureau.backups.making import make_backup
from bureau.backups.rotation import Keep
from common.errors import DomainError


class Command(BaseCommand):
    help = "备份数据库、附件和密钥（密钥单独存放）；--drill 把最新的备份恢复到临时位置并核对。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to",
            type=_folder,
            metavar="DIR",
            help="备份目录，默认 BACKUP_DIR（DATA_DIR/backups）",
        )
        parser.add_argument(
            "--keys-to", type=_folder, metavar="DIR", help="密钥目录，默认 BACKUP_KEYS_DIR"
        )
        parser.add_argument(
            "--keep", type=int, metavar="N", help="只留最新的 N 份；默认按 BACKUP_KEEP（日,周,月）"
        )
        parser.add_argument("--drill", action="store_true", help="恢复演练，不做新备份")

    def handle(
        self,
        *_args: Any,
        to: Path | None,
        keys_to: Path | None,
        keep: int | None,
        drill: bool,
        **_options: Any,
    ) -> None:
        folder = to or Path(settings.BACKUP_DIR)
        keys_folder = keys_to or Path(settings.BACKUP_KEYS_DIR)
        if keep is not None and keep < 1:
            raise CommandError("--keep 至少是 1。")
        if keys_folder == folder or folder in keys_folder.parents:
            raise CommandError("密钥不能放在备份目录里：拿到备份的人就能读出手机号。")
        try:
            if drill:
                self._drill(folder, keys_folder)
            else:
                self._back_up(folder, keys_folder, keep)
        except DomainError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"{error.strerror}：{error.filename or folder}") from error

    def _back_up(self, folder: Path, keys_folder: Path, keep: int | None) -> None:
        made = make_backup(
            folder=folder,
            keys_folder=keys_folder,
            keep=Keep(*settings.BACKUP_KEEP) if keep is None else keep,
            at=timezone.now(),
            say=self._say,
        )
        rows, size = made.manifest.rows, made.manifest.size / 2**20
        self._say(f"已备份：{made.path}（{rows} 行，{size:.1f} MB）")
        self._say(f"密钥：{made.keys}（请另外妥善保存，不要与备份放在一起）")
        if made.gone:
            self._say(f"按保留规则删除了 {len(made.gone)} 份旧备份：{'、'.join(made.gone)}")

    def _drill(self, folder: Path, keys_folder: Path) -> None:
        manifest = run_drill(
            folder=folder, keys_folder=keys_folder, at=timezone.now(), say=self._say
        )
        self._say(
            f"演练通过：{manifest.name}，{len(manifest.tables)} 张表 {manifest.rows} 行、"
            f"{len(manifest.files)} 个文件全部一致。"
        )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _folder(text: str) -> Path:
    return Path(text).expanduser().resolve()
