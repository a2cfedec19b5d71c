"""Steps of the tree with what hangs on it: rosters, roles, head counts; their previews."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bureau import closing
from bureau.splitting import split_organization
from cadres.choices import PostKind
from cadres.models import Post
from cadres.services import Appointment, start_post
from common.errors import DomainError
from common.models import AuditEntry
from integrity import services
from organizations.choices import MergedSchool, RoleKind, SuccessionKind
from organizations.models import (
    Campus,
    FormerSchoolLink,
    HeadCount,
    Organization,
    Role,
    SchoolLink,
    Succession,
)
from organizations.queries import head_counts, subtree_head_counts, summed_heads
from organizations.services import Part, move_organization, record_head_count
from people.choices import EndReason, StandingKind
from people.models import Standing
from people.services import start_roster
from reports.summaries import summary
from tests.calendar_events.builders import task_of
from tests.factories import OrganizationFactory, PersonFactory, RoleFactory, SchoolFactory
from tests.integrity.builders import AT, DUE, answer_all, assigned, check_of, item
from tests.personas import build_bureau
from tests.reports.builders import report_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
ON, BASIS = date(2026, 3, 20), "澄教委〔2026〕9号"
BEFORE = date(2026, 2, 28)
NOW = timezone.make_aware(datetime(2026, 3, 23, 10))


@pytest.fixture
def bureau():
    return build_bureau()


def stand(organization, number, *, kind=StandingKind.FULL, since=date(2020, 1, 1)):
    rows = [
        Standing(
            person=PersonFactory(name=f"查{each}"),
            organization=organization,
            kind=kind,
            since=since,
        )
        for each in range(number)
    ]
    return Standing.objects.bulk_create(rows)


def merge(bureau, **extra):
    values = {"organization": bureau.other, "into": bureau.mine, "on": ON, "basis": BASIS}
    return closing.merge_organization(actor=bureau.officer, at=NOW, **{**values, **extra})


def split(bureau, *, persons=(), roles=(), **extra):
    part = Part(**{"name": "芙蓉小学东校区党支部", "kind": "branch", "code": "N1", **extra})
    return split_organization(
        actor=bureau.officer,
        organization=bureau.mine,
        part=part,
        on=ON,
        basis=BASIS,
        persons=persons,
        roles=roles,
        at=NOW,
    )


def full(organization, on):
    row = head_counts([organization.pk], on).get(organization.pk)
    return row.full if row else None


def test_the_roster_goes_along_and_both_counts_follow(bureau):
    for organization, number in ((bureau.mine, 4), (bureau.other, 2)):
        stand(organization, number)
        start_roster(actor=None, organization=organization, since=date(2026, 1, 1), at=NOW)
    before = summed_heads(Organization.objects.open_on(BEFORE), BEFORE)
    merge(bureau)
    assert (full(bureau.mine, BEFORE), full(bureau.other, BEFORE)) == (4, 2)
    assert (full(bureau.mine, ON), full(bureau.other, ON)) == (6, 0)
    assert summed_heads(Organization.objects.open_on(BEFORE), BEFORE) == before
    total, _ = summed_heads(Organization.objects.open_on(ON), ON)
    assert total["full"] == 6
    ended = Standing.objects.filter(organization=bureau.other)
    assert set(ended.values_list("until", "ended_as")) == {(ON, EndReason.MERGED)}
    assert Standing.objects.current().filter(organization=bureau.mine, since=ON).count() == 2
    entry = AuditEntry.objects.get(verb="people.carry_standings")
    assert (entry.after["persons"], len(entry.object_ids)) == (2, 2)


def test_typed_figures_are_added_up_once(bureau):
    for organization, number in ((bureau.mine, 25), (bureau.other, 9)):
        counts = {"full": number, "probationary": 1, "staff": None}
        record_head_count(actor=None, organization=organization, on=BEFORE, counts=counts)
    merge(bureau)
    row = head_counts([bureau.mine.pk], ON)[bureau.mine.pk]
    assert (row.full, row.probationary, row.staff) == (34, 2, None)
    assert full(bureau.mine, BEFORE) == 25


def test_what_the_other_has_stated_itself_stays(bureau):
    record_head_count(actor=None, organization=bureau.other, on=BEFORE, counts={"full": 9})
    record_head_count(actor=None, organization=bureau.mine, on=ON, counts={"full": 34})
    merge(bureau)
    assert full(bureau.mine, ON) == 34


def test_a_day_before_the_last_change_of_the_roster_is_refused(bureau):
    stand(bureau.other, 1, since=date(2026, 3, 22))
    with pytest.raises(DomainError, match="查0在「荷花小学党支部」的名册 2026-03-22 另有变动"):
        merge(bureau)
    bureau.other.refresh_from_db()
    assert bureau.other.closed_on is None


def test_closing_asks_where_the_members_go(bureau):
    stand(bureau.other, 2)
    close = {"actor": bureau.officer, "on": ON, "basis": BASIS, "at": NOW}
    with pytest.raises(DomainError, match="名册里还有 2 人，请选择党员转入哪个党组织"):
        closing.close_organization(organization=bureau.other, **close)
    closing.close_organization(organization=bureau.other, members_to=bureau.mine, **close)
    assert Standing.objects.current().filter(organization=bureau.mine).count() == 2
    assert not Role.objects.current(ON).filter(organization=bureau.other).exists()


def test_only_the_organisations_merge_and_the_schools_stay(bureau):
    joint = OrganizationFactory(kind="joint_branch", parent=bureau.root)
    first, second = SchoolFactory(name="甲园"), SchoolFactory(name="乙园")
    for school in (first, second):
        SchoolLink.objects.create(organization=joint, school=school)
    with pytest.raises(DomainError, match="覆盖几所学校，不能一并撤并"):
        merge(bureau, organization=joint)
    merge(bureau, organization=joint, school=MergedSchool.STAYS)
    assert {each.name for each in bureau.mine.schools.all()} == {"芙蓉小学", "甲园", "乙园"}
    first.refresh_from_db()
    assert first.closed_on is None
    told = Succession.objects.get()
    assert (told.predecessor, told.successor, told.kind) == (
        joint, bureau.mine, SuccessionKind.MERGED,
    )  # fmt: skip


def test_a_merger_taken_back_takes_the_schools_back(bureau, client):
    client.force_login(bureau.officer)
    for organization, number in ((bureau.mine, 25), (bureau.other, 9)):
        record_head_count(actor=None, organization=organization, on=BEFORE, counts={"full": number})
    merge(bureau, school=MergedSchool.STAYS)
    assert {each.name for each in bureau.mine.schools.all()} == {"芙蓉小学", "荷花小学"}
    told = step(client, "reopen", bureau.other)
    assert "「芙蓉小学党支部」不再设在荷花小学。" in told
    assert "合并时加进「芙蓉小学党支部」的人数不自动扣除，请核对后更正。" in told
    assert bureau.mine.schools.count() == 2
    closed = Organization.objects.get(pk=bureau.other.pk)
    closing.reopen_organization(actor=bureau.officer, organization=closed, basis="更正", at=NOW)
    assert [each.name for each in bureau.mine.schools.all()] == ["芙蓉小学"]
    assert [each.name for each in closed.schools.all()] == ["荷花小学"]
    assert not FormerSchoolLink.objects.exists()


def test_a_merger_into_what_does_not_exist_yet_is_refused(bureau):
    young = OrganizationFactory(
        parent=bureau.root, founded_on=date(2026, 3, 21), school=SchoolFactory()
    )
    with pytest.raises(DomainError, match="2026-03-21 才成立"):
        merge(bureau, into=young)


def test_a_merged_organisation_is_still_read(bureau, client):
    report = report_of(bureau.other, 1, state="submitted")
    merge(bureau)
    client.force_login(bureau.officer)
    assert client.get(reverse("admin:review_report", args=[report.pk])).status_code == 200
    page = client.get(reverse("admin:organizations_organization_change", args=[bureau.other.pk]))
    assert page.status_code == 200


def test_a_campus_becomes_a_branch_of_its_own_with_its_people(bureau):
    school = bureau.mine.schools.get()
    campus = Campus.objects.create(school=school, name="东校区")
    people = stand(bureau.mine, 5)
    start_roster(actor=None, organization=bureau.mine, since=date(2026, 1, 1), at=NOW)
    role = Role.objects.get(user=bureau.deputy)
    made = split(
        bureau,
        campuses=[campus],
        persons=[each.person_id for each in people[:3]],
        roles=[role.pk],
    )
    assert (made.parent, made.founded_on) == (bureau.mine.parent, ON)
    assert made.school_links.get().campus == campus
    assert (full(bureau.mine, ON), full(made, ON), full(bureau.mine, BEFORE)) == (2, 3, 5)
    role.refresh_from_db()
    assert role.until == date(2026, 3, 19)
    gained = Role.objects.get(organization=made)
    assert (gained.user, gained.kind, gained.since) == (bureau.deputy, role.kind, ON)
    assert Succession.objects.get().kind == SuccessionKind.SPLIT


def test_a_role_begun_after_the_split_is_named_and_not_left_behind(bureau):
    role = Role.objects.get(user=bureau.deputy)
    Role.objects.filter(pk=role.pk).update(since=date(2026, 3, 22))
    with pytest.raises(DomainError, match="角色自 2026-03-22 起，不能早于这一天分出去"):
        split(bureau, roles=[role.pk])


def test_a_post_goes_along_with_its_role(bureau):
    person = PersonFactory(name="查甲", user=bureau.deputy)
    wanted = Appointment(person, bureau.mine, PostKind.DEPUTY, date(2020, 1, 1), is_head=None)
    post = start_post(actor=bureau.officer, appointment=wanted, at=NOW)
    made = split_organization(
        actor=bureau.officer,
        organization=bureau.mine,
        part=Part("芙蓉小学东校区党支部", "branch", "N1"),
        on=ON,
        basis=BASIS,
        posts=[post.pk],
        at=NOW,
    )
    post.refresh_from_db()
    gained = Post.objects.current().get(person=person)
    assert (post.until, gained.organization, gained.kind) == (ON, made, PostKind.DEPUTY)
    assert Role.objects.current(ON).get(user=bureau.deputy).organization == made


def test_schools_and_branches_are_split_off(bureau):
    second = SchoolFactory(name="乙小学")
    SchoolLink.objects.create(organization=bureau.mine, school=second)
    with pytest.raises(DomainError, match="学校不能全部分出去"):
        split(bureau, schools=list(bureau.mine.schools.all()))
    with pytest.raises(DomainError, match="不是「芙蓉小学党支部」的下级"):
        split(bureau, branches=[bureau.other])
    made = split(bureau, schools=[second])
    assert list(made.schools.all()) == [second]
    gone = FormerSchoolLink.objects.get()
    assert (gone.organization, gone.school, gone.until) == (bureau.mine, second, ON)


def test_a_school_is_split_off_as_one_campus_or_as_a_whole(bureau):
    own, second = bureau.mine.schools.get(), SchoolFactory(name="乙小学")
    SchoolLink.objects.create(organization=bureau.mine, school=second)
    east, west = (Campus.objects.create(school=own, name=name) for name in ("东校区", "西校区"))
    for chosen in ({"campuses": [east, west]}, {"campuses": [east], "schools": [own]}):
        with pytest.raises(DomainError, match="同一所学校只能选一个校区，或选整所学校"):
            split(bureau, **chosen)


def test_a_past_month_says_the_same_before_and_after_every_step(bureau):
    """Heads of every subtree, and the summary of a report."""
    below = OrganizationFactory(name="第二支部", parent=bureau.mine.parent)
    stand(bureau.mine, 4)
    start_roster(actor=None, organization=bureau.mine, since=date(2026, 1, 1), at=NOW)
    for organization, number in ((bureau.other, 9), (below, 7)):
        record_head_count(
            actor=None, organization=organization, on=date(2026, 1, 1), counts={"full": number}
        )
    report = report_of(bureau.other, 1, state="approved")

    def past():
        ids = list(Organization.objects.exclude(code="N1").values_list("pk", flat=True))
        rows = summary(report.period, Organization.objects.order_by("pk")).rows
        told = [(row.label, row.state, row.expected, row.cells) for row in rows]
        total = summed_heads(Organization.objects.open_on(BEFORE), BEFORE)
        return subtree_head_counts(ids, BEFORE), total, told

    before = past()
    split(bureau, persons=[Standing.objects.first().person_id])
    assert past() == before
    move_organization(actor=None, organization=bureau.mine, parent=bureau.root, on=ON, basis=BASIS)
    assert past() == before
    merge(bureau)
    assert past() == before


# Previews -----------------------------------------------------------------------------------------
def step(client, name, organization, /, **typed):
    address = reverse(f"admin:organizations_organization_{name}", args=[organization.pk])
    return client.post(address, {"on": "2026-03-20", "basis": BASIS, **typed}).context["changes"]


def written():
    tables = (Organization, Role, Standing, HeadCount, Succession, AuditEntry)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def test_a_preview_is_the_step_itself_taken_back(bureau, client):
    client.force_login(bureau.officer)
    stand(bureau.other, 2)
    task_of(bureau.other)
    for organization, number in ((bureau.mine, 25), (bureau.other, 2)):
        counts = {"full": number, "probationary": 0}
        record_head_count(actor=None, organization=organization, on=BEFORE, counts=counts)
    before = written()
    told = step(client, "merge", bureau.other, into=bureau.mine.pk, school="campus")
    assert told[0] == "「荷花小学党支部」自 2026年3月20日 起撤销，并入「芙蓉小学党支部」。"
    assert "未办结的任务 1 项（主题党日），将取消。" in told
    assert "角色 1 个（other_secretary（书记）），将到前一天为止。" in told
    assert "名册上 2 人（查0、查1），转到「芙蓉小学党支部」。" in told
    assert "「芙蓉小学党支部」本级党员由 25 人变为 27 人（+2）。" in told
    assert written() == before


def test_a_role_held_in_both_just_ends(bureau, client):
    client.force_login(bureau.officer)
    RoleFactory(user=bureau.deputy, organization=bureau.other, kind=RoleKind.DEPUTY)
    told = step(client, "merge", bureau.other, into=bureau.mine.pk, school="campus")
    [line] = [each for each in told if each.startswith("角色")]
    assert line.startswith("角色 2 个")
    assert line.endswith("，将到前一天为止。")


def test_a_preview_names_self_checks_and_what_is_to_be_mended(bureau, client):
    client.force_login(bureau.officer)
    assigned(bureau)
    handed_in = services.submit_self_check(
        actor=bureau.secretary,
        self_check=answer_all(bureau, check_of(bureau.mine), 学校党建="partly"),
        at=AT,
    )
    demands = {item("会前沟通").pk: "补齐沟通记录"}
    services.open_rectifications(
        actor=bureau.officer, self_check=handed_in, demands=demands, due_on=DUE, at=AT
    )
    told = step(client, "close", bureau.other)
    assert any(
        line.startswith("未交的清单自查 1 份") and line.endswith("将标为“无需自查”。")
        for line in told
    )
    told = step(client, "close", bureau.mine)
    assert "未完成的整改 1 项（书记和校长会前沟通有记录），将取消。" in told


def test_a_preview_refuses_what_the_step_refuses(bureau, client):
    client.force_login(bureau.officer)
    stand(bureau.other, 2)
    address = reverse("admin:organizations_organization_close", args=[bureau.other.pk])
    page = client.post(address, {"on": "2026-03-20", "basis": BASIS})
    assert page.context["changes"] == []
    assert "名册里还有 2 人" in page.content.decode()


def test_the_preview_of_a_split_names_who_goes(bureau, client):
    client.force_login(bureau.officer)
    people = stand(bureau.mine, 3)
    told = step(
        client,
        "split",
        bureau.mine,
        name="新党支部",
        code="N1",
        kind="branch",
        persons=[people[0].person_id],
    )
    assert "名册上 1 人（查0），转到「新党支部」。" in told
    assert "名册上 2 人不变。" in told
    assert not Organization.objects.filter(code="N1").exists()


def test_a_forged_member_is_refused(bureau, client):
    client.force_login(bureau.officer)
    stand(bureau.mine, 1)
    [stranger] = stand(bureau.other, 1)
    told = step(
        client, "split", bureau.mine, name="新", code="N1", kind="branch",
        persons=[stranger.person_id],
    )  # fmt: skip
    assert told == []


def test_a_move_is_previewed_by_as_many_queries_for_1_and_30(bureau, client):
    client.force_login(bureau.officer)

    def asked(size):
        top = OrganizationFactory(
            name=f"第{size}党总支", kind="general_branch", parent=bureau.mine.parent.parent
        )
        target = OrganizationFactory(kind="committee", parent=bureau.root)
        for each in OrganizationFactory.create_batch(size, parent=top):
            task_of(each)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            told = step(client, "move", top, parent=target.pk)
        assert f"未办结的任务 {size} 项，都不变。" in told
        return len(queries)

    asked(1)
    assert asked(1) == asked(30)


def test_members_after_a_merging_are_not_told_where_one_figure_is_not_known(bureau):
    HeadCount.objects.create(organization=bureau.mine, on=date(2020, 1, 1), full=18)
    (words,) = closing.heads_after(lambda: None, bureau.mine, on=date(2026, 3, 2))
    assert "没有填全" in words
