"""The school's pages: a part filled in, saved, handed in; the month that leads there."""

from datetime import UTC, date

import pytest
import time_machine
from django.test import Client

from activities.models import Record
from common.drafts import save as save_draft
from common.models import Draft
from integrity.models import Answer, Evidence, SelfCheck
from integrity.queries import add_offers, parts_of
from integrity.services import Given, fingerprint, save_answers, submit_self_check
from tests.attachments.samples import picture, upload
from tests.integrity.builders import AT, answer_all, assigned, check_of, item


@pytest.fixture(autouse=True)
def _stopped():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def mine(bureau):
    assigned(bureau)
    return check_of(bureau.mine)


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def section_url(row, number=0) -> str:
    return f"/checks/{row.pk}/sections/{parts_of(row)[number].section.pk}/"


def test_the_month_shows_what_is_left_and_how_long_it_takes(bureau, mine):
    page = browser(bureau.secretary).get("/month/").content.decode()
    assert "清廉学校清单自查" in page
    assert "还有 4 项，约 1 分钟" in page
    answer_all(bureau, mine)
    assert "都填好了，待提交" in browser(bureau.secretary).get("/month/").content.decode()


def test_a_part_is_saved_and_leads_to_the_next(bureau, mine):
    client, part = browser(bureau.clerk), parts_of(mine)[0]
    key = f"selfcheck:{bureau.clerk.pk}:{mine.pk}:{part.section.pk}"
    save_draft(owner=bureau.clerk, key=key, version=0, data={}, device="", at=AT)
    first, second = (line.item for line in part.lines)
    sent = {
        f"verdict_{first.pk}": "met",
        f"verdict_{second.pk}": "partly",
        f"reason_{second.pk}": "上学期缺一次",
        f"files_{second.pk}": upload("照片.jpg", picture(size=(8, 8))),
        "seen": fingerprint(part),
    }
    answer = client.post(section_url(mine), sent)
    assert answer["Location"] == f"{section_url(mine, 1)}?saved={part.section.pk}"
    assert not Draft.objects.exists()
    assert Answer.objects.get(item=second).evidence.get().label == "照片.jpg"
    assert f'data-autosave-clear="{key}"' in client.get(answer["Location"]).content.decode()


def test_what_is_wrong_stands_at_its_item_and_nothing_is_lost(bureau, mine):
    first, second = (line.item for line in parts_of(mine)[0].lines)
    sent = {f"verdict_{first.pk}": "not_met", f"verdict_{second.pk}": "met", "seen": "x"}
    page = browser(bureau.clerk).post(section_url(mine), sent).content.decode()
    assert "第 1 项选了“不符合”，请写一句说明" in page
    assert f'name="verdict_{second.pk}" value="met" checked' in page
    assert not Answer.objects.exists()


def test_somebody_else_was_first(bureau, mine):
    first = item("专题研究")
    sent = {f"verdict_{first.pk}": "met", "seen": "0123456789abcdef"}
    page = browser(bureau.clerk).post(section_url(mine), sent).content.decode()
    assert "这一部分刚刚被别人保存过，请重新打开这一页，核对后再保存。" in page
    assert f'<a href="{section_url(mine)}">重新打开这一页</a>' in page


def test_what_was_typed_before_stands_over_what_is_saved(bureau, mine):
    part = parts_of(mine)[0]
    pk = part.lines[0].item.pk
    save_draft(
        owner=bureau.clerk,
        key=f"selfcheck:{bureau.clerk.pk}:{mine.pk}:{part.section.pk}",
        version=0,
        data={f"verdict_{pk}": ["partly"], f"reason_{pk}": ["写到一半"]},
        device="",
        at=AT,
    )
    page = browser(bureau.clerk).get(section_url(mine)).content.decode()
    assert "写到一半" in page
    assert f'name="verdict_{pk}" value="partly" checked' in page


def test_a_part_that_does_not_apply_is_not_there(bureau, mine):
    assert browser(bureau.clerk).get(f"/checks/{mine.pk}/sections/999/").status_code == 404


def test_handing_in_says_what_is_missing_then_is_read_only(bureau, mine):
    client = browser(bureau.secretary)
    page = client.post(f"/checks/{mine.pk}/submit/", follow=True).content.decode()
    assert "还有没填的：「学校党建」2 项" in page
    answer_all(bureau, mine, 学校党建="partly")
    page = client.post(f"/checks/{mine.pk}/submit/", follow=True).content.decode()
    assert "2026年清廉学校清单自查已提交。" in page
    assert "还在完善" in page
    assert client.get(section_url(mine))["Location"] == f"/checks/{mine.pk}/"


