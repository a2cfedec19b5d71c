"""Instructors: assigned to schools, dated, ended, seen in one's scope."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from common.errors import ConflictError, DomainError, ForbiddenError
from common.models import AuditEntry
from people.models import Instructor
from people.services import assign_instructor, end_instructor
from tests.factories import PersonFactory, SchoolFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
ON, LATER, BASIS = date(2026, 3, 1), date(2026, 6, 1), "澄教委〔2026〕7号"
NOW = timezone.now()


def assign(actor, school, person=None, since=ON, basis=BASIS):
    return assign_instructor(
        actor=actor, person=person or PersonFactory(name="解喆"), school=school, sent_by=None,
        since=since, basis=basis, at=NOW,
    )  # fmt: skip


def end(actor, row, on=LATER, basis=BASIS):
    return end_instructor(actor=actor, instructor=row, on=on, basis=basis, at=NOW)


def test_from_a_day_until_before_another(bureau):
    school = SchoolFactory(name="小云朵幼儿园")
    row = assign(bureau.officer, school)
    end(bureau.officer, row)
    held = [Instructor.objects.on(day).count() for day in (ON, date(2026, 5, 31), LATER)]
    assert held == [1, 1, 0]
    assert AuditEntry.objects.get(verb="people.end_instructor").after["basis"] == BASIS


def test_one_entered_by_mistake_counts_on_no_day(bureau):
    row = assign(bureau.officer, SchoolFactory())
    end(bureau.officer, row, on=ON)
    assert not Instructor.objects.on(ON).exists()
    assign(bureau.officer, row.school, row.person)


def test_what_is_refused(bureau):
    school, person = SchoolFactory(opened_on=date(2026, 1, 1)), PersonFactory(name="查喆")
    with pytest.raises(ForbiddenError):
        assign(bureau.leader, school)
    with pytest.raises(DomainError, match="请写明依据文件"):
        assign(bureau.officer, school, basis=" ")
    with pytest.raises(DomainError, match="2026-01-01 才设立"):
        assign(bureau.officer, school, since=date(2025, 12, 31))
    row = assign(bureau.officer, school, person)
    with pytest.raises(ConflictError, match="已经派驻"):
        assign(bureau.officer, school, person)
    with pytest.raises(DomainError, match="结束日期不能更早"):
        end(bureau.officer, row, on=date(2026, 2, 1))
    end(bureau.officer, row)
    with pytest.raises(ConflictError, match="刚刚已经结束"):
        end(bureau.officer, row)
    with pytest.raises(DomainError, match="上一次派驻到 2026-06-01 为止"):
        assign(bureau.officer, school, person, since=date(2026, 5, 1))
    school.closed_on = ON
    school.save()
    with pytest.raises(DomainError, match="撤并"):
        assign(bureau.officer, school)


def test_the_pages_ask_first_and_show_the_scope(bureau, client):
    client.force_login(bureau.officer)
    school, person = SchoolFactory(name="小云朵幼儿园"), PersonFactory(name="解喆")
    typed = {"person": person.pk, "school": school.pk, "since": "2026-03-01", "basis": BASIS}
    add = reverse("admin:people_instructor_add")
    told = client.post(add, typed).context["changes"]
    assert told[0] == "解喆自 2026年3月1日 起派驻「小云朵幼儿园」。"
    assert "派驻后计入工作覆盖" in told[2]
    assert client.post(add, {**typed, "confirmed": "1"}).status_code == 302
    assign(bureau.officer, bureau.mine.schools.get(), PersonFactory(name="仇㛃"))
    listed = reverse("admin:people_instructor_changelist")
    assert "解喆" in client.get(listed, {"q": "小云朵"}).content.decode()
    client.force_login(bureau.reviewer)
    page = client.get(listed).content.decode()
    assert "仇㛃" in page
    assert "解喆" not in page
