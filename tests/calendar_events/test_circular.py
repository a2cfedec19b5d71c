"""The circular that issues a calendar."""

from datetime import date

import pytest

from calendar_events.choices import EventState
from calendar_events.circular import annex_table, circular, draft_circular
from calendar_events.models import Event
from common.errors import DomainError, ForbiddenError
from notices.documents.parsing import read_text
from notices.documents.plain_text import to_text
from tests.calendar_events.builders import NOW, draft_calendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def calendar(bureau):
    made = draft_calendar(titles={"走访慰问": 1, "组织生活会": 1, "主题党日": 3})
    Event.objects.create(
        calendar=made, year=2026, title="春训冬训", first_month=1, last_month=2, position=3
    )
    return made


def test_the_annex_has_a_row_for_each_month_or_span(calendar):
    assert annex_table(calendar).rows == (
        ("时间", "内容"),
        ("1月", "1.走访慰问； 2.组织生活会。"),
        ("1—2月", "1.春训冬训。"),
        ("3月", "1.主题党日。"),
    )


def test_split_lines_stand_whole_and_cancelled_ones_not_at_all(bureau, calendar):
    whole = calendar.events.get(title="主题党日")
    Event.objects.create(
        calendar=calendar, year=2026, title="部分", first_month=3, last_month=3, split_from=whole
    )
    calendar.events.filter(title="走访慰问").update(state=EventState.CANCELLED)
    assert annex_table(calendar).rows[1:] == (
        ("1月", "1.组织生活会。"),
        ("1—2月", "1.春训冬训。"),
        ("3月", "1.主题党日。"),
    )


def test_lines_of_the_next_year_say_so(calendar):
    Event.objects.create(
        calendar=calendar, year=2027, title="述职", first_month=1, last_month=1, position=1
    )
    assert annex_table(calendar).rows[-1] == ("次年1月", "1.述职。")


def test_the_text_reads_back_as_the_same_document_but_for_the_missing_number(calendar):
    document = circular(calendar, on=date(2026, 3, 2))
    reading = read_text(to_text(document))
    assert reading.document == document
    assert [finding.problem for finding in reading.findings] == ["缺发文字号"]


def test_names_issuer_date_and_printing_office(calendar):
    document = circular(calendar, on=date(2026, 3, 2))
    assert document.head.mark == ("中共澄岚区教育局委员会文件",)
    assert document.parts[0].signature.issuers == ("中共澄岚区教育局委员会",)
    assert document.parts[0].signature.date == "2026年3月2日"
    assert document.imprint.printer == "澄岚区教育局办公室"


def test_officers_draft_it(bureau, calendar):
    notice = draft_circular(actor=bureau.officer, calendar=calendar, at=NOW)
    assert notice.title == "关于印发《2026年度党建工作行事历》的通知"
    for actor in (bureau.leader, bureau.secretary):
        with pytest.raises(ForbiddenError):
            draft_circular(actor=actor, calendar=calendar, at=NOW)


def test_without_a_committee_it_says_what_to_do(db):
    with pytest.raises(DomainError, match="还没有建立局党委"):
        circular(draft_calendar(titles={"主题党日": 3}), on=date(2026, 3, 2))
