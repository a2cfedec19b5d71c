"""The monthly report on a phone: prepared, handed in, returned, corrected, without a flaw."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from playwright.sync_api import Page, expect

from activities.choices import RecordKind
from organizations.models import Organization
from reports import services
from reports.models import Correction, Report
from tests.browser.test_secretary import flaws, log_in, saved
from tests.personas import Bureau, build_bureau
from tests.reports.builders import (
    NOW,
    THEME_DAY,
    event_of,
    heads_of,
    record_of,
    report_of,
    task_of,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def bureau(live_server) -> Bureau:
    built = build_bureau()
    Organization.objects.filter(pk=built.mine.pk).update(
        name="中共栖江市澄岚区芙蓉小学（柳汀校区、𪣻桥校区）联合支部委员会"
    )
    return built


@pytest.fixture
def report(bureau) -> Report:
    heads_of(bureau.mine, full=18)
    record_of(
        bureau.mine, bureau.secretary, kind=RecordKind.MEMBERS_MEETING, entitled=21, present=18
    )
    task_of(bureau.mine, event_of("民办学校党组织书记述职"))
    return report_of(bureau.mine)


def opened(page: Page) -> None:
    """Unfold every section: what is folded isn't looked at."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


def test_a_report_is_handed_in_from_a_phone(phone: Page, report: Report):
    log_in(phone, f"/reports/{report.pk}/")
    opened(phone)
    assert flaws(phone) == []
    phone.fill("[name=plans]", "清明祭扫")
    saved(phone)
    phone.click("text=确认无误，提交")
    expect(phone.locator("#form-errors")).to_contain_text("本期没有主题党日的记录")
    assert (phone.input_value("[name=plans]"), flaws(phone)) == ("清明祭扫", [])
    phone.fill("[name=theme_day_reason]", "全体外出实践")
    phone.click("text=确认无误，提交")
    expect(phone.locator("main")).to_contain_text("等待审核")
    opened(phone)
    assert flaws(phone) == []
    assert phone.evaluate("localStorage.length") == 0
    report.refresh_from_db()
    assert (report.plans, report.reasons) == ("清明祭扫", {THEME_DAY: "全体外出实践"})


def test_a_clerk_lays_the_text_before_the_secretary(phone: Page, report: Report):
    log_in(phone, f"/reports/{report.pk}/", user="clerk")
    phone.fill("[name=problems]", "集中学习时间难统一")
    phone.click("text=保存，请书记确认提交")
    expect(phone.locator("main")).to_contain_text("已保存，书记或副书记打开这份月报就能看到")
    assert (phone.input_value("[name=problems]"), flaws(phone)) == ("集中学习时间难统一", [])
    phone.context.clear_cookies()
    log_in(phone, f"/reports/{report.pk}/")
    assert phone.input_value("[name=problems]") == "集中学习时间难统一"


def test_what_came_back_and_what_came_late_has_no_flaws(phone: Page, bureau, report: Report):
    typed = {"problems": "", "plans": "", "reasons": {THEME_DAY: "外出"}}
    services.submit_report(
        actor=bureau.secretary, report=report_of(bureau.mine, 2), at=NOW, **typed
    )
    record_of(bureau.mine, bureau.secretary, held_on=date(2026, 2, 26))
    services.submit_report(actor=bureau.secretary, report=report, at=NOW, **typed)
    services.return_report(
        actor=bureau.officer,
        report=report,
        comments=[("members_meeting.present", "应到18人、实到21人，请核"), ("plans", "请补")],
        at=NOW,
    )
    log_in(phone, f"/reports/{report.pk}/")
    expect(phone.locator("main")).to_contain_text("应到18人、实到21人，请核")
    expect(phone.locator("main")).to_contain_text("补录 1 条")
    found = {}
    for mode in ("normal", "large"):
        phone.context.add_cookies([{"name": "portal_text", "value": mode, "url": phone.url}])
        for path in ("/reports/", f"/reports/{report.pk}/"):
            phone.goto(path)
            opened(phone)
            found[f"{path} {mode}"] = flaws(phone)
    assert found == {path: [] for path in found}


def test_a_correction_is_asked_for_from_a_phone(phone: Page, bureau, report: Report):
    services.submit_report(
        actor=bureau.secretary,
        report=report,
        problems="",
        plans="",
        reasons={THEME_DAY: "外出"},
        at=NOW,
    )
    services.approve_report(actor=bureau.officer, report=report, at=NOW)
    log_in(phone, f"/reports/{report.pk}/")
    phone.click("text=申请更正已通过的数据")
    phone.select_option("[name=key]", "members_meeting.present")
    phone.fill("[name=new_value]", "20")
    phone.fill("[name=reason]", "漏记两人")
    assert flaws(phone) == []
    phone.click("text=送出申请")
    expect(phone.locator("main")).to_contain_text("更正申请已送出")
    assert flaws(phone) == []
    assert Correction.objects.get().new_value == 20
