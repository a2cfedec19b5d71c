"""Sorting, planning, splitting and the lines of a draft calendar."""

from datetime import date, timedelta

import pytest

from calendar_events import services
from calendar_events.choices import EventState, Handling
from calendar_events.models import Calendar, Event
from calendar_events.services import AudienceChoice, EventPlan, FigureAsked
from common.errors import ConflictError, DomainError, ForbiddenError
from common.models import AuditEntry
from organizations.choices import AudienceKind, SchoolKind
from tests.calendar_events.builders import NOW, draft_calendar, published_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def calendar(bureau):
    return draft_calendar(titles={"民主评议": 1, "春训冬训": 2})


@pytest.fixture
def line(calendar):
    return calendar.events.get(title="民主评议")


def test_opens_a_calendar_once_a_year(bureau):
    made = services.open_calendar(actor=bureau.officer, year=2026, title=" 行事历 ", at=NOW)

    assert (made.year, made.title, made.state) == (2026, "行事历", "draft")
    with pytest.raises(ConflictError, match="2026 年的行事历已经有了"):
        services.open_calendar(actor=bureau.officer, year=2026, title="又一份", at=NOW)
    assert Calendar.objects.count() == 1


@pytest.mark.parametrize("persona", ["leader", "reviewer", "secretary", "clerk", "auditor"])
def test_only_officers_plan(bureau, calendar, line, persona):
    actor = getattr(bureau, persona)

    with pytest.raises(ForbiddenError):
        services.sort_event(actor=actor, event=line, handling=Handling.SCHOOL, at=NOW)
    with pytest.raises(ForbiddenError):
        services.publish_calendar(actor=actor, calendar=calendar, at=NOW)
    with pytest.raises(ForbiddenError):
        services.open_calendar(actor=actor, year=2027, title="行事历", at=NOW)
    line.refresh_from_db()
    assert line.handling == Handling.UNSORTED


def test_sorts_one_line_and_says_so_in_the_log(bureau, line):
    services.sort_event(actor=bureau.officer, event=line, handling=Handling.OPTIONAL, at=NOW)

    line.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert line.handling == Handling.OPTIONAL
    assert (entry.verb, entry.before, entry.after) == (
        "calendar_events.sort_event",
        {"handling": "unsorted"},
        {"handling": "optional"},
    )


@pytest.mark.parametrize("handling", ["unsorted", "", "everybody"])
def test_refuses_a_handling_that_is_none(bureau, line, handling):
    with pytest.raises(DomainError, match="局办、校办、选报、知晓"):
        services.sort_event(actor=bureau.officer, event=line, handling=handling, at=NOW)


def test_sorts_many_lines_with_one_log_entry(bureau, calendar):
    first, second = calendar.events.all()
    handlings = {first.pk: Handling.SCHOOL, second.pk: Handling.BUREAU}

    assert (
        services.sort_events(actor=bureau.officer, calendar=calendar, handlings=handlings, at=NOW)
        == 2
    )
    assert (
        services.sort_events(actor=bureau.officer, calendar=calendar, handlings=handlings, at=NOW)
        == 0
    )

    assert dict(calendar.events.values_list("pk", "handling")) == handlings
    assert AuditEntry.objects.get().object_ids == [first.pk, second.pk]


def test_sorting_many_refuses_a_line_of_another_calendar(bureau, calendar):
    foreign = draft_calendar(2027, {"别的": 1}).events.get()

    with pytest.raises(ConflictError):
        services.sort_events(
            actor=bureau.officer,
            calendar=calendar,
            handlings={calendar.events.first().pk: Handling.SCHOOL, foreign.pk: Handling.SCHOOL},
            at=NOW,
        )
    assert set(Event.objects.values_list("handling", flat=True)) == {Handling.UNSORTED}


def test_plans_a_line(bureau, line):
    plan = EventPlan(
        title="民主评议党员", demand="请按期完成", due_on=date(2026, 1, 20), office=bureau.office
    )

    services.plan_event(actor=bureau.officer, event=line, plan=plan, at=NOW)

    line.refresh_from_db()
    assert (line.title, line.demand, line.due_on, line.office) == (
        "民主评议党员",
        "请按期完成",
        date(2026, 1, 20),
        bureau.office,
    )


