"""Changing a published event: what changes for whom, shown before it is done, and then exactly so."""

from datetime import date

import pytest
from django.urls import reverse

from calendar_events import services
from calendar_events.choices import EventState, Handling, TaskState
from calendar_events.models import Event, Figure, FigureValue, Task
from calendar_events.services import AudienceChoice, EventPlan, FigureAsked, Revision
from common.errors import ConflictError, DomainError, ForbiddenError
from common.models import AuditEntry
from notifications.models import Due, GroupText
from tests.calendar_events.builders import NOW, at, done, published_event, task_of

pytestmark = pytest.mark.django_db

DUE = date(2026, 3, 25)


@pytest.fixture
def event(bureau):
    return published_event()


def revision(event, **changes) -> Revision:
    plan = {"title": event.title, "demand": event.demand, "due_on": event.due_on}
    plan |= {name: changes.pop(name) for name in list(changes) if name in plan}
    months = {"first_month": event.first_month, "last_month": event.last_month}
    return Revision(EventPlan(**plan), **{**months, "handling": event.handling, **changes})


def revise(event, actor, *, when=NOW, dry_run=False, **changes):
    return services.revise_event(
        actor=actor,
        event=event,
        revision=revision(event, **changes),
        reason="会议改期",
        at=when,
        dry_run=dry_run,
    )


def only(*organizations) -> AudienceChoice:
    return AudienceChoice(kind="chosen", organizations=organizations)


def states(event) -> dict[str, str]:
    return dict(event.tasks.values_list("organization__name", "state"))


def test_a_dry_run_says_what_would_happen_and_does_nothing(bureau, event):
    task_of(bureau.mine, event)
    done(bureau.other, event, on=date(2026, 3, 9))
    effect = revise(event, bureau.officer, title="主题党日（新）", dry_run=True)
    assert [(each.label, each.old, each.new) for each in effect.changes] == [
        ("事项", "主题党日", "主题党日（新）")
    ]
    assert (effect.before.pending, effect.before.finished, effect.before.late) == (1, 1, 0)
    assert [task.organization for task in effect.told] == [bureau.mine]
    # The secretary alone is responsible.
    assert (effect.organizations, effect.people) == (1, 1)
    event.refresh_from_db()
    assert event.title == "主题党日"
    assert not AuditEntry.objects.exists()
    assert not Due.objects.exists()


def test_what_was_shown_is_what_is_done(bureau, event):
    task_of(bureau.mine, event)
    shown = revise(event, bureau.officer, title="新题", audience=only(bureau.other), dry_run=True)
    did = revise(event, bureau.officer, title="新题", audience=only(bureau.other))
    assert shown.digest == did.digest
    assert states(event) == {"芙蓉小学党支部": "cancelled", "荷花小学党支部": "open"}


def test_those_concerned_are_told_each_what_concerns_them(bureau, event):
    task_of(bureau.mine, event)
    effect = revise(event, bureau.officer, audience=only(bureau.other))
    subjects = {due.recipient: due.subject for due in Due.objects.all()}
    assert subjects == {
        bureau.secretary: "「主题党日」不再需要填报，原因：会议改期",
        bureau.other_secretary: "请办理「主题党日」，截止日期3月25日（周三），原因：会议改期",
    }
    assert (effect.organizations, effect.people, GroupText.objects.count()) == (2, 2, 2)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.after["reason"]) == ("calendar_events.revise_event", "会议改期")
    assert entry.after["what"] == {"范围": "指定的 1 个党组织"}


def test_whoever_finished_keeps_it_and_is_left_alone(bureau, event):
    done(bureau.mine, event, on=date(2026, 3, 9))
    effect = revise(event, bureau.officer, audience=only(bureau.other))
    assert (effect.kept, states(event)["芙蓉小学党支部"]) == (1, TaskState.DONE)
    assert not Due.objects.filter(recipient=bureau.secretary).exists()


def test_who_is_asked_again_gets_the_old_task_back(bureau, event):
    task = task_of(bureau.mine, event)
    revise(event, bureau.officer, audience=only(bureau.other))
    event.refresh_from_db()
    effect = revise(event, bureau.officer, audience=AudienceChoice(), when=at(2026, 3, 11))
    assert [each.pk for each in effect.given] == [task.pk]
    assert states(event) == {"芙蓉小学党支部": "open", "荷花小学党支部": "open"}


def test_nobody_gains_a_task_by_a_change_of_words(bureau, event):
    task_of(bureau.mine, event)
    assert revise(event, bureau.officer, demand="写清楚").given == ()
    assert Task.objects.count() == 1


def test_from_informing_to_doing_and_back(bureau):
    event = published_event(handling=Handling.INFORM)
    assert len(revise(event, bureau.officer, handling=Handling.SCHOOL).given) == 2
    event.refresh_from_db()
    effect = revise(event, bureau.officer, handling=Handling.INFORM, when=at(2026, 3, 11))
    assert (len(effect.withdrawn), set(states(event).values())) == (2, {"cancelled"})


def test_late_ones_are_counted_before_and_after(bureau):
    event = published_event(due_on=date(2026, 3, 5))
    task_of(bureau.mine, event)
    effect = revise(event, bureau.officer, due_on=DUE)
    assert (effect.before.late, effect.late_after, event.tasks.get().due_on) == (1, 0, DUE)


