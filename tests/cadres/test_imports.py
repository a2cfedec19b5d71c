"""Posts and terms out of a spreadsheet: the ledger, whole boards, and everything odd in them."""

from datetime import date

import pytest

from cadres import services
from cadres.choices import Duty, PostKind
from cadres.exports import ledger_columns
from cadres.imports import posts
from cadres.models import LedgerRow, Post, Term
from cadres.queries import ledger_lines
from common.errors import ForbiddenError
from common.exports import Heading, write_xlsx
from organizations.models import Role
from people.models import Person
from tests.cadres.posts import AT, TODAY, appoint, elect
from tests.common.test_grids import one_sheet
from tests.factories import OrganizationFactory, PersonFactory, UserFactory

HEAD = (
    "序号", "党组织全称", "姓名", "党内职务", "任现职时间", "行政职务", "一肩挑／分设", "专／兼职",
    "届满时间", "委员应有数", "电话",
)  # fmt: skip
SECRETARY = (
    1, "芙蓉小学党支部", "解喆", "书记", "2024.09", "校长", "一肩挑", "兼职", "2027.09", 3, "13900001234",
)  # fmt: skip
MEMBER = (2, "芙蓉小学党支部", "查𬭎", "纪检委员", "2024.09", "", "", "", "", "", "")
VACANT = (3, "荷花小学党支部", "空缺", "", "", "", "", "", "2026年5月", "", "")


@pytest.fixture
def places(db):
    return [
        OrganizationFactory(name=name, founded_on=date(2015, 1, 1))
        for name in ("芙蓉小学党支部", "荷花小学党支部")
    ]


def run(*rows, dry_run=False, only_clean=False, actor=None, head=HEAD):
    return posts.run(
        actor=actor, data=one_sheet(head, *rows), filename="台账.xlsx", dry_run=dry_run,
        only_clean=only_clean, on=TODAY, at=AT,
    )  # fmt: skip


def counts(outcome):
    result = outcome.result
    return result.created, result.changed, result.unchanged, [p.message for p in outcome.problems]


def test_a_list_becomes_posts_people_and_terms(places):
    assert counts(run(SECRETARY, MEMBER, VACANT)) == (3, 0, 0, [])

    held = Post.objects.in_customary_order().values_list(
        "person__name", "kind", "duty", "since", "administrative_post", "is_head"
    )
    assert list(held) == [
        ("解喆", PostKind.SECRETARY, "", date(2024, 9, 1), "校长", True),
        ("查𬭎", PostKind.MEMBER, Duty.DISCIPLINE, date(2024, 9, 1), "", None),
    ]
    terms = Term.objects.order_by("since").values_list("organization__name", "since", "seats")
    assert list(terms) == [
        ("荷花小学党支部", date(2023, 5, 1), None),
        ("芙蓉小学党支部", date(2024, 9, 1), 3),
    ]
    assert Person.objects.get(name="解喆").mobile == "13900001234"


def test_the_same_file_again_changes_nothing(places):
    run(SECRETARY, MEMBER, VACANT)
    people = Person.objects.count()

    assert counts(run(SECRETARY, MEMBER, VACANT)) == (0, 0, 3, [])
    assert (Post.objects.count(), Person.objects.count()) == (2, people)


def test_a_dry_run_says_the_same_and_saves_nothing(places):
    assert counts(run(SECRETARY, MEMBER, VACANT, dry_run=True)) == (3, 0, 0, [])
    assert not Post.objects.exists()
    assert not Term.objects.exists()


def test_what_was_not_known_is_added(places):
    run(MEMBER)

    more = (*MEMBER[:5], "教导主任", "", "专职", "", "", "")
    assert counts(run(more)) == (0, 1, 0, [])
    assert Post.objects.get().administrative_post == "教导主任"


def test_who_has_an_account_gets_the_role(places):
    user = UserFactory(name="解喆")
    PersonFactory(name="解喆", user=user, mobile="13900001234")

    run(SECRETARY)

    assert Role.objects.get().user == user


def test_two_secretaries_and_dates_that_can_not_be_are_told_by_row(places):
    other = (2, "芙蓉小学党支部", "赵四", "书记", "2025.01", *[""] * 6)
    early = (3, "荷花小学党支部", "钱五", "书记", "2014.09", *[""] * 6)
    bare = (4, "荷花小学党支部", "孙六", "", "", *[""] * 6)
    none = (5, "荷花小学党支部", "", "", "", *[""] * 6)
    messages = counts(run(SECRETARY, other, early, bare, none))[3]

    assert [each.split("，")[0].split("。")[0] for each in messages] == [
        "第 3 行「姓名」写的是“赵四”",
        "第 4 行「姓名」写的是“钱五”",
        "第 5 行「党内职务」没有填写",
        "第 5 行「任现职时间」没有填写",
        "第 6 行「姓名」没有填写",
    ]
    assert "已有解喆（书记）" in messages[0]
    assert "2015-01-01 才成立" in messages[1]
    assert not Post.objects.exists()


def test_the_clean_rows_alone_are_saved_where_asked(places):
    other = (2, "芙蓉小学党支部", "赵四", "书记", "2025.01", *[""] * 6)

    outcome = run(SECRETARY, other, MEMBER, only_clean=True)

    assert outcome.is_saved
    assert {post.person.name for post in Post.objects.all()} == {"解喆", "查𬭎"}


def test_days_that_contradict_what_is_held_are_told(places):
    run(SECRETARY)
    later = (*SECRETARY[:4], "2025.01", *SECRETARY[5:])

    assert "系统里解喆（书记）从 2024-09-01 起任职" in counts(run(later))[3][0]


def test_the_two_days_of_a_term_have_to_fit(places):
    head = ("党组织全称", "姓名", "本届起始", "届满时间")
    row = ("芙蓉小学党支部", "", "2024.09", "2028.09")

    message = counts(run(row, head=head))[3][0]
    assert "本届从 2024.09 起，任期 3 年，应到 2027年9月1日 届满" in message


def test_the_ledger_as_it_was_exported_reads_as_unchanged(places):
    """Masked numbers, 空缺 and 未登记 in it tell nothing new."""
    branch = places[0]
    appoint(branch, PersonFactory(name="解喆", mobile="13900001234"), is_head=False)
    elect(branch, date(2024, 9, 1), seats=3)
    elect(places[1], date(2024, 9, 1))
    rows = list(LedgerRow.objects.order_by("pk"))
    lines = ledger_lines(rows, TODAY)
    for row in rows:
        row.line = lines[row.pk]
    file = write_xlsx(rows, ledger_columns(), heading=Heading("书记台账", as_of=TODAY))

    outcome = posts.run(
        actor=None, data=file, filename="书记台账.xlsx", dry_run=False, on=TODAY, at=AT
    )

    assert counts(outcome) == (0, 0, 2, [])


def test_who_may_import(bureau):
    with pytest.raises(ForbiddenError):
        run(SECRETARY, actor=bureau.reviewer)
    assert counts(run(SECRETARY, actor=bureau.officer))[0] == 1


def test_somebody_who_left_is_not_found_by_their_name(places):
    """A post that has ended says nothing about who comes now."""
    post = appoint(places[0], PersonFactory(name="解喆"))
    services.end_post(actor=None, post=post, on=TODAY, reason="moved", at=AT)
    row = (*SECRETARY[:4], "2026-03-02", *SECRETARY[5:10], "")

    assert counts(run(row))[0] == 1
