"""The audit log's page: for the audit role alone, in Chinese, filtered, exported."""

import ast
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from bureau.audit_labels import VERBS, type_label, verb_label
from bureau.audit_words import change_rows
from common import audit
from common.models import AuditEntry
from tests.personas import build_bureau

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
LOG = "/admin/common/auditentry/"
EXPORT = f"{LOG}export/"
DAY = timezone.make_aware(datetime(2026, 3, 2, 9))


@pytest.fixture
def bureau():
    built = build_bureau()
    audit.record(
        actor=built.secretary,
        verb="organizations.rename",
        obj=built.mine,
        before={"name": "芙蓉小学支部"},
        after={"name": "芙蓉小学党支部"},
        at=DAY,
    )
    audit.record(actor=built.officer, verb="accounts.log_in", obj=built.officer, at=DAY)
    audit.record(
        actor=built.officer, verb="accounts.unlock", obj=built.clerk, at=DAY + timedelta(days=1)
    )
    return built


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(client, **query) -> list[str]:
    answer = client.get(LOG, query)
    assert answer.status_code == 200
    return [entry.verb for entry in answer.context["cl"].result_list]


@pytest.mark.parametrize(
    ("who", "status"),
    [("auditor", 200), ("officer", 404), ("leader", 404), ("reviewer", 404), ("secretary", 403)],
)
def test_only_the_audit_role_reads_it(bureau, who, status):
    client = as_(getattr(bureau, who))
    entry = AuditEntry.objects.first()
    assert client.get(LOG).status_code == status
    assert client.get(f"{LOG}{entry.pk}/change/").status_code == status
    assert client.post(EXPORT, {"filters": ""}).status_code == status


