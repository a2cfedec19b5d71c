"""`manage.py render_notice`: warnings, the last line, the exit codes; no database."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from common import pdf
from notices.documents import rendering
from notices.documents.document import Document
from tests.notices import measuring
from tests.notices.documents.samples import LETTER_TEXT, SHORT, WORK_POINTS


def run(file: Path, output: Path, **options: str) -> tuple[int, list[str], str]:
    """Exit code, lines of standard output, standard error."""
    out, err = StringIO(), StringIO()
    try:
        call_command(
            "render_notice", str(file), "-o", str(output), **options, stdout=out, stderr=err
        )
        code = 0
    except SystemExit as stop:
        code = int(str(stop.code))
    return code, out.getvalue().splitlines(), err.getvalue().strip()


def test_a_notice_is_printed_and_its_warnings_told(tmp_path: Path):
    code, lines, _ = run(WORK_POINTS, tmp_path / "out.pdf")
    assert code == 0
    assert (
        lines[0] == "第21行：段落在换页处断开，已接上，请核对：“，确保不漏一校、｜不漏一人。对只有”"
    )
    assert lines[-1] == "6 pages, 4 warnings"
    assert len(lines) == 5
    assert pdf.page_count((tmp_path / "out.pdf").read_bytes()) == 6


def test_a_clean_notice_has_no_warnings(tmp_path: Path):
    (tmp_path / "notice.txt").write_text(SHORT, encoding="utf-8")
    assert run(tmp_path / "notice.txt", tmp_path / "out.pdf") == (0, ["2 pages, 0 warnings"], "")


def test_text_that_is_not_in_the_pdf_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import dataclasses

    whole = rendering.render

    def without_imprint(document: Document) -> pdf.Pdf:
        return whole(dataclasses.replace(document, imprint=None))

    monkeypatch.setattr(rendering, "render", without_imprint)
    (tmp_path / "notice.txt").write_text(SHORT, encoding="utf-8")
    code, lines, _ = run(tmp_path / "notice.txt", tmp_path / "out.pdf")
    assert code == 1
    assert lines == [
        "第25行：没有排进 PDF：“抄送：区委组织部。”",
        "第27行：没有排进 PDF：“栖江市澄岚区教育局办公室”",
        "第28行：没有排进 PDF：“2026年3月2日印发”",
        "2 pages, 3 warnings",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "没有这个文件或文件夹"),
        (b"", "文件是空的"),
        (b"%PDF-1.7", "不是纯文本文件，请另存为 .txt 后再试"),
    ],
)
def test_what_can_not_be_read_is_refused(tmp_path: Path, content: bytes | None, reason: str):
    file = tmp_path / "notice.txt"
    if content is not None:
        file.write_bytes(content)
    code, lines, error = run(file, tmp_path / "out.pdf")
    assert (code, lines, error) == (2, [], f"无法读取 {file}：{reason}")
    assert not (tmp_path / "out.pdf").exists()


def test_a_place_that_can_not_be_written_is_refused(tmp_path: Path):
    (tmp_path / "notice.txt").write_text(SHORT, encoding="utf-8")
    code, _, error = run(tmp_path / "notice.txt", tmp_path / "nowhere" / "out.pdf")
    assert code == 2
    assert error == f"无法写入 {tmp_path / 'nowhere' / 'out.pdf'}：没有这个文件或文件夹"


def test_the_form_is_recognised_or_taken_from_the_option(tmp_path: Path):
    (tmp_path / "letter.txt").write_text(LETTER_TEXT, encoding="utf-8")
    code, lines, _ = run(tmp_path / "letter.txt", tmp_path / "out.pdf")
    assert (code, lines) == (0, ["2 pages, 0 warnings"])
    assert measuring.red_ink((tmp_path / "out.pdf").read_bytes(), 1)[1] == pytest.approx(
        30, abs=0.5
    )
    code, lines, _ = run(tmp_path / "letter.txt", tmp_path / "out.pdf", form="document")
    assert code == 0
    assert lines == [
        "版记缺印发机关",
        "版记缺印发日期",
        "所选格式是“文件（盖章）”，文字像是“信函”，请核对",
        "第1行：发文机关标志未以“文件”结尾：“栖江市澄岚区教育局”",
        "2 pages, 4 warnings",
    ]
    assert measuring.red_ink((tmp_path / "out.pdf").read_bytes(), 1)[1] == pytest.approx(
        72, abs=0.5
    )
