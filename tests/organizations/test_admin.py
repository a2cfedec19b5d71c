"""The bureau's pages about organisations: scope, rights, steps with a preview, query counts."""

from datetime import date
from io import BytesIO

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from common.admin_prints import list_html
from common.models import AuditEntry, Job
from organizations.models import Campus, HeadCount, Office, Organization, School, SchoolGroup
from tests.factories import OrganizationFactory, RoleFactory, SchoolFactory, UserFactory
from tests.personas import build_bureau

pytestmark = pytest.mark.django_db
MAY = "2026-05-01"
BASIS = "澄教委〔2026〕3号"


def url(model, page="changelist", *args):
    return reverse(f"admin:organizations_{model}_{page}", args=args)


def step(name, row):
    return f"/admin/organizations/organization/{row.pk}/{name}/"


def with_tables(typed, *prefixes):
    """The tables to read below a form travel along with it."""
    counts = ("TOTAL_FORMS", "INITIAL_FORMS")
    return {**typed, **{f"{prefix}-{count}": 0 for prefix in prefixes for count in counts}}


def names(response):
    return [row.name for row in response.context["cl"].result_list]


@pytest.fixture
def bureau():
    return build_bureau()


@pytest.fixture
def officer(client, bureau):
    client.force_login(bureau.officer)
    return client


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (
            "officer",
            ["中共澄岚区教育局委员会", "澄岚教育集团党总支", "芙蓉小学党支部", "荷花小学党支部"],
        ),
        (
            "leader",
            ["中共澄岚区教育局委员会", "澄岚教育集团党总支", "芙蓉小学党支部", "荷花小学党支部"],
        ),
        ("reviewer", ["澄岚教育集团党总支", "芙蓉小学党支部"]),
    ],
)
def test_everybody_sees_their_scope(client, bureau, who, expected):
    client.force_login(getattr(bureau, who))
    assert names(client.get(url("organization"))) == expected


def test_an_officer_of_some_kinds_sees_those_schools_only(client, bureau):
    OrganizationFactory(name="百合幼儿园党支部", school=SchoolFactory(kind="kindergarten"))
    narrow = UserFactory()
    RoleFactory(
        user=narrow,
        organization=bureau.root,
        kind="officer",
        office=bureau.office,
        school_kinds=["kindergarten"],
    )
    client.force_login(narrow)
    assert names(client.get(url("organization"))) == ["百合幼儿园党支部"]
    assert client.get(url("school")).context["cl"].result_count == 1
    assert client.get(url("organization", "change", bureau.mine.pk)).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("auditor", 404), ("secretary", 403), ("stranger", 403), ("reviewer", 200)],
)
def test_who_gets_in(client, bureau, who, status):
    client.force_login(getattr(bureau, who))
    for model in ("organization", "role", "headcount"):
        assert client.get(url(model)).status_code == status


def test_what_lies_outside_the_scope_is_not_there(client, bureau):
    client.force_login(bureau.reviewer)
    assert client.get(url("organization", "change", bureau.other.pk)).status_code == 404
    assert client.get(url("organization", "change", bureau.mine.pk)).status_code == 200
    role = bureau.other_secretary.roles.get()
    assert client.get(url("role", "change", role.pk)).status_code == 404


@pytest.mark.parametrize("who", ["leader", "reviewer"])
def test_who_only_reads_changes_nothing(client, bureau, who):
    client.force_login(getattr(bureau, who))
    typed = {"code": "X", "kind": "branch", "order": 1}
    assert client.post(url("organization", "change", bureau.mine.pk), typed).status_code == 403
    assert client.get(url("organization", "add")).status_code == 403
    for name in ("move", "rename", "schools", "merge", "close"):
        assert client.get(step(name, bureau.mine)).status_code == 403
    assert client.get(url("role", "add")).status_code == 403


@pytest.mark.parametrize("text", ["芙蓉", "frxx", "furong", "CLQ-03", "澄湖"])
def test_the_list_is_searched_as_people_type(officer, bureau, text):
    bureau.mine.former_names.create(name="澄湖小学党支部")
    Organization.objects.filter(pk=bureau.mine.pk).update(
        pinyin="furongxiaoxuedangzhibu frxxdzb", code="CLQ-03"
    )
    assert names(officer.get(url("organization"), {"q": text})) == ["芙蓉小学党支部"]


