"""Granting a role in the admin: the person is searched, the page asks first, ids are checked."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from organizations.models import Role
from people.services import enter_person
from tests.factories import RoleFactory
from tests.personas import Bureau

pytestmark = pytest.mark.django_db
ADD = "/admin/organizations/role/add/"
LIST = "/admin/organizations/role/"
MOBILE = "13800138000"


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def officer(bureau: Bureau) -> Client:
    return as_(bureau.officer)


def typed(bureau: Bureau, **more: object) -> dict[str, object]:
    return {
        "user": bureau.stranger.pk,
        "kind": "clerk",
        "organization": bureau.mine.pk,
        "since": f"{timezone.localdate()}",
        **more,
    }


def suggested(client: Client, term: str, field: str = "user") -> list[str]:
    answer = client.get(
        "/admin/autocomplete/",
        {"app_label": "organizations", "model_name": "role", "field_name": field, "term": term},
    )
    return [each["text"] for each in answer.json()["results"]]


@pytest.mark.parametrize("term", ["王芳", "wangfang", "wf", MOBILE])
def test_a_person_is_found_by_name_pinyin_user_name_and_number(officer, bureau, term):
    enter_person(actor=None, name="王芳", mobile=MOBILE, at=timezone.now())
    assert suggested(officer, term) == ["王芳（wf01）还没有角色"]


def test_a_suggestion_tells_people_of_one_name_apart(officer, bureau):
    User.objects.update(name="李静")
    assert "李静（secretary）芙蓉小学党支部书记" in suggested(officer, "李静")
    assert "李静（other_secretary）荷花小学党支部书记" in suggested(officer, "李静")


def test_suggestions_stay_within_the_scope(bureau):
    assert suggested(as_(bureau.reviewer), "other_secretary") == []
    assert suggested(as_(bureau.reviewer), "荷花", field="organization") == []


def test_nothing_is_chosen_beforehand_but_where_one_comes_from(officer, bureau):
    form = officer.get(ADD).context["form"]
    assert form["kind"].value() is None
    assert form["user"].value() is None
    page = officer.get(ADD, {"organization": bureau.mine.pk, "user": bureau.stranger.pk})
    form = page.context["form"]
    assert form["organization"].value() == bureau.mine.pk
    assert form["user"].value() == bureau.stranger.pk
    assert page.context["back_url"] == f"/admin/accounts/user/{bureau.stranger.pk}/change/"


@pytest.mark.parametrize("forged", ["x", "-1", "9" * 30, "9" * 5000, "999999"])
def test_forged_addresses_fill_in_nothing(officer, bureau, forged):
    page = officer.get(ADD, {"organization": forged, "user": forged})
    assert page.status_code == 200
    assert page.context["back_url"] == LIST


def test_the_page_says_who_gets_what_before_it_is_granted(officer, bureau):
    bureau.stranger.name = "王芳"
    bureau.stranger.save()
    today = timezone.localdate()
    page = officer.post(ADD, typed(bureau, until=f"{today + timedelta(days=30)}"))
    start, end = (
        f"{day.year}年{day.month}月{day.day}日" for day in (today, today + timedelta(days=30))
    )
    assert page.context["changes"] == [
        "王芳（用户名 stranger）将担任「芙蓉小学党支部」党务干事。",
        "可以：只能填写、保存，不能提交。",
        f"从 {start} 起（今天，马上生效），到 {end} 为止（当天仍有效）。",
        "王芳现在没有别的角色。",
        "「芙蓉小学党支部」现有：书记secretary、副书记deputy、党务干事clerk。",
    ]
    assert not bureau.stranger.roles.exists()
    done = officer.post(
        f"{ADD}?organization={bureau.mine.pk}", typed(bureau, confirmed="1"), follow=True
    )
    assert "已授予王芳「芙蓉小学党支部」党务干事。" in done.content.decode()
    assert done.redirect_chain[0][0].startswith("/admin/organizations/organization/")
    assert bureau.stranger.roles.get().granted_by == bureau.officer


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("user", "x", "没有找到这个账号"),
        ("user", "9" * 30, "没有找到这个账号"),
        ("user", "9" * 5000, "没有找到这个账号"),
        ("user", "", "请选择授予谁"),
        ("organization", "x", "没有找到这个党组织"),
        ("organization", "9" * 30, "没有找到这个党组织"),
        ("organization", "", "请选择党组织"),
        ("kind", "king", "没有这种角色"),
        ("kind", "", "请选择角色"),
        ("office", "9" * 30, "没有这个科室"),
        ("kind", "acting_head", "主持工作须写明起止日期"),
        ("kind", "secretary", "在这段时间已有书记"),
    ],
)
def test_what_is_wrong_is_said_in_chinese_and_grants_nothing(
    officer, bureau, field, value, message
):
    body = typed(bureau, confirmed="1", **{field: value})
    for sent in (body, {**body, "confirmed": ""}):
        page = officer.post(ADD, sent)
        assert page.status_code == 200
        assert message in page.content.decode()
    assert not bureau.stranger.roles.exists()


def test_a_role_of_the_bureau_is_held_at_its_top_wherever_one_came_from(officer, bureau):
    body = typed(bureau, kind="officer", office=bureau.office.pk, school_kinds=["primary"])
    page = officer.post(ADD, body)
    assert "分管：小学。" in page.context["changes"]
    officer.post(ADD, {**body, "confirmed": "1"})
    role = bureau.stranger.roles.get()
    assert (role.organization, role.office, role.school_kinds) == (
        bureau.root,
        bureau.office,
        ["primary"],
    )


def test_what_belongs_to_another_kind_is_left_out(officer, bureau):
    officer.post(
        ADD,
        typed(bureau, office=bureau.office.pk, school_kinds=["primary"], confirmed="1"),
    )
    role = bureau.stranger.roles.get()
    assert (role.office, role.school_kinds) == (None, [])


def test_an_officer_who_grants_finds_everybody_whatever_schools_they_look_after(bureau):
    Role.objects.filter(user=bureau.officer).update(school_kinds=["kindergarten"])
    assert suggested(as_(bureau.officer), "stranger") != []


def test_a_role_granted_today_is_taken_back_at_once(officer, bureau):
    officer.post(ADD, typed(bureau, confirmed="1"))
    role = bureau.stranger.roles.get()
    address = f"{LIST}{role.pk}/withdraw/"
    page = officer.get(f"{LIST}{role.pk}/change/")
    assert address in page.content.decode()
    assert officer.post(address).context["changes"][0].endswith("党务干事，马上生效。")
    assert Role.objects.current_of(bureau.stranger).exists()
    officer.post(address, {"confirmed": "1"})
    assert not Role.objects.current_of(bureau.stranger).exists()
    page = officer.get(f"{LIST}{role.pk}/change/")
    assert address not in page.content.decode()
    assert "已撤回" in page.content.decode()


def test_the_list_is_filtered_by_how_long_roles_last(officer, bureau):
    today = timezone.localdate()

    def role(since: int, until: int | None) -> Role:
        end = None if until is None else today + timedelta(days=until)
        return RoleFactory(
            user=bureau.stranger,
            organization=bureau.mine,
            kind="clerk",
            since=today + timedelta(days=since),
            until=end,
        )

    soon, past, coming = role(-9, 30), role(-90, -1), role(31, None)
    gone = role(-5, 3)
    Role.objects.filter(pk=gone.pk).update(withdrawn_at=timezone.now())

    def shown(state: str) -> set[int]:
        rows = officer.get(LIST, {"state": state, "q": "stranger"}).context["cl"].result_list
        return {row.pk for row in rows}

    assert shown("ending") == {soon.pk}
    assert shown("to_come") == {coming.pk}
    assert shown("past") == {past.pk, gone.pk}
    assert shown("every") == {soon.pk, past.pk, coming.pk, gone.pk}
    listed = officer.get(LIST, {"q": "stranger"}).context["cl"].result_list
    assert [row.pk for row in listed] == [soon.pk]
