"""Publishing and ad-hoc tasks: who gets what, at which price."""

import time
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calendar_events import services
from calendar_events.choices import Handling
from calendar_events.models import Calendar, Event, Task
from calendar_events.reach import members_of
from calendar_events.services import AudienceChoice, FigureAsked
from common.errors import ConflictError, DomainError
from common.models import AuditEntry, WorkdayOverride
from organizations.choices import AudienceKind, SchoolKind
from organizations.models import Organization, SchoolGroup
from tests.calendar_events.builders import NOW, at, draft_calendar, more_schools, race
from tests.factories import OrganizationFactory, SchoolFactory
from tests.personas import build_bureau

pytestmark = pytest.mark.django_db


def sorted_calendar(bureau, titles=None, handling=Handling.SCHOOL):
    calendar = draft_calendar(titles=titles or {"春训冬训": 4, "年度承诺": 5})
    calendar.events.update(handling=handling)
    return calendar


def publish(bureau, calendar, when=NOW):
    return services.publish_calendar(actor=bureau.officer, calendar=calendar, at=when)


def pairs():
    return set(Task.objects.values_list("event__title", "organization__name"))


def test_publishing_makes_one_task_for_each_reporting_organisation(bureau):
    calendar = sorted_calendar(bureau)

    plan = publish(bureau, calendar)

    assert (len(plan.events), plan.tasks, plan.organizations) == (2, 4, 2)
    assert pairs() == {
        ("春训冬训", "芙蓉小学党支部"),
        ("春训冬训", "荷花小学党支部"),
        ("年度承诺", "芙蓉小学党支部"),
        ("年度承诺", "荷花小学党支部"),
    }
    assert (calendar.state, calendar.published_at) == ("published", NOW)
    assert set(calendar.events.values_list("state", flat=True)) == {"published"}


def test_publishing_is_one_log_entry(bureau):
    calendar = sorted_calendar(bureau)
    publish(bureau, calendar)

    entry = AuditEntry.objects.get()
    assert entry.verb == "calendar_events.publish_calendar"
    assert entry.object_ids == list(calendar.events.values_list("pk", flat=True))
    assert entry.after == {"state": "published", "events": 2, "tasks": 4, "organizations": 2}


def test_due_is_by_default_the_last_workday_of_the_last_month(bureau):
    """30 April 2026 is a Thursday; 29 and 30 May a Friday and a Saturday, 31 a Sunday."""
    calendar = sorted_calendar(bureau)
    WorkdayOverride.objects.create(date=date(2026, 5, 29), is_workday=False)
    WorkdayOverride.objects.create(date=date(2026, 5, 30), is_workday=True)

    publish(bureau, calendar)

    assert set(Task.objects.values_list("event__title", "due_on")) == {
        ("春训冬训", date(2026, 4, 30)),
        ("年度承诺", date(2026, 5, 30)),
    }


def test_a_due_date_of_ones_own_stands(bureau):
    calendar = sorted_calendar(bureau, {"春训冬训": 4})
    calendar.events.update(due_on=date(2026, 4, 15))
    publish(bureau, calendar)
    assert set(Task.objects.values_list("due_on", flat=True)) == {date(2026, 4, 15)}


def test_refused_while_a_line_is_unsorted_naming_it(bureau):
    calendar = sorted_calendar(bureau)
    calendar.events.filter(title="年度承诺").update(handling=Handling.UNSORTED)

    with pytest.raises(DomainError) as caught:
        publish(bureau, calendar)

    assert caught.value.message == "还有 1 个事项没有分类：5月「年度承诺」。"
    assert Task.objects.count() == 0
    calendar.refresh_from_db()
    assert calendar.state == "draft"


@pytest.mark.parametrize(
    ("handling", "tasks"),
    [(Handling.SCHOOL, 2), (Handling.OPTIONAL, 2), (Handling.BUREAU, 0), (Handling.INFORM, 0)],
)
def test_only_school_and_optional_lines_make_tasks(bureau, handling, tasks):
    publish(bureau, sorted_calendar(bureau, {"春训冬训": 4}, handling))
    assert Task.objects.count() == tasks


def test_a_split_line_makes_the_tasks_of_its_parts(bureau):
    calendar = sorted_calendar(bureau, {"民主评议": 4})
    services.split_event(
        actor=bureau.officer, event=calendar.events.get(), titles=["一", "二"], at=NOW
    )
    plan = publish(bureau, calendar)
    assert {title for title, _ in pairs()} == {"一", "二"}
    assert (len(plan.events), plan.tasks) == (3, 4)


