"""The register: who enters what, what is refused, what looks like a repetition."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from common.errors import ConflictError, DomainError, ForbiddenError
from common.models import AuditEntry
from honours import services
from honours.models import Honour
from honours.queries import overlapping
from people.facts import FactError
from tests.honours.register import enter, facts, person
from tests.people.roster import AT

pytestmark = pytest.mark.postgres


def verbs() -> list[str]:
    rows = AuditEntry.objects.filter(verb__startswith="honours.").order_by("pk")
    return list(rows.values_list("verb", flat=True))


def test_the_bureau_enters_what_counts_and_a_school_what_waits(bureau):
    at_desk = enter(person("王堃"), actor=bureau.officer)
    reported = enter(bureau.mine, actor=bureau.secretary, title="先进基层党组织")
    assert (at_desk.state, reported.state) == ("confirmed", "reported")
    assert list(Honour.objects.confirmed()) == [at_desk]
    services.confirm_honour(actor=bureau.officer, honour=reported, at=AT)
    assert Honour.objects.confirmed().count() == 2
    assert verbs() == ["honours.enter", "honours.report", "honours.confirm"]
    with pytest.raises(ConflictError):
        services.confirm_honour(actor=bureau.officer, honour=reported, at=AT)


def test_nobody_enters_for_others_and_schools_confirm_nothing(bureau):
    for actor, holder in (
        (bureau.secretary, bureau.other),
        (bureau.secretary, person("解喆")),
        (bureau.leader, bureau.mine),
        (bureau.auditor, bureau.mine),
        (bureau.reviewer, bureau.mine),
    ):
        with pytest.raises(ForbiddenError):
            enter(holder, actor=actor)
    reported = enter(person("王堃"), actor=bureau.secretary)
    with pytest.raises(ForbiddenError):
        services.confirm_honour(actor=bureau.secretary, honour=reported, at=AT)
    with pytest.raises(ForbiddenError):
        services.withdraw_honour(
            actor=bureau.other_secretary, honour=reported, reason="不是", at=AT
        )


def test_what_is_confirmed_is_the_bureaus_to_correct(bureau):
    reported = enter(person("王堃"), actor=bureau.secretary, awarded="2025")
    services.correct_honour(
        actor=bureau.secretary, honour=reported, facts=facts(awarded="2025.09"), at=AT
    )
    services.confirm_honour(actor=bureau.officer, honour=reported, at=AT)
    with pytest.raises(ForbiddenError):
        services.correct_honour(
            actor=bureau.secretary, honour=reported, facts=facts(title="优秀班主任"), at=AT
        )
    reported.refresh_from_db()
    services.withdraw_honour(actor=bureau.officer, honour=reported, reason="证书不符", at=AT)
    assert (reported.state, Honour.objects.held().count()) == ("withdrawn", 0)
    entry = AuditEntry.objects.filter(verb="honours.correct").get()
    assert entry.before == {"awarded_on": "2025-01-01", "awarded_known": "year"}
    assert AuditEntry.objects.get(verb="honours.withdraw").after == {"reason": "证书不符"}


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({"title": "“ ”"}, "title"),
        ({"awarded": "2026.04"}, "awarded"),
        ({"awarded": "2025.09", "valid_until": date(2024, 1, 1)}, "valid_until"),
        ({"awarded": "2010"}, "awarded"),
    ],
)
def test_what_can_not_be_is_refused_at_its_field(bureau, said, key):
    with pytest.raises(FactError) as refused:
        enter(bureau.mine, actor=bureau.officer, **said)
    assert (refused.value.key, Honour.objects.count()) == (key, 0)


def test_the_same_form_twice_enters_one(bureau):
    enter(bureau.mine, actor=bureau.officer)
    with pytest.raises(DomainError, match="已经登记过"):
        enter(bureau.mine, actor=bureau.officer)
    assert Honour.objects.count() == 1


def test_the_database_wants_exactly_one_holder(bureau):
    common = {"title": "优秀", "level": "city", "awarded_on": date(2025, 1, 1),
              "lasts_until": date(2025, 12, 31)}  # fmt: skip
    for holders in ({}, {"person": person("王堃"), "organization": bureau.mine}):
        refused = pytest.raises(IntegrityError, match="honour_of_person_or_organization")
        with refused, transaction.atomic():
            Honour.objects.create(**common, **holders)


def test_a_date_stays_as_it_is_known(bureau):
    known = [
        str(enter(bureau.mine, awarded=each).awarded) for each in ("2022", "2023.05", "2024-05-12")
    ]
    assert known == ["2022", "2023.05", "2024.05.12"]


def test_like_honours_in_overlapping_validity_are_shown(bureau):
    kun = person("王堃")
    valid = enter(
        kun, title="市骨干教师", level="city", awarded="2023", valid_until=date(2026, 8, 31)
    )
    yearly = enter(kun, title="优秀教师", awarded="2023.09")
    next_year = enter(kun, title="优秀教师", awarded="2024.09")
    again = enter(kun, title="栖江市优秀教师", level="city", awarded="2024.10")
    during = enter(kun, title="骨干教师", awarded="2025")
    enter(person("查𬭎"), title="骨干教师", awarded="2025")
    assert overlapping(yearly) == []
    assert overlapping(again) == [next_year]
    assert overlapping(during) == [valid]
    assert set(Honour.objects.repeated()) == {valid, next_year, again, during}


def test_one_work_honoured_at_several_levels_in_a_year_is_shown(bureau):
    kun = person("王堃")
    district = enter(kun, title="优质课一等奖", work="《背影》课例", awarded="2025.03")
    city = enter(kun, title="教学评比二等奖", level="city", work="背影课例", awarded="2025.11")
    enter(kun, title="论文评比三等奖", level="city", work="背影课例", awarded="2024")
    enter(bureau.mine, title="优质课组织奖", level="city", work="背影课例", awarded="2025")
    assert set(Honour.objects.repeated()) == {district, city}
    services.withdraw_honour(actor=bureau.officer, honour=city, reason="登重了", at=AT)
    assert list(Honour.objects.repeated()) == []


def test_another_schools_honours_are_not_there(bureau):
    mine, ours = enter(bureau.mine), enter(person("王堃"))
    theirs, other = enter(bureau.other), enter(person("解喆"))
    seen = {
        name: set(Honour.objects.visible_to(getattr(bureau, name)))
        for name in (
            "officer",
            "leader",
            "reviewer",
            "secretary",
            "other_secretary",
            "auditor",
            "stranger",
        )
    }
    assert seen == {
        "officer": {mine, ours, theirs, other},
        "leader": {mine, ours, theirs, other},
        "reviewer": {mine, ours},
        "secretary": {mine, ours},
        "other_secretary": {theirs, other},
        "auditor": set(),
        "stranger": set(),
    }  # fmt: skip
