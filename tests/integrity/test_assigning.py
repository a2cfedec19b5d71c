"""Asking an audience, and what changes about that."""

from datetime import date, timedelta

import pytest

from calendar_events.services import AudienceChoice
from common.errors import ConflictError, DomainError, ForbiddenError
from integrity import services
from integrity.models import Assignment, SelfCheck
from notifications.models import Due, GroupText
from organizations.choices import AudienceKind, OrganizationKind
from organizations.models import SchoolLink
from tests.factories import OrganizationFactory, SchoolFactory
from tests.integrity.builders import AT, DUE, answer_all, assigned, check_of, item, published


def test_each_school_gets_one_with_what_applies_to_its_kind(bureau):
    kinder = OrganizationFactory(
        name="小鹿幼儿园党支部",
        parent=bureau.root,
        school=SchoolFactory(name="小鹿幼儿园", kind="kindergarten"),
    )
    SchoolLink.objects.create(
        organization=bureau.root, school=SchoolFactory(name="局机关", kind="office")
    )
    assigned(bureau)
    rows = SelfCheck.objects.order_by("order").values_list("organization", "school__name", "asked")
    assert set(rows) == {
        (bureau.mine.pk, "芙蓉小学", 4),
        (bureau.other.pk, "荷花小学", 4),
        (kinder.pk, "小鹿幼儿园", 4),
    }


def test_a_joint_branch_answers_once_for_each_school(bureau):
    joint = OrganizationFactory(
        name="三园联合支部", kind=OrganizationKind.JOINT_BRANCH, parent=bureau.root
    )
    for name in ("东园", "西园"):
        SchoolLink.objects.create(
            organization=joint, school=SchoolFactory(name=name, kind="kindergarten")
        )
    edition = published(bureau)
    reach = services.reach_of(
        edition=edition, year=2026, choice=AudienceChoice(), on=date(2026, 3, 10)
    )
    assert reach.sentences == [
        "将布置给 4 个单位，每个单位一份自查表。",
        "其中 1 份由管几所学校的联合党组织多填：每所学校一份。",
    ]
    assigned(bureau, edition)
    mine = SelfCheck.objects.filter(organization=joint).values_list("school__name", flat=True)
    assert sorted(mine) == ["东园", "西园"]


def test_where_organisations_answer_there_is_one_for_each(bureau):
    edition = published(
        bureau, title="活动室", subject="organization", source="一、六有\n1. 有场所"
    )
    assigned(bureau, edition)
    rows = SelfCheck.objects.values_list("organization", "school")
    assert set(rows) == {(bureau.mine.pk, None), (bureau.other.pk, None)}


def test_nobody_is_asked_twice_a_year(bureau):
    edition = published(bureau)
    chosen = AudienceChoice(kind=AudienceKind.CHOSEN, organizations=(bureau.mine,))
    services.assign(
        actor=bureau.officer, edition=edition, year=2026, due_on=DUE, choice=chosen, at=AT
    )
    on = date(2026, 3, 10)
    reach = services.reach_of(edition=edition, year=2026, choice=AudienceChoice(), on=on)
    assert (len(reach.units), reach.already) == (1, 1)
    assigned(bureau, edition)
    with pytest.raises(DomainError, match="这个范围里没有要布置的单位"):
        assigned(bureau, edition)
    assert SelfCheck.objects.count() == 2
    assert Assignment.objects.count() == 2


@pytest.mark.parametrize(
    ("year", "due_on", "told"),
    [
        (2026, date(2026, 3, 9), "已经过去"),
        (2099, date(2099, 3, 31), "年度应在 2025 到 2027 之间"),
        (2026, date(2028, 1, 1), "截止日期应在 2026 或 2027 年内"),
    ],
)
def test_days_that_cannot_be(bureau, year, due_on, told):
    edition = published(bureau)
    with pytest.raises(DomainError, match=told):
        assigned(bureau, edition, year=year, due_on=due_on)