def test_filters_are_buttons_and_closed_ones_are_away(officer, bureau):
    Organization.objects.filter(pk=bureau.other.pk).update(closed_on=date(2026, 1, 1))
    page = officer.get(url("organization"), {"kind": "branch"})
    assert names(page) == ["芙蓉小学党支部"]
    html = page.content.decode()
    assert html.count("desk-filter") > 15
    assert names(officer.get(url("organization"), {"state": "closed"})) == ["荷花小学党支部"]
    kinds = {"school_kind": "primary", "state": "every"}
    assert names(officer.get(url("organization"), kinds)) == ["芙蓉小学党支部", "荷花小学党支部"]


def test_founding_by_the_form(officer, bureau):
    typed = {
        "name": "新区小学党支部",
        "short_name": "新区小学",
        "code": "N1",
        "kind": "branch",
        "order": "5",
        "parent": bureau.root.pk,
        "on": MAY,
        "basis": BASIS,
        "confirmed": "1",
    }
    answer = officer.post(url("organization", "add"), typed)
    assert answer.status_code == 302
    made = Organization.objects.get(code="N1")
    assert made.path == f"{bureau.root.path}{made.pk:07}"
    assert made.placements.get().basis == BASIS


def test_a_joint_branch_is_founded_with_its_schools(officer, bureau):
    """Behind its siblings, and of no kind that nobody has chosen."""
    page = officer.get(url("organization", "add")).content.decode()
    assert '<option value="" selected>请选择</option>' in page
    schools = SchoolFactory.create_batch(2)
    typed = {
        "name": "东屿联合党支部",
        "code": "N2",
        "kind": "joint_branch",
        "order": "",
        "parent": bureau.root.pk,
        "schools": [school.pk for school in schools],
        "on": MAY,
        "basis": BASIS,
    }
    told = officer.post(url("organization", "add"), typed).context["changes"]
    assert f"所在学校「{schools[0]}」还没有党组织。" in told
    typed["confirmed"] = "1"
    assert officer.post(url("organization", "add"), typed).status_code == 302
    made = Organization.objects.get(code="N2")
    assert set(made.schools.all()) == set(schools)
    assert made.order == 10 + max(
        Organization.objects.filter(parent=bureau.root)
        .exclude(pk=made.pk)
        .values_list("order", flat=True)
    )


def test_what_the_service_refuses_stands_above_the_form(officer, bureau):
    typed = {
        "name": "新区小学党支部",
        "code": "N1",
        "kind": "branch",
        "order": "5",
        "parent": bureau.mine.pk,
        "on": MAY,
        "basis": BASIS,
        "confirmed": "1",
    }
    page = officer.post(url("organization", "add"), typed)
    assert page.status_code == 200
    html = page.content.decode()
    assert "是党支部，不能设下级党组织" in html
    assert 'value="新区小学党支部"' in html
    assert not Organization.objects.filter(code="N1").exists()


def test_correcting_code_and_order(officer, bureau):
    typed = with_tables(
        {"code": "C-7", "kind": "branch", "order": "77"},
        *("placements", "former_names", "roles", "head_counts"),
    )
    assert officer.post(url("organization", "change", bureau.mine.pk), typed).status_code == 302
    bureau.mine.refresh_from_db()
    assert (bureau.mine.code, bureau.mine.order, bureau.mine.name) == ("C-7", 77, "芙蓉小学党支部")


def test_a_move_is_shown_before_it_is_done(officer, bureau):
    typed = {"parent": bureau.root.pk, "on": MAY, "basis": BASIS}
    preview = officer.post(step("move", bureau.mine), typed)
    assert preview.context["changes"] == [
        "「芙蓉小学党支部」原来隶属「澄岚教育集团党总支」。",
        "自 2026年5月1日 起改为隶属「中共澄岚区教育局委员会」。",
        "没有下级党组织，共 党员人数未填报。",
        "这一天以前的报表仍按原隶属关系统计。",
        "月报审核人由 reviewer 改为 officer。",
        "角色 3 个，都不变。",
    ]
    bureau.mine.refresh_from_db()
    assert bureau.mine.parent != bureau.root
    back = officer.post(step("move", bureau.mine), {**typed, "again": "1"})
    assert f'value="{BASIS}"' in back.content.decode()
    done = officer.post(step("move", bureau.mine), {**typed, "confirmed": "1"})
    assert done.url == url("organization", "change", bureau.mine.pk)
    bureau.mine.refresh_from_db()
    assert bureau.mine.parent == bureau.root


