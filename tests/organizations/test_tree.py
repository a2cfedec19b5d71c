"""Founding, moving and what the past remembers."""

from datetime import date

import pytest

from common.errors import ConflictError, DomainError, ForbiddenError
from common.models import AuditEntry
from organizations.choices import OrganizationKind
from organizations.models import Organization, Placement
from organizations.queries import paths_on, subtree_head_counts
from organizations.services import found_organization, move_organization, record_head_count
from tests.factories import OrganizationFactory, SchoolFactory
from tests.personas import build_bureau

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
BASIS = "澄教委〔2026〕3号"
APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)


def general_branch(parent, name="实验小学党总支"):
    return OrganizationFactory(name=name, kind=OrganizationKind.GENERAL_BRANCH, parent=parent)


def found(actor, parent, **extra):
    values = {"name": "新区小学党支部", "kind": "branch", "code": "X1", "on": APRIL, **extra}
    return found_organization(actor=actor, parent=parent, **values)


def test_founding_gives_a_place_a_path_and_pinyin():
    bureau = build_bureau()
    school = SchoolFactory(name="新区小学")
    new = found(bureau.officer, bureau.root, schools=[school], short_name="新区 小学")
    assert new.path == bureau.root.path + f"{new.pk:07}"
    assert new.short_name == "新区小学"
    assert new.pinyin == "xinquxiaoxuedangzhibu xqxxdzb"
    place = new.placements.get()
    assert (place.parent, place.path, place.since, place.until) == (
        bureau.root,
        new.path,
        APRIL,
        None,
    )
    assert list(new.schools.all()) == [school]
    entry = AuditEntry.objects.get(verb="organizations.found")
    assert (entry.actor, entry.object_id) == (bureau.officer, str(new.pk))


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ({"code": "O-TAKEN"}, "组织代码“O-TAKEN”已由「占用党支部」使用，请核对。"),
        ({"code": " "}, "请填写组织代码。"),
        ({"name": " "}, "请填写党组织全称。"),
        ({"name": "占用党支部"}, "同一上级下已有「占用党支部」，请核对名称。"),
        ({"on": date(2019, 1, 1)}, "才成立，日期不能早于这一天。"),
    ],
)
def test_founding_refuses(extra, message):
    bureau = build_bureau()
    OrganizationFactory(name="占用党支部", code="O-TAKEN", parent=bureau.root)
    before = Organization.objects.count()
    with pytest.raises(DomainError) as refused:
        found(bureau.officer, bureau.root, **extra)
    assert refused.value.message.endswith(message)
    assert Organization.objects.count() == before


def test_one_root_only():
    bureau = build_bureau()
    with pytest.raises(DomainError, match="已有最上级党组织"):
        found(bureau.officer, None)


def test_a_branch_has_no_subordinates_and_a_general_branch_only_branches():
    bureau = build_bureau()
    with pytest.raises(DomainError, match="是党支部，不能设下级党组织"):
        found(bureau.officer, bureau.mine)
    with pytest.raises(DomainError, match="下级只能是党支部"):
        found(bureau.officer, bureau.mine.parent, kind="general_branch")


@pytest.mark.parametrize("who", ["leader", "reviewer", "secretary", "auditor", "stranger"])
def test_only_the_organisation_office_changes_the_tree(who):
    bureau = build_bureau()
    with pytest.raises(ForbiddenError):
        found(getattr(bureau, who), bureau.root)
    with pytest.raises(ForbiddenError):
        move_organization(
            actor=getattr(bureau, who),
            organization=bureau.mine,
            parent=bureau.root,
            on=MAY,
            basis=BASIS,
        )


def test_a_move_takes_the_subtree_along_and_keeps_the_former_place():
    bureau = build_bureau()
    top = general_branch(bureau.root)
    leaf = OrganizationFactory(parent=top)
    target = OrganizationFactory(kind=OrganizationKind.COMMITTEE, parent=bureau.root)
    was = {each.pk: each.path for each in (top, leaf)}
    move_organization(actor=bureau.officer, organization=top, parent=target, on=MAY, basis=BASIS)
    leaf.refresh_from_db()
    assert top.path == target.path + f"{top.pk:07}"
    assert leaf.path == top.path + f"{leaf.pk:07}"
    assert leaf.parent_id == top.pk
    assert paths_on([top.pk, leaf.pk], APRIL) == was
    assert paths_on([top.pk, leaf.pk], MAY) == {top.pk: top.path, leaf.pk: leaf.path}
    moved = top.placements.order_by("since").last()
    assert (moved.parent, moved.since, moved.until, moved.basis) == (target, MAY, None, BASIS)
    entry = AuditEntry.objects.get(verb="organizations.move")
    assert entry.after["parent"] == f"{target} (#{target.pk})"


def test_a_move_beside_a_sister_of_the_same_name_is_refused():
    bureau = build_bureau()
    top = general_branch(bureau.root)
    found(bureau.officer, top)
    sister = found(bureau.officer, bureau.root, code="X2")
    with pytest.raises(DomainError, match="同一上级下已有「新区小学党支部」"):
        move_organization(
            actor=bureau.officer, organization=sister, parent=top, on=MAY, basis=BASIS
        )


