"""`manage.py import_calendar`: what it prints and how it ends."""

import pytest
from django.core.management import CommandError, call_command

from calendar_events.models import Calendar, Event
from tests.calendar_events.reading import LETTER_HEAD, tabbed

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "行事历.txt"
    path.write_text(LETTER_HEAD + tabbed(), encoding="utf-8")
    return path


def run(capsys, *arguments):
    """Run it; returns the exit code, the printed lines and what went to standard error."""
    code, refused = 0, ""
    try:
        call_command("import_calendar", *map(str, arguments))
    except SystemExit as stopped:
        code = stopped.code
    except CommandError as error:
        code, refused = error.returncode, str(error)
    printed = capsys.readouterr()
    return code, printed.out.splitlines(), printed.err + refused


def test_a_clean_file(file, capsys):
    code, lines, _ = run(capsys, file, "--year", "2022")

    assert (code, lines) == (
        0,
        [
            "新增 33 项，改动 0 项，去掉 0 项，不变 0 项",
            "12 months, 33 events, 0 problems",
        ],
    )
    assert Event.objects.count() == 33


def test_again_changes_nothing(file, capsys):
    run(capsys, file, "--year", "2022")

    assert run(capsys, file, "--year", "2022")[:2] == (
        0,
        [
            "新增 0 项，改动 0 项，去掉 0 项，不变 33 项",
            "12 months, 33 events, 0 problems",
        ],
    )


def test_a_dry_run(file, capsys):
    code, lines, _ = run(capsys, file, "--year", "2022", "--dry-run")

    assert (code, lines[-1]) == (0, "12 months, 33 events, 0 problems")
    assert lines[0].endswith("（试运行，没有保存）")
    assert Calendar.objects.count() == 0


def test_problems_are_printed_first_and_the_rest_is_imported(file, capsys):
    file.write_text("时间\t内容\n1月\t走访\n13月\t错", encoding="utf-8")
    code, lines, _ = run(capsys, file, "--year", "2022")

    assert code == 1
    assert "第 3 行 错误：没有13月：13月 错" in lines
    assert lines[-2:] == [
        "新增 1 项，改动 0 项，去掉 0 项，不变 0 项",
        "1 months, 1 events, 12 problems",
    ]
    assert Event.objects.get().title == "走访"


def test_what_changed_is_listed(file, capsys):
    file.write_text("3月\t走访\n4月\t春训", encoding="utf-8")
    run(capsys, file, "--year", "2022")
    file.write_text("3月15日前\t走访\n5月\t评选", encoding="utf-8")
    _, lines, _ = run(capsys, file, "--year", "2022")

    assert lines[-4:-1] == [
        "改动：3月 走访",
        "去掉：4月 春训",
        "新增 1 项，改动 1 项，去掉 1 项，不变 0 项",
    ]


def test_the_wrong_year_is_refused(file, capsys):
    code, lines, errors = run(capsys, file, "--year", "2023")

    assert (code, lines[-1]) == (1, "12 months, 33 events, 1 problems")
    assert "标题写的是 2022 年，要导入的是 2023 年" in errors
    assert Calendar.objects.count() == 0


def test_a_published_calendar_needs_replace(file, capsys):
    run(capsys, file, "--year", "2022")
    Calendar.objects.update(state="published")
    file.write_text("3月\t走访", encoding="utf-8")

    code, lines, errors = run(capsys, file, "--year", "2022")
    assert (code, Event.objects.count()) == (1, 33)
    assert "--replace" in errors
    assert lines[-1] == "1 months, 1 events, 11 problems"

    assert run(capsys, file, "--year", "2022", "--replace")[0] == 1  # eleven months are missing
    assert [event.title for event in Event.objects.all()] == ["走访"]


@pytest.mark.parametrize(
    ("content", "year", "words"),
    [
        (b"", "2022", "空的"),
        (b"\x00\x01", "2022", "不是文本文件"),
        ("今天天气不错".encode(), "2022", "没有认出任何月份"),
        ("1月\t走访".encode(), "99999", "2000–2100"),
    ],
)
def test_unreadable_ends_with_two(file, capsys, content, year, words):
    file.write_bytes(content)
    code, lines, errors = run(capsys, file, "--year", year)

    assert (code, lines) == (2, [])
    assert words in errors


def test_a_file_that_is_not_there(tmp_path, capsys):
    code, _, errors = run(capsys, tmp_path / "没有.txt", "--year", "2022")

    assert code == 2
    assert "打不开文件" in errors
