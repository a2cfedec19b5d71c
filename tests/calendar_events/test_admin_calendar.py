"""From an empty year to a published calendar and its circular, through the pages."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calendar_events.choices import CalendarState, Handling
from calendar_events.models import Calendar, Event, Task
from common.models import Draft
from notices.models import Notice
from tests.calendar_events.builders import draft_calendar, published_event, task_of

pytestmark = pytest.mark.django_db

LINES = [(month, f"{month}月主题学习") for month in range(1, 13)]
TEXT = "2027年度党建工作行事历\n" + "".join(f"{m}月\n1. {title}；\n" for m, title in LINES)


@pytest.fixture
def officer(client, bureau):
    client.force_login(bureau.officer)
    return client


def address(name: str, pk=None) -> str:
    return reverse(f"admin:calendar_events_calendar_{name}", args=[pk] if pk else [])


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_opens_a_year(officer):
    page = officer.post(address("add"), {"year": "2027", "title": "行事历"}, follow=True)
    assert Calendar.objects.get().year == 2027
    assert said(page) == ["已新建行事历，点开后可以导入或逐条添加事项。"]

    again = officer.post(address("add"), {"year": "2027", "title": "行事历"}, follow=True)
    assert said(again) == ["2027 年的行事历已经有了，请打开它继续编辑。"]


def test_a_wrong_year_keeps_what_was_typed(officer):
    page = officer.post(address("add"), {"year": "二〇二七", "title": "行事历"})
    assert "「年度」应填 2000–2100 的整数，写的是“二〇二七”" in page.content.decode()
    assert 'value="行事历"' in page.content.decode()


def test_adds_a_line(officer):
    calendar = draft_calendar()
    officer.post(
        address("line", calendar.pk), {"title": "补充", "first_month": "5", "last_month": ""}
    )
    event = calendar.events.get()
    assert (event.title, event.first_month, event.last_month) == ("补充", 5, 5)


def test_imports_pasted_text_after_a_look(officer, bureau):
    calendar = draft_calendar(2027)
    answer = officer.post(address("import", calendar.pk), {"text": TEXT})
    assert answer.url == address("check", calendar.pk)
    assert Event.objects.count() == 0

    page = officer.get(answer.url).content.decode()
    assert "读出 12 个月、12 个事项，0 个问题" in page
    assert "新增 12 项" in page
    done = officer.post(answer.url, follow=True)
    assert said(done) == ["已导入：新增 12 项，改动 0 项，去掉 0 项，不变 0 项。"]
    assert list(calendar.events.values_list("first_month", "title")) == LINES
    assert Draft.objects.count() == 0


def test_the_same_text_again_changes_nothing(officer):
    calendar = draft_calendar(2027)
    for _ in range(2):
        officer.post(address("import", calendar.pk), {"text": TEXT})
        done = officer.post(address("check", calendar.pk), follow=True)
    assert said(done) == ["已导入：新增 0 项，改动 0 项，去掉 0 项，不变 12 项。"]
    assert Event.objects.count() == 12


def test_imports_a_file(officer):
    calendar = draft_calendar(2027)
    upload = SimpleUploadedFile("行事历.txt", TEXT.encode("gb18030"))
    officer.post(address("import", calendar.pk), {"file": upload})
    officer.post(address("check", calendar.pk))
    assert calendar.events.count() == 12


def test_problems_are_named_and_have_to_be_looked_at(officer):
    calendar = draft_calendar(2027)
    officer.post(address("import", calendar.pk), {"text": TEXT + "13月\n1. 不存在的月份\n"})
    page = officer.get(address("check", calendar.pk)).content.decode()
    assert "请核对" in page
    assert "13月" in page

    refused = officer.post(address("check", calendar.pk))
    assert "还没有勾选" in refused.content.decode()
    assert Event.objects.count() == 0
    officer.post(address("check", calendar.pk), {"looked": "on"})
    assert Event.objects.count() == 12


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "请粘贴文字，或选择文件。"),
        ({"text": "没有月份的一段话"}, "没有认出任何月份"),
        ({"text": TEXT, "file": ("a.txt", b"1")}, "只能选一样"),
        ({"file": ("a.docx", b"not a document")}, ""),
    ],
)
def test_what_is_no_calendar_is_refused(officer, data, message):
    calendar = draft_calendar(2027)
    if "file" in data:
        data = {**data, "file": SimpleUploadedFile(*data["file"])}
    page = officer.post(address("import", calendar.pk), data)
    assert page.status_code == 200
    assert message in page.content.decode()
    assert Draft.objects.count() == 0


def test_a_calendar_of_another_year_is_refused(officer):
    calendar = draft_calendar(2026)
    officer.post(address("import", calendar.pk), {"text": TEXT})
    page = officer.get(address("check", calendar.pk)).content.decode()
    assert "标题写的是 2027 年，要导入的是 2026 年" in page


def test_without_a_source_the_look_leads_back(officer):
    calendar = draft_calendar()
    answer = officer.get(address("check", calendar.pk))
    assert answer.url == address("import", calendar.pk)


def test_a_published_calendar_is_replaced_only_on_confirmation(officer, bureau):
    event = published_event("要去掉的", year=2027, month=5)
    task_of(bureau.mine, event)
    calendar = event.calendar
    officer.post(address("import", calendar.pk), {"text": TEXT})
    check = address("check", calendar.pk)
    assert "去掉：5月「要去掉的」" in officer.get(check).content.decode()

    assert "还没有勾选" in officer.post(check).content.decode()
    event.refresh_from_db()
    assert event.state == "published"
    officer.post(check, {"replaced": "on"})
    event.refresh_from_db()
    assert event.state == "cancelled"


@pytest.fixture
def sorting():
    return draft_calendar(2027, {"召开部署会": 3, "主题党日": 3, "好党课评选": 4})


def boxes(calendar, **handlings) -> dict[str, str]:
    return {
        f"handling_{event.pk}": handlings[event.title]
        for event in calendar.events.all()
        if event.title in handlings
    }


def test_sorting_shows_a_suggestion_with_its_reason_and_chooses_nothing(officer, sorting):
    page = officer.get(address("sort", sorting.pk)).content.decode()
    assert "由局党委或科室" in page
    assert "3 个事项，3 个未分类" in page
    assert "checked" not in page


def test_sorts_with_due_date_and_office(officer, bureau, sorting):
    line = sorting.events.get(title="主题党日")
    other = sorting.events.get(title="召开部署会")
    officer.post(
        address("sort", sorting.pk),
        {
            **boxes(sorting, 主题党日="school", 召开部署会="bureau"),
            f"due_{line.pk}": "2027-03-20",
            f"office_{line.pk}": str(bureau.office.pk),
            f"due_{other.pk}": "2027-03-31",
        },
    )
    line.refresh_from_db()
    other.refresh_from_db()
    assert (line.handling, line.due_on, line.office) == (
        "school",
        date(2027, 3, 20),
        bureau.office,
    )
    assert (other.handling, other.due_on) == ("bureau", None)
    assert sorting.events.get(title="好党课评选").handling == Handling.UNSORTED


def test_accepting_fills_only_what_was_left_open(officer, sorting):
    officer.post(address("accept", sorting.pk), boxes(sorting, 主题党日="inform"))
    assert dict(sorting.events.values_list("title", "handling")) == {
        "主题党日": "inform",
        "召开部署会": "bureau",
        "好党课评选": "optional",
    }


def test_a_forged_choice_is_refused(officer, sorting):
    page = officer.post(address("sort", sorting.pk), boxes(sorting, 主题党日="everybody"))
    assert "里没有“everybody”这一项" in page.content.decode()
    assert set(sorting.events.values_list("handling", flat=True)) == {Handling.UNSORTED}


def test_publishing_is_held_up_by_what_is_unsorted(officer, sorting):
    officer.post(address("sort", sorting.pk), boxes(sorting, 主题党日="school"))
    page = officer.get(address("publish", sorting.pk)).content.decode()
    assert "还不能发布：2 个事项没有分类" in page
    refused = officer.post(address("publish", sorting.pk)).content.decode()
    assert "还有 2 个事项没有分类：3月「召开部署会」、4月「好党课评选」。" in refused
    assert Task.objects.count() == 0


def test_publishes_after_showing_numbers(officer, sorting):
    officer.post(address("accept", sorting.pk), boxes(sorting))
    page = officer.get(address("publish", sorting.pk)).content.decode()
    numbers = re.findall(r"<strong>(\d+)</strong>", page)
    assert numbers[:3] == ["2", "4", "2"]

    done = officer.post(address("publish", sorting.pk), follow=True)
    assert said(done) == ["已发布 3 个事项，生成 4 个任务，涉及 2 个党组织。"]
    sorting.refresh_from_db()
    assert (sorting.state, Task.objects.count()) == (CalendarState.PUBLISHED, 4)

    again = officer.post(address("publish", sorting.pk), follow=True)
    assert said(again) == ["没有待发布的事项：行事历可能刚刚已由他人发布，请刷新页面。"]
    assert Task.objects.count() == 4


def test_the_year_shows_lines_by_month_with_progress(officer, bureau):
    whole = published_event("整行", month=3)
    task_of(bureau.mine, published_event("第一部分", month=3, split_from=whole))
    page = officer.get(address("change", whole.calendar_id)).content.decode()
    assert "3 月" in page
    assert "拆分为 1 个任务" in page
    assert "0/1" in page


def test_the_year_takes_as_many_queries_for_three_lines_as_for_one(officer, bureau):
    def queries(calendar) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert officer.get(address("change", calendar.pk)).status_code == 200
        return len(captured)

    one = draft_calendar(2027, {"一": 1})
    three = draft_calendar(2028, {"一": 1, "二": 2, "三": 3})
    queries(one)  # the first request of a session writes when it was last used
    assert queries(one) == queries(three)


def test_the_sorting_page_takes_as_many_queries_for_three_lines_as_for_one(officer):
    def queries(calendar) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert officer.get(address("sort", calendar.pk)).status_code == 200
        return len(captured)

    one = draft_calendar(2027, {"一": 1})
    three = draft_calendar(2028, {"一": 1, "二": 2, "三": 3})
    queries(one)  # the first request of a session writes when it was last used
    assert queries(one) == queries(three)


def test_drafts_the_circular_and_leads_to_it(officer, sorting):
    answer = officer.post(address("circular", sorting.pk))
    notice = Notice.objects.get()
    assert answer.url == reverse("admin:notices_notice_change", args=[notice.pk])
    assert notice.title == "关于印发《2027年度党建工作行事历》的通知"


def test_an_empty_calendar_has_no_circular(officer):
    calendar = draft_calendar()
    page = officer.post(address("circular", calendar.pk))
    assert "行事历还没有事项" in page.content.decode()
    assert Notice.objects.count() == 0