def test_an_unsorted_whole_does_not_stop_its_sorted_parts(bureau):
    calendar = draft_calendar(titles={"民主评议": 4})
    parts = services.split_event(
        actor=bureau.officer, event=calendar.events.get(), titles=["一", "二"], at=NOW
    )
    Event.objects.filter(pk__in=[part.pk for part in parts]).update(handling=Handling.SCHOOL)
    assert publish(bureau, calendar).tasks == 4


def test_publishing_twice_makes_nothing_more(bureau):
    calendar = sorted_calendar(bureau)
    publish(bureau, calendar)
    with pytest.raises(ConflictError, match="没有待发布的事项"):
        publish(bureau, calendar)
    assert Task.objects.count() == 4


def test_lines_added_after_publishing_are_published_by_themselves(bureau):
    calendar = sorted_calendar(bureau)
    publish(bureau, calendar)
    added = services.add_event(
        actor=bureau.officer, calendar=calendar, title="补充", first_month=6, last_month=6, at=NOW
    )
    services.sort_event(actor=bureau.officer, event=added, handling=Handling.SCHOOL, at=NOW)

    assert publish(bureau, calendar, at(2026, 4, 1)).tasks == 2
    assert Task.objects.count() == 6
    calendar.refresh_from_db()
    assert calendar.published_at == NOW


def test_the_preview_names_what_would_be_overdue_at_once(bureau):
    calendar = sorted_calendar(bureau, {"走访慰问": 1, "春训冬训": 4})
    plan = services.publication(calendar=calendar, at=NOW)
    assert [event.title for event in plan.past] == ["走访慰问"]
    assert Task.objects.count() == 0


def test_an_audience_without_anybody_is_named(bureau):
    calendar = sorted_calendar(bureau, {"春训冬训": 4})
    services.choose_audience(
        actor=bureau.officer,
        event=calendar.events.get(),
        choice=AudienceChoice(AudienceKind.KINDS, (SchoolKind.VOCATIONAL,)),
        at=NOW,
    )
    with pytest.raises(DomainError, match="范围内没有党组织：4月「春训冬训」"):
        publish(bureau, calendar)


@pytest.fixture
def wide(bureau):
    """A wide bureau: kinds, groups, a branch below a school's own, one closed, one joint."""
    vocational = SchoolFactory(kind=SchoolKind.VOCATIONAL)
    OrganizationFactory(parent=bureau.root, school=vocational, name="职校党总支")
    top = Organization.objects.get(name="职校党总支")
    OrganizationFactory(parent=top, school=vocational, name="职校一支部")
    OrganizationFactory(
        parent=bureau.root, school=SchoolFactory(), name="撤销的", closed_on=date(2026, 1, 1)
    )
    group = SchoolGroup.objects.create(name="集团")
    group.schools.add(vocational, bureau.mine.schools.get())
    return bureau, group, top


def test_set_based_reach_is_what_each_audience_says(wide):
    bureau, group, top = wide
    closed = Organization.objects.get(name="撤销的")
    choices = [
        None,
        AudienceChoice(),
        AudienceChoice(AudienceKind.KINDS, (SchoolKind.VOCATIONAL,)),
        AudienceChoice(AudienceKind.KINDS, (SchoolKind.PRIMARY, SchoolKind.VOCATIONAL)),
        AudienceChoice(AudienceKind.GROUPS, groups=(group,)),
        AudienceChoice(AudienceKind.CHOSEN, organizations=(bureau.other, closed, top)),
    ]
    calendar = draft_calendar(titles={f"事项{n}": 4 for n in range(len(choices))})
    events = list(calendar.events.order_by("position"))
    for event, choice in zip(events, choices, strict=True):
        if choice:
            services.choose_audience(actor=bureau.officer, event=event, choice=choice, at=NOW)

    on = NOW.date()
    reach = members_of(events, on=on)

    everyone = list(Organization.objects.open_on(on).reporting().values_list("pk", flat=True))
    said = {
        event.pk: list(event.audience.members(on=on).values_list("pk", flat=True))
        if event.audience
        else everyone
        for event in events
    }
    assert reach == said
    assert [len(reach[event.pk]) for event in events] == [3, 3, 1, 3, 2, 2]


def count_queries(act) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        act()
    return len(captured)


def test_publishing_takes_as_many_queries_for_one_line_as_for_three(bureau):
    one = sorted_calendar(bureau, {"事项": 4})
    more_schools(bureau.root, 4)
    three = draft_calendar(2027, {"一": 4, "二": 5, "三": 6})
    three.events.update(handling=Handling.SCHOOL)
    services.choose_audience(
        actor=bureau.officer,
        event=one.events.get(),
        choice=AudienceChoice(AudienceKind.CHOSEN, organizations=(bureau.mine,)),
        at=NOW,
    )
    for event in three.events.all():
        services.choose_audience(
            actor=bureau.officer,
            event=event,
            choice=AudienceChoice(AudienceKind.CHOSEN, organizations=(bureau.mine, bureau.other)),
            at=NOW,
        )
    first = count_queries(lambda: publish(bureau, one))
    second = count_queries(lambda: publish(bureau, three))
    assert first == second


