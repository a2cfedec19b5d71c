"""The roster through its doors: phone, desk, files and paper."""

from datetime import date
from io import BytesIO

import pdfplumber
import pytest
import python_calamine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.jobs import execute
from common.models import AuditEntry, Job
from organizations.models import Roster
from people.models import Person, Standing
from tests.people.numbers import id_number
from tests.people.roster import register

pytestmark = pytest.mark.postgres
LIST = "/admin/people/standing/"
ID = id_number("19850712", 3)


@pytest.fixture
def people(bureau):
    register(bureau.mine, "王堃", id_number=ID, mobile="13800000001")
    register(bureau.mine, "查𬭎", kind="probationary")
    register(bureau.mine, "仇㛃", kind="activist")
    register(bureau.other, "解喆", id_number=id_number("19900101", 8))
    return bureau


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def names(response) -> list[str]:
    return [row.person.name for row in response.context["cl"].result_list]


def sheet(content: bytes) -> list[list]:
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
    return book.get_sheet_by_index(0).to_python()


# Phone -------------------------------------------------------------------------------------------
def test_a_secretary_sees_own_people_masked_and_finds_them(people):
    client = browser(people.secretary)
    page = client.get("/roster/").content.decode()
    assert ("王堃" in page, "解喆" in page, "启用名册" in page) == (True, False, True)
    for text, found in (("仇", "仇㛃"), ("qiujie", "仇㛃"), ("zh", "查𬭎"), (ID, "王堃")):
        rows = client.get("/roster/", {"q": text}).context["page"].object_list
        assert [row.person.name for row in rows] == [found]
    assert not client.get("/roster/", {"q": "解喆"}).context["page"].object_list
    row = Standing.objects.get(person__name="王堃")
    page = client.get(f"/roster/{row.pk}/").content.decode()
    assert (ID in page, f"{ID[:3]}***********{ID[-4:]}" in page) == (False, True)
    other = Standing.objects.get(person__name="解喆")
    assert client.get(f"/roster/{other.pk}/").status_code == 404


def test_an_empty_roster_says_what_to_do(bureau):
    page = browser(bureau.secretary).get("/roster/").content.decode()
    assert ("名册里还没有人" in page, "登记第一人" in page) == (True, True)


def test_a_secretary_registers_somebody_and_is_told_what_is_wrong(bureau):
    client = browser(bureau.secretary)
    form = {"name": "王堃", "kind": "full", "since": "2020-06-01", "id_number": ID[:-1] + "0"}
    page = client.post("/roster/new/", form)
    assert "校验码不对" in page.content.decode()
    assert not Standing.objects.exists()
    assert client.post("/roster/new/", {**form, "id_number": ID}).status_code == 302
    again = client.post("/roster/new/", {**form, "id_number": ID}).content.decode()
    assert "王堃已在「芙蓉小学党支部」的名册里" in again
    assert Person.objects.get(name="王堃").born_on == date(1985, 7, 12)


def test_starting_a_roster_asks_first(people):
    client = browser(people.secretary)
    page = client.post("/roster/start/", {"since": "2026-03-01"}).content.decode()
    assert ("确认启用" in page, Roster.objects.exists()) == (True, False)
    client.post("/roster/start/", {"since": "2026-03-01", "confirmed": "1"})
    assert Roster.objects.get().organization == people.mine


def test_a_number_is_corrected_without_being_shown(people):
    row = Standing.objects.get(person__name="王堃")
    form = {"name": "王堃", "sex": "male", "born_on": "1985.07", "mobile": "13800000002"}
    assert browser(people.secretary).post(f"/roster/{row.pk}/correct/", form).status_code == 302
    person = Person.objects.get(name="王堃")
    assert (person.id_number, person.mobile) == (ID, "13800000002")
    assert person.born_on == date(1985, 7, 12)


