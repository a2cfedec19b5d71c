"""The dated roster: who may stand where since when, and what it does to the head counts."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from common.errors import ConflictError, DomainError, ForbiddenError
from common.models import AuditEntry
from organizations.choices import HeadCountSource, RoleKind
from organizations.models import HeadCount, Roster
from organizations.queries import head_counts
from organizations.services import record_head_count
from people import services
from people.choices import EndReason, StandingKind
from people.facts import FactError, checked_facts, facts_of
from people.models import Person, Standing
from people.queries import compare_heads, roster_counts
from tests.factories import OfficeFactory, OrganizationFactory, RoleFactory
from tests.people.numbers import id_number
from tests.people.roster import AT, SINCE, TODAY, register

pytestmark = pytest.mark.postgres
FULL, PROBATIONARY = StandingKind.FULL, StandingKind.PROBATIONARY
ID = id_number("19850712", 3)


def heads(organization, on=TODAY) -> tuple[int | None, ...]:
    row = head_counts([organization.pk], on)[organization.pk]
    return row.full, row.probationary, row.candidates, row.activists, row.staff


def refusal(call) -> FactError:
    with pytest.raises(FactError) as refused:
        call()
    return refused.value


def log() -> str:
    return "".join(f"{e.before}{e.after}{e.object_label}" for e in AuditEntry.objects.all())


# Entering ----------------------------------------------------------------------------------------
def test_somebody_new_is_entered_with_what_the_id_number_says(bureau):
    standing = register(
        bureau.mine, "尉 迟堃", actor=bureau.secretary, id_number=ID, mobile="138 0000 0009"
    )
    person = Person.objects.get(pk=standing.person_id)
    assert facts_of(person) == checked_facts(
        name="尉迟堃", sex="male", born_on=date(1985, 7, 12), id_number=ID, mobile="13800000009",
        on=TODAY,
    )  # fmt: skip
    assert person.pinyin == "yuchikun yck"
    assert person.masked_id_number == f"{ID[:3]}***********{ID[-4:]}"
    assert (standing.kind, standing.since, standing.until) == (FULL, SINCE, None)
    assert ID not in log()
    assert "13800000009" not in log()


def test_stored_numbers_are_tokens(bureau):
    register(bureau.mine, id_number=ID)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number FROM people_person WHERE id_index <> ''")
        assert [row[0].split(":")[0] for row in cursor.fetchall()] == ["enc1"]


@pytest.mark.parametrize(
    ("facts", "key", "told"),
    [
        ({"id_number": ID, "sex": "female"}, "sex", "身份证号是男性的，性别填的是女"),
        ({"id_number": ID, "born_on": date(1985, 8, 1)}, "born_on", "1985-07-12，填的是 1985.08"),
        ({"id_number": ID[:-1]}, "id_number", "有 17 位"),
        ({"mobile": "138"}, "mobile", "有 3 位"),
        ({"name": " "}, "name", "请填写姓名"),
        ({"born_on": date(2026, 4, 1)}, "born_on", "还没有到"),
    ],
)
def test_what_contradicts_is_named(facts, key, told):
    error = refusal(lambda: checked_facts(**{"name": "王小明", "on": TODAY, **facts}))
    assert (error.key, told in error.message) == (key, True)


def test_a_month_of_birth_agrees_with_the_day_on_the_card():
    facts = checked_facts(name="王小明", born_on=date(1985, 7, 1), id_number=ID, on=TODAY)
    assert facts.born_on == date(1985, 7, 12)


@pytest.mark.parametrize(
    ("since", "told"),
    [(date(2003, 7, 11), "不满 18 周岁"), (date(2026, 3, 3), "还没有到")],
)
def test_a_first_day_that_cannot_be_is_refused(bureau, since, told):
    error = refusal(lambda: register(bureau.mine, id_number=ID, since=since))
    assert (error.key, told in error.message) == ("since", True)
    assert not Standing.objects.exists()


def test_one_human_being_under_two_spellings_is_told(bureau):
    register(bureau.mine, "王小明", id_number=ID)
    own = refusal(lambda: register(bureau.mine, "王晓明", actor=bureau.secretary, id_number=ID))
    assert (own.key, "登记在王小明名下" in own.message) == ("id_number", True)
    other = refusal(
        lambda: register(bureau.other, "王晓明", actor=bureau.other_secretary, id_number=ID)
    )
    assert other.message == "这个身份证号已经在别处登记，请联系局党委组织科核对。"
    office = refusal(lambda: register(bureau.other, "王晓明", actor=bureau.officer, id_number=ID))
    assert "登记在王小明名下" in office.message


def test_who_stands_elsewhere_is_told_only_to_who_may_see_it(bureau):
    register(bureau.mine, "王小明", id_number=ID)
    stranger = refusal(
        lambda: register(bureau.other, "王小明", actor=bureau.other_secretary, id_number=ID)
    )
    assert stranger.message == "这个人已经在别处登记，请联系局党委组织科核对。"
    office = refusal(lambda: register(bureau.other, "王小明", actor=bureau.officer, id_number=ID))
    assert f"王小明已在「{bureau.mine}」的名册里（正式党员）" in office.message


def test_a_mobile_of_somebody_unseen_tells_nothing(bureau):
    register(bureau.mine, "王小明", mobile="13800000009")
    error = refusal(
        lambda: register(bureau.other, "李四", actor=bureau.other_secretary, mobile="13800000009")
    )
    assert error.message == "这个手机号已经在别处登记，请联系局党委组织科核对。"


def test_the_same_name_on_the_spot_is_the_same_person_unless_both_numbers_differ(bureau):
    register(bureau.mine, "王小明", id_number=ID)
    again = refusal(lambda: register(bureau.mine, "王小明"))
    assert "已在" in again.message
    other = refusal(lambda: register(bureau.mine, "王小明", sex="female"))
    assert (other.key, "性别不同" in other.message) == ("sex", True)
    register(bureau.mine, "王小明", id_number=id_number("19900101", 8))
    assert Person.objects.filter(name="王小明").count() == 2


def test_who_has_an_account_becomes_no_second_person(bureau):
    before = Person.objects.count()
    standing = register(bureau.mine, "secretary", actor=bureau.secretary, id_number=ID)
    assert (standing.person.user, Person.objects.count()) == (bureau.secretary, before)
    assert standing.person.mobile == "13900000002"


def test_two_at_present_are_impossible_even_past_the_services(bureau):
    standing = register(bureau.mine)
    with pytest.raises(IntegrityError), transaction.atomic():
        Standing.objects.create(
            person=standing.person, organization=bureau.other, kind=FULL, since=TODAY
        )


def test_a_person_moves_on_after_leaving_and_never_overlaps(bureau):
    standing = register(bureau.mine, id_number=ID)
    left = date(2025, 9, 1)
    services.end_standing(
        actor=bureau.secretary, standing=standing, on=left, reason=EndReason.TRANSFERRED, at=AT
    )
    person = Person.objects.get(pk=standing.person_id)
    move = {"actor": bureau.officer, "person": person, "organization": bureau.other, "at": AT}
    early = refusal(lambda: services.start_standing(**move, kind=FULL, since=left - timedelta(1)))
    assert (early.key, "到 2025-09-01 才结束" in early.message) == ("since", True)
    services.start_standing(**move, kind=FULL, since=left)
    assert list(person.standings.values_list("organization", "since", "until")) == [
        (bureau.mine.pk, SINCE, left),
        (bureau.other.pk, left, None),
    ]


# Steps -------------------------------------------------------------------------------------------
def test_steps_follow_one_another(bureau):
    standing = register(bureau.mine, kind=StandingKind.APPLICANT, since=date(2021, 1, 1))
    for year, kind in enumerate(
        (StandingKind.ACTIVIST, StandingKind.CANDIDATE, PROBATIONARY, PROBATIONARY, FULL), 2022
    ):
        standing = services.change_standing(
            actor=bureau.secretary, standing=standing, kind=kind, on=date(year, 1, 1), at=AT
        )
    assert list(Standing.objects.order_by("since").values_list("kind", "ended_as")) == [
        ("applicant", "advanced"),
        ("activist", "advanced"),
        ("candidate", "advanced"),
        ("probationary", "extended"),
        ("probationary", "confirmed"),
        ("full", ""),
    ]


def test_no_step_is_left_out_and_no_date_is_impossible(bureau):
    standing = register(bureau.mine, kind=StandingKind.ACTIVIST)
    change = {"actor": bureau.secretary, "standing": standing, "at": AT}
    with pytest.raises(DomainError, match="不能直接改为正式党员"):
        services.change_standing(**change, kind=FULL, on=TODAY)
    with pytest.raises(DomainError, match="变动日期不能更早"):
        services.change_standing(**change, kind="candidate", on=SINCE - timedelta(1))
    with pytest.raises(DomainError, match="还没有到"):
        services.change_standing(**change, kind="candidate", on=TODAY + timedelta(1))
    with pytest.raises(DomainError, match="变动应为 组织关系转出、停止培养"):
        services.end_standing(**change, on=TODAY, reason=EndReason.LEFT)


def test_a_change_made_twice_is_told(bureau):
    standing = register(bureau.mine, kind=PROBATIONARY)
    stale = Standing.objects.get(pk=standing.pk)
    change = {"actor": bureau.secretary, "kind": FULL, "on": TODAY, "at": AT}
    services.change_standing(standing=standing, **change)
    with pytest.raises(ConflictError, match="刚刚有了变动"):
        services.change_standing(standing=stale, **change)
    assert Standing.objects.current().count() == 1


def test_what_was_entered_by_mistake_counts_on_no_day(bureau):
    standing = register(bureau.mine)
    services.end_standing(
        actor=bureau.secretary, standing=standing, on=TODAY, reason=EndReason.MISTAKEN, at=AT
    )
    assert (standing.until, Standing.objects.on(SINCE).exists()) == (SINCE, False)
    register(bureau.other, "王小明")


# Rights ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("officer", True), ("secretary", True), ("deputy", True), ("clerk", False),
        ("leader", False), ("reviewer", False), ("other_secretary", False), ("auditor", False),
        ("stranger", False),
    ],
)  # fmt: skip
def test_who_keeps_a_roster(bureau, who, allowed):
    actor = getattr(bureau, who)
    standing = register(bureau.mine, "李四")

    def tried(verb, **arguments) -> bool:
        try:
            verb(actor=actor, at=AT, **arguments)
        except (ForbiddenError, FactError):
            return False
        return True

    facts = checked_facts(name="王小明", on=TODAY)
    place = {"organization": bureau.mine, "kind": FULL, "since": SINCE}
    other = checked_facts(name="李思", on=TODAY)
    assert [
        tried(services.register_person, facts=facts, **place),
        tried(services.correct_person, person=standing.person, facts=other),
        tried(services.start_roster, organization=bureau.mine, since=TODAY),
        tried(services.end_standing, standing=standing, on=TODAY, reason="transferred"),
    ] == [allowed] * 4


def test_who_sees_whom(bureau):
    limited = RoleFactory(
        organization=bureau.root, kind=RoleKind.OFFICER, office=OfficeFactory(),
        school_kinds=["kindergarten"],
    ).user  # fmt: skip
    register(bureau.mine, "李四")
    register(bureau.other, "王五")
    seen = {
        who: sorted(Standing.objects.visible_to(user).values_list("person__name", flat=True))
        for who, user in {**vars(bureau), "limited": limited}.items()
        if hasattr(user, "username")
    }
    both = ["李四", "王五"]
    mine = {who: ["李四"] for who in ("secretary", "deputy", "clerk", "reviewer")}
    assert seen == {
        "officer": both, "leader": both, "other_secretary": ["王五"], "auditor": [],
        "stranger": [], "limited": [], **mine,
    }  # fmt: skip


def test_administrators_of_accounts_see_nobody_of_a_roster(bureau):
    governor = RoleFactory(organization=bureau.root, kind=RoleKind.SECURITY_ADMIN).user
    register(bureau.mine, "李四")
    register(bureau.mine, "secretary", id_number=ID)
    seen = set(Person.objects.visible_to(governor).values_list("name", flat=True))
    assert "secretary" in seen
    assert "李四" not in seen


def test_whole_numbers_are_shown_for_a_reason_to_who_may(bureau):
    person = register(bureau.mine, id_number=ID).person
    ask = {"person": person, "field": "id_number", "at": AT}
    assert services.unmask(actor=bureau.secretary, reason="核对介绍信", **ask) == ID
    entry = AuditEntry.objects.get(verb="people.unmask")
    assert entry.after == {"field": "身份证号", "reason": "核对介绍信"}
    with pytest.raises(DomainError, match="请写明"):
        services.unmask(actor=bureau.secretary, reason=" ", **ask)
    for who in ("clerk", "other_secretary", "auditor"):
        with pytest.raises(ForbiddenError):
            services.unmask(actor=getattr(bureau, who), reason="核对介绍信", **ask)


# Correcting --------------------------------------------------------------------------------------
def test_a_person_is_corrected_and_the_log_holds_no_number(bureau):
    person = register(bureau.mine, "王晓明", id_number=ID).person
    new = id_number("19850712", 5)
    facts = checked_facts(name="王小明", id_number=new, mobile="13800000009", on=TODAY)
    services.correct_person(actor=bureau.secretary, person=person, facts=facts, at=AT)
    assert facts_of(Person.objects.get(pk=person.pk)) == facts
    entry = AuditEntry.objects.get(verb="people.correct_person")
    assert entry.before == {"name": "王晓明", "id_number": "原号码"}
    assert entry.after == {"name": "王小明", "id_number": "已更换", "mobile": "已登记"}


def test_the_name_and_mobile_of_an_account_are_left_to_who_may_help_with_it(bureau):
    person = register(bureau.mine, "clerk", id_number=ID).person
    facts = checked_facts(name="clerk", id_number=ID, mobile="13800000009", on=TODAY)
    error = refusal(
        lambda: services.correct_person(actor=bureau.secretary, person=person, facts=facts, at=AT)
    )
    assert (error.key, "有账号" in error.message) == ("mobile", True)
    services.correct_person(actor=bureau.officer, person=person, facts=facts, at=AT)
    assert Person.objects.get(pk=person.pk).mobile == "13800000009"


def test_a_number_of_somebody_else_is_refused(bureau):
    register(bureau.other, "李四", id_number=ID)
    person = register(bureau.mine, "王小明").person
    facts = checked_facts(name="王小明", id_number=ID, on=TODAY)
    error = refusal(
        lambda: services.correct_person(actor=bureau.secretary, person=person, facts=facts, at=AT)
    )
    assert error.message == "这个身份证号已经在别处登记，请联系局党委组织科核对。"


# Head counts -------------------------------------------------------------------------------------
def test_before_it_is_started_a_roster_counts_beside_the_typed_figures(bureau):
    record_head_count(
        actor=None, organization=bureau.mine, on=date(2026, 1, 1),
        counts={"full": 3, "probationary": 0, "staff": 40},
    )  # fmt: skip
    register(bureau.mine, "李四")
    register(bureau.mine, "王五", kind=PROBATIONARY)
    assert heads(bureau.mine) == (3, 0, None, None, 40)
    told = {each.label: each.difference for each in compare_heads(bureau.mine, TODAY)}
    assert told == {"正式党员": -2, "预备党员": 1, "发展对象": None, "入党积极分子": None}
    first = compare_heads(bureau.mine, TODAY)[0]
    assert first.sentence == "正式党员：名册 1 人，填报 3 人（2026年1月1日），少 2 人。"


@pytest.fixture
def kept(bureau):
    """A roster started on 1 February, with one full member and one on probation."""
    record_head_count(
        actor=None, organization=bureau.mine, on=date(2026, 1, 1), counts={"full": 3, "staff": 40}
    )
    register(bureau.mine, "李四")
    register(bureau.mine, "王五", kind=PROBATIONARY)
    services.start_roster(
        actor=bureau.secretary, organization=bureau.mine, since=date(2026, 2, 1), at=AT
    )
    return bureau


def test_once_started_the_roster_counts_and_keeps_the_typed_figures(kept):
    assert heads(kept.mine, date(2026, 1, 31)) == (3, None, None, None, 40)
    assert heads(kept.mine, date(2026, 2, 1)) == (1, 1, 0, 0, 40)
    assert kept.mine.roster.typed["full"] == 3
    assert [each.difference for each in compare_heads(kept.mine, TODAY, roster=kept.mine.roster)][
        :1
    ] == [-2]
    assert HeadCount.objects.get(on=date(2026, 2, 1)).source == HeadCountSource.ROSTER


def test_each_change_writes_dated_figures_also_for_the_past(kept):
    standing = Standing.objects.get(person__name="王五")
    services.change_standing(
        actor=kept.secretary, standing=standing, kind=FULL, on=date(2026, 2, 20), at=AT
    )
    register(kept.mine, "赵六", since=date(2026, 2, 10), actor=kept.secretary)
    register(kept.mine, "孙七", since=date(2010, 2, 10), actor=kept.secretary)
    seen = {day: heads(kept.mine, date(2026, 2, day))[:2] for day in (1, 9, 10, 19, 20)}
    assert seen == {1: (2, 1), 9: (2, 1), 10: (3, 1), 19: (3, 1), 20: (4, 0)}


def test_a_standing_that_ends_counts_until_the_day_before(kept):
    services.end_standing(
        actor=kept.secretary, standing=Standing.objects.get(person__name="李四"),
        on=date(2026, 2, 15), reason=EndReason.TRANSFERRED, at=AT,
    )  # fmt: skip
    assert [heads(kept.mine, date(2026, 2, day))[0] for day in (14, 15)] == [1, 0]


def test_members_are_not_typed_any_more_and_staff_are(kept):
    state = {"actor": kept.secretary, "organization": kept.mine}
    with pytest.raises(DomainError, match="已启用名册，正式党员 1 人是按名册数出来的"):
        record_head_count(**state, on=date(2026, 2, 5), counts={"full": 2})
    record_head_count(**state, on=date(2026, 2, 5), counts={"full": 1, "staff": 41})
    record_head_count(**state, on=date(2026, 1, 5), counts={"full": 4})
    assert heads(kept.mine, date(2026, 2, 5)) == (1, 1, 0, 0, 41)
    register(kept.mine, "赵六", since=date(2026, 2, 3))
    assert heads(kept.mine, date(2026, 2, 3)) == (2, 1, 0, 0, 40)
    assert heads(kept.mine, date(2026, 2, 5)) == (2, 1, 0, 0, 41)


def test_staff_stated_for_the_past_reach_the_rows_that_the_roster_wrote(kept):
    register(kept.mine, "赵六", since=date(2026, 2, 10))
    record_head_count(
        actor=None, organization=kept.mine, on=date(2026, 2, 20), counts={"staff": 50}
    )
    record_head_count(actor=None, organization=kept.mine, on=date(2026, 2, 5), counts={"staff": 45})
    assert [heads(kept.mine, date(2026, 2, day))[4] for day in (1, 5, 10, 20)] == [40, 45, 45, 50]


def test_a_roster_is_started_once_and_not_behind_typed_figures(bureau, kept):
    start = {"actor": bureau.secretary, "at": AT}
    with pytest.raises(DomainError, match="已经启用"):
        services.start_roster(**start, organization=bureau.mine, since=TODAY)
    start["actor"] = bureau.other_secretary
    with pytest.raises(DomainError, match="名册里还没有人"):
        services.start_roster(**start, organization=bureau.other, since=TODAY)
    register(bureau.other, "钱一")
    record_head_count(actor=None, organization=bureau.other, on=TODAY, counts={"full": 9})
    with pytest.raises(DomainError, match="最近一次填报的人数是 2026-03-02 的"):
        services.start_roster(**start, organization=bureau.other, since=TODAY - timedelta(1))
    with pytest.raises(DomainError, match="还没有到"):
        services.start_roster(**start, organization=bureau.other, since=TODAY + timedelta(1))
    services.start_roster(**start, organization=bureau.other, since=TODAY)
    assert (
        heads(bureau.other)[0],
        Roster.objects.get(organization=bureau.other).typed["full"],
    ) == (1, 9)


def test_a_change_costs_the_same_however_much_has_happened(kept):
    def cost(day: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            register(kept.mine, f"新{day}", since=date(2026, 2, day), actor=kept.secretary)
        return sum("SAVEPOINT" not in query["sql"] for query in queries)

    assert cost(2) == cost(3) == cost(25)


def test_counts_by_kind(bureau):
    other = OrganizationFactory(name="空支部", parent=bureau.root)
    register(bureau.mine, "李四", kind=StandingKind.APPLICANT)
    counted = roster_counts([bureau.mine.pk, other.pk], TODAY)
    assert counted[bureau.mine.pk] == {
        "full": 0, "probationary": 0, "candidate": 0, "activist": 0, "applicant": 1,
    }  # fmt: skip
    assert set(counted[other.pk].values()) == {0}
