"""The demonstration bureau as a leader would check it."""

from datetime import date
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from django.db.models import F

from accounts.models import User
from activities.models import Record
from bureau.management.commands.demo_accounts import aligned
from bureau.seed.calendar_plan import LATE
from bureau.seed.people import PASSWORD
from calendar_events.models import Calendar, Event, Task
from common.models import AuditEntry
from notices.models import Notice
from notifications.models import Digest, GroupText
from organizations.choices import RoleKind
from organizations.models import Campus, FormerName, Organization, Role, Roster
from organizations.permissions import may_grant_roles
from organizations.queries import head_label, responsible_people, subtree_head_counts
from people.models import Person, Standing
from people.queries import compare_heads
from reports.composition import compose
from reports.models import Correction, FinalFigure, Period, Report, ReportedRecord

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


@pytest.fixture(scope="module", autouse=True)
def seeded(django_db_setup, django_db_blocker):
    """One bureau for all the tests here: each of them rolls back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        out = StringIO()
        call_command("seed", on=DAY, stdout=out)
        yield out.getvalue()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _database(db):
    """Roll every test back."""


def members(on):
    organizations = {each.pk: each.short_name for each in Organization.objects.all()}
    totals = subtree_head_counts(organizations, on)
    return {
        name: totals[pk]["full"] + totals[pk]["probationary"]
        for pk, name in organizations.items()
        if totals[pk]["full"] is not None
    }


def short(queryset, lookup="organization__short_name"):
    return sorted(set(queryset.values_list(lookup, flat=True)))


def test_the_bureau_has_the_given_figures(seeded):
    assert seeded == "已建好 83 个党组织（2026-11-21）。\n"
    today = members(DAY)
    assert {name: today[name] for name in GIVEN} == GIVEN
    assert members(date(2026, 7, 31))["柳汀小学"] == 9
    assert Organization.objects.open_on(DAY).reporting().count() == 60


def test_a_second_seed_changes_nothing():
    rooms = ("organizations", "people", "accounts", "calendar_events", "activities", "reports")
    models = [model for room in rooms for model in apps.get_app_config(room).get_models()]
    models += [AuditEntry, Notice, Digest, GroupText]

    def state():
        return {model: list(model.objects.order_by("pk").values()) for model in models}

    before = state()
    out = StringIO()
    call_command("seed", on=DAY, stdout=out)
    assert out.getvalue() == "库中已有 83 个党组织，未作改动。\n"
    assert state() == before


def test_the_history_makes_it_ours():
    by_name = {each.short_name: each for each in Organization.objects.all()}
    gone = by_name["柳汀小学"]
    assert (gone.closed_on, gone.schools.get().closed_on) == (date(2026, 8, 1), date(2026, 8, 1))
    assert Campus.objects.get(opened_on=date(2026, 8, 1)).school.name == "芙蓉小学"
    ill = by_name["云堃小学"].pk
    assert head_label([ill], DAY) == {ill: "查𬭎（主持工作）"}
    assert Role.objects.get(kind=RoleKind.ACTING_HEAD).basis == "澄教委〔2026〕21号"
    answering = responsible_people([each.pk for each in by_name.values()], DAY)
    without = {name for name, each in by_name.items() if not answering[each.pk]}
    # Its secretary has just left: a vacancy for the ledger and the check of the night.
    assert without == {"局党委", "柳汀小学", "横塘小学"}
    assert FormerName.objects.get(organization=by_name["秋水初中"]).name == "秋水镇中学党支部"


def test_the_people_have_rare_names_and_one_password():
    names = "".join(Person.objects.values_list("name", flat=True))
    missing = [part for part in ("仇", "单", "解", "查", "尉迟", *"堃喆㛃𬭎") if part not in names]
    assert missing == []
    assert Person.objects.filter(user__isnull=False).count() == User.objects.count() == 128
    assert Person.objects.exclude(mobile_index="").count() == 128
    assert Person.objects.get(name="尉迟静岚").pinyin == "yuchijinglan ycjl"
    officer = User.objects.get(username="zuzhi")
    assert officer.check_password(PASSWORD)
    assert may_grant_roles(officer)
    twice = User.objects.get(username="hehua").roles.values_list("organization__short_name")
    assert len(set(twice)) == 2


def test_a_few_schools_keep_a_roster_that_agrees_with_what_was_typed():
    kept = Roster.objects.select_related("organization")
    gaps = {
        row.organization.short_name: [
            each.difference for each in compare_heads(row.organization, DAY, roster=row)
        ]
        for row in kept
    }
    assert gaps == {name: [0] * 4 for name in ("芙蓉小学", "云堃小学", "荷花小学")}
    beside = Organization.objects.get(short_name="文澜小学")
    assert [each.difference for each in compare_heads(beside, DAY)] == [-1, 0, 0, 0]


def test_people_are_seeded_in_bulk_and_once():
    out = StringIO()
    with transaction.atomic():
        Standing.objects.all().delete()
        call_command("seed", members=300, on=DAY, stdout=out)
        call_command("seed", members=300, on=DAY, stdout=out)
        assert Standing.objects.current().count() == 300
        assert Standing.objects.filter(person__id_index="").count() == 0
        transaction.set_rollback(True)
    assert out.getvalue().splitlines() == ["已登记 300 人。", "名册里已有人，未作改动。"]


def test_the_calendar_of_the_year_is_published():
    calendar = Calendar.objects.get()
    assert (calendar.year, calendar.state) == (2026, "published")
    assert calendar.events.count() == 33
    assert len(set(calendar.events.values_list("first_month", flat=True))) == 12
    assert not Event.objects.filter(handling="unsorted").exists()
    assert Notice.objects.get().title == "关于印发《2026年度党建工作行事历》的通知"


def test_four_of_sixty_are_late_and_never_all_is_green():
    assert short(Task.objects.overdue(DAY)) == sorted(LATE)
    assert Task.objects.overdue(DAY).count() == 6
    assert sorted(
        Task.objects.filter(organization__short_name="芙蓉小学", due_on__gte=DAY)
        .filter(event__first_month=11)
        .values_list("state", flat=True)
    ) == ["open", "open", "returned"]
    states = set(Task.objects.values_list("state", flat=True))
    assert states == {"open", "done", "returned", "not_applicable", "cancelled"}
    assert Task.objects.filter(state="returned").count() == 1
    assert short(Task.objects.exclude(extended_reason="")) == ["五里堨小学"]
    assert not Task.objects.filter(state="not_applicable", reason="").exists()
    gone = Task.objects.filter(organization__short_name="柳汀小学", due_on__gte=date(2026, 8, 1))
    assert set(gone.values_list("state", flat=True)) == {"cancelled"}
    moved = AuditEntry.objects.get(verb="calendar_events.move_deadline")
    assert moved.before["due_on"] < moved.after["due_on"]
    assert GroupText.objects.filter(kind="change").count() == 4
    late_once = Task.objects.filter(state="done", completed_on__gt=F("due_on"))
    assert late_once.exists()


def test_done_tasks_have_records_of_their_day_and_answers():
    done = Task.objects.filter(state="done").select_related("record")
    assert [task.pk for task in done if task.record.held_on > task.completed_on] == []
    asked = done.filter(event__figures__isnull=False).distinct()
    assert asked.filter(values__isnull=True).count() == 0
    assert not Record.objects.filter(held_on__gte=DAY).exists()
    months = {
        record.strftime("%Y-%m") for record in Record.objects.values_list("held_on", flat=True)
    }
    assert len(months) == 13


def test_reports_are_approved_final_waiting_returned_and_missing():
    *final, newest, present = Period.objects.exclude(state="planned").order_by("starts_on")
    assert {period.state for period in final} == {"final"}
    assert len(final) == 7
    assert (newest.state, newest.first_month, present.state, present.first_month) == (
        "open",
        10,
        "open",
        11,
    )
    waiting = Report.objects.filter(period=newest)
    assert short(waiting.filter(state="draft")) == sorted(LATE)
    assert short(waiting.filter(state="returned")) == ["芙蓉小学"]
    assert waiting.count() == 60
    assert waiting.filter(state="submitted").exists()
    assert waiting.filter(state="approved").exists()
    assert set(Report.objects.filter(period=present).values_list("state", flat=True)) == {"draft"}
    assert FinalFigure.objects.exists()
    assert ReportedRecord.objects.filter(supplement=True).count() == 1
    assert sorted(Correction.objects.values_list("state", flat=True)) == ["asked", "granted"]
    acting = Report.objects.filter(period=final[-1], organization__short_name="云堃小学").get()
    assert acting.head_label == "查𬭎（主持工作）"


def test_what_was_composed_together_is_what_a_report_says_by_itself():
    reports = Report.objects.filter(state="approved").select_related("period", "organization")
    for report in reports.order_by("-period__starts_on", "organization__order")[::29]:
        said = {figure.key: (figure.value, figure.text) for figure in report.figures.all()}
        composed = {
            each.line.key: (each.value, each.text)
            for each in compose(report).lines
            if each.line.section != "tasks"
        }
        assert {key: said[key] for key in composed} == composed


def test_reminders_lie_in_the_inboxes():
    secretary = User.objects.get(username="furong")
    assert Digest.objects.filter(recipient=secretary).exists()
    assert not Digest.objects.filter(created_at__date__gt=DAY).exists()


def test_the_accounts_are_printed_as_a_table():
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
        "xitong",
        "anquan",
        "anquan2",
    ]


def test_columns_stand_under_one_another():
    assert aligned([("甲乙", "x"), ("a", "y")]) == ["甲乙  x", "a     y"]
