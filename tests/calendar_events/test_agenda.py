"""A month in the order in which it is worked through."""

from datetime import date

from calendar_events.agenda import agenda
from calendar_events.choices import Handling, TaskState
from calendar_events.models import Figure
from calendar_events.queries import month_tasks
from tests.calendar_events.builders import done, published_event, task_of

TODAY = date(2026, 3, 20)


def sorted_out(bureau):
    tasks = month_tasks(bureau.mine, 2026, 3)
    return agenda(tasks, year=2026, month=3, on=TODAY)


def add(bureau, title, *, due, **fields):
    event_fields = {name: fields.pop(name) for name in ("handling", "last_month") if name in fields}
    return task_of(bureau.mine, published_event(title, due_on=due, **event_fields), **fields)


def test_returned_first_then_late_then_by_due_day(bureau):
    add(bureau, "月底", due=date(2026, 3, 31))
    add(bureau, "今天", due=TODAY)
    add(bureau, "昨天", due=date(2026, 3, 19))
    add(bureau, "退回", due=date(2026, 3, 31), state=TaskState.RETURNED)
    assert [task.event.title for task in sorted_out(bureau).waiting] == [
        "退回",
        "昨天",
        "今天",
        "月底",
    ]


def test_what_is_due_after_the_month_is_shown_but_not_counted(bureau):
    add(bureau, "上半年", due=date(2026, 6, 30), last_month=6)
    held = sorted_out(bureau)
    assert ([task.event.title for task in held.later], held.waiting) == (["上半年"], [])


def test_an_optional_one_is_never_late_nor_counted(bureau):
    add(bureau, "选报", due=date(2026, 3, 2), handling=Handling.OPTIONAL)
    done(bureau.mine, published_event("报过的", handling=Handling.OPTIONAL), on=TODAY)
    held = sorted_out(bureau)
    assert ([task.event.title for task in held.optional], held.waiting) == (["选报"], [])
    assert (len(held.finished), held.done) == (1, 0)


def test_figures_take_longer(bureau):
    add(bureau, "简单", due=TODAY)
    assert sorted_out(bureau).minutes == 2
    task = add(bureau, "要数", due=TODAY)
    Figure.objects.create(event=task.event, name="人数", unit="人")
    assert sorted_out(bureau).minutes == 5
