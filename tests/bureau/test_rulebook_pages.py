"""The rulebook on the desk, on the phone and on paper."""

from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from bureau.printing import rulebook_html
from bureau.rulebook_page import Wanted, groups
from common.jobs import execute
from common.models import AuditEntry, Job, JobState
from organizations.models import Tightening
from rulebook.model import Tightening as Demand
from rulebook.registry import RULES
from tests.personas import Bureau, build_bureau

pytestmark = pytest.mark.django_db
DESK, PHONE = "/admin/rulebook/", "/rules/"
ON = date(2026, 6, 1)


@pytest.fixture
def bureau() -> Bureau:
    return build_bureau()


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def asked(organization, value: str) -> Tightening:
    return Tightening.objects.create(
        organization=organization,
        rule="life.members_meeting",
        figure="per_quarter",
        value=value,
        since=date(2026, 1, 1),
        basis="澄教委〔2026〕3号",
    )


def shown(client: Client, address: str, **query: str) -> list[str]:
    found = client.get(address, query).context["groups"]
    return [row.rule.key for group in found for row in group.rows]


@pytest.mark.parametrize("address", [DESK, PHONE])
def test_every_rule_is_there_field_by_field(bureau, address):
    client = as_(bureau.officer if address == DESK else bureau.secretary)
    assert shown(client, address) == [rule.key for rule in RULES]


def test_editions_stand_side_by_side(bureau):
    page = as_(bureau.leader).get(DESK, {"q": "确定发展对象", "on": "2026-06-01"})
    text = page.content.decode()
    for words in (
        "有变动",
        "经过 1 年以上培养教育考察，上级党委同意。",
        "《中国共产党发展党员工作细则》（2026年5月版）第十三条",
        "2026年5月起（具体日期待核实）；来源：转引",
        "经过 1 年以上培养教育考察，报上级党委备案。",
        "《中国共产党发展党员工作细则》（2014年版）条款待核实",
    ):
        assert words in text


def test_the_text_is_that_of_the_day(bureau):
    client = as_(bureau.leader)
    for on, name in (("2020-06-01", "2014年版"), ("2026-05-01", "2026年5月版")):
        rows = client.get(DESK, {"q": "宣誓", "on": on}).context["groups"][0].rows
        assert [row.clause.edition.name for row in rows] == [name]
    old = client.get(DESK, {"field": "development", "on": "2010-01-01"}).content.decode()
    assert "这一天的规定没有收录" in old


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"field": "transfers"}, {"transfers"}),
        ({"force": "block"}, {"development"}),
        ({"force": "inform"}, {"setup", "terms"}),
        ({"q": "培训 学时"}, {"life", "development"}),
        ({"q": "国办函"}, {"burden"}),
        ({"field": "nothing", "force": "nothing", "q": "介绍信"}, {"transfers"}),
    ],
)
def test_it_is_narrowed_by_field_force_and_words(bureau, query, expected):
    found = shown(as_(bureau.officer), DESK, on="2026-06-01", **query)
    assert {key.partition(".")[0] for key in found} == expected


def test_what_is_to_be_confirmed_alone(bureau):
    found = shown(as_(bureau.officer), DESK, unconfirmed="1")
    assert "life.member_training" in found
    assert "setup.committee" not in found


def test_nothing_found_says_what_to_do(bureau):
    assert "没有符合条件的规定" in as_(bureau.officer).get(DESK, {"q": "查无此条"}).content.decode()
    page = as_(bureau.secretary).get(PHONE, {"q": "查无此条"}).content.decode()
    assert "没有符合条件的规定" in page


@pytest.mark.parametrize("typed", ["2026-13-01", "去年", "9999-01-01"])
def test_a_day_that_is_none_is_told(bureau, typed):
    page = as_(bureau.officer).get(DESK, {"on": typed}).content.decode()
    assert f"日期“{typed}”" in page


def test_a_school_sees_what_the_units_above_it_ask_for(bureau):
    asked(bureau.root, "3")
    asked(bureau.other, "5")
    page = as_(bureau.secretary).get(PHONE, {"q": "党员大会", "on": "2026-06-01"}).content.decode()
    assert "至少 3 次" in page
    assert "中共澄岚区教育局委员会，澄教委〔2026〕3号，2026年1月1日起" in page
    assert "至少 5 次" not in page


def test_the_desk_shows_those_of_its_scope_and_the_way_to_a_new_one(bureau):
    asked(bureau.root, "3")
    asked(bureau.other, "5")
    office = as_(bureau.officer).get(DESK, {"q": "党员大会", "on": "2026-06-01"}).content.decode()
    assert "至少 5 次" in office
    assert (
        "/admin/organizations/tightening/add/?demand=life.members_meeting%3Aper_quarter" in office
    )
    reviewer = (
        as_(bureau.reviewer).get(DESK, {"q": "党员大会", "on": "2026-06-01"}).content.decode()
    )
    assert "至少 3 次" in reviewer
    assert "至少 5 次" not in reviewer
    assert "tightening/add/" not in reviewer


def test_many_demands_are_cut_to_three(bureau):
    for value in range(2, 7):
        asked(bureau.root, str(value))
    page = as_(bureau.officer).get(DESK, {"q": "党员大会", "on": "2026-06-01"}).content.decode()
    assert "共 5 条，见“从严规定”" in page


def test_it_is_printed_as_filtered(bureau):
    asked(bureau.root, "3")
    client = as_(bureau.leader)
    answer = client.post(f"{DESK}print/?field=life&on=2026-06-01")
    job = Job.objects.get()
    assert answer.url == f"/jobs/{job.pk}/"
    assert AuditEntry.objects.filter(verb="bureau.print_rulebook").count() == 1
    execute(job_id=job.pk, at=timezone.now())
    job.refresh_from_db()
    assert (job.state, job.result_name) == (JobState.DONE, "规章库.pdf")
    assert (settings.MEDIA_ROOT / job.result_path).read_bytes().startswith(b"%PDF")


def test_the_paper_says_the_same_as_the_page(bureau):
    asked(bureau.root, "3")
    wanted = {"on": "2026-06-01", "field": "life", "force": "", "search": "", "unconfirmed": False}
    html = rulebook_html(bureau.leader, {"wanted": wanted})
    assert "每季度 至少 3 次（中共澄岚区教育局委员会，澄教委〔2026〕3号，2026年1月1日起）" in html
    assert "述职" not in html


def test_a_demand_for_what_the_book_has_no_longer_is_left_out():
    gone = [Demand("life.members_meeting", "gone", 3, "局", "文", ON)]
    rows = [row for group in groups(Wanted(ON), gone) for row in group.rows]
    assert [row.own for row in rows] == [()] * len(rows)
