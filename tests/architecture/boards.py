"""Boards, terms and findings of the world."""

from datetime import date
from typing import Any

from accounts.models import User
from cadres.choices import Duty, PostEnd, PostKind, TermEnd
from cadres.models import Finding, Post, Term
from organizations.models import Organization
from people.models import Person
from tests.architecture.work import NOW
from tests.personas import Bureau

_RULES = ("setup.branch_size", "setup.committee", "setup.vacancies")
_SINCE = date(2023, 5, 1)
_DUE = date(2026, 5, 1)


def board_rows(
    bureau: Bureau, people: dict[str, User], rows: dict[str, Any], items: int
) -> dict[str, Any]:
    """In each of three organisations: a term near its end, posts held and left, findings."""
    made = {
        name: _board(place, items)
        for name, place in (("", bureau.mine), ("other_", bureau.other), ("kin_", rows["kinder"]))
    }
    Post.objects.create(
        person=people["secretary"].person, organization=bureau.mine, kind=PostKind.SECRETARY,
        since=_SINCE, is_head=False, administrative_post="副校长",
    )  # fmt: skip
    aside = Finding.objects.filter(organization=bureau.mine).latest("pk")
    Finding.objects.filter(pk=aside.pk).update(
        dismissed_at=NOW, dismissed_by=bureau.officer, dismiss_reason="已报告"
    )
    return {
        "aside": aside,
        **{f"{name}{key}": row for name, board in made.items() for key, row in board.items()},
    }


def _board(place: Organization, items: int) -> dict[str, Any]:
    posts = [
        Post.objects.create(
            person=_person(f"委员{'甲乙丙丁'[number]}"), organization=place,
            kind=PostKind.MEMBER, duty=Duty.values[number], since=_SINCE,
        )
        for number in range(items)
    ]  # fmt: skip
    for number in range(items):
        Post.objects.create(
            person=_person(f"历任{'甲乙丙丁'[number]}"), organization=place,
            kind=PostKind.DEPUTY, since=date(2018 + number, 1, 1),
            until=date(2018 + number, 12, 1), ended_as=PostEnd.MOVED,
        )  # fmt: skip
        Term.objects.create(
            organization=place, since=date(2011 + 3 * number, 5, 1),
            due_on=date(2014 + 3 * number, 5, 1), remind_on=date(2013 + 3 * number, 11, 1),
            until=date(2014 + 3 * number, 5, 1), ended_as=TermEnd.RENEWED,
        )  # fmt: skip
    term = Term.objects.create(
        organization=place, since=_SINCE, due_on=_DUE, remind_on=date(2025, 11, 1), seats=3
    )
    findings = [_finding(place, rule) for rule in _RULES[: items + 1]]
    return {"post": posts[0], "term": term, "finding": findings[0]}


def _finding(place: Organization, rule: str) -> Finding:
    day = NOW.date()
    return Finding.objects.create(
        organization=place, rule=rule, force="warn", words="党员 51 人，应不超过 50 人",
        reference="《中国共产党支部工作条例（试行）》第二章", digest="x", first_seen=day,
        last_confirmed=day,
    )  # fmt: skip


def _person(name: str) -> Person:
    person = Person()
    person.bear(name)
    person.save()
    return person