def test_closing_counts_what_ends(officer, bureau):
    HeadCount.objects.create(organization=bureau.mine, on=date(2026, 1, 1), full=30, probationary=4)
    typed = {"on": MAY, "basis": BASIS}
    preview = officer.post(step("close", bureau.mine), typed)
    assert preview.context["changes"] == [
        "「芙蓉小学党支部」自 2026年5月1日 起撤销，以后的任务和月报不再包括它。",
        "撤销时共 34 名党员，以前的记录、人数和月报全部保留。",
        "芙蓉小学将没有党组织，需要时请另行撤并或调整。",
        "角色 3 个（secretary（书记）、deputy（副书记）、clerk（党务干事）），将到前一天为止。",
    ]
    officer.post(step("close", bureau.mine), {**typed, "confirmed": "1"})
    bureau.mine.refresh_from_db()
    assert bureau.mine.closed_on == date(2026, 5, 1)


def test_steps_refuse_in_words(officer, bureau):
    above = bureau.mine.parent
    page = officer.post(step("close", above), {"on": MAY, "basis": BASIS})
    assert "还有 1 个下级党组织（芙蓉小学党支部），请先移走或撤销。" in page.content.decode()
    page = officer.post(step("close", bureau.mine), {"on": "2099-01-01", "basis": BASIS})
    assert "日期还没有到" in page.content.decode()
    assert page.context["changes"] == []


def test_merging_renaming_and_linking(officer, bureau):
    new = {"name": "澄湖小学党支部", "short_name": "澄湖小学", "on": MAY}
    new |= {"basis": BASIS, "confirmed": "1"}
    assert officer.post(step("rename", bureau.mine), new).status_code == 302
    assert bureau.mine.former_names.get().name == "芙蓉小学党支部"
    linked = {"schools": [school.pk for school in School.objects.all()], "on": MAY}
    preview = officer.post(step("schools", bureau.mine), linked)
    assert preview.context["changes"] == ["增加 1 所学校：荷花小学。"]
    into = {"into": bureau.mine.pk, "on": MAY, "basis": BASIS, "campus": "荷花校区"}
    into["school"] = "campus"
    preview = officer.post(step("merge", bureau.other), into)
    assert preview.context["changes"][1] == "荷花小学撤并，成为校区「荷花校区」。"
    assert officer.post(step("merge", bureau.other), {**into, "confirmed": "1"}).status_code == 302
    assert Campus.objects.get().school.name == "芙蓉小学"


def test_schools_campuses_groups_offices_are_written_by_services(officer, bureau):
    typed = {"code": "S9", "name": "新区小学", "kind": "primary", "ownership": "public", "order": 1}
    assert officer.post(url("school", "add"), typed).status_code == 302
    school = School.objects.get(code="S9")
    assert school.pinyin == "xinquxiaoxue xqxx"
    changed = with_tables({**typed, "name": "新城小学"}, "campuses", "organization_links")
    assert officer.post(url("school", "change", school.pk), changed).status_code == 302
    school.refresh_from_db()
    assert (school.name, school.pinyin) == ("新城小学", "xinchengxiaoxue xcxx")
    campus = {"school": school.pk, "name": "东校区"}
    assert officer.post(url("campus", "add"), campus).status_code == 302
    group = {"name": "城区", "order": 1, "schools": [school.pk]}
    assert officer.post(url("schoolgroup", "add"), group).status_code == 302
    assert [each.name for each in SchoolGroup.objects.get().schools.all()] == ["新城小学"]
    assert officer.post(url("office", "add"), {"name": "宣传科", "order": 2}).status_code == 302
    assert list(Office.objects.values_list("name", "grants_roles")) == [
        ("组织科", True),
        ("宣传科", False),
    ]
    page = officer.post(url("school", "add"), typed)
    assert "单位代码" in page.content.decode()
    assert School.objects.filter(code="S9").count() == 1


def test_an_officer_states_a_head_count(officer, bureau):
    typed = {"organization": bureau.mine.pk, "on": MAY, "full": "0", "staff": "88"}
    assert officer.post(url("headcount", "add"), typed).status_code == 302
    row = HeadCount.objects.get()
    assert (row.full, row.probationary, row.staff) == (0, None, 88)
    page = officer.post(url("headcount", "change", row.pk), {"full": "9"})
    assert page.status_code == 403