def test_publishing_costs_at_most_four_times_a_bare_insert(bureau):
    """33 lines for 605 organisations."""
    schools = SchoolFactory.build_batch(603)
    type(schools[0]).objects.bulk_create(schools)
    rows = [
        Organization(code=f"X{n}", name=f"第{n}学校党支部", kind="branch", path=f"9{n:06}")
        for n in range(603)
    ]
    Organization.objects.bulk_create(rows)
    link = Organization.schools.through
    link.objects.bulk_create(
        link(organization=o, school=s) for o, s in zip(rows, schools, strict=True)
    )
    calendar = sorted_calendar(bureau, {f"事项{n}": n % 12 + 1 for n in range(33)})

    start = time.perf_counter()
    plan = publish(bureau, calendar)
    spent = time.perf_counter() - start

    assert plan.tasks == 33 * 605
    copies = [
        Task(event_id=task.event_id, organization_id=task.organization_id, due_on=task.due_on)
        for task in Task.objects.all()
    ]
    Task.objects.all().delete()
    start = time.perf_counter()
    Task.objects.bulk_create(copies)
    bare = time.perf_counter() - start
    assert spent <= 4 * bare, f"{spent:.2f} s against {bare:.2f} s"


def adhoc(bureau, **fields):
    values = {
        "actor": bureau.officer,
        "title": "报送防汛值班表",
        "demand": "含电话",
        "due_on": date(2026, 4, 2),
        "audience": AudienceChoice(),
        "figures": [FigureAsked("值班人数", "人")],
        "at": NOW,
    }
    return services.create_adhoc_task(**{**values, **fields})


def test_an_adhoc_task_is_handed_out_at_once(bureau):
    event = adhoc(bureau)

    assert pairs() == {
        ("报送防汛值班表", "芙蓉小学党支部"),
        ("报送防汛值班表", "荷花小学党支部"),
    }
    assert (event.calendar, event.first_month, event.last_month) == (None, 3, 4)
    assert [str(figure) for figure in event.figures.all()] == ["值班人数（人）"]
    assert AuditEntry.objects.get().after == {
        "due_on": "2026-04-02",
        "audience": "全部学校",
        "tasks": 2,
    }


def test_an_adhoc_task_over_the_turn_of_the_year(bureau):
    event = adhoc(bureau, due_on=date(2027, 1, 10), at=at(2026, 12, 20))
    assert (event.year, event.first_month, event.last_month) == (2027, 1, 1)


def test_an_adhoc_form_sent_twice_makes_one_task(bureau):
    adhoc(bureau)
    with pytest.raises(ConflictError, match="刚刚已经发布"):
        adhoc(bureau, at=NOW + timedelta(minutes=1))
    assert Event.objects.count() == 1

    adhoc(bureau, at=NOW + timedelta(minutes=11))
    assert Event.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"due_on": date(2026, 3, 9)}, "截止日期已经过去"),
        ({"due_on": date(2062, 3, 9)}, "2062 年，太远了"),
        ({"title": ""}, "请填写任务名称"),
        ({"audience": AudienceChoice(AudienceKind.KINDS, (SchoolKind.SENIOR,))}, "没有党组织"),
        ({"figures": [FigureAsked("", "人")]}, "请填写数据名称"),
    ],
)
def test_an_adhoc_task_that_cannot_be_leaves_nothing(bureau, fields, message):
    with pytest.raises(DomainError, match=message):
        adhoc(bureau, **fields)
    assert (Event.objects.count(), Task.objects.count()) == (0, 0)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_officers_publishing_at_once_make_each_task_once():
    bureau = build_bureau()
    calendar = sorted_calendar(bureau)

    def act():
        return publish(bureau, Calendar.objects.get(pk=calendar.pk))

    results = race([act, act])

    refused = [result for result in results if isinstance(result, ConflictError)]
    assert [error.message for error in refused] == [
        "没有待发布的事项：行事历可能刚刚已由他人发布，请刷新页面。"
    ]
    assert Task.objects.count() == 4
    assert AuditEntry.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_adhoc_form_pressed_twice_at_once_makes_one_task():
    bureau = build_bureau()
    results = race([lambda: adhoc(bureau), lambda: adhoc(bureau)])
    assert sum(isinstance(result, ConflictError) for result in results) == 1
    assert Event.objects.count() == 1
