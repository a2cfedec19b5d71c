"""Coverage: what counts where, as of any day, for whom, and what the rule says of it."""

from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.jobs import execute
from common.models import AuditEntry, Job, JobState
from organizations.choices import MergedSchool, Ownership, RoleKind, SchoolKind
from organizations.models import HeadCount, School, SchoolLink
from organizations.services import link_schools, merge_organization, record_school_members
from people.coverage import Asked, coverage_html, lines, table_of
from people.queries.coverage import cells_of, coverage, coverage_table, percent
from people.services import assign_instructor
from tests.factories import (
    OrganizationFactory,
    PersonFactory,
    RoleFactory,
    SchoolFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
ON, BEFORE, BASIS = date(2026, 3, 20), date(2026, 2, 1), "澄教委〔2026〕9号"
NOW = timezone.now()


def kindergarten(name, **extra):
    return SchoolFactory(name=name, kind=SchoolKind.KINDERGARTEN, **extra)


@pytest.fixture
def joint(bureau):
    """A joint branch over two kindergartens, with six full members."""
    row = OrganizationFactory(name="两园联合党支部", kind="joint_branch", parent=bureau.root)
    for name in ("甲幼儿园", "乙幼儿园"):
        SchoolLink.objects.create(organization=row, school=kindergarten(name))
    HeadCount.objects.create(organization=row, on=BEFORE, full=6)
    return row


def row_of(label, on=ON):
    table = coverage_table(coverage(School.objects.all(), on), on)
    return next(row for row in table if row.label == label)


def cells(name, on=ON):
    found = coverage(School.objects.filter(name=name), on)
    return [cells_of(each, on) for each in found]


def test_own_joint_instructed_and_uncovered_are_told_apart(bureau, joint):
    alone, forgotten = kindergarten("丙幼儿园"), kindergarten("丁幼儿园")
    assign_instructor(
        actor=None, person=PersonFactory(), school=alone, sent_by=None, since=ON, basis=BASIS,
        at=NOW,
    )  # fmt: skip
    assert cells("芙蓉小学") == [("total", "own")]
    assert cells("甲幼儿园") == [("total", "joint", "unknown")]
    assert cells("丙幼儿园") == [("total", "none", "instructed", "unknown")]
    assert cells("丁幼儿园") == [("total", "none", "uncovered", "unknown")]
    row = row_of("幼儿园")
    assert row.sum_words == "（单独 0 + 联合 2）÷ 4 = 50.0%"
    assert row.work_words == "（已组建 2 + 指导员 1）÷ 4 = 75.0%"
    assert forgotten.pk != alone.pk
    assert row_of("幼儿园", on=BEFORE).instructed == 0


@pytest.mark.parametrize(
    ("full", "expected"),
    [(None, "unknown"), (0, None), (2, None), (3, "lacking"), (4, "lacking")],
)
def test_three_full_members_ask_for_an_organisation_and_unknown_is_not_zero(bureau, full, expected):
    school = kindergarten("丙幼儿园")
    if full is not None:
        record_school_members(actor=None, school=school, on=BEFORE, full=full)
    [found] = cells("丙幼儿园")
    assert (set(found) & {"lacking", "unknown"}) == ({expected} if expected else set())


def test_a_joint_branch_of_two_can_hold_no_school_of_three(bureau, joint):
    HeadCount.objects.create(organization=joint, on=ON, full=2)
    assert cells("甲幼儿园") == [("total", "joint")]
    assert cells("甲幼儿园", on=BEFORE) == [("total", "joint", "unknown")]


def test_a_listed_school_says_the_rule_and_its_article(bureau, joint):
    school = School.objects.get(name="甲幼儿园")
    record_school_members(actor=None, school=school, on=BEFORE, full=3)
    [line] = lines(coverage(School.objects.filter(pk=school.pk), ON), ON)
    assert line.rule.startswith("正式党员 3 人，满 3 人，应单独设立党组织；未单独设立（")
    assert "2016年" in line.rule
    assert (line.members, line.organizations) == ("3", "两园联合党支部")


def test_units_that_are_no_schools_are_not_asked_for_an_organisation(bureau):
    office = SchoolFactory(name="考试中心", kind=SchoolKind.INSTITUTE)
    record_school_members(actor=None, school=office, on=BEFORE, full=9)
    assert cells("考试中心") == [("total", "none", "uncovered")]


def test_a_day_is_told_by_the_links_of_that_day(bureau, joint):
    first = School.objects.get(name="甲幼儿园")
    link_schools(actor=None, organization=joint, schools=[first], on=ON, basis=BASIS)
    assert cells("乙幼儿园") == [("total", "none", "uncovered", "unknown")]
    assert cells("乙幼儿园", on=BEFORE) == [("total", "joint", "unknown")]
    [line] = lines(coverage(School.objects.filter(name="乙幼儿园"), ON), ON)
    assert line.organizations == ""
    [line] = lines(coverage(School.objects.filter(name="乙幼儿园"), BEFORE), BEFORE)
    assert line.organizations == "两园联合党支部"
    # With one school left the branch is that school's own.
    assert cells("甲幼儿园") == [("total", "own")]
    assert cells("甲幼儿园", on=BEFORE) == [("total", "joint", "unknown")]


def test_closed_schools_and_organisations_count_until_their_day(bureau):
    merge_organization(
        actor=None, organization=bureau.other, into=bureau.mine, on=ON, basis=BASIS,
        school=MergedSchool.CAMPUS,
    )  # fmt: skip
    assert row_of("小学").total == 1
    assert (row_of("小学", on=BEFORE).total, row_of("小学", on=BEFORE).own) == (2, 2)


def test_a_closed_school_makes_no_joint_branch_of_the_one_that_is_left(bureau, joint):
    School.objects.filter(name="乙幼儿园").update(closed_on=ON)
    assert cells("甲幼儿园") == [("total", "own")]
    assert cells("甲幼儿园", on=BEFORE) == [("total", "joint", "unknown")]


def test_a_sum_of_which_a_part_is_unknown_is_unknown(bureau, joint):
    HeadCount.objects.filter(organization=joint).update(full=1)
    assert cells("甲幼儿园") == [("total", "joint")]
    second = OrganizationFactory(kind="joint_branch", parent=bureau.root)
    for school in (School.objects.get(name="甲幼儿园"), kindergarten("丙幼儿园")):
        SchoolLink.objects.create(organization=second, school=school)
    assert cells("甲幼儿园") == [("total", "joint", "unknown")]
    mine = School.objects.filter(name="芙蓉小学")
    HeadCount.objects.create(organization=bureau.mine, on=BEFORE, full=20)
    assert coverage(mine, ON)[0].full == 20
    OrganizationFactory(parent=bureau.mine.parent, school=mine.get())
    assert coverage(mine, ON)[0].full is None


def test_sums_by_group_and_of_all(bureau, joint):
    SchoolFactory(name="培训一校", kind=SchoolKind.TRAINING)
    table = coverage_table(coverage(School.objects.all(), ON), ON)
    assert [(row.label, row.total, row.covered) for row in table] == [
        ("幼儿园", 2, 2),
        ("小学", 2, 2),
        ("学校合计", 4, 4),
        ("培训机构", 1, 0),
        ("总计", 5, 4),
    ]
    assert percent(1999, 2000) == "99.9%"


def test_the_filters_and_the_scope(bureau, joint):
    kindergarten("丙幼儿园", ownership=Ownership.PRIVATE)
    limited = UserFactory()
    RoleFactory(
        user=limited, organization=bureau.root, kind=RoleKind.OFFICER, office=bureau.office,
        school_kinds=[SchoolKind.KINDERGARTEN],
    )  # fmt: skip

    def total(user, **asked):
        return table_of(user, Asked(ON, **asked))[-1].total

    assert (total(bureau.leader), total(limited), total(bureau.reviewer)) == (5, 3, 1)
    assert total(bureau.leader, kind="primary") == 2
    assert total(bureau.leader, ownership="private") == 1


def test_one_statement_whatever_the_number(bureau, joint):
    with CaptureQueriesContext(connection) as few:
        coverage(School.objects.all(), ON)
    for number in range(20):
        OrganizationFactory(parent=bureau.root, school=kindergarten(f"第{number}园"))
    with CaptureQueriesContext(connection) as many:
        coverage(School.objects.all(), ON)
    assert len(few) == len(many) == 1


# Doors --------------------------------------------------------------------------------------------
def test_the_table_leads_to_the_schools_behind_each_figure(bureau, joint, client):
    client.force_login(bureau.officer)
    page = client.get("/admin/coverage/", {"on": "2026-03-20"}).content.decode()
    assert "（单独 0 + 联合 2）÷ 2 = 100.0%" in page
    assert "kind=kindergarten&amp;cell=joint" in page
    listed = client.get("/admin/coverage/schools/?cell=joint&on=2026-03-20").content.decode()
    assert "甲幼儿园" in listed
    assert "芙蓉小学" not in listed
    assert client.get("/admin/coverage/schools/?cell=nothing").status_code == 404
    odd = client.get("/admin/coverage/?on=2026-13-01&kind=x&group=99999999999&ownership=x")
    assert odd.status_code == 200
    assert "日期“2026-13-01”" in odd.content.decode()


def test_a_school_of_another_is_on_no_list(bureau, client):
    client.force_login(bureau.reviewer)
    for address in ("/admin/coverage/schools/", "/admin/coverage/schools/export/"):
        assert "荷花小学".encode() not in client.get(address).content
    assert "荷花小学" not in coverage_html(bureau.reviewer, Asked(ON).params)


def test_files_and_paper_are_in_the_log(bureau, joint, client):
    client.force_login(bureau.leader)
    assert client.get("/admin/coverage/export/").content.startswith(b"PK")
    assert client.get("/admin/coverage/schools/export/?cell=joint").content.startswith(b"PK")
    assert AuditEntry.objects.filter(verb="people.export_coverage").count() == 2
    client.post("/admin/coverage/print/?on=2026-03-20")
    job = Job.objects.get()
    execute(job_id=job.pk, at=timezone.now())
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert (settings.MEDIA_ROOT / job.result_path).read_bytes().startswith(b"%PDF")
    html = coverage_html(bureau.leader, Asked(ON).params)
    assert "填报单位（盖章）：中共澄岚区教育局委员会" in html
    assert "党员数未知的学校（2 所）" in html
