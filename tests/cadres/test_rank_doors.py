"""Files, training and structure through their doors: desk, phone, files, paper."""

from io import BytesIO

import pdfplumber
import pytest
import python_calamine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from cadres.models import Cadre, Qualification, TrainingClass
from cadres.queries.hours import hours_of
from common.jobs import execute
from common.models import Job
from tests.cadres.ranks import cadre, elsewhere, hold, state
from tests.people.roster import register
from tests.personas import Bureau, build_bureau

pytestmark = pytest.mark.postgres
LIST = "/admin/cadres/cadre/"


@pytest.fixture
def bureau(db) -> Bureau:
    built = build_bureau()
    state(cadre("查𬭎", built.mine), "title", "senior", "2019")
    cadre("解喆", built.other)
    return built


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def person(name: str) -> Cadre:
    return Cadre.objects.get(name=name)


def printed(kind: str) -> tuple[str, tuple[int, int]]:
    job = Job.objects.get(kind=kind)
    execute(job_id=job.pk, at=timezone.now())
    job.refresh_from_db()
    with pdfplumber.open(settings.MEDIA_ROOT / job.result_path) as pdf:
        size = (round(pdf.pages[0].width), round(pdf.pages[0].height))
        return "\n".join(page.extract_text() for page in pdf.pages), size


def test_a_school_holds_a_class_and_unticks_who_did_not_come(bureau):
    register(bureau.mine, "王堃")
    register(bureau.mine, "仇㛃")
    phone = browser(bureau.secretary)
    said = {"title": "校本培训", "since": "2026-03-01", "hours": "4"}
    sent = phone.post("/trainings/new/", said)
    course = TrainingClass.objects.get()
    assert sent.headers["Location"] == f"/trainings/{course.pk}/"
    listed = {each.person.name: each.pk for each in course.records.select_related("person")}
    assert {"王堃", "仇㛃"} <= set(listed)
    page = phone.get(f"/trainings/{course.pk}/").content.decode()
    assert page.count("checked") == len(listed)
    phone.post(f"/trainings/{course.pk}/", {f"record_{listed['王堃']}": "on"})
    held = {each.person.name: each.attended for each in course.records.select_related("person")}
    assert (held["王堃"], held["仇㛃"]) == ("present", "absent")
    assert "4 学时" in phone.get("/trainings/").content.decode()
    assert browser(bureau.other_secretary).get(f"/trainings/{course.pk}/").status_code == 404
    assert phone.post("/trainings/new/", said).status_code == 200
    assert TrainingClass.objects.count() == 1


def test_a_school_sees_only_its_own_in_a_class_of_the_bureau(bureau):
    course = hold(bureau.root)
    desk = browser(bureau.officer)
    admin = f"/admin/cadres/trainingclass/{course.pk}"
    preview = desk.post(f"{admin}/enrol/", {"kinds": ["secretary"]}).content.decode()
    assert "符合条件的现任干部 2 人，其中 0 人已在名单上，加入 2 人" in preview
    desk.post(f"{admin}/enrol/", {"kinds": ["secretary"], "confirmed": "1"})
    seen = browser(bureau.secretary).get(f"/trainings/{course.pk}/").content.decode()
    assert ("查𬭎" in seen, "解喆" in seen, "保存到课" in seen) == (True, False, False)


def test_a_limited_officer_sees_no_post_outside_the_scope(bureau):
    kun = person("查𬭎")
    kun.posts.create(organization=bureau.other, kind="member", since="2022-01-01")
    bureau.other.schools.update(kind="senior")
    role = bureau.officer.roles.get()
    role.school_kinds = ["primary"]
    role.save()
    desk = browser(bureau.officer)
    for address in (LIST, f"{LIST}{kun.pk}/change/"):
        page = desk.get(address).content.decode()
        assert ("芙蓉小学党支部书记" in page, "荷花" in page) == (True, False)
    assert "荷花" not in desk.get(f"{LIST}export/csv/").content.decode()


