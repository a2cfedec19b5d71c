"""Party organisations at the API, and what holds at every address of it."""

from datetime import date

import pytest
from django.test import override_settings
from django.utils import timezone

from organizations.models import FormerName, HeadCount
from organizations.services import make_token, merge_organization
from tests.personas import Bureau, build_bureau

pytestmark = pytest.mark.django_db
LIST = "/api/v1/organizations/"


@pytest.fixture
def bureau() -> Bureau:
    return build_bureau()


def bearer(user, **scopes: str) -> dict[str, str]:
    _, text = make_token(
        actor=user, name="t", scopes=scopes or {"organizations": "read"}, days=1, at=timezone.now()
    )
    return {"Authorization": f"Bearer {text}"}


def names(answer) -> list[str]:
    return [row["name"] for row in answer.json()["results"]]


def test_one_sees_what_one_sees_on_the_pages(client, bureau):
    own = bearer(bureau.secretary)
    answer = client.get(LIST, headers=own)
    assert (names(answer), answer["Cache-Control"]) == ([bureau.mine.name], "no-store")
    assert client.get(f"{LIST}{bureau.other.pk}/", headers=own).status_code == 404
    assert len(names(client.get(LIST, headers=bearer(bureau.leader)))) == 4


def test_a_detail_has_its_names_and_heads_and_another_version_with_them(client, bureau):
    own, address = bearer(bureau.secretary), f"{LIST}{bureau.mine.pk}/"
    before = client.get(address, headers=own)["ETag"]
    assert client.get(address, headers=own)["ETag"] == before
    FormerName.objects.create(organization=bureau.mine, name="旧名")
    HeadCount.objects.create(organization=bureau.mine, on=date(2026, 1, 1), full=20)
    answer = client.get(address, headers=own)
    assert answer.json()["former_names"] == [
        {"name": "旧名", "is_short": False, "until": None, "basis": ""}
    ]
    assert answer.json()["head_counts"][0]["full"] == 20
    assert answer.json()["head_counts"][0]["staff"] is None
    assert answer["ETag"] != before


def test_a_detail_tells_where_it_stood_and_what_was_merged_into_it(client, bureau):
    own, address = bearer(bureau.officer), f"{LIST}{bureau.mine.pk}/"
    before = client.get(address, headers=own)["ETag"]
    on, basis = date(2026, 3, 20), "澄教委〔2026〕9号"
    merge_organization(actor=None, organization=bureau.other, into=bureau.mine, on=on, basis=basis)
    answer = client.get(address, headers=own)
    assert answer.json()["precessions"] == [
        {
            "on": "2026-03-20", "kind": "merged", "predecessor": "荷花小学党支部",
            "successor": "芙蓉小学党支部", "basis": basis, "taken_back": False,
        }
    ]  # fmt: skip
    assert answer.json()["successions"] == []
    assert [row["parent_name"] for row in answer.json()["placements"]] == ["澄岚教育集团党总支"]
    assert answer["ETag"] != before
    root = client.get(f"{LIST}{bureau.root.pk}/", headers=own).json()
    assert root["placements"][0]["parent_name"] is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"search": "furong"}, []),
        ({"search": "芙蓉"}, ["芙蓉小学党支部"]),
        ({"kind": "committee"}, ["中共澄岚区教育局委员会"]),
        ({"school_kind": "primary"}, ["荷花小学党支部", "芙蓉小学党支部"]),
        ({"reporting": "true"}, ["荷花小学党支部", "芙蓉小学党支部"]),
        ({"open_on": "2019-01-01"}, []),
        ({"under": "999999"}, []),
    ],
)
def test_filters(client, bureau, query, found):
    assert names(client.get(LIST, query, headers=bearer(bureau.officer))) == found


def test_a_subtree(client, bureau):
    above = bureau.mine.parent
    answer = client.get(LIST, {"under": above.pk}, headers=bearer(bureau.officer))
    assert names(answer) == [bureau.mine.name, above.name]


def test_pages_by_cursor_without_totals(client, bureau):
    officer = bearer(bureau.officer)
    first = client.get(LIST, {"limit": 3}, headers=officer).json()
    assert set(first) == {"next", "previous", "results"}
    second = client.get(first["next"], headers=officer).json()
    assert [len(first["results"]), len(second["results"])] == [3, 1]
    assert second["next"] is None


@pytest.mark.parametrize(
    "query",
    [{"open_on": "昨天"}, {"kind": "school"}, {"parent_id": "x"}, {"cursor": "x"},
     {"cursor": "cD1hYmM="}, {"cursor": "cD0xMjM0NTY3ODkwMTIzNDU2Nzg5MA=="}, {"under": "9" * 40}],
)  # fmt: skip
def test_a_query_that_makes_no_sense_is_refused(client, bureau, query):
    answer = client.get(LIST, query, headers=bearer(bureau.officer))
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["fields"]) == list(query)


def test_what_is_no_text_is_a_problem_too(client, bureau):
    answer = client.get(LIST, {"search": "a\x00b"}, headers=bearer(bureau.officer))
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


def test_a_session_opens_nothing_but_the_schema(client, bureau):
    client.force_login(bureau.officer)
    answer = client.get(LIST)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["message"].startswith("请在 Authorization 头中给出令牌")
    assert client.get("/api/v1/schema/").json()["openapi"].startswith("3.")


@pytest.mark.parametrize(
    "given", ["Bearer djt_invented", "Bearer ", "bearer x y", "Basic eDp5", "Token x"]
)
def test_a_bad_token_is_turned_away(client, bureau, given):
    answer = client.get(LIST, headers={"Authorization": given})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_a_token_reaches_as_far_as_its_scopes(client, bureau):
    answer = client.get(LIST, headers=bearer(bureau.officer, tasks="write"))
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    assert answer.json()["message"] == "令牌没有“党组织”的“只读”权限，请重新生成。"


@pytest.mark.parametrize("address", ["/api/v1/nowhere/", "/api/v1/organizations/abc/", "/api/v2/"])
def test_an_unknown_address_is_a_problem_too(client, bureau, address):
    answer = client.get(address, headers=bearer(bureau.officer))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("scope", ["token", "user", "address"])
def test_too_many_requests_are_turned_away(client, bureau, scope, settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": scope}
    }
    headers = {} if scope == "address" else bearer(bureau.officer)
    with override_settings(API_RATES={**settings.API_RATES, scope: "2/min"}):
        answers = [client.get(LIST, headers=headers) for _ in range(3)]
    assert [each.status_code for each in answers[:2]] == [401 if scope == "address" else 200] * 2
    assert answers[2].status_code == 429
    assert int(answers[2]["Retry-After"]) > 0
    assert answers[2].json()["code"] == "throttled"