def test_a_plan_made_from_an_old_page_is_refused(bureau, line):
    stale = Event.objects.get(pk=line.pk)
    services.plan_event(actor=bureau.officer, event=line, plan=EventPlan(title="新"), at=NOW)

    with pytest.raises(ConflictError):
        services.plan_event(
            actor=bureau.officer,
            event=stale,
            plan=EventPlan(title="旧"),
            at=NOW + timedelta(minutes=1),
        )
    line.refresh_from_db()
    assert line.title == "新"


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (EventPlan(title=" "), "请填写事项"),
        (EventPlan(title="长" * 201), "最多 200 字，现在是 201 字"),
        (EventPlan(title="好", demand="长" * 2001), "要求最多 2000 字"),
        (
            EventPlan(title="好", starts_on=date(2026, 2, 2), ends_on=date(2026, 2, 1)),
            "结束日期早于",
        ),
        (EventPlan(title="好", record_kind="nothing"), "记录类别不存在"),
    ],
)
def test_refuses_a_plan_that_cannot_be(bureau, line, plan, message):
    with pytest.raises(DomainError, match=message):
        services.plan_event(actor=bureau.officer, event=line, plan=plan, at=NOW)


def test_published_lines_keep_their_sorting_and_plan(bureau):
    event = published_event()

    for act in (
        lambda: services.sort_event(
            actor=bureau.officer, event=event, handling=Handling.BUREAU, at=NOW
        ),
        lambda: services.plan_event(
            actor=bureau.officer, event=event, plan=EventPlan(title="新"), at=NOW
        ),
        lambda: services.split_event(
            actor=bureau.officer, event=event, titles=["一", "二"], at=NOW
        ),
        lambda: services.remove_event(actor=bureau.officer, event=event, at=NOW),
    ):
        with pytest.raises(DomainError, match="已发布"):
            act()


def test_splits_a_line_that_still_prints_whole(bureau, calendar, line):
    services.choose_audience(
        actor=bureau.officer,
        event=line,
        choice=AudienceChoice(AudienceKind.KINDS, (SchoolKind.PRIMARY,)),
        at=NOW,
    )
    services.sort_event(actor=bureau.officer, event=line, handling=Handling.SCHOOL, at=NOW)

    parts = services.split_event(
        actor=bureau.officer, event=line, titles=["民主生活会", "组织生活会", " "], at=NOW
    )

    assert [part.title for part in parts] == ["民主生活会", "组织生活会"]
    assert {part.handling for part in parts} == {Handling.SCHOOL}
    assert [part.audience.school_kinds for part in parts] == [["primary"], ["primary"]]
    assert len({part.audience_id for part in parts} | {line.audience_id}) == 3
    assert [e.title for e in calendar.events.printed()] == ["民主评议", "春训冬训"]
    assert [e.title for e in calendar.events.working()] == ["民主生活会", "组织生活会", "春训冬训"]


def test_splitting_again_replaces_the_parts_and_joining_takes_them_away(bureau, calendar, line):
    services.split_event(actor=bureau.officer, event=line, titles=["一", "二"], at=NOW)
    services.split_event(actor=bureau.officer, event=line, titles=["三", "四", "五"], at=NOW)
    assert [part.title for part in line.parts.all()] == ["三", "四", "五"]

    services.join_event(actor=bureau.officer, event=line, at=NOW)
    assert list(calendar.events.working()) == list(calendar.events.printed())
    with pytest.raises(ConflictError):
        services.join_event(actor=bureau.officer, event=line, at=NOW)


@pytest.mark.parametrize(
    ("titles", "message"),
    [
        (["只有一个"], "写了 1 个"),
        ([str(n) for n in range(11)], "写了 11 个"),
        (["一样", "一样"], "“一样”重复"),
    ],
)
def test_refuses_a_split_that_cannot_be(bureau, line, titles, message):
    with pytest.raises(DomainError, match=message):
        services.split_event(actor=bureau.officer, event=line, titles=titles, at=NOW)


