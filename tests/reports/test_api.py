"""Reports and corrections at the API: the figures are part of the version."""

import pytest
import time_machine

from reports.choices import ReportState
from tests.doors import Program
from tests.reports.builders import NOW, THEME_DAY, record_of, report_of


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(NOW, tick=False):
        yield


def figure(answer, key: str) -> dict:
    return next(each for each in answer.json()["figures"] if each["key"] == key)


def test_a_month_goes_from_composing_to_a_granted_correction(bureau):
    record_of(bureau.mine, bureau.secretary, entitled=20, present=18)
    report = report_of(bureau.mine)
    path = f"reports/{report.pk}/"
    secretary, officer = Program(bureau.secretary), Program(bureau.officer)
    assert figure(secretary.get(path), THEME_DAY)["value"] == 1
    texts = {"problems": "无", "plans": "照常开展"}
    assert secretary.verb(path, "submit", texts).json()["state"] == "submitted"
    said = {"comments": [{"key": "theme_day.present", "text": "请核"}]}
    returned = officer.verb(path, "return", said)
    assert returned.json()["state"] == "returned"
    assert figure(secretary.get(path), "theme_day.present")["comment"] == "请核"
    assert secretary.verb(path, "submit", texts).status_code == 200
    assert officer.verb(path, "approve").json()["state"] == "approved"
    asked = {"key": "theme_day.present", "new_value": 19, "reason": "漏了一位"}
    assert secretary.verb(path, "ask-correction", asked).status_code == 200
    correction = officer.get("corrections/", state="asked").json()["results"][0]
    granted = officer.verb(f"corrections/{correction['id']}/", "grant", {"answer": "同意"})
    assert (granted.json()["state"], granted.json()["organization"]["id"]) == (
        "granted",
        bureau.mine.pk,
    )
    assert figure(officer.get(path), "theme_day.present")["value"] == 19


def test_a_record_that_came_meanwhile_stops_the_submission(bureau):
    record_of(bureau.mine, bureau.secretary, entitled=20, present=18)
    report, secretary = report_of(bureau.mine), Program(bureau.secretary)
    path = f"reports/{report.pk}/"
    seen = secretary.get(path)["ETag"]
    record_of(bureau.mine, bureau.clerk, entitled=20, present=20)
    answer = secretary.post(f"{path}submit/", {}, seen=seen)
    assert (answer.status_code, answer.json()["code"]) == (412, "version_changed")
    report.refresh_from_db()
    assert report.state == ReportState.DRAFT


def test_a_granted_correction_is_another_version_of_the_report(bureau):
    report = report_of(bureau.mine, state=ReportState.APPROVED)
    report.figures.create(key="theme_day.present", value=18)
    officer = Program(bureau.officer)
    before = officer.get(f"reports/{report.pk}/")["ETag"]
    report.figures.update(value=19)
    assert officer.get(f"reports/{report.pk}/")["ETag"] != before


def test_what_is_missing_is_refused_in_words(bureau):
    report, secretary = report_of(bureau.mine), Program(bureau.secretary)
    path = f"reports/{report.pk}/"
    assert secretary.get(path).json()["missing"] == [THEME_DAY]
    refused = secretary.verb(path, "submit", {})
    assert (refused.status_code, refused.json()["code"]) == (422, "refused")
    unknown = secretary.verb(path, "submit", {"reasons": {"heads.full": "没有"}})
    assert (unknown.status_code, list(unknown.json()["fields"])) == (400, ["reasons"])
    explained = secretary.verb(path, "submit", {"reasons": {THEME_DAY: "安排在下旬"}})
    assert explained.json()["state"] == "submitted"


def test_two_reviewers_get_one_result_and_one_clear_message(bureau):
    report = report_of(bureau.mine, state=ReportState.SUBMITTED, version=1)
    officer, reviewer = Program(bureau.officer), Program(bureau.reviewer)
    path = f"reports/{report.pk}/"
    seen = reviewer.get(path)["ETag"]
    assert officer.verb(path, "approve").status_code == 200
    assert reviewer.post(f"{path}approve/", seen=seen).status_code == 412
    late = reviewer.verb(path, "approve")
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    assert "已通过" in late.json()["message"]


def test_a_clerk_prepares_and_does_not_hand_in(bureau):
    report, clerk = report_of(bureau.mine), Program(bureau.clerk)
    path = f"reports/{report.pk}/"
    assert clerk.verb(path, "prepare", {"plans": "照常"}).json()["plans"] == "照常"
    assert clerk.verb(path, "submit", {}).status_code == 403


def test_lists_are_narrowed_down(bureau):
    report, officer = report_of(bureau.mine), Program(bureau.officer)

    def found(**query):
        rows = officer.get("reports/", **query).json()["results"]
        return {row["organization"]["id"] for row in rows}

    assert found() == {bureau.mine.pk, bureau.other.pk}
    assert found(organization_id=bureau.mine.pk) == {report.organization_id}
    assert found(year=2026, month=3) == {bureau.mine.pk, bureau.other.pk}
    assert found(month=4) == found(state="approved") == set()
