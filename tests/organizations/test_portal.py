"""One's own page, and acting for another organisation."""

import pytest

from organizations.models import Role
from tests.factories import RoleFactory
from tests.personas import build_bureau

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau():
    return build_bureau()


def test_one_sees_ones_roles_and_nobody_elses(client, bureau):
    client.force_login(bureau.secretary)
    page = client.get("/mine/")
    assert list(page.context["roles"]) == list(Role.objects.filter(user=bureau.secretary))
    html = page.content.decode()
    for words in ("书记", "芙蓉小学党支部", "2020年1月1日", "修改密码", "换成大字", "退出登录"):
        assert words in html
    assert "切换党组织" not in html
    assert "管理端" not in html


@pytest.mark.parametrize("who", ["officer", "auditor", "reviewer", "leader"])
def test_who_works_in_the_admin_is_led_there(client, bureau, who):
    client.force_login(getattr(bureau, who))
    assert "管理端" in client.get("/mine/").content.decode()


def test_without_a_role_the_page_says_whom_to_ask(client, bureau):
    client.force_login(bureau.stranger)
    page = client.get("/mine/")
    assert page.status_code == 200
    assert "请联系局组织科" in page.content.decode()


def test_switching_between_ones_organisations(client, bureau):
    RoleFactory(user=bureau.secretary, organization=bureau.other, kind="clerk")
    client.force_login(bureau.secretary)
    assert client.get("/mine/").context["portal"].organization == bureau.mine
    answer = client.post("/mine/switch/", {"organization": bureau.other.pk, "next": "/mine/"})
    assert answer.url == "/mine/"
    assert client.get("/mine/").context["portal"].organization == bureau.other


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("/mine/", "/mine/"),
        ("", "/"),
        ("/nowhere/", "/"),
        ("https://example.org/", "/"),
        ("//example.org/", "/"),
        ("/inbox/17/", "/"),
    ],
)
def test_after_switching_one_stays_on_lists_only(client, bureau, place, expected):
    client.force_login(bureau.secretary)
    typed = {"organization": bureau.mine.pk, "next": place}
    assert client.post("/mine/switch/", typed).url == expected


@pytest.mark.parametrize("wanted", ["other", "root", "", "x", "999999"])
def test_a_foreign_organisation_is_not_there(client, bureau, wanted):
    client.force_login(bureau.secretary)
    place = getattr(bureau, wanted).pk if wanted in {"other", "root"} else wanted
    assert client.post("/mine/switch/", {"organization": place}).status_code == 404


def test_methods_and_strangers(client, bureau):
    assert client.get("/mine/").status_code == 302
    assert client.post("/mine/switch/", {"organization": bureau.mine.pk}).status_code == 302
    client.force_login(bureau.secretary)
    assert client.post("/mine/").status_code == 405
    assert client.get("/mine/switch/").status_code == 405
