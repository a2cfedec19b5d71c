"""Units that ask for more than the regulations: stricter only, for their subtree, from a day on."""

from datetime import date
from fractions import Fraction

import pytest
from django.test import Client
from django.utils import timezone

from common.errors import ConflictError, DomainError, ForbiddenError
from common.models import AuditEntry
from organizations.models import Tightening
from organizations.queries import tightenings_of
from organizations.services import (
    end_tightening,
    move_organization,
    tighten_rule,
    withdraw_tightening,
)
from rulebook.checking import check
from rulebook.life import MEMBERS_MEETING, Meetings
from tests.personas import Bureau, build_bureau

pytestmark = pytest.mark.django_db
SINCE = date(2026, 1, 1)
BASIS = "澄教委〔2026〕3号"
MEETINGS = {"rule": "life.members_meeting", "figure": "per_quarter"}
LIST = "/admin/organizations/tightening/"


@pytest.fixture
def bureau() -> Bureau:
    return build_bureau()


def tightened(bureau: Bureau, *, value=3, organization=None, since=SINCE, **more) -> Tightening:
    return tighten_rule(
        actor=bureau.officer,
        organization=organization or bureau.root,
        value=value,
        since=since,
        basis=BASIS,
        **{**MEETINGS, **more},
    )


def asked(organization, on=SINCE) -> list[object]:
    return [each.value for each in tightenings_of([organization.pk], on)[organization.pk]]


# Services --------------------------------------------------------------------------------------
def test_a_unit_asks_for_more_and_the_check_judges_by_it(bureau):
    made = tightened(bureau)
    assert str(made) == "党员大会 · 每季度 至少 3 次"
    own = tightenings_of([bureau.mine.pk], SINCE)[bureau.mine.pk]
    found = check(MEMBERS_MEETING, Meetings(held=2), on=SINCE, tightenings=own)
    assert found.words == "本季度党员大会 2 次，应至少 3 次，还差 1 次"
    assert found.reference.endswith(f"；中共澄岚区教育局委员会从严规定（{BASIS}）")


def test_it_holds_for_the_subtree_and_for_nobody_else(bureau):
    tightened(bureau, organization=bureau.mine.parent)
    assert asked(bureau.mine) == [3]
    assert asked(bureau.mine.parent) == [3]
    assert asked(bureau.other) == []
    assert asked(bureau.root) == []


def test_it_holds_from_its_first_to_its_last_day(bureau):
    made = tightened(bureau)
    end_tightening(
        actor=bureau.officer, tightening=made, until=date(2026, 6, 30), basis="澄教委〔2026〕9号"
    )
    days = (date(2025, 12, 31), SINCE, date(2026, 6, 30), date(2026, 7, 1))
    assert [asked(bureau.mine, on) for on in days] == [[], [3], [3], []]


def test_the_tree_of_that_day_counts(bureau):
    tightened(bureau, organization=bureau.mine.parent)
    moved_on = date(2026, 3, 1)
    move_organization(
        actor=bureau.officer,
        organization=bureau.mine,
        parent=bureau.root,
        on=moved_on,
        basis=BASIS,
    )
    assert asked(bureau.mine, date(2026, 2, 28)) == [3]
    assert asked(bureau.mine, moved_on) == []


def test_loosening_is_refused_with_the_reason(bureau):
    with pytest.raises(DomainError) as refused:
        tightened(bureau, value=0)
    assert refused.value.message == (
        "“每季度”现行至少 1 次，改为没有规定是放宽；只能从严，不能放宽。"
        "现行要求见《中国共产党支部工作条例（试行）》。"
    )
    assert not Tightening.objects.exists()


def test_what_a_unit_above_asks_for_may_not_be_loosened_below(bureau):
    tightened(bureau)
    with pytest.raises(DomainError) as refused:
        tightened(bureau, value=2, organization=bureau.mine)
    assert refused.value.message == (
        "“每季度”现行至少 3 次，改为至少 2 次是放宽；只能从严，不能放宽。"
        f"现行要求见中共澄岚区教育局委员会（{BASIS}）。"
    )
    assert str(tightened(bureau, value=4, organization=bureau.mine)).endswith("至少 4 次")


