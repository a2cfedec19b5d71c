"""A read calendar into the database: the same file changes nothing, published needs replace."""

from datetime import date

import pytest

from calendar_events import services
from calendar_events.choices import CalendarState, EventState, Handling, TaskState
from calendar_events.imports import counts, import_calendar, read_pasted
from calendar_events.models import Calendar, Event, Vacation
from common.errors import DomainError, ForbiddenError
from common.models import AuditEntry
from notifications.models import Due
from organizations.models import Office
from tests.calendar_events.builders import at
from tests.calendar_events.reading import all_pairs, tabbed
from tests.factories import OfficeFactory

pytestmark = pytest.mark.django_db

NOW = at(2026, 1, 12)
HEAD = "月份\t内容\t责任科室\t参加对象\t备注\n"


def take(text, *, actor=None, year=2026, **options):
    read = read_pasted(text=text, year=year)
    return import_calendar(actor=actor, read=read, at=NOW, **options)


def sizes(difference):
    return tuple(
        len(each)
        for each in (difference.new, difference.same, difference.changed, difference.removed)
    )


def titles(**filters):
    return list(Event.objects.filter(**filters).values_list("title", flat=True))


def table(*rows):
    return HEAD + "\n".join(rows)


def test_a_whole_calendar_without_any_organisation():
    difference = take(tabbed(), year=2022)

    calendar = Calendar.objects.get()
    assert sizes(difference) == (33, 0, 0, 0)
    assert (calendar.year, calendar.title, calendar.state) == (
        2022,
        "2022年度党建工作行事历",
        CalendarState.DRAFT,
    )
    stored = Event.objects.order_by("first_month", "position")
    assert [(event.first_month, event.title) for event in stored] == all_pairs()
    assert set(stored.values_list("state", "handling", "created_by")) == {
        (EventState.DRAFT, Handling.UNSORTED, None)
    }
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, len(entry.object_ids)) == (
        "calendar_events.import_calendar",
        None,
        33,
    )


def test_the_same_file_again_changes_nothing():
    take(tabbed(), year=2022)
    before = list(Event.objects.order_by("pk").values())

    assert sizes(take(tabbed(), year=2022)) == (0, 33, 0, 0)
    assert list(Event.objects.order_by("pk").values()) == before
    assert AuditEntry.objects.count() == 1


def test_a_dry_run_says_the_same_and_keeps_nothing():
    difference = take(tabbed(), year=2022, dry_run=True)

    assert sizes(difference) == (33, 0, 0, 0)
    assert (Calendar.objects.count(), Event.objects.count(), AuditEntry.objects.count()) == (
        0,
        0,
        0,
    )
    assert sizes(take(tabbed(), year=2022)) == (33, 0, 0, 0)


def test_all_columns_and_dates():
    office = OfficeFactory(name="组织科")
    OfficeFactory(name="宣传科")
    take(
        table(
            "1—2月\t走访\t组织科\t全体党员\t自带干粮",
            "11月15日前\t年报\t人事科\t\t",
            "10月中旬\t座谈会\t\t\t",
        )
    )

    first, talk, report = Event.objects.order_by("first_month")
    assert (first.first_month, first.last_month, first.office, first.office_text) == (
        1,
        2,
        office,
        "组织科",
    )
    assert (first.audience_text, first.demand) == ("全体党员", "备注：自带干粮")
    assert (report.office, report.office_text, report.due_on) == (
        None,
        "人事科",
        date(2026, 11, 15),
    )
    assert (talk.starts_on, talk.ends_on, talk.due_on) == (
        date(2026, 10, 11),
        date(2026, 10, 20),
        None,
    )


def test_holidays_come_from_the_bureaus_table():
    Vacation.objects.create(
        year=2026, kind="winter", first_day=date(2026, 2, 1), last_day=date(2026, 3, 1)
    )
    take("寒假\t家访\n暑假\t培训")

    stored = Event.objects.order_by("first_month").values_list(
        "first_month", "last_month", "starts_on", "ends_on"
    )
    assert list(stored) == [
        (2, 3, date(2026, 2, 1), date(2026, 3, 1)),
        (7, 8, date(2026, 7, 1), date(2026, 8, 31)),
    ]