def test_nobody_changes_it(bureau):
    client, entry = as_(bureau.auditor), AuditEntry.objects.first()
    assert client.post(f"{LOG}{entry.pk}/change/", {"verb": "x"}).status_code == 403
    assert client.post(f"{LOG}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get(f"{LOG}add/").status_code == 403
    assert client.get(f"{LOG}999999/change/").status_code == 404


def test_the_list_and_an_entry_speak_chinese(bureau):
    client = as_(bureau.auditor)
    page = client.get(LOG).content.decode()
    for word in ("党组织更名", "登录", "解锁账号", "2026-03-02 09:00:00"):
        assert word in page
    assert "organizations.rename" not in page.split('id="changelist-form"')[1].split("</form>")[0]
    entry = AuditEntry.objects.get(verb="organizations.rename")
    page = client.get(f"{LOG}{entry.pk}/change/").content.decode()
    assert "<strong>全称</strong>：芙蓉小学支部 → 芙蓉小学党支部" in page


@pytest.mark.parametrize(
    ("query", "verbs"),
    [
        ({}, ["accounts.unlock", "accounts.log_in", "organizations.rename"]),
        ({"verb": "accounts.log_in"}, ["accounts.log_in"]),
        ({"type": "organizations.organization"}, ["organizations.rename"]),
        ({"actor": "secretary"}, ["organizations.rename"]),
        ({"actor": "nobody"}, []),
        ({"since": "2026-03-03"}, ["accounts.unlock"]),
        ({"until": "2026-03-02"}, ["accounts.log_in", "organizations.rename"]),
        ({"since": "2026-03-02", "until": "2026-03-02", "verb": "accounts.log_in"},
         ["accounts.log_in"]),
        ({"q": "芙蓉"}, ["organizations.rename"]),
        ({"since": "no date"}, ["accounts.unlock", "accounts.log_in", "organizations.rename"]),
    ],
)  # fmt: skip
def test_filters(bureau, query, verbs):
    assert shown(as_(bureau.auditor), **query) == verbs


def test_the_list_costs_the_same_queries_for_more_entries(bureau):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_(bureau.auditor)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(LOG)
        return len(queries)

    client.get(LOG)
    before = cost()
    for _ in range(3):
        audit.record(actor=bureau.clerk, verb="accounts.log_in", obj=bureau.clerk)
    assert cost() == before


def test_the_export_holds_what_the_filters_show_and_is_an_entry_itself(bureau):
    client = as_(bureau.auditor)
    answer = client.post(EXPORT, {"filters": "verb=organizations.rename&q=%E8%8A%99%E8%93%89"})
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    cells = [cell.value for row in sheet.iter_rows() for cell in row if cell.value]
    assert "党组织更名" in cells
    assert "登录" not in cells
    assert "全称：芙蓉小学支部 → 芙蓉小学党支部" in cells
    entry = AuditEntry.objects.first()
    assert (entry.verb, entry.actor) == ("bureau.export_audit_log", bureau.auditor)
    assert entry.after == {"rows": 1, "filters": "verb=organizations.rename&q=芙蓉"}


def test_an_export_by_a_link_is_refused(bureau):
    assert as_(bureau.auditor).get(EXPORT).status_code == 405
    assert not AuditEntry.objects.filter(verb="bureau.export_audit_log").exists()


def test_too_many_rows_ask_for_a_shorter_time(bureau, monkeypatch):
    monkeypatch.setattr("bureau.admin.MOST_ROWS", 2)
    answer = as_(bureau.auditor).post(EXPORT, {"filters": "o=1&type="}, follow=True)
    assert "一次最多导出 2 条" in answer.content.decode()
    assert not AuditEntry.objects.filter(verb="bureau.export_audit_log").exists()


def test_a_number_searched_for_does_not_get_into_the_log(bureau):
    as_(bureau.auditor).post(EXPORT, {"filters": "q=13812345678"})
    assert AuditEntry.objects.first().after["filters"] == "q=138****5678"


def test_groups_of_django_are_closed():
    from django.contrib import admin
    from django.contrib.auth.models import Group

    assert not admin.site.is_registered(Group)
    labels = {model._meta.app_label for model in admin.site._registry}
    assert "axes" not in labels


# Words -------------------------------------------------------------------------------------------
def written_verbs() -> set[str]:
    """The verbs that our source hands to the audit log as literals, or to a helper named _note."""
    found: set[str] = set()
    for path in Path(settings.BASE_DIR).glob("*/**/*.py"):
        parts = path.relative_to(settings.BASE_DIR).parts
        if parts[0] in {"tests", "data", "stubs", ".venv"} or "migrations" in parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "verb":
                value = node.value
                if isinstance(value, ast.Constant) and "." in str(value.value):
                    found.add(value.value)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_note":
                words = [a.value for a in node.args if isinstance(a, ast.Constant)]
                found |= {f"{parts[0]}.{word}" for word in words if isinstance(word, str)}
    return found


def test_every_verb_has_its_chinese():
    verbs = written_verbs()
    assert len(verbs) > 40
    assert sorted(verbs - set(VERBS)) == []


def test_words_for_fields_types_and_values():
    assert verb_label("reports.submit") == "提交月报"
    assert verb_label("later.verb") == "later.verb"
    assert type_label("organizations.organization") == "党组织"
    assert type_label("gone.model") == ""
    rows = change_rows("organizations.organization", {"kind": "branch", "order": 1}, {"kind": None})
    assert rows == [("类别", "党支部", "（空）"), ("惯例排序号", "1", "")]
    assert change_rows("", {}, {"reason": "电话催办", "flag": True}) == [
        ("原因", "", "电话催办"),
        ("flag", "", "是"),
    ]


def test_of_a_bulk_verb_each_row_stands_with_its_fields():
    before = {audit.ROWS: {"甲支部（A1）": {"full": 30, "staff": None}}}
    after = {
        "created": 1,
        audit.ROWS: {"甲支部（A1）": {"full": 31, "staff": 80}, "乙支部（A2）": {"full": 4}},
    }
    assert change_rows("organizations.headcount", before, after) == [
        ("新增", "", "1"),
        ("甲支部（A1）", "正式党员 30，教职工 （空）", "正式党员 31，教职工 80"),
        ("乙支部（A2）", "", "正式党员 4"),
    ]


def test_values_of_any_shape_are_shown():
    after = {
        "rows": 26,
        "query": {"school_kind": "primary", "q": ""},
        "7": "school",
        "comments": [["talk.times", "请核"], ["", "再看"]],
        "new": [],
        "into": "芙蓉小学党支部 (#33)",
    }
    assert [(name, new) for name, _old, new in change_rows("", {}, after)] == [
        ("行数", "26"),
        ("筛选条件", "学校类别 小学，搜索 （空）"),
        ("编号 7", "校办"),
        ("退回意见", "谈心谈话次数、请核、（空）、再看"),
        ("新增", "（空）"),
        ("并入", "芙蓉小学党支部（编号 33）"),
    ]
