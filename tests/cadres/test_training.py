"""Training classes credit hours to many at once; corrected and taken back with the log."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cadres.models import TrainingClass, TrainingRecord
from cadres.queries.hours import hours_of
from cadres.services import hours as hour_services
from cadres.services import training as services
from common.errors import ConflictError, DomainError, ForbiddenError
from common.models import AuditEntry
from tests.cadres.ranks import PLAN, cadre, elsewhere, hold
from tests.people.roster import AT
from tests.personas import Bureau, build_bureau

pytestmark = pytest.mark.postgres


@pytest.fixture
def bureau(db) -> Bureau:
    return build_bureau()


def enrolled(training_class, people):
    services.enrol(actor=None, training_class=training_class, people=people, at=AT)
    return list(training_class.records.order_by("pk").values_list("pk", flat=True))


def take(training_class, present, absent=(), actor=None):
    return services.take_attendance(
        actor=actor, training_class=training_class, present=present, absent=absent, at=AT
    )


def test_attendance_credits_the_hours_and_is_put_right_later(bureau):
    people = [cadre(name, bureau.mine, kind="member") for name in ("王堃", "查𬭎", "仇㛃")]
    course = hold(bureau.root, actor=bureau.officer)
    records = enrolled(course, people)
    assert hours_of([each.pk for each in people], 2026) == {}
    assert take(course, records[:2], records[2:], bureau.officer) == services.Taken(2, 1, 3)
    assert hours_of([each.pk for each in people], 2026) == {people[0].pk: 16, people[1].pk: 16}
    assert take(course, records[:2], records[2:]) == services.Taken(2, 1, 0)
    assert take(course, [], records[:1]) == services.Taken(1, 2, 1)
    assert hours_of([each.pk for each in people], 2026) == {people[1].pk: 16}
    entries = AuditEntry.objects.filter(verb="cadres.take_attendance").order_by("pk")
    assert [entry.object_ids for entry in entries] == [records, records[:1]]
    assert entries[1].before == {"attended": {str(records[0]): "到"}}


def test_a_class_of_many_costs_what_one_of_few_does(bureau):
    def cost(many: int) -> list[int]:
        people = [cadre(f"王{many}甲{n}", bureau.mine, kind="member") for n in range(many)]
        course = hold(bureau.root, replace(PLAN, title=f"{many} 人的班"))
        with CaptureQueriesContext(connection) as enrolling:
            records = enrolled(course, people)
        with CaptureQueriesContext(connection) as taking:
            take(course, records)
        return [len(enrolling), len(taking)]

    assert cost(3) == cost(30)


def test_enrolling_twice_adds_nobody(bureau):
    people = [cadre("王堃", bureau.mine)]
    course = hold(bureau.root)
    assert [services.enrol(actor=None, training_class=course, people=people, at=AT)
            for _ in range(2)] == [1, 0]  # fmt: skip


def test_new_hours_of_a_class_reach_who_had_all_of_them(bureau):
    people = [cadre(name, bureau.mine, kind="member") for name in ("王堃", "查𬭎")]
    course = hold(bureau.root)
    records = enrolled(course, people)
    take(course, records)
    early = TrainingRecord.objects.get(pk=records[1])
    hour_services.correct_hours(actor=bureau.officer, record=early, hours=8, at=AT)
    plan = replace(PLAN, hours=20, until=date(2026, 1, 14))
    services.correct_class(actor=bureau.officer, training_class=course, plan=plan, at=AT)
    assert hours_of([each.pk for each in people], 2026) == {people[0].pk: 20, people[1].pk: 8}
    assert set(course.records.values_list("held_on", flat=True)) == {date(2026, 1, 14)}
    entry = AuditEntry.objects.get(verb="cadres.correct_class")
    assert (entry.before["hours"], entry.after["hours"], entry.after["records"]) == (16, 20, 1)


def test_a_class_taken_back_takes_its_hours_along(bureau):
    people = [cadre("王堃", bureau.mine)]
    course = hold(bureau.root)
    take(course, enrolled(course, people))
    services.withdraw_class(actor=bureau.officer, training_class=course, reason="登重了", at=AT)
    assert hours_of([people[0].pk], 2026) == {}
    assert TrainingRecord.objects.get().withdrawn_reason == "登重了"
    for again in (
        lambda: take(course, []),
        lambda: enrolled(course, people),
        lambda: services.withdraw_class(actor=None, training_class=course, reason="x", at=AT),
    ):
        with pytest.raises(ConflictError):
            again()


def test_what_can_not_be_is_refused(bureau):
    for plan, words in (
        (replace(PLAN, title=" "), "名称"),
        (replace(PLAN, until=date(2026, 1, 11)), "早于开始日期"),
        (replace(PLAN, hours=401), "1–400"),
        (replace(PLAN, since=date(2019, 1, 1)), "2020"),
    ):
        with pytest.raises(DomainError, match=words):
            hold(bureau.mine, plan)
    hold(bureau.mine)
    with pytest.raises(DomainError, match="同名"):
        hold(bureau.mine)
    ahead = hold(bureau.mine, replace(PLAN, since=date(2026, 5, 1), until=date(2026, 5, 1)))
    with pytest.raises(DomainError, match="才开始"):
        take(ahead, [])
    assert TrainingClass.objects.count() == 2


def test_records_of_another_class_are_left_alone(bureau):
    people = [cadre("王堃", bureau.mine)]
    one, other = hold(bureau.root), hold(bureau.mine)
    records = enrolled(other, people)
    assert take(one, records) == services.Taken(0, 0, 0)
    assert TrainingRecord.objects.get().attended == "expected"


def test_a_school_keeps_its_own_classes_only(bureau):
    course = hold(bureau.mine, actor=bureau.secretary)
    for actor in (bureau.other_secretary, bureau.clerk, bureau.leader, bureau.reviewer):
        with pytest.raises(ForbiddenError):
            take(course, [], actor=actor)
    with pytest.raises(ForbiddenError):
        hold(bureau.root, actor=bureau.secretary)
    seen = {name: TrainingClass.objects.visible_to(getattr(bureau, name)).count() for name in (
        "officer", "reviewer", "secretary", "other_secretary", "auditor")}  # fmt: skip
    assert seen == {"officer": 1, "reviewer": 1, "secretary": 1, "other_secretary": 0, "auditor": 0}


def test_hours_from_elsewhere_are_put_right_and_not_doubled(bureau):
    kun = cadre("王堃", bureau.mine)
    assert elsewhere(kun, actor=bureau.officer).created == [0]
    assert elsewhere(kun).unchanged == [0]
    assert elsewhere(kun, many=12).changed == [0]
    assert hours_of([kun.pk], 2025) == {kun.pk: 12}
    assert elsewhere(kun, date(2026, 5, 1)).refused[0][:2] == (0, "held_on")
    with pytest.raises(ForbiddenError):
        elsewhere(kun, many=9, actor=bureau.secretary)
    record = TrainingRecord.objects.get()
    hour_services.withdraw_hours(actor=bureau.officer, record=record, reason="证书不是本人", at=AT)
    assert hours_of([kun.pk], 2025) == {}


def test_a_class_under_way_is_put_right_but_for_its_end(bureau):
    running = replace(PLAN, since=date(2026, 1, 12), until=date(2099, 1, 1))
    course = hold(bureau.root, running)
    take(course, enrolled(course, [cadre("王堃", bureau.mine)]))
    right = {"actor": bureau.officer, "training_class": course, "at": AT}
    moved = services.correct_class(**right, plan=replace(running, place="区教师进修学校"))
    assert moved.place == "区教师进修学校"
    with pytest.raises(DomainError, match="不能改到以后"):
        services.correct_class(**right, plan=replace(running, until=date(2099, 1, 2)))