def test_the_next_year_of_a_school_year():
    take("2026学年行事历\n9月\t开学工作\n1月\t走访")

    assert list(Event.objects.order_by("year").values_list("year", "first_month")) == [
        (2026, 9),
        (2027, 1),
    ]
    assert sizes(take("2026学年行事历\n9月\t开学工作\n1月\t走访")) == (0, 2, 0, 0)


def test_a_corrected_file_changes_a_draft_calendar():
    take(table("1月\t走 访\t组织科", "1月\t春训", "2月\t评选"))
    sorted_event = Event.objects.get(title="走 访")
    Event.objects.filter(pk=sorted_event.pk).update(handling=Handling.SCHOOL)

    difference = take(table("1月\t慰问", "1月\t走访\t宣传科", "2月\t评选\t\t书记"))

    assert sizes(difference) == (1, 0, 2, 1)
    assert [event.title for event in difference.removed] == ["春训"]
    stored = Event.objects.order_by("first_month", "position")
    assert list(stored.values_list("title", "office_text", "audience_text", "handling")) == [
        ("慰问", "", "", "unsorted"),
        ("走访", "宣传科", "", "school"),
        ("评选", "", "书记", "unsorted"),
    ]
    assert stored[1].pk == sorted_event.pk
    entry = AuditEntry.objects.latest("pk")
    assert entry.before["removed"] == ["春训"]
    assert entry.after["changed"][str(sorted_event.pk)] == {
        "title": "走访",
        "office_text": "宣传科",
    }


def test_only_the_order_changed():
    take("1月\t1. 走访；2. 春训")

    difference = take("1月\t1. 春训；2. 走访")

    assert sizes(difference) == (0, 2, 0, 0)
    assert titles() == ["春训", "走访"]


def test_what_the_file_does_not_say_stays(bureau):
    take("1月\t走访")
    event = Event.objects.get()
    plan = services.EventPlan(title="走访", due_on=date(2026, 1, 20), demand="交照片")
    services.plan_event(actor=bureau.officer, event=event, plan=plan, at=NOW)

    assert sizes(take("1月\t走访")) == (0, 1, 0, 0)
    event.refresh_from_db()
    assert (event.due_on, event.demand) == (date(2026, 1, 20), "交照片")


def test_lines_added_by_hand_stay_unless_replaced(bureau):
    take("1月\t走访\n2月\t春训")
    services.add_event(
        actor=bureau.officer,
        calendar=Calendar.objects.get(),
        title="手工加的",
        first_month=3,
        last_month=3,
        at=NOW,
    )

    take("1月\t走访", actor=bureau.officer)
    assert titles() == ["走访", "手工加的"]

    take("1月\t走访", actor=bureau.officer, replace=True)
    assert titles() == ["走访"]


def test_a_split_line_goes_with_its_parts(bureau):
    take("1月\t走访\n2月\t春训")
    services.split_event(
        actor=bureau.officer,
        event=Event.objects.get(title="春训"),
        titles=["春训上", "春训下"],
        at=NOW,
    )

    assert sizes(take("1月\t走访\n2月\t春训")) == (0, 2, 0, 0)
    take("1月\t走访")
    assert titles() == ["走访"]


def published(bureau, text):
    """Import, sort for the schools and publish; returns the tasks' events by title."""
    take(text)
    calendar = Calendar.objects.get()
    handlings = {event.pk: Handling.SCHOOL for event in calendar.events.all()}
    services.sort_events(actor=bureau.officer, calendar=calendar, handlings=handlings, at=NOW)
    services.publish_calendar(actor=bureau.officer, calendar=calendar, at=NOW)
    return {event.title: event for event in calendar.events.all()}


