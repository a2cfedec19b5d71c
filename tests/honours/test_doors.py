"""The register through its doors: phone, desk, files, paper, programs."""

from io import BytesIO

import pdfplumber
import pytest
import python_calamine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from common.jobs import execute
from common.models import AuditEntry, Job
from honours.models import Honour
from tests.attachments.samples import picture, upload
from tests.doors import Program
from tests.honours.register import enter, person

pytestmark = pytest.mark.postgres
LIST = "/admin/honours/honour/"


@pytest.fixture
def held(bureau):
    enter(person("王堃"), title="优秀教师", awarded="2024.09", document="=HYPERLINK(1)")
    enter(person("查𬭎"), title="教坛新秀", level="city", awarded="2023")
    enter(person("解喆"), title="优秀班主任", awarded="2025.09")
    enter(bureau.mine, title="先进基层党组织", level="national", awarded="2021.07.01")
    return bureau


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def titles(client, **query) -> list[str]:
    return [row.title for row in client.get(LIST, query).context["cl"].result_list]


def test_a_school_reports_and_the_bureau_confirms(bureau):
    school, desk = browser(bureau.secretary), browser(bureau.officer)
    said = {
        "title": "优秀教师",
        "level": "district",
        "awarded": "2025.9",
        "person": person("王堃").pk,
    }
    sent = school.post("/honours/new/", {**said, "attachments": upload("证书.jpg", picture())})
    honour = Honour.objects.get()
    assert (sent.status_code, honour.state, str(honour.awarded)) == (302, "reported", "2025.09")
    assert "待核实" in school.get("/honours/").content.decode()
    file = f"/honours/{honour.pk}/files/{honour.attachments.get().pk}/"
    seen = [browser(user).get(file).status_code for user in (
        bureau.secretary, bureau.officer, bureau.other_secretary, bureau.auditor)]  # fmt: skip
    assert seen == [200, 200, 404, 404]
    assert titles(desk, state="waiting") == ["优秀教师"]
    desk.post(f"{LIST}{honour.pk}/confirm/", {"confirmed": "1"})
    assert Honour.objects.get().state == "confirmed"
    assert school.post(f"/honours/{honour.pk}/withdraw/", {"reason": "改"}).status_code == 403


def test_somebody_elses_teacher_can_not_be_chosen(bureau):
    said = {
        "title": "优秀教师",
        "level": "district",
        "awarded": "2025.9",
        "person": person("解喆").pk,
    }
    page = browser(bureau.secretary).post("/honours/new/", said)
    assert ("没有" in page.content.decode(), Honour.objects.count()) == (True, 0)


def test_the_desk_finds_and_filters(held):
    desk = browser(held.officer)
    assert titles(desk) == ["优秀班主任", "优秀教师", "教坛新秀", "先进基层党组织"]
    for query, found in (
        ({"q": "zhah"}, ["教坛新秀"]),
        ({"q": "芙蓉"}, ["优秀教师", "教坛新秀", "先进基层党组织"]),
        ({"q": "班主任"}, ["优秀班主任"]),
        ({"level": "city"}, ["教坛新秀"]),
        ({"year": "before"}, []),
        ({"holder": "organization"}, ["先进基层党组织"]),
        ({"school_kind": "primary"}, titles(desk)),
        ({"school_kind": "senior"}, []),
        ({"organization": held.other.pk}, ["优秀班主任"]),
        ({"state": "repeated"}, []),
    ):
        assert titles(desk, **query) == found, query


def test_the_preview_at_the_desk_shows_a_repetition_and_blocks_nothing(held):
    desk = browser(held.officer)
    said = {
        "title": "区优秀教师",
        "level": "district",
        "awarded": "2024",
        "person": person("王堃").pk,
    }
    page = desk.post(f"{LIST}add/", said).content.decode()
    assert "可能重复：已登记 优秀教师（区级，2024.09），未注明期限。" in page
    assert desk.post(f"{LIST}add/", {**said, "confirmed": "1"}).status_code == 302
    assert titles(desk, state="repeated") == ["优秀教师", "区优秀教师"]
    both = {**said, "organization": held.mine.pk}
    assert "只选一个" in desk.post(f"{LIST}add/", both).content.decode()


def test_the_list_leaves_as_filtered_and_no_text_becomes_a_formula(held):
    answer = browser(held.officer).get(f"{LIST}export/xlsx/", {"level": "district"})
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert (rows[0][0], [row[0] for row in rows[3:]]) == ("荣誉", ["解喆", "王堃"])
    assert rows[4][:8] == [
        "王堃",
        "芙蓉小学党支部",
        "优秀教师",
        "区级",
        "",
        "2024.09",
        "=HYPERLINK(1)",
        "",
    ]
    text = browser(held.officer).get(f"{LIST}export/csv/").content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert AuditEntry.objects.filter(verb="honours.export").count() == 2


def test_the_list_prints_with_its_head_and_rare_names(held):
    desk = browser(held.reviewer)
    assert "打印 3 行" in desk.get(f"{LIST}print/").content.decode()
    desk.post(f"{LIST}print/", {"confirmed": "1"})
    job = Job.objects.get(kind="common.print_list")
    execute(job_id=job.pk, at=timezone.now())
    job.refresh_from_db()
    with pdfplumber.open(settings.MEDIA_ROOT / job.result_path) as pdf:
        page = pdf.pages[0]
        text = page.extract_text()
        size = (round(page.width), round(page.height))
    assert size == (842, 595)
    assert ("查𬭎" in text, "解喆" in text, "填报单位" in text, "截至" in text) == (
        True,
        False,
        True,
        True,
    )


def test_programs_read_within_the_scope(held):
    found = Program(held.secretary).get("honours/", level="national").json()["results"]
    assert [(each["title"], each["organization"]["name"], each["person"]) for each in found] == [
        ("先进基层党组织", "芙蓉小学党支部", None)
    ]
    assert len(Program(held.officer).get("honours/", search="解喆").json()["results"]) == 1
    assert Program(held.secretary).get("honours/", search="解喆").json()["results"] == []
