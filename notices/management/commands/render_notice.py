"""`manage.py render_notice FILE -o out.pdf`: an official document out of a plain text file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from notices.documents import comparison, forms, lines, parsing, rendering

TEXT_IS_MISSING = 1
UNREADABLE = 2


class Command(BaseCommand):
    """Prints each warning, then the count of pages and warnings. Needs no database.

    Exit code 0; 1 when text of the file isn't in the PDF; 2 when the file can't be read or the PDF
    can't be written.
    """

    help = "把纯文本公文排成 PDF（GB/T 9704-2012）"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="纯文本文件（UTF-8 或 GB 18030）")
        parser.add_argument("-o", "--output", type=Path, required=True, help="要写的 PDF 文件")

        parser.add_argument(
            "--form",
            choices=list(forms.BY_KEY),
            help="格式，不写则按文字识别："
            + "，".join(f"{key} {form.label}" for key, form in forms.BY_KEY.items()),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = lines.decode(options["file"].read_bytes())
        except (OSError, lines.UnreadableError) as error:
            self._fail(f"无法读取 {options['file']}：{_reason(error)}")
        reading = parsing.read_text(text, form=forms.BY_KEY.get(options["form"] or ""))
        printed = rendering.render(reading.document)
        try:
            options["output"].write_bytes(printed.content)
        except OSError as error:
            self._fail(f"无法写入 {options['output']}：{_reason(error)}")
        for finding in reading.findings:
            self.stdout.write(str(finding))
        missing = comparison.missing_lines(text, printed.content, replaced=reading.replaced)
        for line in missing:
            self.stdout.write(f"第{line.number}行：没有排进 PDF：“{line.text}”")
        warnings = len(reading.findings) + len(missing)
        self.stdout.write(f"{printed.page_count} pages, {warnings} warnings")
        if missing:
            raise SystemExit(TEXT_IS_MISSING)

    def _fail(self, message: str) -> None:
        self.stderr.write(message)
        raise SystemExit(UNREADABLE)


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "没有这个文件或文件夹"
    if isinstance(error, IsADirectoryError):
        return "这是一个文件夹"
    if isinstance(error, PermissionError):
        return "没有权限"
    return str(error)