# Desk --------------------------------------------------------------------------------------------
def test_the_list_is_searched_filtered_and_sorted(people):
    client = browser(people.officer)
    assert names(client.get(LIST)) == ["王堃", "查𬭎", "仇㛃", "解喆"]
    assert names(client.get(LIST, {"sort": "strokes"})) == ["仇㛃", "王堃", "查𬭎", "解喆"]
    assert names(client.get(LIST, {"sort": "pinyin"})) == ["仇㛃", "王堃", "解喆", "查𬭎"]
    for text, found in (("𬭎", "查𬭎"), ("xiezhe", "解喆"), ("荷花小学", "解喆"), (ID, "王堃")):
        assert names(client.get(LIST, {"q": text})) == [found]
    assert names(client.get(LIST, {"standing": "activist"})) == ["仇㛃"]
    assert names(client.get(LIST, {"organization": people.other.pk})) == ["解喆"]


def test_another_schools_people_are_nowhere(people):
    client = browser(people.reviewer)
    assert names(client.get(LIST)) == ["王堃", "查𬭎", "仇㛃"]
    assert names(client.get(LIST, {"q": "解喆"})) == []
    content = b"".join(client.get(f"{LIST}export/csv/"))
    assert ("王堃" in content.decode(), "解喆" in content.decode()) == (True, False)
    other = Standing.objects.get(person__name="解喆")
    for address in ("change/", "correct/", "unmask/id_number/", "change_step/", "end_step/"):
        assert client.get(f"{LIST}{other.pk}/{address}").status_code == 404


def test_files_are_masked_unless_a_reason_is_given(people):
    client = browser(people.officer)
    masked = sheet(client.get(f"{LIST}export/xlsx/?organization={people.mine.pk}").content)
    assert [row[0] for row in masked[3:]] == ["王堃", "查𬭎", "仇㛃"]
    assert ID not in str(masked)
    address = f"{LIST}unmasked/?organization={people.mine.pk}"
    asked = client.post(address, {"reason": "上报党统年报"}).content.decode()
    assert (
        "3 人的完整身份证号" in asked,
        AuditEntry.objects.filter(verb="people.unmask_list").exists(),
    ) == (True, False)
    answer = client.post(address, {"reason": "上报党统年报", "confirmed": "1"})
    assert ID in str(sheet(answer.content))
    entry = AuditEntry.objects.get(verb="people.unmask_list")
    assert (entry.after["reason"], len(entry.object_ids)) == ("上报党统年报", 3)


def test_the_print_is_the_offices_own_paper_with_every_character(people):
    client = browser(people.officer)
    client.post(reverse("admin:people_standing_print"), {"confirmed": "1"})
    job = Job.objects.get(kind="people.print_roster")
    execute(job_id=job.pk, at=timezone.now())
    job.refresh_from_db()

    with pdfplumber.open(settings.MEDIA_ROOT / job.result_path) as paper:
        page, said = paper.pages[0], "".join(each.extract_text() for each in paper.pages)
    assert page.width > page.height
    parts = (
        "党员名册",
        "填报单位（盖章）",
        "截至",
        "王堃",
        "查𬭎",
        "仇㛃",
        "解喆",
        "第 1 页 共 1 页",
    )
    assert [part for part in parts if part not in said] == []
    assert ID not in said


def test_a_step_on_the_phone_is_shown_before_it_is_done(people):
    client, row = browser(people.secretary), Standing.objects.get(person__name="查𬭎")
    address, typed = f"/roster/{row.pk}/end/", {"reason": "transferred", "on": "2026-03-01"}
    page = client.post(address, typed).content.decode()
    told = "查𬭎（预备党员）：组织关系转出，从 2026年3月1日 起不再计入。以前的记录保留。"
    assert (told in page, "确认减少" in page) == (True, True)
    assert Standing.objects.current().filter(pk=row.pk).exists()
    back = client.post(address, {**typed, "again": "1"}).content.decode()
    assert ("下一步：核对" in back, 'value="2026-03-01"' in back) == (True, True)
    assert client.post(address, {**typed, "confirmed": "1"}).status_code == 302
    assert not Standing.objects.current().filter(pk=row.pk).exists()