def test_the_same_twice_is_refused(bureau):
    tightened(bureau)
    with pytest.raises(DomainError, match="没有从严"):
        tightened(bureau)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rule": "life.nothing"}, "规章库里没有这一项"),
        ({"figure": "per_month"}, "没有这一项数字"),
        ({"rule": "terms.term", "figure": "branch", "value": 2}, "是固定的（3 年）"),
        ({"rule": "terms.term", "figure": "shift", "since": date(2017, 1, 1)}, "2017年1月1日时"),
        ({"since": date(2019, 1, 1)}, "才成立"),
        ({"rule": "voting.decision_quorum", "figure": "present", "value": 2}, "谁也做不到"),
    ],
)
def test_what_can_not_be_is_refused(bureau, change, message):
    if change.get("since") == date(2017, 1, 1):
        bureau.root.founded_on = date(2000, 1, 1)
        bureau.root.save()
    with pytest.raises(DomainError, match=message):
        tightened(bureau, **change)


def test_a_share_is_kept_as_it_was_written(bureau):
    made = tightened(bureau, rule="voting.decision_quorum", figure="present", value=Fraction(2, 3))
    made.refresh_from_db()
    assert (made.value, made.number, made.demand) == ("2/3", Fraction(2, 3), "超过三分之二")


def test_a_demand_without_its_document_is_refused(bureau):
    with pytest.raises(DomainError, match="依据文件"):
        tighten_rule(
            actor=bureau.officer,
            organization=bureau.root,
            value=3,
            since=SINCE,
            basis=" ",
            **MEETINGS,
        )


def test_only_the_organisation_office_may(bureau):
    made = tightened(bureau)
    for actor in (bureau.leader, bureau.reviewer, bureau.secretary):
        with pytest.raises(ForbiddenError):
            tighten_rule(
                actor=actor,
                organization=bureau.mine,
                value=4,
                since=SINCE,
                basis=BASIS,
                **MEETINGS,
            )
        with pytest.raises(ForbiddenError):
            end_tightening(actor=actor, tightening=made, until=SINCE, basis=BASIS)
        with pytest.raises(ForbiddenError):
            withdraw_tightening(actor=actor, tightening=made, reason="错", at=timezone.now())


def test_one_entered_by_mistake_counts_on_no_day(bureau):
    made = tightened(bureau)
    withdraw_tightening(actor=bureau.officer, tightening=made, reason="录错", at=timezone.now())
    assert asked(bureau.mine) == []
    with pytest.raises(ConflictError):
        withdraw_tightening(actor=bureau.officer, tightening=made, reason="录错", at=timezone.now())
    with pytest.raises(ConflictError):
        end_tightening(actor=bureau.officer, tightening=made, until=SINCE, basis=BASIS)


def test_whoever_looked_at_another_last_day_is_told(bureau):
    made = tightened(bureau)
    seen = Tightening.objects.get(pk=made.pk)
    end_tightening(actor=bureau.officer, tightening=made, until=SINCE, basis=BASIS)
    with pytest.raises(ConflictError):
        end_tightening(actor=bureau.officer, tightening=seen, until=SINCE, basis=BASIS)


def test_the_last_day_is_not_before_the_first(bureau):
    made = tightened(bureau)
    with pytest.raises(DomainError, match="不能早于 2026年1月1日"):
        end_tightening(actor=bureau.officer, tightening=made, until=date(2025, 12, 31), basis=BASIS)


def test_each_step_stands_in_the_log(bureau):
    made = tightened(bureau)
    end_tightening(actor=bureau.officer, tightening=made, until=SINCE, basis=BASIS)
    withdraw_tightening(actor=bureau.officer, tightening=made, reason="录错", at=timezone.now())
    entries = AuditEntry.objects.filter(object_id=str(made.pk)).order_by("pk")
    assert [entry.verb for entry in entries] == [
        "organizations.tighten_rule",
        "organizations.end_tightening",
        "organizations.withdraw_tightening",
    ]
    assert entries[0].after["what"] == "党员大会 · 每季度 至少 3 次"


def test_a_rule_that_the_book_has_no_longer_is_still_shown(bureau):
    made = tightened(bureau)
    Tightening.objects.filter(pk=made.pk).update(rule="life.gone")
    made.refresh_from_db()
    assert str(made) == "life.gone · per_quarter 3"