def test_the_day_of_handing_in_is_the_one_here(bureau, mine):
    answer_all(bureau, mine)
    early = AT.replace(hour=6)
    submit_self_check(actor=bureau.secretary, self_check=mine, at=early)
    SelfCheck.objects.update(submitted_at=early.astimezone(UTC))
    page = browser(bureau.secretary).get(f"/checks/{mine.pk}/").content.decode()
    assert "已于 3月10日（周二）提交" in page


def test_a_clerk_is_told_who_hands_in(bureau, mine):
    answer_all(bureau, mine)
    page = browser(bureau.clerk).get(f"/checks/{mine.pk}/").content.decode()
    assert "都填好了，请书记或副书记打开这一页提交。" in page


def meeting(bureau, topic="研究廉政工作") -> Record:
    return Record.objects.create(
        organization=bureau.mine,
        kind="committee_meeting",
        held_on=date(2026, 3, 9),
        topic=topic,
        token=f"token-{topic}",
        created_by=bureau.secretary,
    )


def test_evidence_withdrawn_meanwhile_is_still_ticked_and_kept(bureau, mine):
    client, held, part = browser(bureau.clerk), meeting(bureau), parts_of(mine)[0]
    pk = part.lines[0].item.pk
    value = f"record:committee_meeting#{held.pk}"
    sent = {f"verdict_{pk}": "met", f"rows_{pk}": value, "seen": fingerprint(part)}
    client.post(section_url(mine), sent)
    Record.objects.update(withdrawn_at=AT)
    page = client.get(section_url(mine)).content.decode()
    assert f'name="rows_{pk}" value="{value}"' in page
    sent["seen"] = fingerprint(parts_of(mine)[0])
    assert client.post(section_url(mine), sent).status_code == 302
    assert Evidence.objects.get().label == "支委会 2026-03-09 研究廉政工作"


def test_each_source_offers_its_own_newest(bureau, mine):
    for number in range(3):
        meeting(bureau, f"第{number}次")
    line = parts_of(mine)[0].lines[0]
    line.item.sources = ["record:committee_meeting", "record:members_meeting"]
    Record.objects.filter(topic="第0次").update(kind="members_meeting")
    add_offers(mine, [line], most=1)
    assert [offer.source for offer in line.offered] == line.item.sources


@pytest.mark.parametrize("box", ["reason", "points", "rows", "files"])
def test_whatever_is_said_without_a_verdict_is_not_thrown_away(bureau, mine, box):
    part = parts_of(mine)[0]
    pk = part.lines[0].item.pk
    said = {
        "reason": "还在写",
        "points": "0",
        "rows": f"record:committee_meeting#{meeting(bureau).pk}",
        "files": upload("照片.jpg", picture(size=(8, 8))),
    }
    sent = {f"{box}_{pk}": said[box], "seen": fingerprint(part)}
    page = browser(bureau.clerk).post(section_url(mine), sent).content.decode()
    assert "第 1 项传了佐证或写了说明、自评分，请选择结论" in page


@pytest.mark.parametrize("overtaken", [True, False])
def test_a_draft_does_not_wipe_what_a_colleague_saved_meanwhile(bureau, mine, overtaken):
    part = parts_of(mine)[0]
    first, second = (line.item.pk for line in part.lines)
    before = fingerprint(part)
    given = {first: Given("partly", "同事写的")}
    save_answers(
        actor=bureau.secretary,
        self_check=mine,
        section_id=part.section.pk,
        given=given,
        seen=before,
        at=AT,
    )
    typed = {f"verdict_{first}": ["met"], f"reason_{first}": ["我写的"]}
    typed |= {f"reason_{second}": ["没有人填过"]}
    typed["_seen"] = [before if overtaken else fingerprint(parts_of(mine)[0])]
    key = f"selfcheck:{bureau.clerk.pk}:{mine.pk}:{part.section.pk}"
    save_draft(owner=bureau.clerk, key=key, version=0, data=typed, device="", at=AT)
    page = browser(bureau.clerk).get(section_url(mine)).content.decode()
    assert ("同事写的" in page) is overtaken
    assert ("我写的" in page) is not overtaken
    assert ("这一部分有人保存过" in page) is overtaken
    assert "没有人填过</textarea>" in page
