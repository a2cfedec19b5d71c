"""The roster at the API."""

import pytest
from django.test import Client

from people.models import Person, Standing
from tests.organizations.test_api import bearer
from tests.people.numbers import id_number
from tests.people.roster import register

pytestmark = pytest.mark.django_db
LIST = "/api/v1/standings/"
ID = id_number("19850712", 3)


@pytest.fixture
def people(bureau):
    register(bureau.mine, "王堃", id_number=ID, mobile="13800000001")
    register(bureau.mine, "查𬭎", kind="probationary")
    register(bureau.other, "解喆")
    return bureau


def write(user, **more) -> dict[str, str]:
    return {**bearer(user, people="write"), **more}


def names(client: Client, user, **query) -> list[str]:
    answer = client.get(LIST, query, headers=bearer(user, people="read"))
    return [row["person"]["name"] for row in answer.json()["results"]]


def test_one_sees_own_people_with_masked_numbers(client, people):
    assert names(client, people.secretary) == ["查𬭎", "王堃"]
    own = bearer(people.secretary, people="read")
    answer = client.get(f"{LIST}{Standing.objects.get(person__name='王堃').pk}/", headers=own)
    person = answer.json()["person"]
    assert (person["id_number"], person["mobile"]) == (
        f"{ID[:3]}***********{ID[-4:]}",
        "138****0001",
    )
    assert person["born_on"] == "1985.07"
    other = Standing.objects.get(person__name="解喆")
    assert client.get(f"{LIST}{other.pk}/", headers=own).status_code == 404
    assert client.get(LIST, headers=bearer(people.secretary)).status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"search": "zhahong"}, ["查𬭎"]),
        ({"search": ID}, ["王堃"]),
        ({"search": ID[:10]}, []),
        ({"kind": "probationary"}, ["查𬭎"]),
        ({"on": "2001-01-01"}, []),
        ({"current": "true"}, ["解喆", "查𬭎", "王堃"]),
    ],
)
def test_filters(client, people, query, found):
    assert names(client, people.officer, **query) == found


def test_somebody_is_registered_and_what_is_wrong_is_told_at_the_field(client, people):
    body = {"organization_id": people.mine.pk, "kind": "activist", "since": "2026-03-01",
            "name": "盖芸", "id_number": id_number("19901201", 2)[:-1] + "0"}  # fmt: skip
    refused = client.post(LIST, body, "application/json", headers=write(people.secretary))
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["id_number"])
    assert not Person.objects.filter(name="盖芸").exists()
    body["id_number"] = id_number("19901201", 2)
    made = client.post(LIST, body, "application/json", headers=write(people.secretary))
    assert (made.status_code, made.json()["kind"]) == (201, "activist")


def test_a_step_is_decided_on_what_was_seen(client, people):
    row = Standing.objects.get(person__name="查𬭎")
    address, own = f"{LIST}{row.pk}/", write(people.secretary)
    version = client.get(address, headers=own)["ETag"]
    Person.objects.filter(pk=row.person_id).update(sex="male")
    step = {"kind": "full", "on": "2026-03-01"}
    seen = {**own, "If-Match": version}
    late = client.post(f"{address}change/", step, "application/json", headers=seen)
    assert late.status_code == 412
    seen = {**own, "If-Match": client.get(address, headers=own)["ETag"]}
    done = client.post(f"{address}change/", step, "application/json", headers=seen)
    assert (done.status_code, done.json()["ended_as"]) == (200, "confirmed")
    assert Standing.objects.current().get(person=row.person).kind == "full"
