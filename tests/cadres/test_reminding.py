"""Six months ahead: who is told, and the letter as an official document."""

from datetime import date, timedelta

import pytest
import time_machine

from cadres import due, services
from cadres.letters import reminder
from cadres.models import Term
from common.errors import DomainError, ForbiddenError
from notices.documents.parsing import read_text
from notices.documents.plain_text import to_text
from notifications.models import Due
from tests.cadres.posts import AT, TODAY, elect

NEAR = date(2023, 9, 1)
OVER = date(2022, 9, 1)


def told():
    rows = Due.objects.order_by("pk").values_list("recipient__username", "subject", "stage")
    return list(rows)


def test_the_secretary_and_the_office_are_told_once(bureau):
    elect(bureau.mine, NEAR)
    elect(bureau.other, date(2024, 9, 1))

    assert due.write_dues(at=AT) == 2
    assert due.write_dues(at=AT + timedelta(days=3)) == 0
    assert told() == [
        ("secretary", "任期将于2026年9月1日届满，请准备换届", "term"),
        ("officer", "任期将于2026年9月1日届满，请起草换届提醒函", "term"),
    ]


def test_nobody_is_told_before_or_after(bureau):
    elect(bureau.mine, NEAR)
    for day in (date(2026, 2, 27), date(2026, 9, 2)):
        due.write_dues(at=AT + (day - TODAY))

    assert told() == []


def test_a_reminder_that_waits_is_withdrawn_by_an_election(bureau):
    elect(bureau.mine, NEAR)
    due.write_dues(at=AT)
    rows = list(Due.objects.all())
    assert due.outdated(rows, AT) == set()

    elect(bureau.mine, TODAY)

    assert due.outdated(rows, AT) == {row.pk for row in rows}


def test_the_letter_is_a_letter_after_the_standard_without_a_number(bureau):
    elect(bureau.mine, NEAR)

    notice = services.draft_reminder(
        actor=bureau.officer, organization_ids=[bureau.mine.pk, bureau.root.pk], at=AT
    )

    assert (notice.title, notice.number, notice.form) == ("关于做好换届工作的提醒函", "", "letter")
    assert "将于2026年9月1日届满" in notice.source
    assert "芙蓉小学党支部" in notice.source
    assert list(notice.audience.organizations.all()) == [bureau.mine]
    term = Term.objects.get()
    assert (term.reminded_on, term.reminder) == (TODAY, notice)


def test_once_the_letter_is_drafted_the_office_is_not_told_any_more(bureau):
    elect(bureau.mine, NEAR)
    services.draft_reminder(actor=bureau.officer, organization_ids=[bureau.mine.pk], at=AT)

    due.write_dues(at=AT)

    assert [name for name, _subject, _stage in told()] == ["secretary"]


def test_a_letter_to_several_has_a_table(bureau):
    terms = [elect(bureau.mine, NEAR), elect(bureau.other, OVER)]

    document = reminder(terms, issuer="中共澄岚区教育局委员会", on=TODAY)

    assert read_text(to_text(document), form=document.form).document == document
    rows = document.annexes[0].blocks[0].rows
    assert rows[1:] == (
        ("1", "芙蓉小学党支部", "2023年9月1日", "2026年9月1日", "即将届满"),
        ("2", "荷花小学党支部", "2022年9月1日", "2025年9月1日", "已届满未换届"),
    )
    assert "即将届满或已经届满" in to_text(document)


def test_who_drafts_and_for_whom(bureau):
    elect(bureau.mine, date(2025, 9, 1))
    elect(bureau.other, NEAR)
    with pytest.raises(DomainError, match="没有半年内届满或已经届满的"):
        services.draft_reminder(actor=bureau.officer, organization_ids=[bureau.mine.pk], at=AT)
    with pytest.raises(DomainError, match="没有半年内届满或已经届满的"):
        services.draft_reminder(actor=bureau.reviewer, organization_ids=[bureau.other.pk], at=AT)
    with pytest.raises(ForbiddenError):
        services.draft_reminder(actor=bureau.leader, organization_ids=[bureau.other.pk], at=AT)


def test_the_secretary_reads_board_and_term_on_the_phone(bureau, client):
    elect(bureau.mine, NEAR)
    client.force_login(bureau.secretary)
    with time_machine.travel(AT, tick=False):
        page = client.get("/board/").content.decode()

    assert "即将届满，还有 183 天" in page
    assert "还没有登记班子成员" in page
    assert "您不用填" in page
