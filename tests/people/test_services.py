"""Entering people, accounts, numbers that stay secret, and helping."""

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import AccessLink, LinkPurpose, User
from common.errors import ConflictError, DomainError, ForbiddenError
from common.fields import blind_index
from common.models import AuditEntry, Job
from people import services
from people.models import Person
from people.queries import calling_list, free_username, search_people, search_users
from tests.factories import UserFactory

pytestmark = pytest.mark.postgres

MOBILE = "13812345678"
OTHER_MOBILE = "13787654321"
NOW = timezone.now()


def create(bureau, name="尉迟 堃", mobile=MOBILE):
    return services.create_person(actor=bureau.officer, name=name, mobile=mobile, at=NOW)


def test_a_number_stands_encrypted_and_nowhere_in_clear(bureau, caplog):
    caplog.set_level("DEBUG")
    person = create(bureau, mobile=" +86 138-1234-5678")
    services.change_person(
        actor=bureau.officer, person=person, name=person.name, mobile=OTHER_MOBILE, at=NOW
    )
    services.unmask_mobile(actor=bureau.officer, person=person, reason="电话催办", at=NOW)
    assert Person.objects.get(pk=person.pk).mobile == OTHER_MOBILE
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_person")
        rows = repr(cursor.fetchall())
    written = rows + repr(list(AuditEntry.objects.values())) + caplog.text
    for part in (MOBILE, OTHER_MOBILE, MOBILE[-8:], OTHER_MOBILE[-8:]):
        assert part not in written
    assert blind_index(OTHER_MOBILE) in rows


def test_entering_tidies_and_finds_by_pinyin(bureau):
    person = create(bureau)
    assert (person.name, person.pinyin) == ("尉迟堃", "yuchikun yck")
    assert person.masked_mobile == "138****5678"
    for text in ("尉迟", "yuchi", "YCK", MOBILE, "+86 138 1234 5678", "堃 尉"):
        assert list(search_people(Person.objects.all(), text)) == [person]
    assert list(search_people(Person.objects.all(), "1381234")) == []
    assert list(search_people(Person.objects.all(), " ")) == list(Person.objects.all())


def test_pinyin_is_found_by_the_beginning_of_either_reading_and_of_its_initials(bureau):
    person = create(bureau, name="盖国芸")
    for text in ("ge", "gai", "gaiguoy", "geguoyun", "gg", "ggy"):
        assert list(search_people(Person.objects.all(), text)) == [person], text
    for text in ("guoyun", "yun", "gy", "g_", "g%", "geguoyun~"):
        assert not search_people(Person.objects.all(), text).exists(), text


def test_one_number_is_one_person(bureau):
    create(bureau)
    with pytest.raises(DomainError, match="登记在尉迟堃名下"):
        create(bureau, name="张三")
    other = create(bureau, name="张三", mobile=OTHER_MOBILE)
    with pytest.raises(DomainError, match="登记在尉迟堃名下"):
        services.change_person(
            actor=bureau.officer, person=other, name="张三", mobile=MOBILE, at=NOW
        )
    assert Person.objects.get(pk=other.pk).mobile == OTHER_MOBILE


def test_people_without_a_number_are_many(bureau):
    create(bureau, name="张三", mobile="")
    create(bureau, name="李四", mobile="")
    assert Person.objects.filter(mobile_index="").count() == 2


def test_a_number_is_looked_up_in_the_index(bureau):
    create(bureau)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # With so few rows it would read the table whatever the index.
            cursor.execute("SET LOCAL enable_seqscan = off")
    for numbers in ([MOBILE], [MOBILE, OTHER_MOBILE]):
        assert "person_mobile_once" in Person.objects.with_mobile(*numbers).explain()


@pytest.mark.parametrize(
    ("name", "mobile", "message"),
    [("", MOBILE, "请填写姓名"), ("张三", "1381234", "有 7 位"), ("张三", "张三", "只能是 11 位")],
)
def test_what_is_no_person_is_refused(bureau, name, mobile, message):
    with pytest.raises(DomainError, match=message):
        create(bureau, name=name, mobile=mobile)


@pytest.mark.parametrize("who", ["leader", "reviewer", "secretary", "auditor", "stranger"])
def test_only_who_grants_roles_enters_people(bureau, who):
    actor = getattr(bureau, who)
    with pytest.raises(ForbiddenError):
        services.create_person(actor=actor, name="张三", at=NOW)
    person = Person.objects.create(name="张三")
    with pytest.raises(ForbiddenError):
        services.give_user(actor=actor, person=person, at=NOW)