def test_a_published_calendar_needs_replace(bureau):
    published(bureau, "3月\t走访\n4月\t春训")

    assert sizes(take("3月\t走访\n4月\t春训")) == (0, 2, 0, 0)
    with pytest.raises(DomainError, match=r"已经发布.*新增 1 项，改动 0 项，去掉 1 项，不变 1 项"):
        take("3月\t走访\n5月\t评选")
    assert titles() == ["走访", "春训"]


def test_replacing_a_published_calendar_tells_the_schools(bureau):
    events = published(bureau, "3月\t走访\n4月\t春训\n5月\t评选")
    Due.objects.all().delete()

    difference = take(
        "3月15日前\t走访\n5月\t评选\t组织科\n6月\t慰问", actor=bureau.officer, replace=True
    )

    assert counts(difference) == "新增 1 项，改动 1 项，去掉 1 项，不变 1 项"
    for event in events.values():
        event.refresh_from_db()
    assert events["走访"].due_on == date(2026, 3, 15)
    assert set(events["走访"].tasks.values_list("due_on", flat=True)) == {date(2026, 3, 15)}
    assert events["春训"].state == EventState.CANCELLED
    assert set(events["春训"].tasks.values_list("state", flat=True)) == {TaskState.CANCELLED}
    assert titles(state=EventState.DRAFT) == ["慰问"]
    told = Due.objects.filter(recipient=bureau.secretary).values_list("stage", flat=True)
    assert list(told) == ["change", "change"]

    # A line that was cancelled stays so, though an older file still has it.
    assert sizes(take("3月15日前\t走访\n4月\t春训\n5月\t评选\n6月\t慰问")) == (0, 4, 0, 0)


def test_a_due_date_that_can_no_longer_be_moved_is_said(bureau):
    events = published(bureau, "3月\t走访")
    read = read_pasted(text="3月2日前\t走访", year=2026)

    difference = import_calendar(actor=bureau.officer, read=read, at=at(2026, 3, 10), replace=True)

    assert difference.left == [
        "3月「走访」的截止日期没有改：新的截止日期已经过去，请改为今天或以后的日期。"
    ]
    events["走访"].refresh_from_db()
    assert events["走访"].due_on == date(2026, 3, 31)


def test_a_dry_run_of_a_replacement_tells_nobody(bureau):
    events = published(bureau, "3月\t走访\n4月\t春训")
    before = Due.objects.count()

    difference = take("3月\t走访", actor=bureau.officer, replace=True, dry_run=True)

    assert [event.title for event in difference.removed] == ["春训"]
    events["春训"].refresh_from_db()
    assert (events["春训"].state, Due.objects.count()) == (EventState.PUBLISHED, before)


@pytest.mark.parametrize("persona", ["leader", "reviewer", "secretary", "clerk", "auditor"])
def test_only_officers_import(bureau, persona):
    with pytest.raises(ForbiddenError):
        take("1月\t走访", actor=getattr(bureau, persona))
    assert Calendar.objects.count() == 0


def test_the_title_of_another_year_is_refused():
    with pytest.raises(DomainError, match="标题写的是 2022 年，要导入的是 2026 年"):
        take("2022年度党建工作行事历\n1月\t走访")
    assert Calendar.objects.count() == 0


def test_nothing_read_is_nothing_imported():
    with pytest.raises(DomainError, match="没有读出任何事项"):
        take("13月\t走访")
    assert Calendar.objects.count() == 0


def test_what_goes_wrong_halfway_leaves_nothing(monkeypatch):
    take("1月\t走访")

    def fail(**_):
        raise RuntimeError("database gone")

    monkeypatch.setattr("calendar_events.imports.audit.record", fail)
    with pytest.raises(RuntimeError):
        take("1月\t春训\n2月\t评选")
    assert titles() == ["走访"]


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries):
    OfficeFactory(name="组织科")
    assert Office.objects.count() == 1
    with django_assert_max_num_queries(14):
        take(tabbed(), year=2022)
    with django_assert_max_num_queries(8):
        take(tabbed(), year=2022)