def test_only_the_edition_in_force_is_assigned_and_only_by_who_writes(bureau):
    old = published(bureau)
    published(bureau, name="2027年版")
    with pytest.raises(ConflictError, match="不是现行的"):
        assigned(bureau, old)
    with pytest.raises(ForbiddenError):
        services.assign(
            actor=bureau.leader,
            edition=old,
            year=2026,
            due_on=DUE,
            choice=AudienceChoice(),
            at=AT,
        )


def test_who_answers_is_told_at_once_and_the_group_has_a_text(bureau):
    assigned(bureau)
    due = Due.objects.get(recipient=bureau.secretary)
    assert (
        due.subject == "请于3月31日（周二）前完成2026年清廉学校清单自查，在手机上填，约需 10 分钟。"
    )
    assert due.link == f"/checks/{check_of(bureau.mine).pk}/"
    text = GroupText.objects.get()
    assert text.named.endswith("涉及：芙蓉小学、荷花小学。")


def test_a_moved_due_date_is_told_to_who_still_has_it(bureau):
    assignment = assigned(bureau)
    services.move_due_date(
        actor=bureau.officer,
        assignment=assignment,
        due_on=DUE + timedelta(days=7),
        reason="期中考试",
        at=AT + timedelta(hours=1),
    )
    told = Due.objects.filter(recipient=bureau.secretary, withdrawn_at=None)
    assert [due.subject for due in told] == [
        "截止日期由3月31日（周二）改为4月7日（周二）：期中考试。"
    ]
    stale = Assignment(pk=assignment.pk, year=2026, due_on=DUE)
    with pytest.raises(ConflictError, match="刚刚已被别人调整"):
        services.move_due_date(
            actor=bureau.officer,
            assignment=stale,
            due_on=DUE + timedelta(days=9),
            reason="再推迟",
            at=AT,
        )


def test_a_cancelled_one_waits_for_nobody(bureau):
    assignment = assigned(bureau)
    services.cancel_assignment(
        actor=bureau.officer, assignment=assignment, reason="与上级检查合并", at=AT
    )
    assert not SelfCheck.objects.pending().exists()
    with pytest.raises(ConflictError, match="已经取消"):
        services.cancel_assignment(
            actor=bureau.officer, assignment=assignment, reason="再取消", at=AT
        )


def test_a_school_that_goes_on_elsewhere_may_be_asked_again(bureau):
    edition = published(bureau)
    first = assigned(bureau, edition)
    school = check_of(bureau.mine).school
    bureau.mine.closed_on = date(2026, 3, 1)
    bureau.mine.save()
    services.waive_closed(at=AT)
    SchoolLink.objects.filter(school=school).update(organization=bureau.other)
    again = assigned(bureau, edition)
    assert [row.school for row in again.self_checks.all()] == [school]
    row = first.self_checks.get(school=school)
    SelfCheck.objects.create(assignment=first, organization=bureau.other, school=school)
    assert row.state == "waived"


def test_a_closed_organisation_has_nothing_left_to_mend(bureau):
    assigned(bureau)
    row = answer_all(bureau, check_of(bureau.mine), 学校党建="partly")
    services.submit_self_check(actor=bureau.secretary, self_check=row, at=AT)
    (mending,) = services.open_rectifications(
        actor=bureau.officer,
        self_check=row,
        demands={item("会前沟通").pk: "补齐"},
        due_on=DUE,
        at=AT,
    )
    bureau.mine.closed_on = date(2026, 3, 1)
    bureau.mine.save()
    services.waive_closed(at=AT)
    mending.refresh_from_db()
    assert mending.state == "cancelled"
    link = f"/rectifications/{mending.pk}/"
    assert not Due.objects.filter(link=link, withdrawn_at=None).exists()


def test_a_closed_organisation_owes_nothing(bureau):
    assigned(bureau)
    bureau.mine.closed_on = date(2026, 3, 1)
    bureau.mine.save()
    assert services.waive_closed(at=AT) == 1
    assert services.waive_closed(at=AT) == 0
    assert check_of(bureau.mine).state == "waived"
    assert check_of(bureau.other).state == "open"
