"""The ledger of secretaries: its lines, its filters, its search, its file and its print."""

from datetime import date
from io import BytesIO

import pytest
import time_machine
from django.test import Client
from openpyxl import load_workbook

from cadres import services
from cadres.choices import Duty, Engagement, PostEnd, PostKind
from cadres.models import LedgerRow, Qualification
from cadres.pdf import ledger_html
from cadres.queries import ledger_lines
from organizations.choices import RoleKind
from organizations.models import HeadCount
from people.models import Standing
from tests.cadres.posts import AT, SINCE, TODAY, appoint, elect
from tests.factories import PersonFactory, RoleFactory

COLUMNS = [
    "序号",
    "党组织全称",
    "类别",
    "上级党组织",
    "学校类别",
    "党员数",
    "姓名",
    "性别",
    "出生年月",
    "学历",
    "职称",
    "任教学科",
    "入党时间",
    "党内职务",
    "行政职务",
    "一肩挑／分设",
    "专／兼职",
    "任现职时间",
    "届满时间",
    "换届状态",
    "副书记",
    "委员应／实",
    "年度学时",
    "电话",
    "备注",
]


@pytest.fixture
def ledger(bureau):
    """One organisation with everything, one of which nothing is known."""
    person = PersonFactory(
        name="解喆", pinyin="xiezhe xz", sex="male", born_on=date(1985, 7, 1),
        mobile="13900009999",
    )  # fmt: skip
    Standing.objects.create(
        person=person, organization=bureau.mine, kind="probationary", since=date(2006, 6, 1),
        until=date(2007, 6, 1), ended_as="confirmed",
    )  # fmt: skip
    bureau.mine.roles.filter(kind=RoleKind.SECRETARY).delete()
    bureau.other.roles.all().delete()
    appoint(
        bureau.mine, person, is_head=True, administrative_post="校长",
        engagement=Engagement.PART_TIME,
    )  # fmt: skip
    appoint(bureau.mine, PersonFactory(name="赵四"), kind=PostKind.DEPUTY)
    appoint(bureau.mine, PersonFactory(name="钱五"), kind=PostKind.MEMBER, duty=Duty.YOUTH)
    elect(bureau.mine, seats=5)
    Qualification.objects.create(person=person, kind="title", value="senior")
    HeadCount.objects.create(organization=bureau.mine, on=SINCE, full=18, probationary=1)
    return bureau


def line_of(organization):
    row = LedgerRow.objects.get(pk=organization.pk)
    return ledger_lines([row], TODAY, whole=True)[row.pk]


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def listed(client, query=""):
    with time_machine.travel(AT, tick=False):
        response = client.get(f"/admin/cadres/ledgerrow/{query}")
    return [row.name for row in response.context["cl"].result_list]


def test_a_line_holds_what_the_form_asks_for(ledger):
    line = line_of(ledger.mine)

    assert (line.name, line.since, line.due_label, line.state.label) == (
        "解喆", "2024.09", "2027.09", "任期内",
    )  # fmt: skip
    assert (line.union, line.engagement, line.administrative_post) == ("一肩挑", "兼职", "校长")
    assert (line.deputies, line.board.seats_label, line.members) == ("赵四", "5／3", 19)
    assert (line.joined_label, line.school_kinds, line.remark) == ("2006.06", "小学", "")


def test_vacant_and_not_entered_are_two_things(ledger):
    assert line_of(ledger.other).name == "未登记"
    post = ledger.mine.posts.get(kind=PostKind.SECRETARY)

    services.end_post(actor=None, post=post, on=TODAY, reason=PostEnd.MOVED, at=AT)

    line = line_of(ledger.mine)
    assert (line.name, line.post, line.remark) == ("空缺", "", "书记空缺")


def test_one_figure_alone_is_not_the_number_of_members(ledger):
    HeadCount.objects.filter(organization=ledger.mine).update(probationary=None)
    assert line_of(ledger.mine).members is None
    HeadCount.objects.filter(organization=ledger.mine).update(probationary=0)
    assert line_of(ledger.mine).members == 18


def test_the_role_of_the_portal_tells_who_leads_until_the_post_is_entered(ledger):
    RoleFactory(organization=ledger.other, kind=RoleKind.SECRETARY, user=ledger.other_secretary)

    line = line_of(ledger.other)
    assert (line.name, line.remark) == (ledger.other_secretary.name, "任职未登记")


def test_an_acting_head_stands_in_the_remarks(ledger):
    RoleFactory(
        organization=ledger.mine, kind=RoleKind.ACTING_HEAD, user=ledger.deputy,
        until=date(2026, 12, 1), basis="澄教委〔2026〕3号",
    )  # fmt: skip

    assert line_of(ledger.mine).remark == f"{ledger.deputy.name}主持工作"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?term=running", ["芙蓉小学党支部"]),
        ("?term=overdue", []),
        ("?secretary=held", ["芙蓉小学党支部"]),
        ("?engagement=part_time", ["芙蓉小学党支部"]),
        ("?engagement=full_time", []),
        ("?union=yes", ["芙蓉小学党支部"]),
        ("?union=no", []),
        ("?q=解喆", ["芙蓉小学党支部"]),
        ("?q=xiezhe", ["芙蓉小学党支部"]),
        ("?q=荷花", ["荷花小学党支部"]),
        ("?q=13900009999", ["芙蓉小学党支部"]),
    ],
)
def test_filters_and_search(ledger, query, found):
    assert listed(browser(ledger.officer), query) == found


def test_what_is_not_entered_and_what_is_vacant_are_filtered_apart(ledger):
    client = browser(ledger.officer)
    assert "荷花小学党支部" in listed(client, "?secretary=unknown")
    assert listed(client, "?secretary=vacant") == []
    post = ledger.mine.posts.get(kind=PostKind.SECRETARY)
    services.end_post(actor=None, post=post, on=TODAY, reason=PostEnd.MOVED, at=AT)

    assert listed(client, "?secretary=vacant") == ["芙蓉小学党支部"]


def test_a_reviewer_sees_the_subtree_alone(ledger):
    assert listed(browser(ledger.reviewer)) == ["澄岚教育集团党总支", "芙蓉小学党支部"]


def test_the_file_has_the_columns_of_the_form_in_their_order(ledger):
    with time_machine.travel(AT, tick=False):
        content = browser(ledger.officer).get("/admin/cadres/ledgerrow/export/xlsx/?q=芙蓉").content
    sheet = load_workbook(BytesIO(content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]

    assert rows[0][0] == "书记台账"
    assert rows[1][0] == "填报单位：中共澄岚区教育局委员会"
    assert "截至2026年3月2日" in rows[1]
    assert rows[2] == COLUMNS
    assert (rows[3][10], rows[3][12], rows[3][23]) == ("高级教师", "2006.06", "139****9999")
    assert rows[-1][0].startswith("填报单位（盖章）：")
    assert sheet.page_setup.orientation == "landscape"


def test_paper_shows_what_its_reader_may_see(ledger):
    ids = [ledger.mine.pk, ledger.other.pk]

    html = ledger_html(ledger.reviewer, ids, on=TODAY)
    assert "芙蓉小学党支部" in html
    assert "荷花小学党支部" not in html
    assert "截至2026年3月2日" in html
    assert "13900009999" not in html
    assert "填报单位" in html
    for reader, unit in (
        (ledger.reviewer, "澄岚教育集团党总支"),
        (ledger.officer, ledger.root.name),
    ):
        assert f"：{unit}" in ledger_html(reader, [ledger.mine.pk], on=TODAY)
