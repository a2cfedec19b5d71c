"""Two programs with one version at the same moment; a database that is gone."""

import pytest

from calendar_events.models import Task
from common.models import AuditEntry
from tests.calendar_events.builders import race, task_of
from tests.doors import Program, database_unreachable
from tests.personas import build_bureau

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_one_of_two_with_the_same_version_gets_through():
    bureau = build_bureau()
    task = task_of(bureau.mine)
    programs = [Program(bureau.secretary), Program(bureau.deputy)]
    path = f"tasks/{task.pk}/"
    seen = programs[0].get(path)["ETag"]
    reasons = ["没有党小组", "本月未开展"]
    answers = race(
        [
            lambda program=program, reason=reason: program.post(
                f"{path}not-applicable/", {"reason": reason}, seen=seen
            )
            for program, reason in zip(programs, reasons, strict=True)
        ]
    )
    assert sorted(each.status_code for each in answers) == [200, 412]
    won = next(each for each in answers if each.status_code == 200)
    assert Task.objects.get().reason == won.json()["reason"]
    assert AuditEntry.objects.filter(verb="calendar_events.mark_not_applicable").count() == 1


def test_a_database_that_is_gone_is_said_in_the_shape_of_all_refusals():
    bureau = build_bureau()
    program = Program(bureau.secretary)
    with database_unreachable():
        answer = program.get("tasks/")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer["Retry-After"] == "10"
