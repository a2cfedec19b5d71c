"""The pages of one event, of one task and of the tables of days."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from calendar_events.choices import EventState, TaskState
from calendar_events.models import Event, Figure, FigureValue, Task, Vacation
from common.models import WorkdayOverride
from notifications.models import Due
from organizations.models import FormerName, SchoolGroup
from tests.calendar_events.builders import (
    draft_calendar,
    more_schools,
    published_event,
    record_of,
    task_of,
)
from tests.factories import SchoolFactory

pytestmark = pytest.mark.django_db

SOON = timezone.localdate() + timedelta(days=20)
LATER = timezone.localdate() + timedelta(days=40)


@pytest.fixture
def officer(client, bureau):
    client.force_login(bureau.officer)
    return client


@pytest.fixture
def line(bureau):
    return draft_calendar(titles={"主题党日": 3}).events.get()


@pytest.fixture
def event(bureau):
    return published_event(due_on=SOON)


def address(name: str, pk=None, model: str = "event") -> str:
    return reverse(f"admin:calendar_events_{model}_{name}", args=[pk] if pk else [])


def said(response) -> str:
    """The newest message: those of posts that weren't followed still wait before it."""
    return [str(message) for message in response.context["messages"]][-1]


def words(response) -> str:
    return response.content.decode()


def plan(**fields) -> dict[str, str]:
    return {"title": "主题党日", "audience": "all", **fields}


def test_plans_a_line_with_audience_and_figures(officer, bureau, line):
    officer.post(
        address("plan", line.pk),
        plan(
            demand="请按期完成",
            due_on="2026-03-20",
            office=str(bureau.office.pk),
            audience="kinds",
            school_kinds=["primary", "junior"],
            figure_1="参加人数",
            unit_1="人",
        ),
    )
    line.refresh_from_db()
    assert (line.demand, line.due_on, line.office) == (
        "请按期完成",
        date(2026, 3, 20),
        bureau.office,
    )
    assert (line.audience.kind, line.audience.school_kinds) == ("kinds", ["primary", "junior"])
    assert [str(figure) for figure in line.figures.all()] == ["参加人数（人）"]


def test_what_is_refused_keeps_everything_typed(officer, line):
    page = officer.post(
        address("plan", line.pk),
        plan(demand="写了很多", audience="kinds", figure_1="人数", unit_1="人"),
    )
    assert "请至少选择一个学校类别" in words(page)
    assert "写了很多" in words(page)
    assert 'value="人数"' in words(page)
    line.refresh_from_db()
    assert (line.demand, line.figures.count()) == ("", 0)


def test_a_group_is_chosen(officer, bureau, line):
    group = SchoolGroup.objects.create(name="集团")
    officer.post(address("plan", line.pk), plan(audience="groups", groups=[str(group.pk)]))
    line.refresh_from_db()
    assert list(line.audience.groups.all()) == [group]


def test_organisations_are_pasted_by_name_former_name_school_and_code(officer, bureau, line):
    FormerName.objects.create(organization=bureau.other, name="旧荷花支部")
    typed = f"{bureau.mine.code}\r\n旧荷花支部、芙蓉小学党支部，芙蓉小学"
    officer.post(address("plan", line.pk), plan(audience="chosen", organizations=typed))
    line.refresh_from_db()
    assert set(line.audience.organizations.all()) == {bureau.mine, bureau.other}


def test_doubtful_names_are_named_and_never_guessed(officer, bureau, line):
    SchoolFactory(name="荷花小学").organizations.add(bureau.mine)
    typed = "芙蓉学校\n没有的支部\n荷花小学"
    page = officer.post(address("plan", line.pk), plan(audience="chosen", organizations=typed))
    assert "“芙蓉学校”没有找到这个党组织；相近的有：芙蓉小学党支部" in words(page)
    assert "“荷花小学”对应 2 个党组织：" in words(page)
    assert "“没有的支部”没有找到这个党组织" in words(page)
    line.refresh_from_db()
    assert line.audience is None