def test_an_extension_beyond_the_new_date_stays_and_is_not_told(bureau, event):
    task_of(bureau.mine, event, due_on=date(2026, 4, 10), extended_reason="病假")
    effect = revise(event, bureau.officer, due_on=date(2026, 3, 30))
    assert (effect.told, event.tasks.get().due_on) == ((), date(2026, 4, 10))


def test_moving_to_another_month_keeps_the_deadline_unless_left_empty(bureau, event):
    revise(event, bureau.officer, first_month=4, last_month=5, due_on=None)
    event.refresh_from_db()
    assert (event.first_month, event.last_month, event.due_on) == (4, 5, date(2026, 5, 29))


def test_figures_typed_but_not_handed_in_are_counted_before_they_go(bureau, event):
    figure = Figure.objects.create(event=event, name="人数", unit="人")
    task = task_of(bureau.mine, event, state=TaskState.RETURNED)
    FigureValue.objects.create(task=task, figure=figure, value=3)
    asked = [FigureAsked("人次", "次")]
    assert revise(event, bureau.officer, figures=asked, dry_run=True).cleared == 1
    assert FigureValue.objects.count() == 1
    revise(event, bureau.officer, figures=asked)
    assert [str(each) for each in event.figures.all()] == ["人次（次）"]


def test_figures_stay_once_a_school_has_answered(bureau, event):
    done(bureau.mine, event, on=date(2026, 3, 9))
    with pytest.raises(DomainError, match="已有 1 个党组织办结"):
        revise(event, bureau.officer, figures=[FigureAsked("人数", "人")])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "没有任何改动"),
        ({"due_on": date(2026, 3, 9)}, "已经过去"),
        ({"handling": "unsorted"}, "请在 局办"),
        ({"first_month": 5}, "截止月不能早于起始月"),
        ({"audience": AudienceChoice(kind="chosen")}, "请至少选择一个党组织"),
    ],
)
def test_refuses_what_cannot_be(bureau, event, changes, words):
    with pytest.raises(DomainError, match=words):
        revise(event, bureau.officer, **changes)


def test_nobody_gets_a_task_that_is_late_at_once(bureau):
    event = published_event(due_on=date(2026, 3, 5))
    with pytest.raises(DomainError, match="请同时调整截止日期"):
        revise(event, bureau.officer, audience=only(bureau.mine))


def test_a_split_one_is_changed_in_its_parts(bureau, event):
    published_event("上半场", split_from=event)
    with pytest.raises(DomainError, match="已拆分"):
        revise(event, bureau.officer, due_on=date(2026, 3, 30))


def test_drafts_cancelled_ones_and_stale_pages_are_refused(bureau, event):
    stale = Event.objects.get(pk=event.pk)
    revise(event, bureau.officer, title="先改的")
    with pytest.raises(ConflictError, match="刚刚被他人改动过"):
        revise(stale, bureau.officer, title="后改的")
    with pytest.raises(ConflictError):
        revise(published_event(state=EventState.DRAFT), bureau.officer, title="草稿")
    for actor in (bureau.leader, bureau.secretary):
        with pytest.raises(ForbiddenError):
            revise(event, actor, title="越权")


# The pages ---------------------------------------------------------------------------------------
def address(name, event):
    return reverse(f"admin:calendar_events_event_{name}", args=[event.pk])


def form_of(event, **changes) -> dict[str, str]:
    return {
        "title": event.title,
        "audience": "all",
        "first_month": "3",
        "last_month": "3",
        "handling": "school",
        "due_on": "2099-03-30",
        "reason": "会议改期",
        **changes,
    }


@pytest.fixture
def officer(client, bureau):
    client.force_login(bureau.officer)
    return client


def test_the_page_shows_first_and_does_it_once_that_was_seen(officer, bureau, event):
    task_of(bureau.mine, event)
    body = form_of(event, title="新题", demand="一\n二")
    shown = officer.post(address("revise", event), body)
    text = shown.content.decode()
    assert "1 个党组织</strong>：任务照办，收到变更提醒" in text
    assert "马上通知 1 个党组织的 1 人" in text
    event.refresh_from_db()
    assert event.title == "主题党日"

    sent = dict(shown.context["fields"])
    assert sent["demand"] == "一\n二"
    answer = officer.post(
        address("revise", event), {**sent, "seen": shown.context["effect"].digest}
    )
    assert answer.status_code == 302
    event.refresh_from_db()
    assert (event.title, event.demand) == ("新题", "一\n二")


def test_what_changed_since_it_was_shown_is_shown_again(officer, bureau, event):
    task_of(bureau.mine, event)
    shown = officer.post(address("cancel", event), {"reason": "合并"})
    seen = shown.context["effect"].digest
    task_of(bureau.other, event)
    again = officer.post(address("cancel", event), {"reason": "合并", "seen": seen})
    assert "情况刚刚有变化" in again.content.decode()
    event.refresh_from_db()
    assert event.state == EventState.PUBLISHED


def test_one_may_go_back_to_the_form_with_everything_typed(officer, event):
    shown = officer.post(address("revise", event), form_of(event, title="新题"))
    fields = {**dict(shown.context["fields"]), "seen": shown.context["effect"].digest}
    page = officer.post(address("revise", event), {**fields, "again": "1"})
    assert 'value="新题"' in page.content.decode()
    event.refresh_from_db()
    assert event.title == "主题党日"