def test_a_part_is_not_split_again(bureau, line):
    part, _ = services.split_event(actor=bureau.officer, event=line, titles=["一", "二"], at=NOW)
    with pytest.raises(DomainError, match="从原事项重新拆分"):
        services.split_event(actor=bureau.officer, event=part, titles=["三", "四"], at=NOW)


def test_adds_and_removes_a_line(bureau, calendar):
    event = services.add_event(
        actor=bureau.officer, calendar=calendar, title="补充", first_month=1, last_month=2, at=NOW
    )
    assert event.position == 2

    services.choose_audience(
        actor=bureau.officer,
        event=event,
        choice=AudienceChoice(AudienceKind.CHOSEN, organizations=(bureau.mine,)),
        at=NOW,
    )
    services.split_event(actor=bureau.officer, event=event, titles=["一", "二"], at=NOW)
    services.remove_event(actor=bureau.officer, event=event, at=NOW)
    assert [e.title for e in calendar.events.all()] == ["民主评议", "春训冬训"]


def test_a_line_stands_once_in_its_month(bureau, calendar):
    def add(title: str = "补充", month: int = 1):
        return services.add_event(
            actor=bureau.officer,
            calendar=calendar,
            title=title,
            first_month=month,
            last_month=2,
            at=NOW,
        )

    first = add()
    with pytest.raises(DomainError, match="1月已有「补充」，没有重复添加"):
        add("补 充")
    add(month=2)
    add("补充（二）")
    Event.objects.filter(pk=first.pk).update(state=EventState.CANCELLED)
    add()
    assert calendar.events.filter(title="补充").count() == 3


@pytest.mark.parametrize(("first", "last"), [(0, 1), (1, 13), (3, 2)])
def test_refuses_months_that_cannot_be(bureau, calendar, first, last):
    with pytest.raises(DomainError, match="1–12"):
        services.add_event(
            actor=bureau.officer,
            calendar=calendar,
            title="补充",
            first_month=first,
            last_month=last,
            at=NOW,
        )


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (AudienceChoice(AudienceKind.KINDS), "至少选择一个学校类别"),
        (AudienceChoice(AudienceKind.GROUPS), "至少选择一个学校分组"),
        (AudienceChoice(AudienceKind.CHOSEN), "至少选择一个党组织"),
        (AudienceChoice("nobody"), "请选择任务范围"),
        (AudienceChoice(AudienceKind.KINDS, ("university",)), "学校类别不存在"),
    ],
)
def test_refuses_an_audience_of_nobody(bureau, line, choice, message):
    with pytest.raises(DomainError, match=message):
        services.choose_audience(actor=bureau.officer, event=line, choice=choice, at=NOW)
    line.refresh_from_db()
    assert line.audience is None


def test_asks_up_to_eight_figures(bureau, line):
    eight = [FigureAsked(f"数据{n}", "人") for n in range(8)]
    services.ask_figures(actor=bureau.officer, event=line, figures=eight, at=NOW)
    services.ask_figures(
        actor=bureau.officer, event=line, figures=[FigureAsked(" 参加人数 ", "人")], at=NOW
    )
    assert [str(figure) for figure in line.figures.all()] == ["参加人数（人）"]

    with pytest.raises(DomainError, match="最多要 8 个数据，现在是 9 个"):
        services.ask_figures(
            actor=bureau.officer, event=line, figures=[*eight, FigureAsked("多", "人")], at=NOW
        )
    with pytest.raises(DomainError, match="“同名”写了两次"):
        services.ask_figures(
            actor=bureau.officer,
            event=line,
            figures=[FigureAsked("同名", "人"), FigureAsked("同名", "次")],
            at=NOW,
        )


def test_figures_of_a_published_event_are_not_changed_in_silence(bureau):
    event = published_event()

    with pytest.raises(DomainError, match="请在事项页面上点“修改”"):
        services.ask_figures(
            actor=bureau.officer, event=event, figures=[FigureAsked("人数", "人")], at=NOW
        )