def test_pasted_names_are_found_or_told_with_candidates(bureau):
    register(bureau.mine, "王堃")
    course = hold(bureau.root)
    desk = browser(bureau.officer)
    address = f"/admin/cadres/trainingclass/{course.pk}/paste/"
    page = desk.post(address, {"names": "王坤 芙蓉小学\n王堃 不存在学校\n王堃"}).content.decode()
    assert "没有写单位" in page
    page = desk.post(address, {"names": "王坤 芙蓉小学\n王堃 火星小学"}).content.decode()
    assert ("第 1 行：" in page, "读音相同的有：王堃" in page, "第 2 行的单位" in page) == (
        True,
    ) * 3
    desk.post(address, {"names": "王堃\t芙蓉小学", "present": "on", "confirmed": "1"})
    (record,) = course.records.all()
    assert hours_of([record.person_id], 2026) == {record.person_id: 16}


def test_a_file_opens_is_kept_step_by_step_and_prints(bureau):
    desk, kun = browser(bureau.officer), person("查𬭎")
    elsewhere(kun)
    page = desk.get(f"{LIST}{kun.pk}/change/").content.decode()
    for words in (
        "高级教师（2019）",
        "没有登记骨干称号",
        "年度学时 8 学时，应至少 56 学时，还差 48 学时",
    ):
        assert words in page
    desk.post(f"{LIST}{kun.pk}/state/load/", {"value": "0", "confirmed": "1"})
    assert Qualification.objects.get(kind="load").label == "0 节"
    bad = desk.post(f"{LIST}{kun.pk}/state/load/", {"value": "很多"}).content.decode()
    assert "周课时应填 0–40 的整数" in bad
    assert desk.get(f"{LIST}{kun.pk}/state/score/").status_code == 404
    desk.post(f"{LIST}{kun.pk}/print/")
    text, size = printed("cadres.print_file")
    assert size == (595, 842)
    assert ("查𬭎" in text, "0 节" in text, "未填" in text) == (True, True, True)


def test_figures_of_the_structure_lead_to_their_people(bureau):
    desk = browser(bureau.officer)
    page = desk.get(f"{LIST}structure/")
    assert page.context["found"].total == 2
    links = [
        (band.count, address)
        for card in page.context["cards"]
        for band, address in card["rows"]
        if band.count
    ]
    for count, address in links:
        assert desk.get(address).context["cl"].result_count == count, address
    assert len(links) == 8
    for odd in (
        "behind=x",
        "behind=secretaries.2026-02-30",
        "behind=secretaries.2026-03-02.title.x",
    ):
        assert desk.get(f"{LIST}?{odd}").status_code == 200
    assert desk.get(f"{LIST}structure/?on=0001-01-01").status_code == 200
    assert desk.get(f"{LIST}structure/?group=all").status_code == 404


def test_the_structure_leaves_as_a_file_and_on_paper(bureau):
    desk = browser(bureau.officer)
    answer = desk.get(f"{LIST}structure/xlsx/")
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][0] == "队伍结构（书记，共 2 人）"
    assert ["职称", "未填", 1.0, "50.0%", "", ""] in [row[:6] for row in rows]
    desk.post(f"{LIST}structure/print/?group=committees")
    text, size = printed("cadres.print_structure")
    assert size == (595, 842)
    assert ("填报单位" in text, "未填" in text, "高级教师" in text) == (True, True, True)


def test_targets_are_set_by_the_organisation_office(bureau):
    desk = browser(bureau.officer)
    said = {"group": "secretaries", "what": "title:senior", "comparison": "at_least",
            "percent": "60", "year": "2028"}  # fmt: skip
    assert desk.post("/admin/cadres/target/add/", said).status_code == 302
    assert "2 人 × 60%：至少 2 人，现有 1 人" in desk.get(f"{LIST}structure/").content.decode()
    again = desk.post("/admin/cadres/target/add/", said)
    assert (again.status_code, "已经有目标" in again.content.decode()) == (200, True)
    for field, value in (("percent", "101"), ("year", "9999"), ("what", "title:unknown")):
        assert desk.post("/admin/cadres/target/add/", {**said, field: value}).status_code == 200
