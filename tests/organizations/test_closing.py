"""Closing instead of deleting, merging, renaming, correcting."""

from datetime import date

import pytest

from common.errors import DomainError
from common.models import AuditEntry
from organizations.models import Campus, FormerSchoolLink, Organization, Role
from organizations.queries import closing_effects, paths_on, search_organizations
from organizations.services import (
    change_organization,
    close_organization,
    link_schools,
    merge_organization,
    rename_organization,
)
from tests.factories import OrganizationFactory, SchoolFactory
from tests.personas import build_bureau

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
AUGUST = date(2026, 8, 1)
BASIS = "澄教委〔2026〕18号"


def test_closing_ends_place_and_roles_and_keeps_the_rest():
    bureau = build_bureau()
    effects = closing_effects(bureau.mine, AUGUST)
    assert [len(each) for each in (effects.subordinates, effects.roles, effects.schools)] == [
        0,
        3,
        1,
    ]
    close_organization(actor=bureau.officer, organization=bureau.mine, on=AUGUST, basis=BASIS)
    assert bureau.mine.closed_on == AUGUST
    ends = set(Role.objects.filter(organization=bureau.mine).values_list("until", flat=True))
    assert ends == {date(2026, 7, 31)}
    assert paths_on([bureau.mine.pk], date(2026, 7, 31)) == {bureau.mine.pk: bureau.mine.path}
    assert paths_on([bureau.mine.pk], AUGUST) == {}
    open_ones = Organization.objects.filter(name__startswith="芙蓉")
    assert list(open_ones.open_on(AUGUST)) == []
    assert list(open_ones.open_on(date(2026, 7, 31))) == [bureau.mine]
    entry = AuditEntry.objects.get(verb="organizations.close")
    assert len(entry.object_ids) == 3


def test_closing_refuses_while_subordinates_are_there_and_twice():
    bureau = build_bureau()
    with pytest.raises(DomainError, match="还有 1 个下级党组织（芙蓉小学党支部），请先移走或撤销"):
        close_organization(
            actor=bureau.officer, organization=bureau.mine.parent, on=AUGUST, basis=BASIS
        )
    close_organization(actor=bureau.officer, organization=bureau.mine, on=AUGUST, basis=BASIS)
    with pytest.raises(DomainError, match="已于 2026-08-01 撤销"):
        close_organization(actor=bureau.officer, organization=bureau.mine, on=AUGUST, basis=BASIS)


def test_a_merged_school_becomes_a_campus():
    bureau = build_bureau()
    campus = merge_organization(
        actor=bureau.officer,
        organization=bureau.other,
        into=bureau.mine,
        on=AUGUST,
        basis=BASIS,
        campus="荷花校区",
    )
    assert (campus.school.name, campus.name, campus.opened_on) == ("芙蓉小学", "荷花校区", AUGUST)
    assert bureau.other.schools.get().closed_on == AUGUST
    bureau.other.refresh_from_db()
    assert bureau.other.closed_on == AUGUST


def test_a_merger_that_fails_changes_nothing():
    bureau = build_bureau()
    with pytest.raises(DomainError, match="没有对应的学校，无法并入"):
        merge_organization(
            actor=None,
            organization=bureau.other,
            into=bureau.root,
            on=AUGUST,
            basis=BASIS,
            campus="",
        )
    with pytest.raises(DomainError, match="请写明依据文件"):
        merge_organization(
            actor=None, organization=bureau.other, into=bureau.mine, on=AUGUST, basis="", campus=""
        )
    bureau.other.refresh_from_db()
    assert bureau.other.closed_on is None
    assert not Campus.objects.exists()


def test_the_old_name_still_finds_it():
    bureau = build_bureau()
    rename_organization(
        actor=bureau.officer,
        organization=bureau.mine,
        name="澄湖小学党支部",
        short_name="澄湖小学",
        on=AUGUST,
        basis=BASIS,
    )
    for text in ("澄湖", "芙蓉", "chxx", "frxx", " 澄湖　支部 "):
        assert list(search_organizations(Organization.objects.all(), text)) == [bureau.mine], text
    former = bureau.mine.former_names.get()
    assert (former.name, former.until, former.basis) == ("芙蓉小学党支部", AUGUST, BASIS)
    with pytest.raises(DomainError, match="自 2026-08-01 起才用现在的名称"):
        rename_organization(
            actor=None,
            organization=bureau.mine,
            name="清湖小学党支部",
            short_name="",
            on=date(2026, 7, 1),
            basis=BASIS,
        )
    with pytest.raises(DomainError, match="名称没有变化"):
        rename_organization(
            actor=None,
            organization=bureau.mine,
            name="澄湖小学党支部",
            short_name="澄湖小学",
            on=AUGUST,
            basis=BASIS,
        )


def test_corrections_are_audited_and_an_equal_one_leaves_no_trace():
    bureau = build_bureau()
    mine = bureau.mine
    for _ in range(2):
        change_organization(
            actor=bureau.officer, organization=mine, code="C-9", kind=mine.kind, order=7
        )
    assert (mine.code, mine.order) == ("C-9", 7)
    assert AuditEntry.objects.filter(verb="organizations.change").count() == 1
    with pytest.raises(DomainError, match="还有 1 个下级党组织，不能改为党支部"):
        change_organization(
            actor=bureau.officer,
            organization=mine.parent,
            code=mine.parent.code,
            kind="branch",
            order=0,
        )


def test_schools_of_a_joint_branch():
    bureau = build_bureau()
    joint = OrganizationFactory(kind="joint_branch", parent=bureau.root)
    first, second, third = (SchoolFactory() for _ in range(3))
    link_schools(actor=bureau.officer, organization=joint, schools=[first, second], on=AUGUST)
    link_schools(
        actor=bureau.officer, organization=joint, schools=[second, third], on=date(2026, 9, 1)
    )
    assert list(joint.schools.order_by("order")) == [second, third]
    gone = FormerSchoolLink.objects.get()
    assert (gone.school, gone.since, gone.until) == (first, AUGUST, date(2026, 9, 1))
    assert AuditEntry.objects.filter(verb="organizations.link_schools").count() == 2