def test_splits_joins_and_removes(officer, line):
    officer.post(address("split", line.pk), {"titles": "第一件\r\n\r\n第二件"})
    assert [part.title for part in line.parts.all()] == ["第一件", "第二件"]
    assert "拆分出的 2 个任务将删除" in words(officer.get(address("join", line.pk)))
    officer.post(address("join", line.pk))
    assert line.parts.count() == 0

    again = officer.post(address("join", line.pk), follow=True)
    assert said(again) == "该事项刚刚被他人改动过，本次操作没有生效。请刷新页面，核对后再操作。"
    assert "从行事历中删除这一项。" in words(officer.get(address("remove", line.pk)))
    officer.post(address("remove", line.pk))
    assert Event.objects.count() == 0
    assert officer.post(address("remove", line.pk)).status_code == 404


def confirmed(officer, name: str, event, **sent: str):
    """Send a form, look at what it would do, and press the button of that page."""
    shown = officer.post(address(name, event.pk), sent)
    seen = shown.context["effect"].digest
    return words(shown), officer.post(address(name, event.pk), {**sent, "seen": seen}, follow=True)


def test_moves_a_deadline_after_showing_whom_it_reaches(officer, bureau, event):
    task = task_of(bureau.mine, event)
    task_of(bureau.other, event, state=TaskState.DONE, completed_on=timezone.localdate())
    refused = officer.post(address("deadline", event.pk), {"due_on": str(LATER), "reason": ""})
    assert "「原因」还没有填" in words(refused)

    page, done = confirmed(officer, "deadline", event, due_on=str(LATER), reason="顺延")
    assert "1 个党组织</strong>：任务照办，收到变更提醒" in page
    assert "1 个已办结的不受影响，不打扰" in page
    assert "芙蓉小学党支部" in page
    assert said(done).startswith("已调整截止日期，通知了 1 个党组织")
    task.refresh_from_db()
    assert (task.due_on, Due.objects.count()) == (LATER, 1)

    twice = officer.post(address("deadline", event.pk), {"due_on": str(LATER), "reason": "顺延"})
    assert "没有任何改动" in words(twice)
    assert Due.objects.count() == 1


def test_cancels_after_showing_what_goes(officer, bureau, event):
    task_of(bureau.mine, event)
    page, _ = confirmed(officer, "cancel", event, reason="统一安排")
    assert "1 个党组织</strong>：任务取消，不再填报" in page
    event.refresh_from_db()
    assert (event.state, Task.objects.get().state) == (EventState.CANCELLED, TaskState.CANCELLED)
    again = officer.post(address("cancel", event.pk), {"reason": "再次"}, follow=True)
    assert said(again) == "「主题党日」目前是“已取消”，不能这样操作。"


def test_the_event_page_shows_progress_and_sums(officer, bureau, event):
    figure = Figure.objects.create(event=event, name="参加人数", unit="人")
    for school, value in ((bureau.mine, 12), (bureau.other, 0)):
        task = task_of(school, event, state=TaskState.DONE, completed_on=timezone.localdate())
        FigureValue.objects.create(task=task, figure=figure, value=value)
    page = words(officer.get(address("change", event.pk)))
    assert "12 人" in page
    assert "2 个" in page


def adhoc(**fields) -> dict[str, str]:
    return {
        "title": "报送防汛值班表",
        "demand": "含电话",
        "due_on": str(SOON),
        "audience": "all",
        "figure_1": "值班人数",
        "unit_1": "人",
        **fields,
    }


def test_an_adhoc_task_is_one_form(officer):
    done = officer.post(address("add"), adhoc(), follow=True)
    assert said(done) == "已发布「报送防汛值班表」，生成 2 个任务。"
    assert Task.objects.count() == 2

    again = officer.post(address("add"), adhoc(), follow=True)
    assert said(again).startswith("「报送防汛值班表」刚刚已经发布")
    assert Task.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": ""}, "「任务名称」还没有填"),
        ({"title": "长" * 201}, "「任务名称」最多 200 字，写了 201 字"),
        ({"due_on": "2026.13.1"}, "「截止日期」应是 2026-03-25 这样的日期，写的是“2026.13.1”"),
        ({"due_on": "2020-01-01"}, "截止日期已经过去"),
        ({"unit_1": ""}, "请填写“值班人数”的单位。"),
        ({"audience": "nobody"}, "「范围」里没有“nobody”这一项"),
    ],
)
def test_an_adhoc_form_says_what_is_wrong(officer, fields, message):
    page = officer.post(address("add"), adhoc(**fields))
    assert message in words(page)
    assert Event.objects.count() == 0


