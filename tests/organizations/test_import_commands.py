"""The imports from the command line: what they print, what they leave, how they end."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from common.models import AuditEntry
from organizations.models import HeadCount, Organization, Role
from tests.organizations.lists import xlsx
from tests.personas import build_bureau

pytestmark = pytest.mark.django_db

HEAD = ("党组织全称", "组织代码", "类别", "上级党组织", "学校", "学校类别")
GOOD = ("东湖小学党支部", "D1", "党支部", None, "东湖小学", "小学")
BAD = ("西湖小学党支部", "D2", "党小组", None, "西湖小学", "小学")


@pytest.fixture
def bureau():
    return build_bureau()


def run(capsys, *arguments):
    """Run it; returns the exit code, the printed lines and what went to standard error."""
    code, refused = 0, ""
    try:
        call_command(*map(str, arguments))
    except SystemExit as stopped:
        code = stopped.code
    except CommandError as error:
        code, refused = error.returncode, str(error)
    return code, capsys.readouterr().out.splitlines(), refused


def kept(tmp_path, *rows, name="名册.xlsx"):
    path = tmp_path / name
    path.write_bytes(xlsx(*rows))
    return path


def test_a_clean_list_is_tried_and_then_imported(bureau, tmp_path, capsys):
    file = kept(tmp_path, HEAD, GOOD)
    count = "1 rows, 1 created, 0 changed, 0 unchanged, 0 problems"
    tried = run(capsys, "import_organizations", file, "--dry-run")
    assert tried == (0, ["试运行，没有保存。", count], "")
    assert not Organization.objects.filter(code="D1").exists()
    assert run(capsys, "import_organizations", file) == (0, [count], "")
    assert Organization.objects.get(code="D1").parent == bureau.root
    assert AuditEntry.objects.get(verb="organizations.import").actor_label == "系统"
    again = run(capsys, "import_organizations", file)
    assert again[:2] == (0, ["1 rows, 0 created, 0 changed, 1 unchanged, 0 problems"])


@pytest.mark.usefixtures("bureau")
def test_every_problem_is_named_and_the_good_rows_can_be_had(tmp_path, capsys):
    file, rejects = kept(tmp_path, HEAD, GOOD, BAD), tmp_path / "退回.xlsx"
    code, lines, _ = run(capsys, "import_organizations", file)
    assert code == 1
    assert lines[0].startswith("第 3 行「类别」写的是“党小组”，")
    assert lines[1:] == [
        "有问题，什么也没有导入：改好再导入，或加 --only-good 只导入无误的行。",
        "2 rows, 0 created, 0 changed, 0 unchanged, 1 problems",
    ]
    assert not Organization.objects.filter(code__startswith="D").exists()
    options = ("--only-good", "--rejects", rejects)
    code, lines, _ = run(capsys, "import_organizations", file, *options)
    assert (code, lines[-2:]) == (
        1,
        [
            f"有问题的 1 行已存入 {rejects}",
            "2 rows, 1 created, 0 changed, 0 unchanged, 1 problems",
        ],
    )
    assert Organization.objects.get(code__startswith="D").code == "D1"
    returned = [row[0].value for row in load_workbook(rejects).active.iter_rows()]
    assert returned == ["党组织全称", "西湖小学党支部"]


def test_what_cannot_be_read_ends_with_2(tmp_path, capsys):
    missing = run(capsys, "import_organizations", tmp_path / "没有.xlsx")
    assert (missing[0], missing[1]) == (2, [])
    assert "打不开文件" in missing[2]
    path = tmp_path / "名册.docx"
    path.write_bytes(b"no table")
    code, _, told = run(capsys, "import_head_counts", path)
    assert (code, told) == (
        2,
        "“名册.docx”不是 .xlsx 或 .csv 表格，请用 WPS 或 Excel 另存为 .xlsx 后再传。",
    )


def test_head_counts_of_a_day(bureau, tmp_path, capsys):
    file = kept(tmp_path, ("党组织", "正式党员"), (bureau.mine.name, "１２"))
    code, lines, _ = run(capsys, "import_head_counts", file, "--on", "2026-03-31")
    assert (code, lines) == (0, ["1 rows, 1 created, 0 changed, 0 unchanged, 0 problems"])
    row = HeadCount.objects.get(organization=bureau.mine)
    assert (row.on, row.full) == (date(2026, 3, 31), 12)


def test_secretaries(bureau, tmp_path, capsys):
    head = ("姓名", "党组织", "职务", "手机", "任职起")
    file = kept(tmp_path, head, ("王小明", bureau.mine.name, "党务干事", "13800000077", "2026.3"))
    code, lines, _ = run(capsys, "import_secretaries", file)
    assert (code, lines) == (0, ["1 rows, 1 created, 0 changed, 0 unchanged, 0 problems"])
    assert Role.objects.get(user__name="王小明").organization == bureau.mine
