"""Switching an account off: what is left behind, as the page says before it is done."""

from datetime import date

import pytest

from bureau.forms import SwitchOffForm
from calendar_events.models import Task
from common.errors import DomainError, ForbiddenError
from organizations.models import Role
from reports.models import Report
from tests.architecture.world import World, standing_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    with standing_world() as built:
        yield built


def said(world: World, who: str, actor: str = "officer") -> list[str]:
    return SwitchOffForm({}, actor=world.people[actor], obj=world.people[who]).preview()


def test_work_left_without_anybody_is_counted(world):
    mine = world.rows["mine"]
    Role.objects.filter(organization=mine, kind="deputy").update(until=date(2020, 12, 31))
    tasks = Task.objects.pending().filter(organization=mine).count()
    reports = Report.objects.pending().filter(organization=mine).count()
    assert (tasks > 0, reports > 0) == (True, True)
    assert (
        f"「{mine}」将没有人可以提交，还有 {tasks} 项任务、{reports} 份月报没办完，"
        "请先给别人授予角色。"
    ) in said(world, "secretary")


def test_who_stays_is_named(world):
    line = next(line for line in said(world, "secretary") if "可以提交" in line)
    assert f"还有副书记{world.people['deputy']}可以提交" in line


def test_a_reviewer_without_another_is_told(world):
    assert any("没有别的审核人" in line for line in said(world, "reviewer"))


def test_rights_and_state_are_asked_before(world):
    with pytest.raises(ForbiddenError):
        said(world, "officer", actor="reviewer")
    user = world.people["clerk"]
    user.is_active = False
    user.save()
    with pytest.raises(DomainError, match="已经停用"):
        said(world, "clerk")