def test_emoji_and_rare_characters_are_kept(officer):
    title = "𪣻桥㙟头“微心愿”🎉活动"
    officer.post(address("add"), adhoc(title=title))
    assert Event.objects.get().title == title


def test_the_lists_take_as_many_queries_for_three_rows_as_for_one(officer, bureau):
    def queries() -> tuple[int, int]:
        counts = []
        for model in ("event", "task"):
            with CaptureQueriesContext(connection) as captured:
                assert officer.get(address("changelist", model=model)).status_code == 200
            counts.append(len(captured))
        return counts[0], counts[1]

    task_of(bureau.mine, published_event("一"))
    queries()
    first = queries()
    for school in more_schools(bureau.root, 2):
        task_of(school, published_event(school.name))
    assert queries() == first


def test_the_task_list_is_searched_and_filtered(officer, bureau, event):
    task_of(bureau.mine, event)
    task_of(bureau.other, published_event("旧事", due_on=date(2026, 1, 5), month=1))

    def shown(query: str) -> tuple[bool, bool]:
        page = words(officer.get(f"{address('changelist', model='task')}?{query}"))
        return "芙蓉小学党支部" in page, "荷花小学党支部" in page

    assert shown("") == (True, True)
    assert shown("q=芙蓉") == (True, False)
    assert shown("late=1") == (False, True)
    assert shown(f"event__id__exact={event.pk}") == (True, False)


@pytest.fixture
def finished(bureau, event):
    record = record_of(bureau.mine, bureau.secretary, entitled=18, present=17)
    return task_of(
        bureau.mine,
        event,
        state=TaskState.DONE,
        completed_on=timezone.localdate(),
        completed_by=bureau.secretary,
        record=record,
    )


def test_the_task_page_shows_what_was_filed(officer, finished):
    page = words(officer.get(address("change", finished.pk, "task")))
    assert "学习活动" in page
    assert "应到 18、实到 17" in page


@pytest.mark.parametrize("who", ["officer", "reviewer"])
def test_returns_a_task(client, bureau, finished, who):
    client.force_login(getattr(bureau, who))
    empty = client.post(address("return", finished.pk, "task"), {"comment": " "})
    assert "「退回意见」还没有填" in words(empty)
    client.post(address("return", finished.pk, "task"), {"comment": "请核人数"})
    finished.refresh_from_db()
    assert (finished.state, finished.comment) == (TaskState.RETURNED, "请核人数")
    again = client.post(address("return", finished.pk, "task"), {"comment": "再退"}, follow=True)
    assert said(again).startswith("该任务刚刚被他人处理过")


def test_extends_and_reopens(officer, bureau, event, finished):
    officer.post(address("reopen", finished.pk, "task"))
    finished.refresh_from_db()
    assert finished.state == TaskState.OPEN
    officer.post(
        address("extend", finished.pk, "task"), {"due_on": str(LATER), "reason": "书记生病"}
    )
    finished.refresh_from_db()
    assert (finished.due_on, finished.extended_reason) == (LATER, "书记生病")


def test_enters_and_corrects_holidays(officer):
    days = {"year": "2027", "kind": "winter", "first_day": "2027-01-25", "last_day": "2027-02-20"}
    officer.post(address("add", model="vacation"), days)
    made = Vacation.objects.get()
    officer.post(address("change", made.pk, "vacation"), {**days, "last_day": "2027-02-22"})
    made.refresh_from_db()
    assert made.last_day == date(2027, 2, 22)
    wrong = officer.post(address("change", made.pk, "vacation"), {**days, "last_day": "2027-01-01"})
    assert "末日早于首日" in words(wrong)


def test_enters_corrects_and_clears_a_workday(officer):
    add = reverse("admin:common_workdayoverride_add")
    officer.post(add, {"date": "2027-02-06", "is_workday": "1", "name": "春节调休"})
    made = WorkdayOverride.objects.get()
    assert (made.is_workday, made.name) == (True, "春节调休")

    officer.post(add, {"date": "2027-02-06", "is_workday": "0", "name": ""})
    made.refresh_from_db()
    assert made.is_workday is False
    officer.post(reverse("admin:common_workdayoverride_clear", args=[made.pk]))
    assert WorkdayOverride.objects.count() == 0