def test_a_role_is_granted_and_ended(officer, bureau):
    typed = {
        "user": bureau.stranger.pk,
        "organization": bureau.mine.pk,
        "kind": "clerk",
        "since": "2026-01-01",
        "confirmed": "1",
    }
    assert officer.post(url("role", "add"), typed).status_code == 302
    role = bureau.stranger.roles.get()
    assert role.granted_by == bureau.officer
    end = f"/admin/organizations/role/{role.pk}/end/"
    preview = officer.post(end, {"until": "2026-06-30"})
    assert preview.context["changes"] == [
        f"{bureau.stranger}的党务干事角色到 2026年6月30日 为止。",
        "「芙蓉小学党支部」当天另有 3 个角色。",
    ]
    officer.post(end, {"until": "2026-06-30", "confirmed": "1"})
    role.refresh_from_db()
    assert role.until == date(2026, 6, 30)


def test_nothing_is_deleted(officer, bureau):
    address = f"/admin/organizations/organization/{bureau.mine.pk}/delete/"
    assert officer.post(address, {"post": "yes"}).status_code == 403
    assert Organization.objects.filter(pk=bureau.mine.pk).exists()


@pytest.mark.parametrize("model", ["organization", "school", "role", "headcount", "schoolgroup"])
def test_lists_take_the_same_queries_for_1_and_3(officer, bureau, model, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def more(number):
        for index in range(number):
            school = SchoolFactory()
            row = OrganizationFactory(parent=bureau.root, school=school)
            RoleFactory(organization=row)
            HeadCount.objects.create(organization=row, on=date(2026, 1, 1), full=index)
            SchoolGroup.objects.create(name=f"组{row.pk}").schools.add(school)

    more(1)
    officer.get(url(model))
    with CaptureQueriesContext(connection) as few:
        officer.get(url(model))
    more(3)
    with django_assert_num_queries(len(few)):
        officer.get(url(model))


def test_the_list_goes_out_as_filtered_in_the_order_of_the_page(officer, bureau):
    content = officer.get("/admin/organizations/organization/export/csv/", {"kind": "branch"})
    lines = content.content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[1] for line in lines] == [
        "党组织全称",
        "芙蓉小学党支部",
        "荷花小学党支部",
    ]
    entry = AuditEntry.objects.get(verb="organizations.export")
    assert entry.after == {"rows": 2, "query": {"kind": "branch"}, "format": "csv"}
    book = officer.get("/admin/organizations/organization/export/xlsx/")
    sheet = load_workbook(BytesIO(book.content)).active
    names = [row[1].value for row in sheet.iter_rows(min_row=3)]
    assert names == [
        "党组织全称",
        "中共澄岚区教育局委员会",
        "澄岚教育集团党总支",
        "芙蓉小学党支部",
        "荷花小学党支部",
    ]
    for model in ("school", "role", "headcount"):
        assert officer.get(f"/admin/organizations/{model}/export/csv/").status_code == 200
    assert officer.get("/admin/organizations/organization/export/pdf/").status_code == 404


def test_an_export_stays_within_the_scope(client, bureau):
    client.force_login(bureau.reviewer)
    content = client.get("/admin/organizations/organization/export/csv/").content.decode()
    assert "荷花" not in content
    client.force_login(bureau.auditor)
    assert client.get("/admin/organizations/organization/export/csv/").status_code == 404


def test_lists_go_onto_paper_as_filtered_with_unit_and_day(bureau):
    client = Client()
    client.force_login(bureau.officer)
    asked = client.get("/admin/organizations/organization/print/?q=芙蓉").content.decode()
    assert "打印 1 行" in asked
    nobody = {"confirmed": "1"}
    told = client.post("/admin/organizations/organization/print/?q=查无此名", nobody)
    assert "没有符合条件的内容" in told.content.decode()
    client.post("/admin/organizations/organization/print/?q=芙蓉", {"confirmed": "1"})
    job = Job.objects.get(kind="common.print_list")
    section = admin.site.get_model_admin(Organization)
    html = list_html(section, bureau.officer, job.params["rows"], on=date(2026, 3, 2))
    assert ("芙蓉小学党支部" in html, "荷花小学党支部" in html) == (True, False)
    assert f"填报单位（盖章）：{bureau.root.name}" in html
    assert "截至2026年3月2日" in html