def test_user_names_are_initials_and_a_number(bureau):
    UserFactory(username="YCK07")
    UserFactory(username="yck7x")
    assert free_username("尉迟堃") == "yck08"
    assert free_username("张三") == "zs01"


def test_an_account_comes_without_a_password_and_once(bureau):
    person = create(bureau)
    user = services.give_user(actor=bureau.officer, person=person, at=NOW)
    assert (user.username, user.name, user.has_usable_password()) == ("yck01", "尉迟堃", False)
    with pytest.raises(DomainError, match="已有账号"):
        services.give_user(actor=bureau.officer, person=person, at=NOW)
    stale = Person.objects.get(pk=person.pk)
    stale.user = None
    with pytest.raises(ConflictError):
        services.give_user(actor=bureau.officer, person=stale, at=NOW)
    assert User.objects.filter(username__startswith="yck").count() == 1


@pytest.mark.parametrize(
    ("username", "message"), [(MOBILE, "不能是手机号"), ("张 三", "只能用"), ("clerk", "已存在")]
)
def test_odd_user_names_are_refused(bureau, username, message):
    person = create(bureau, mobile="")
    with pytest.raises(DomainError, match=message):
        services.give_user(actor=bureau.officer, person=person, username=username, at=NOW)


def test_changing_a_person_renames_the_user_and_is_audited_without_the_number(bureau):
    person = bureau.clerk.person
    services.change_person(
        actor=bureau.reviewer, person=person, name="新名字", mobile=OTHER_MOBILE, at=NOW
    )
    bureau.clerk.refresh_from_db()
    assert bureau.clerk.name == "新名字"
    services.change_person(actor=bureau.reviewer, person=person, name="新名字", mobile=None, at=NOW)
    entry = AuditEntry.objects.get(verb="people.change_person")
    assert entry.before == {"name": "clerk", "mobile": "原号码"}
    assert entry.after == {"name": "新名字", "mobile": "已更换"}


def test_a_reviewer_changes_nobody_outside_the_subtree(bureau):
    with pytest.raises(ForbiddenError):
        services.change_person(
            actor=bureau.reviewer,
            person=bureau.other_secretary.person,
            name="新名字",
            mobile=None,
            at=NOW,
        )


def test_a_whole_number_costs_a_reason_and_an_entry(bureau):
    person = bureau.secretary.person
    with pytest.raises(DomainError, match="原因"):
        services.unmask_mobile(actor=bureau.reviewer, person=person, reason=" ", at=NOW)
    with pytest.raises(ForbiddenError):
        services.unmask_mobile(actor=bureau.clerk, person=person, reason="电话催办", at=NOW)
    shown = services.unmask_mobile(actor=bureau.reviewer, person=person, reason="电话催办", at=NOW)
    assert shown == person.mobile
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor) == ("people.unmask_mobile", bureau.reviewer)
    assert entry.after == {"reason": "电话催办"}


def test_links_activate_or_reset(bureau):
    fresh = services.give_user(actor=bureau.officer, person=create(bureau), at=NOW)
    issued = services.issue_links(actor=bureau.officer, users=[fresh, bureau.clerk], at=NOW)
    assert [(user, purpose) for user, purpose, _ in issued] == [
        (fresh, LinkPurpose.ACTIVATE),
        (bureau.clerk, LinkPurpose.RESET),
    ]


@pytest.mark.parametrize("verb", [services.unlock, services.switch_off, services.switch_on])
def test_helping_outside_the_subtree_is_refused(bureau, verb):
    with pytest.raises(ForbiddenError):
        verb(actor=bureau.reviewer, user=bureau.other_secretary, at=NOW)


def test_links_are_all_or_none(bureau):
    users = [bureau.clerk, bureau.other_secretary]
    with pytest.raises(ForbiddenError):
        services.issue_links(actor=bureau.reviewer, users=users, at=NOW)
    with pytest.raises(ForbiddenError):
        services.order_slips(actor=bureau.reviewer, users=users)
    assert AccessLink.objects.count() == 0
    assert Job.objects.count() == 0


def test_a_calling_list_holds_whole_numbers(bureau):
    ids = [bureau.secretary.pk, bureau.deputy.pk]
    assert calling_list(ids) == {bureau.secretary.pk: ("secretary", "13900000002")}


def test_users_are_found_as_people_are(bureau):
    person = create(bureau)
    user = services.give_user(actor=bureau.officer, person=person, at=NOW)
    for text in ("yuchi", MOBILE, "yck01", "尉迟堃"):
        assert list(search_users(User.objects.all(), text)) == [user]
