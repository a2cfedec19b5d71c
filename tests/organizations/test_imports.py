"""Lists of organisations and of head counts, as they come."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from common import jobs
from common.errors import DomainError, ForbiddenError
from common.imports import RowProblem
from common.models import AuditEntry, Job, JobState
from organizations.admin import imports as pages
from organizations.imports import head_counts, organizations
from organizations.models import (
    FormerName,
    HeadCount,
    Organization,
    Placement,
    School,
    SchoolLink,
)
from organizations.services.guards import MAX_LEVELS
from tests.factories import OrganizationFactory, RoleFactory, SchoolFactory, UserFactory
from tests.organizations.lists import xlsx
from tests.personas import build_bureau

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
DAY = date(2026, 11, 1)
HEAD = (
    "序号",
    "党组织全称",
    "组织代码",
    "类别",
    "上级党组织",
    "学校",
    "学校类别",
    "简称",
    "曾用名",
)


def load(*rows, head=HEAD, actor=None, dry_run=False, only_clean=False):
    return organizations.run(
        actor=actor,
        data=xlsx(("澄岚区党组织名册",), head, *rows),
        filename="名册.xlsx",
        dry_run=dry_run,
        only_clean=only_clean,
        on=DAY,
    )


def count(*rows, head=("党组织", "正式党员", "预备党员"), actor=None, **extra):
    data = xlsx(head, *rows)
    options = {"dry_run": False, "on": DAY, **extra}
    return head_counts.run(actor=actor, data=data, filename="人数.xlsx", **options)


def messages(outcome):
    return [problem.message for problem in outcome.problems]


def figures(outcome):
    result = outcome.result
    return (result.created, result.changed, result.unchanged)


WHOLE = (
    (1, "中共新区教育局委员会", "N0", "党委", None, None, None, None, None),
    (
        3,
        "北园 小学党支部",
        "N2",
        None,
        "新区实验小学党总支",
        "北园小学",
        None,
        "北园小学",
        "北街小学",
    ),
    (2, "新区实验小学党总支", "N1", "党总支", None, "新区实验小学", "小学", "新区实小", None),
    (4, "两园联合党支部", "N3", None, "N0", "甲幼儿园、乙幼儿园", None, None, None),
)


def state():
    tables = (Organization, Placement, School, SchoolLink, FormerName)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def test_a_whole_bureau_in_any_order_and_a_second_time_nothing():
    outcome = load(*WHOLE)
    assert (outcome.is_saved, messages(outcome), figures(outcome)) == (True, [], (4, 0, 0))
    rows = {row.code: row for row in Organization.objects.all()}
    root, general, branch, joint = (rows[code] for code in ("N0", "N1", "N2", "N3"))
    assert (root.parent, general.parent, branch.parent, joint.parent) == (None, root, general, root)
    assert branch.path == f"{root.path}{general.pk:07}{branch.pk:07}"
    assert (branch.name, branch.kind, branch.short_name) == ("北园小学党支部", "branch", "北园小学")
    assert branch.pinyin == "beiyuanxiaoxuedangzhibu byxxdzb"
    assert joint.kind == "joint_branch"
    assert [school.kind for school in joint.schools.all()] == ["kindergarten", "kindergarten"]
    assert FormerName.objects.get().name == "北街小学"
    assert sorted(Placement.objects.values_list("organization", "path", "parent")) == sorted(
        (row.pk, row.path, row.parent_id) for row in rows.values()
    )
    before, entries = state(), AuditEntry.objects.count()
    again = load(*WHOLE)
    assert (again.is_saved, figures(again)) == (True, (0, 0, 4))
    assert (state(), AuditEntry.objects.count()) == (before, entries)


def test_the_dry_run_takes_the_same_path_and_keeps_nothing():
    outcome = load(*WHOLE, dry_run=True)
    assert (outcome.is_saved, messages(outcome), figures(outcome)) == (False, [], (4, 0, 0))
    assert not Organization.objects.exists()
    assert not School.objects.exists()


def test_stored_ones_are_completed():
    bureau = build_bureau()
    row = (1, "芙蓉小学党支部", None, None, "澄岚教育集团党总支", "芙蓉小学、芙蓉幼儿园")
    outcome = load((*row, None, "芙蓉小学", "蓉湖小学党支部"))
    assert (messages(outcome), figures(outcome)) == ([], (0, 1, 0))
    bureau.mine.refresh_from_db()
    assert bureau.mine.short_name == "芙蓉小学"
    assert [school.name for school in bureau.mine.schools.order_by("pk")] == [
        "芙蓉小学",
        "芙蓉幼儿园",
    ]
    entry = AuditEntry.objects.get(verb="organizations.import")
    assert entry.object_ids == [bureau.mine.pk]


def test_every_problem_with_row_column_value_and_remedy():
    bureau = build_bureau()
    OrganizationFactory(name="青禾小学党支部", code="Q1", parent=bureau.root)
    OrganizationFactory(name="青禾小学党支部", code="Q2", parent=bureau.mine.parent)
    mine, root = bureau.mine, bureau.root
    outcome = load(
        (1, "青禾小学党支部", None, None, None, None, None, None, None),
        (2, "改名小学党支部", mine.code, None, None, None, None, None, None),
        (3, "荷花小学党支部", bureau.other.code, "党委", None, None, None, None, None),
        (4, "荷花小学党支部", "Z9", None, None, None, None, None, None),
        (5, "荷花小学党支部", None, None, "澄岚教育集团党总支", None, None, None, None),
        (6, "甲党支部", "A1", None, "没有这个", None, None, None, None),
        (7, "乙党支部", "A2", None, "青禾小学党支部", None, None, None, None),
        (8, "丙党支部", "A3", None, "芙蓉小学党支部", None, None, None, None),
        (9, "丁党委", "A4", "党委", "澄岚教育集团党总支", None, None, None, None),
        (10, "戊党支部", "A5", "支委", None, None, None, None, None),
        (11, "己党支部", "A6", None, None, "神秘学堂", None, None, None),
        (12, None, "A7", None, root.name, None, None, None, None),
    )
    twice = "对应 2 个党组织：青禾小学党支部（Q1）、青禾小学党支部（Q2）"
    assert outcome.problems == [
        RowProblem(3, "党组织全称", "青禾小学党支部", f"{twice}；请填组织代码。"),
        RowProblem(
            4,
            "党组织全称",
            "改名小学党支部",
            "这个代码现在的全称是「芙蓉小学党支部」；改名请在党组织页办理，以保留曾用名。",
        ),
        RowProblem(5, "类别", "党委", "现在是党支部，请在党组织页修改。"),
        RowProblem(
            6, "组织代码", "Z9", f"已有同名党组织，代码是 {bureau.other.code}，请核对代码。"
        ),
        RowProblem(
            7,
            "上级党组织",
            "澄岚教育集团党总支",
            "现在隶属「中共澄岚区教育局委员会」；调整上级请在党组织页办理。",
        ),
        RowProblem(8, "上级党组织", "没有这个", "没有找到这个党组织。请核对名称，或改写代码。"),
        RowProblem(9, "上级党组织", "青禾小学党支部", f"{twice}；请改写能区分的全称或代码。"),
        RowProblem(
            10, "上级党组织", "芙蓉小学党支部", "「芙蓉小学党支部」是党支部，不能设下级党组织。"
        ),
        RowProblem(11, "类别", "党委", "上级「澄岚教育集团党总支」是党总支，下级只能是党支部。"),
        RowProblem(12, "类别", "支委", outcome.problems[9].remedy),
        RowProblem(13, "学校类别", "", "从“神秘学堂”看不出学校类别，请填写，如 小学。"),
        RowProblem(14, "党组织全称", "", "没有填写，请补上。"),
    ]
    assert outcome.problems[9].remedy.startswith("应为")
    assert not outcome.is_saved
    assert not Organization.objects.filter(code__startswith="A").exists()


def test_only_clean_rows_are_saved_and_the_rest_comes_back():
    bureau = build_bureau()
    outcome = load(
        (1, "甲总支", "A1", "党总支", "没有这个", None, None, None, None),
        (2, "乙党支部", "A2", None, "A1", None, None, None, None),
        (3, "丙党支部", "A3", None, None, None, None, None, None),
        only_clean=True,
    )
    assert (outcome.is_saved, figures(outcome), outcome.rejected_rows) == (True, (1, 0, 0), 2)
    assert Organization.objects.get(code="A3").parent == bureau.root
    assert not Organization.objects.filter(code__in=["A1", "A2"]).exists()
    sheet = load_workbook(BytesIO(outcome.rejected_file())).active
    assert [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        "甲总支",
        "乙党支部",
    ]


def test_circles_and_namesakes_in_the_list_are_refused():
    build_bureau()
    outcome = load(
        (1, "甲党总支", "A1", None, "A2", None, None, None, None),
        (2, "乙党委", "A2", "党委", "A1", None, None, None, None),
        (3, "丙党支部", "A3", None, None, None, None, None, None),
        (4, "丙党支部", "A4", None, None, None, None, None, None),
    )
    found = messages(outcome)
    assert [text.split("」")[0] for text in found] == [
        "第 3 行「上级党组织",
        "第 4 行「类别",
        "第 4 行「上级党组织",
        "第 6 行「党组织全称",
    ]
    assert "互相循环" in found[0]


def test_schools_that_are_there_are_found_and_contradictions_named():
    build_bureau()
    known = SchoolFactory(name="新区小学", code="S-1")
    head = ("党组织全称", "学校", "单位代码")
    outcome = load(("甲党支部", "新区小学", "S-1"), ("乙党支部", "新区小学", None), head=head)
    assert (messages(outcome), figures(outcome)) == ([], (2, 0, 0))
    assert SchoolLink.objects.filter(school=known).count() == 2
    outcome = load(
        ("丙党支部", "新区小学", "S-2"),
        ("丁党支部", "老区小学", "S-1"),
        ("戊党支部", "老区小学、东区小学", "S-3"),
        head=head,
    )
    assert messages(outcome) == [
        "第 3 行「单位代码」写的是“S-2”，「新区小学」已登记的代码是“S-1”，请核对。",
        "第 4 行「单位代码」写的是“S-1”，这个代码已由「新区小学」使用，请核对。",
        "第 5 行「单位代码」写的是“S-3”，有 2 个学校、1 个代码，请对齐。",
    ]


def test_who_may_import():
    bureau = build_bureau()
    with pytest.raises(ForbiddenError):
        load(*WHOLE, actor=bureau.leader)
    with pytest.raises(ForbiddenError):
        count(("芙蓉小学党支部", 1, 0), actor=bureau.secretary)


def test_head_counts_by_any_name_and_a_second_time_nothing():
    bureau = build_bureau()
    FormerName.objects.create(organization=bureau.other, name="莲塘小学")
    rows = (("芙蓉小学", 20, 1), ("莲塘小学", 12, "0"), ("合计", 32, 1))
    outcome = count(*rows, actor=bureau.officer)
    assert (messages(outcome), figures(outcome)) == ([], (2, 0, 0))
    held = HeadCount.objects.order_by("organization").values_list(
        "organization__name", "on", "full", "probationary", "staff", "source"
    )
    assert list(held) == [
        ("芙蓉小学党支部", DAY, 20, 1, None, "imported"),
        ("荷花小学党支部", DAY, 12, 0, None, "imported"),
    ]
    entries = AuditEntry.objects.count()
    assert figures(count(*rows)) == (0, 0, 2)
    assert AuditEntry.objects.count() == entries
    assert figures(count(("芙蓉小学", 21, None))) == (0, 1, 0)
    row = HeadCount.objects.get(organization=bureau.mine)
    assert (row.full, row.probationary) == (21, 1)


def test_totals_are_checked_and_taken_apart():
    bureau = build_bureau()
    head = ("党组织", "统计日期", "党员数", "正式党员", "预备党员")
    outcome = count(
        ("芙蓉小学党支部", "2026.3.1", 20, None, 2),
        ("荷花小学党支部", "2026年3月1日", 9, None, None),
        head=head,
    )
    assert messages(outcome) == []
    held = HeadCount.objects.order_by("organization").values_list("on", "full", "probationary")
    assert list(held) == [(date(2026, 3, 1), 18, 2), (date(2026, 3, 1), 9, None)]
    outcome = count(
        ("芙蓉小学党支部", None, 20, 18, 3),
        ("荷花小学党支部", None, 5, None, 6),
        (bureau.root.name, None, None, None, None),
        ("芙蓉", None, None, 3, None),
        head=head,
    )
    assert messages(outcome) == [
        "第 2 行「党员数」写的是“20”，正式 18 加预备 3 是 21，请核对。",
        "第 3 行「预备党员」写的是“6”，多于党员数 5，请核对。",
        "第 4 行「正式党员」这一行没有填人数，请补上或去掉这一行。",
        "第 5 行「党组织」写的是“芙蓉”，没有找到这个党组织"
        "；相近的有：芙蓉小学党支部（" + bureau.mine.code + "）。请核对名称，或改写代码。",
    ]


def test_an_officer_of_some_kinds_counts_their_schools_only():
    bureau = build_bureau()
    narrow = UserFactory()
    RoleFactory(
        user=narrow,
        organization=bureau.root,
        kind="officer",
        office=bureau.office,
        school_kinds=["kindergarten"],
    )
    outcome = count(("芙蓉小学党支部", 20, 1), actor=narrow)
    assert messages(outcome) == [
        "第 2 行「党组织」写的是“芙蓉小学党支部”，不在您分管的学校类别里，请去掉这一行。"
    ]
    assert not HeadCount.objects.exists()


@pytest.mark.parametrize(("number", "queries"), [(1, 27), (3, 27)])
def test_imports_are_set_based(django_assert_max_num_queries, number, queries):
    build_bureau()
    rows = [(n, f"第{n}新小学党支部", f"A{n}", None, None, f"第{n}新小学") for n in range(number)]
    with django_assert_max_num_queries(queries):
        assert figures(load(*rows, head=HEAD[:6])) == (number, 0, 0)


def test_what_was_closed_is_neither_found_nor_founded_again():
    bureau = build_bureau()
    FormerName.objects.create(organization=bureau.other, name="荷塘小学党支部")
    Organization.objects.filter(pk=bureau.other.pk).update(closed_on=date(2025, 8, 1))
    told = "「荷花小学党支部」已于 2025-08-01 撤销，请改写现在的党组织，或去掉这一行。"
    assert messages(count(("荷花小学党支部", 1, 0), ("荷塘小学党支部", 1, 0))) == [
        f"第 2 行「党组织」写的是“荷花小学党支部”，{told}",
        f"第 3 行「党组织」写的是“荷塘小学党支部”，{told}",
    ]
    row = (1, "荷花小学党支部", None, None, None, None, None, None, None)
    assert messages(load(row)) == [
        (
            "第 3 行「党组织全称」写的是“荷花小学党支部”，已于 2025-08-01 撤销；"
            "确是新成立的，请填新的组织代码。"
        )
    ]
    assert figures(load((1, "荷花小学党支部", "N1", *row[3:]))) == (1, 0, 0)


# Pages -------------------------------------------------------------------------------------------
def upload(client, *rows, kind="organizations", head=HEAD):
    file = SimpleUploadedFile("名册.xlsx", xlsx(head, *rows))
    typed = {"kind": kind, "on": "2026-11-01", "file": file}
    return client.post(reverse("admin:organizations_import"), typed)


@pytest.fixture
def bureau():
    return build_bureau()


@pytest.fixture
def officer(client, bureau):
    client.force_login(bureau.officer)
    return client


def test_upload_preview_and_import(officer, bureau):
    row = (1, "新区小学党支部", "A1", None, None, "新区小学", None, None, None)
    answer = upload(officer, row)
    page = officer.get(answer.url)
    assert "还没有导入，导入后将：新增 1 条" in page.content.decode()
    assert not Organization.objects.filter(code="A1").exists()
    done = officer.post(answer.url, {"step": "save"})
    assert "已导入：新增 1 条" in officer.get(done.url).content.decode()
    assert Organization.objects.get(code="A1").parent == bureau.root


def test_problems_are_shown_and_only_clean_rows_go_in(officer):
    good = (1, "新区小学党支部", "A1", None, None, None, None, None, None)
    bad = (2, "老区小学党支部", "A2", None, "没有这个", None, None, None, None)
    answer = upload(officer, good, bad)
    html = officer.get(answer.url).content.decode()
    assert "第 3 行「上级党组织」写的是“没有这个”" in html
    assert 'value="save"' not in html
    done = officer.post(answer.url, {"step": "save_clean"})
    assert "有问题的 1 行没有导入" in officer.get(done.url).content.decode()
    assert list(Organization.objects.filter(code__startswith="A")) == [
        Organization.objects.get(code="A1")
    ]
    job = Job.objects.latest("pk")
    file = officer.get(reverse("bureau:job_result", args=[job.pk]))
    sheet = load_workbook(BytesIO(b"".join(file.streaming_content))).active
    assert [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["老区小学党支部"]


def test_a_long_list_waits_for_the_worker(officer, monkeypatch):
    monkeypatch.setattr(pages, "ROW_BYTES", 1)
    answer = upload(officer, (1, "新区小学党支部", "A1", None, None, None, None, None, None))
    page = officer.get(answer.url).content.decode()
    assert "排队中，每 2 秒自动刷新" in page
    jobs.execute(job_id=Job.objects.get().pk, at=timezone.now())
    assert "新增 1 条" in officer.get(answer.url).content.decode()


def test_whoever_waits_is_told_how_many_rows_have_been_read(officer, monkeypatch):
    monkeypatch.setattr(pages, "ROW_BYTES", 1)
    seen = []

    def advance(progress, done, total):
        keep(progress, done, total)
        seen.append(officer.get(answer.url).content.decode())

    keep = jobs.Progress.advance
    monkeypatch.setattr(jobs.Progress, "advance", advance)
    rows = [(n, f"新区{n}小学党支部", f"A{n}", *[None] * 6) for n in range(1, 1502)]
    answer = upload(officer, *rows)
    jobs.execute(job_id=Job.objects.get().pk, at=timezone.now())
    assert ["0/1501 行" in seen[0], "1000/1501 行" in seen[1]] == [True, True]
    assert ("正在读表" in seen[1], "正在读表" in seen[2]) == (True, False)
    assert "1501 行已读完，正在与库里的数据逐行核对" in seen[2]
    assert "1501/1501" not in officer.get(answer.url).content.decode()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"%PDF-1.7", "只有一行".encode()])
def test_what_is_no_list_is_answered_in_words(officer, content):
    file = SimpleUploadedFile("名册.xlsx", content)
    typed = {"kind": "organizations", "on": "2026-11-01", "file": file}
    answer = officer.post(reverse("admin:organizations_import"), typed)
    if answer.status_code == 302:
        job = Job.objects.get()
        assert job.state == JobState.FAILED
        assert job.message in officer.get(answer.url).content.decode()
    else:
        assert "文件" in answer.content.decode()


def test_nobody_opens_the_import_of_another(officer, bureau, client):
    answer = upload(officer, (1, "新区小学党支部", "A1", None, None, None, None, None, None))
    colleague = UserFactory()
    RoleFactory(user=colleague, organization=bureau.root, kind="officer", office=bureau.office)
    client.force_login(colleague)
    assert client.get(answer.url).status_code == 404
    client.force_login(bureau.leader)
    assert client.get(reverse("admin:organizations_import")).status_code == 403


def test_templates_are_given_out_and_can_be_read_in(officer):
    for kind, run in (("organizations", organizations.run), ("head_counts", head_counts.run)):
        file = officer.get(reverse("admin:organizations_import_template", args=[kind]))
        outcome = run(actor=None, data=file.content, filename="a.xlsx", dry_run=True, on=DAY)
        assert messages(outcome) == []
    assert officer.get("/admin/organizations/organization/import/template/x/").status_code == 404


def test_a_kept_upload_that_is_gone_is_said(officer):
    from organizations.imports import runs

    with pytest.raises(DomainError, match="请重新上传"):
        runs.read("imports/gone")


def test_a_dry_run_of_organizations_only_reads():
    load(*WHOLE)
    before = state()
    more = (5, "南园小学党支部", "N9", None, "N1", "南园小学", "小学", "南园小学", "南街小学")
    again = (3, "北园小学党支部", "N2", None, "N1", "北园小学", None, "北园", "北门小学")
    with CaptureQueriesContext(connection) as asked:
        dry = load(more, again, dry_run=True)
    assert {query["sql"].split()[0] for query in asked} == {"SELECT"}
    assert (figures(dry), messages(dry), state()) == ((1, 1, 0), [], before)
    real = load(more, again)
    assert (figures(real), messages(real)) == ((1, 1, 0), [])


def test_a_dry_run_finds_a_list_that_goes_deeper_than_paths_reach():
    load((1, "局党委", "L0", "党委", None, None, None, None, None))
    deep = [
        (n, f"第{n}级党委", f"L{n}", "党委", f"L{n - 1}", None, None, None, None)
        for n in range(1, MAX_LEVELS + 1)
    ]
    load(*deep[:5])
    dry = load(*deep[5:], dry_run=True)
    remedy = f"上级党组织互相循环或超过 {MAX_LEVELS} 级，请检查。"
    last = MAX_LEVELS - 5 + 2
    assert messages(dry) == [f"第 {last} 行「上级党组织」写的是“L{MAX_LEVELS - 1}”，{remedy}"]


def test_the_code_of_a_closed_school_is_not_given_again():
    SchoolFactory(name="旧学校", code="X1", closed_on=date(2026, 1, 1))
    outcome = load(
        ("东园小学党支部", "东园小学", "X1"), head=("党组织全称", "学校", "单位代码"), dry_run=True
    )
    assert messages(outcome) == [
        "第 3 行「单位代码」写的是“X1”，「旧学校」用过这个代码，已经撤销，请换一个代码。"
    ]
