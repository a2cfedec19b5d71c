"""The bureau's pages: writing with a preview, assigning with numbers, reading and remarking."""

import pytest
import time_machine
from django.test import Client

from integrity import services
from integrity.models import Answer, Assignment, Edition, SelfCheck
from tests.attachments.samples import upload
from tests.common.test_grids import one_sheet
from tests.integrity.builders import (
    AT,
    SOURCE,
    answer_all,
    assigned,
    check_of,
    item,
    published,
)

ADD = "/admin/integrity/edition/add/"
WORDING = {"title": "清廉学校清单", "subject": "school", "name": "2026年版"}


@pytest.fixture(autouse=True)
def _stopped():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def officer(bureau) -> Client:
    client = Client()
    client.force_login(bureau.officer)
    return client


def test_a_sample_begins_a_checklist_and_is_previewed(officer):
    page = officer.get(f"{ADD}?sample=meeting-room").content.decode()
    assert "读出 2 个部分、7 项" in page


def test_looking_saves_nothing_and_saving_keeps_a_draft(officer):
    page = officer.post(ADD, {**WORDING, "source": SOURCE}).content.decode()
    assert "读出 3 个部分、5 项" in page
    assert not Edition.objects.exists()
    officer.post(ADD, {**WORDING, "source": SOURCE, "save": "1"})
    assert Edition.objects.get().state == "draft"


def test_broken_text_is_told_and_stays_in_its_box(officer):
    broken = "一、党建\n1. 甲\n分值：很多"
    page = officer.post(ADD, {**WORDING, "source": broken, "save": "1"}).content.decode()
    assert "要改好 1 处才能保存" in page
    assert "分值：很多" in page
    assert not Edition.objects.exists()


def test_a_table_goes_into_the_box_to_be_mended(officer):
    table = one_sheet(
        ("部分", "检查内容", "分值", "适用学校"),
        ("党建", "专题研究", 4, ""),
        ("", "会前沟通", 2, "小学"),
        ("法治", "", 1, ""),
        ("法治", "公开", "很多", ""),
    )
    sent = {**WORDING, "file": upload("清单.xlsx", table)}
    page = officer.post(ADD, sent).content.decode()
    assert "一、党建\n1. 专题研究\n分值：4\n2. 会前沟通\n分值：2\n适用：小学\n\n二、法治" in page
    assert "第 4 行「检查内容」没有填写，请补上。" in page
    assert "「分值」写的是“很多”" in page


def test_assigning_tells_whom_it_reaches_first(bureau, officer):
    edition = published(bureau)
    url = f"/admin/integrity/edition/{edition.pk}/assign/"
    sent = {"year": 2026, "due_on": "2026-03-31", "audience": "all"}
    page = officer.post(url, sent).content.decode()
    assert "将布置给 2 个单位，每个单位一份自查表。" in page
    assert not Assignment.objects.exists()
    officer.post(url, {**sent, "confirmed": "1"})
    assert SelfCheck.objects.count() == 2
    page = officer.post(url, {**sent, "confirmed": "1"}).content.decode()
    assert "这个范围里没有要布置的单位" in page


def test_progress_and_what_most_schools_lack(bureau, officer):
    assignment = assigned(bureau)
    row = answer_all(bureau, check_of(bureau.mine), 课程="partly")
    services.submit_self_check(actor=bureau.secretary, self_check=row, at=AT)
    page = officer.get(f"/admin/integrity/assignment/{assignment.pk}/change/").content.decode()
    assert "每班一节廉洁教育课" in page
    assert "1 家" in page


def test_answers_to_items_asked_no_longer_stay_readable(bureau, officer):
    assigned(bureau)
    row = answer_all(bureau, check_of(bureau.mine))
    asked = item("会前沟通")
    services.withdraw_item(actor=bureau.officer, item=asked, reason="上级已不查", at=AT)
    page = officer.get(f"/admin/integrity/selfcheck/{row.pk}/change/").content.decode()
    assert f'{asked.text} <span class="desk-muted">（不再要求，不计入）' in page


def test_the_number_of_those_missing_opens_just_these(bureau, officer):
    assignment = assigned(bureau)
    row = answer_all(bureau, check_of(bureau.mine))
    services.submit_self_check(actor=bureau.secretary, self_check=row, at=AT)
    services.return_self_check(actor=bureau.officer, self_check=row, comment="请补", at=AT)
    page = officer.get(f"/admin/integrity/assignment/{assignment.pk}/change/").content.decode()
    url = f"/admin/integrity/selfcheck/?assignment={assignment.pk}"
    assert f'href="{url}&amp;state__in=open,returned">2 份</a>' in page
    shown = officer.get(f"{url}&state__in=open,returned").content.decode()
    assert row.unit in shown
    assert check_of(bureau.other).unit in shown


def test_remarks_are_kept_and_what_is_sent_back_says_why(bureau, officer):
    assigned(bureau)
    row = answer_all(bureau, check_of(bureau.mine))
    services.submit_self_check(actor=bureau.secretary, self_check=row, at=AT)
    url = f"/admin/integrity/selfcheck/{row.pk}/change/"
    name = f"remark_{item('专题研究').pk}"
    seen = {"version": row.version}
    assert f'name="version" value="{row.version}"' in officer.get(url).content.decode()
    page = officer.post(url, {**seen, name: "请补", "return": "1"}).content.decode()
    assert "请写明要改什么。" in page
    officer.post(url, {**seen, name: "请补会议记录", "comment": "第一项", "return": "1"})
    row.refresh_from_db()
    assert (row.state, row.comment) == ("returned", "第一项")
    assert Answer.objects.get(item=item("专题研究")).remark == "请补会议记录"
    page = officer.post(url, {name: "再写"}, follow=True).content.decode()
    assert "不在已提交状态" in page


def test_the_list_stands_in_customary_order_the_newest_assignment_first(bureau, officer):
    edition = published(bureau)
    assigned(bureau, edition, year=2025, due_on=AT.date())
    assigned(bureau, edition)
    page = officer.get("/admin/integrity/selfcheck/").content.decode()
    assert page.index("2026年清廉学校清单自查</td>") < page.index("2025年清廉学校清单自查</td>")
