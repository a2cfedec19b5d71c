"""The demonstration bureau as a leader would check it, and large bureaus."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from bureau.management.commands.demo_accounts import aligned
from bureau.seed.people import PASSWORD
from common.models import AuditEntry
from organizations.choices import RoleKind
from organizations.models import Campus, FormerName, Office, Organization, Placement, Role, School
from organizations.permissions import may_grant_roles
from organizations.queries import head_label, responsible_people, subtree_head_counts
from people.models import Person

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)
GIVEN = {
    "澄岚中学": 118,
    "澄岚区民办教育协会": 126,
    "望澜高级中学": 74,
    "澄岚职业技术学校": 86,
    "澄岚区实验小学": 61,
    "澄岚区实验小学东校区支部": 24,
    "澄岚实验学校": 58,
    "栖江外国语学校": 52,
    "百合幼教集团": 54,
    "百合幼教集团临江园支部": 12,
    "局机关": 31,
    "局离退休干部": 46,
    "区教育研究院": 38,
    "区青少年宫": 7,
    "考试中心后勤中心联合党支部": 15,
    "澄岚区实验中学": 47,
    "芦塘初中": 29,
    "漈下初中": 6,
    "秋水初中": 33,
    "𪣻桥九年一贯制学校": 21,
    "第二实验小学": 28,
    "文澜小学": 26,
    "文岚小学": 17,
    "文兰小学": 12,
    "荷花小学": 14,
    "芙蓉小学": 34,
    "五里堨小学": 8,
    "垟头小学": 5,
    "岙里完小": 3,
    "㳇溪小学": 13,
    "云堃小学": 19,
    "青禾小学": 22,
    "青禾学校": 18,
    "启音特殊教育学校": 11,
    "区机关幼儿园": 16,
    "芦塘荷花柳汀漈下四园联合党支部": 6,
    "小云朵幼儿园": 1,
    "培训机构第一联合党支部": 7,
    "墨舟艺术培训学校": 4,
}


def seed(**options):
    out = StringIO()
    call_command("seed", stdout=out, **options)
    return out.getvalue()


def members(on):
    organizations = {each.pk: each.short_name for each in Organization.objects.all()}
    totals = subtree_head_counts(organizations, on)
    return {
        name: totals[pk]["full"] + totals[pk]["probationary"]
        for pk, name in organizations.items()
        if totals[pk]["full"] is not None
    }


def state():
    tables = (Organization, Placement, School, Person, User, Role, Office, Campus, AuditEntry)
    return {table: list(table.objects.order_by("pk").values()) for table in tables}


def test_the_bureau_has_the_given_figures_and_a_second_seed_changes_nothing():
    assert seed(on=DAY) == "已建好 83 个党组织（2026-11-21）。\n"
    today = members(DAY)
    assert {name: today[name] for name in GIVEN} == GIVEN
    assert members(date(2026, 7, 31))["柳汀小学"] == 9
    assert Organization.objects.open_on(DAY).reporting().count() == 60
    before = state()
    assert seed(on=DAY) == "库中已有 83 个党组织，未作改动。\n"
    assert state() == before


def test_the_history_makes_it_ours():
    seed(on=DAY)
    by_name = {each.short_name: each for each in Organization.objects.all()}
    gone = by_name["柳汀小学"]
    assert (gone.closed_on, gone.schools.get().closed_on) == (date(2026, 8, 1), date(2026, 8, 1))
    assert Campus.objects.get(opened_on=date(2026, 8, 1)).school.name == "芙蓉小学"
    ill = by_name["云堃小学"].pk
    assert head_label([ill], DAY) == {ill: "查𬭎（主持工作）"}
    assert Role.objects.get(kind=RoleKind.ACTING_HEAD).basis == "澄教委〔2026〕21号"
    answering = responsible_people([each.pk for each in by_name.values()], DAY)
    without = {name for name, each in by_name.items() if not answering[each.pk]}
    assert without == {"局党委", "柳汀小学"}
    assert FormerName.objects.get(organization=by_name["秋水初中"]).name == "秋水镇中学党支部"


def test_the_people_have_rare_names_and_one_password():
    seed(on=DAY)
    names = "".join(Person.objects.values_list("name", flat=True))
    missing = [part for part in ("仇", "单", "解", "查", "尉迟", *"堃喆㛃𬭎") if part not in names]
    assert missing == []
    assert Person.objects.count() == User.objects.count() == 125
    assert Person.objects.exclude(mobile_index="").count() == 125
    assert Person.objects.get(name="尉迟静岚").pinyin == "yuchijinglan ycjl"
    officer = User.objects.get(username="zuzhi")
    assert officer.check_password(PASSWORD)
    assert may_grant_roles(officer)
    twice = User.objects.get(username="hehua").roles.values_list("organization__short_name")
    assert len(set(twice)) == 2


@pytest.mark.parametrize("day", [date(2026, 2, 28), date(2027, 8, 1), date(2028, 2, 29)])
def test_every_day_has_its_bureau(day):
    seed(on=day)
    merged = date(day.year if day.month >= 8 else day.year - 1, 8, 1)
    assert Organization.objects.get(short_name="柳汀小学").closed_on == merged
    today = members(day)
    assert {name: today[name] for name in GIVEN} == GIVEN


def test_the_accounts_are_printed_as_a_table():
    seed(on=DAY)
    out = StringIO()
    call_command("demo_accounts", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0].split() == ["用户名", "口令", "姓名", "角色"]
    assert lines[1] == "zuzhi      chenglan-2026  尉迟静岚  组织科 · 局机关工作人员"
    assert [line.split()[0] for line in lines[1:]] == [
        "zuzhi",
        "zuzhi2",
        "jijiao",
        "lingdao",
        "minban",
        "baihe",
        "furong",
        "furong-fu",
        "furong-gs",
        "yunkun",
        "yunkun-fu",
        "hehua",
        "qinghe-fu",
        "shenji",
    ]


def test_columns_stand_under_one_another():
    assert aligned([("甲乙", "x"), ("a", "y")]) == ["甲乙  x", "a     y"]


def test_a_large_bureau_has_a_true_tree():
    assert seed(organizations=605, on=DAY) == "已建好 605 个党组织（2026-11-21）。\n"
    rows = list(Organization.objects.select_related("parent"))
    for row in rows:
        above = row.parent.path if row.parent else ""
        assert row.path == f"{above}{row.pk:07}"
    assert sorted(Placement.objects.values_list("organization", "path")) == sorted(
        (row.pk, row.path) for row in rows
    )
    assert Organization.objects.reporting().count() == 604
    assert Role.objects.filter(kind=RoleKind.SECRETARY).count() == 604
    assert len({row.name for row in rows}) == 605


@pytest.mark.parametrize("number", [0, 1, 50_001])
def test_odd_sizes_are_refused(number):
    with pytest.raises(CommandError):
        seed(organizations=number)