def test_many_organisations_take_two_queries(bureau, django_assert_num_queries):
    tightened(bureau)
    tightened(bureau, value=4, organization=bureau.mine)
    with django_assert_num_queries(2):
        found = tightenings_of([bureau.mine.pk, bureau.other.pk], SINCE)
    assert {pk: len(each) for pk, each in found.items()} == {bureau.mine.pk: 2, bureau.other.pk: 1}


# Doors -----------------------------------------------------------------------------------------
def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(bureau: Bureau, **more: object) -> dict[str, object]:
    return {
        "organization": bureau.root.pk,
        "demand": "life.members_meeting:per_quarter",
        "value": "3",
        "since": "2026-01-01",
        "basis": BASIS,
        **more,
    }


def test_the_page_shows_what_it_comes_to_before_it_is_saved(bureau):
    page = as_(bureau.officer).post(f"{LIST}add/", typed(bureau))
    assert page.context["changes"] == [
        "现行：每季度 至少 1 次（见《中国共产党支部工作条例（试行）》）。",
        "自 2026年1月1日起改为：每季度 至少 3 次。",
        "适用于「中共澄岚区教育局委员会」和 3 个下级党组织。",
    ]
    assert not Tightening.objects.exists()
    answer = as_(bureau.officer).post(f"{LIST}add/", typed(bureau, confirmed="1"), follow=True)
    assert "已保存：党员大会 · 每季度 至少 3 次。" in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": "0"}, "改为没有规定是放宽；只能从严，不能放宽。"),
        ({"value": "三次"}, "「改为」应填 3 这样的整数，或 2/3 这样的比例，写的是“三次”"),
        ({"value": "2/0"}, "写的是“2/0”"),
        ({"value": "1/2"}, "按次算，应填整数"),
        ({"demand": "life.members_meeting:nothing"}, "没有这一项，请重新选择。"),
        ({"demand": ""}, "必填"),
        ({"basis": " "}, "必填"),
    ],
)
def test_what_is_wrong_is_told_and_everything_typed_stays(bureau, change, message):
    page = as_(bureau.officer).post(f"{LIST}add/", typed(bureau, **change))
    assert page.status_code == 200
    assert message in page.content.decode()
    assert not Tightening.objects.exists()


def test_full_width_digits_are_read(bureau):
    as_(bureau.officer).post(f"{LIST}add/", typed(bureau, value="３", confirmed="1"))
    assert Tightening.objects.get().value == "3"


def test_ending_and_withdrawing_by_their_buttons(bureau):
    made = tightened(bureau)
    client = as_(bureau.officer)
    ended = {"until": "2026-06-30", "basis": BASIS, "confirmed": "1"}
    assert client.post(f"{LIST}{made.pk}/end/", ended).status_code == 302
    made.refresh_from_db()
    assert (made.until, made.end_basis) == (date(2026, 6, 30), BASIS)
    withdrawn = {"reason": "录错", "confirmed": "1"}
    assert client.post(f"{LIST}{made.pk}/withdraw/", withdrawn).status_code == 302
    assert Tightening.objects.get().withdrawn_reason == "录错"
    page = client.get(f"{LIST}{made.pk}/change/").content.decode()
    assert "停止执行" not in page
    assert "已撤回" in page


def test_the_list_shows_what_holds_unless_asked_for_the_past(bureau):
    made = tightened(bureau)
    client = as_(bureau.leader)
    assert "至少 3 次" in client.get(LIST).content.decode()
    withdraw_tightening(actor=bureau.officer, tightening=made, reason="录错", at=timezone.now())
    assert "至少 3 次" not in client.get(LIST).content.decode()
    assert "至少 3 次" in client.get(f"{LIST}?state=past").content.decode()
    assert "至少 3 次" in client.get(f"{LIST}?state=every&q=3号").content.decode()
    assert "至少 3 次" not in client.get(f"{LIST}?state=every&q=荷花").content.decode()


def test_a_reviewer_sees_those_of_the_own_subtree_and_of_the_units_above(bureau):
    above = tightened(bureau)
    own = tightened(bureau, value=4, organization=bureau.mine)
    tightened(bureau, value=5, organization=bureau.other)
    page = as_(bureau.reviewer).get(LIST)
    assert set(page.context["cl"].result_list) == {above, own}


def test_administrators_see_none(bureau):
    tightened(bureau)
    assert not Tightening.objects.visible_to(bureau.auditor).exists()
    assert not Tightening.objects.visible_to(bureau.stranger).exists()