def test_two_moves_on_one_day_leave_one_place_for_that_day():
    bureau = build_bureau()
    top, other = general_branch(bureau.root), general_branch(bureau.root, "另一党总支")
    leaf = OrganizationFactory(parent=bureau.root)
    for parent in (top, other):
        move_organization(
            actor=bureau.officer, organization=leaf, parent=parent, on=MAY, basis=BASIS
        )
    places = leaf.placements.order_by("since").values_list("parent", "since", "until")
    assert list(places) == [(bureau.root.pk, leaf.founded_on, MAY), (other.pk, MAY, None)]
    assert leaf.placements.get(until=None).path == leaf.path


def test_a_subordinate_moved_in_on_the_same_day_moves_on():
    bureau = build_bureau()
    committee = OrganizationFactory(kind=OrganizationKind.COMMITTEE, parent=bureau.root)
    top, leaf = general_branch(bureau.root), OrganizationFactory(parent=bureau.root)
    move_organization(actor=None, organization=leaf, parent=top, on=MAY, basis=BASIS)
    move_organization(actor=None, organization=top, parent=committee, on=MAY, basis=BASIS)
    leaf.refresh_from_db()
    current = leaf.placements.get(until=None)
    assert current.path == leaf.path == f"{committee.path}{top.pk:07}{leaf.pk:07}"
    assert leaf.placements.count() == 2


def test_a_closed_subordinate_goes_along_without_a_new_place():
    bureau = build_bureau()
    top = general_branch(bureau.root)
    gone = OrganizationFactory(parent=top, closed_on=APRIL)
    gone.placements.update(until=APRIL)
    committee = OrganizationFactory(kind=OrganizationKind.COMMITTEE, parent=bureau.root)
    move_organization(actor=None, organization=top, parent=committee, on=MAY, basis=BASIS)
    gone.refresh_from_db()
    assert gone.path.startswith(committee.path)
    assert gone.placements.get().until == APRIL


def test_moves_refuse_circles_and_the_past():
    bureau = build_bureau()
    outer = OrganizationFactory(kind=OrganizationKind.COMMITTEE, parent=bureau.root)
    inner = OrganizationFactory(kind=OrganizationKind.COMMITTEE, parent=outer)
    leaf = OrganizationFactory(parent=inner)

    def move(what, where, on=MAY, basis=BASIS):
        move_organization(actor=None, organization=what, parent=where, on=on, basis=basis)

    with pytest.raises(DomainError, match="不能作为它的上级"):
        move(outer, inner)
    with pytest.raises(DomainError, match="不能作为它的上级"):
        move(outer, outer)
    with pytest.raises(DomainError, match="无需调整"):
        move(inner, outer)
    with pytest.raises(DomainError, match="请写明依据文件"):
        move(inner, bureau.root, basis=" ")
    move(leaf, outer)
    with pytest.raises(DomainError, match="自 2026-05-01 起另有隶属变动"):
        move(outer, OrganizationFactory(kind="committee", parent=bureau.root), on=APRIL)
    assert Placement.objects.filter(organization=outer).count() == 1


def test_a_stale_page_moves_nothing():
    bureau = build_bureau()
    top, other = general_branch(bureau.root), general_branch(bureau.root, "另一党总支")
    leaf = OrganizationFactory(parent=bureau.root)
    stale = Organization.objects.get(pk=leaf.pk)
    move_organization(actor=None, organization=leaf, parent=top, on=MAY, basis=BASIS)
    with pytest.raises(ConflictError):
        move_organization(actor=None, organization=stale, parent=other, on=MAY, basis=BASIS)


def test_moves_take_the_same_number_of_statements_for_1_and_300(django_assert_num_queries):
    bureau = build_bureau()
    target = OrganizationFactory(kind=OrganizationKind.COMMITTEE, parent=bureau.root)
    for size in (1, 300):
        top = general_branch(bureau.root, f"第{size}党总支")
        for _ in range(size):
            OrganizationFactory(parent=top)
        with django_assert_num_queries(17):
            move_organization(actor=None, organization=top, parent=target, on=MAY, basis=BASIS)


def test_a_past_figure_uses_the_tree_of_that_day():
    bureau = build_bureau()
    first, second = general_branch(bureau.root), general_branch(bureau.root, "另一党总支")
    leaf = OrganizationFactory(parent=first)
    record_head_count(actor=None, organization=leaf, on=date(2026, 1, 1), counts={"full": 7})
    move_organization(actor=None, organization=leaf, parent=second, on=MAY, basis=BASIS)
    both = [first.pk, second.pk]
    full = {
        day: [subtree_head_counts(both, day)[pk]["full"] for pk in both] for day in (APRIL, MAY)
    }
    assert full == {APRIL: [7, None], MAY: [None, 7]}
