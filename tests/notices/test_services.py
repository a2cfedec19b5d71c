"""Notices from draft to issue, through the services and the doors of both sides."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common import pdf
from common.errors import ConflictError, DomainError, ForbiddenError
from common.jobs import execute
from common.models import AuditEntry, Job
from notices.choices import NoticeState
from notices.models import Notice
from notices.services import change_notice, draft_notice, issue_notice, print_notice
from tests.notices import measuring
from tests.personas import Bureau, build_bureau

pytestmark = pytest.mark.django_db

SOURCE = """中共栖江市澄岚区教育局委员会文件

澄教委〔2026〕3号

关于召开党建工作会议的通知

各基层党组织：

定于3月18日召开党建工作会议，请准时参加。

中共栖江市澄岚区教育局委员会

2026年3月10日

栖江市澄岚区教育局办公室

2026年3月10日印发
"""


@pytest.fixture
def bureau() -> Bureau:
    return build_bureau()


@pytest.fixture
def notice(bureau: Bureau) -> Notice:
    return draft_notice(actor=bureau.officer, source=SOURCE, at=timezone.now())


def client_of(user) -> Client:
    client = Client()
    client.force_login(user, backend="accounts.backends.UsernameBackend")
    return client


def printed(bureau: Bureau, notice: Notice) -> Notice:
    job = print_notice(actor=bureau.officer, notice=notice, at=timezone.now())
    execute(job_id=job.pk, at=timezone.now())
    notice.refresh_from_db()
    return notice


def issued(bureau: Bureau, notice: Notice) -> Notice:
    ready = printed(bureau, notice)
    return issue_notice(actor=bureau.officer, notice=ready, at=timezone.now())


def test_title_and_number_are_read_out_of_the_text(notice: Notice):
    assert (notice.title, notice.number) == ("关于召开党建工作会议的通知", "澄教委〔2026〕3号")
    assert AuditEntry.objects.get(verb="notices.draft").object_id == str(notice.pk)


@pytest.mark.parametrize("persona", ["leader", "reviewer", "secretary", "auditor", "stranger"])
def test_only_officers_draft(bureau: Bureau, persona: str):
    with pytest.raises(ForbiddenError):
        draft_notice(actor=getattr(bureau, persona), source=SOURCE, at=timezone.now())
    assert not Notice.objects.exists()


def test_an_empty_text_is_refused(bureau: Bureau):
    with pytest.raises(DomainError, match="请把公文的文字粘贴进来"):
        draft_notice(actor=bureau.officer, source=" \n", at=timezone.now())


def test_the_second_of_two_changes_is_refused(bureau: Bureau, notice: Notice):
    change = {"actor": bureau.officer, "notice": notice, "version": 1, "at": timezone.now()}
    change_notice(source=SOURCE.replace("18", "19"), **change)
    with pytest.raises(ConflictError, match="刚刚被别人改过"):
        change_notice(source=SOURCE.replace("18", "20"), **change)
    notice.refresh_from_db()
    assert (notice.version, "3月19日" in notice.source) == (2, True)


def test_printing_gives_a_real_pdf_and_what_to_check(bureau: Bureau, notice: Notice):
    printed(bureau, notice)
    job = Job.objects.get()
    assert (job.state, notice.state) == ("done", NoticeState.PRINTED)
    assert job.message.startswith("共 2 页，")
    content = b"".join(
        client_of(bureau.officer).get(reverse("notices:pdf", args=[notice.pk])).streaming_content
    )
    assert pdf.page_count(content) == 2
    assert "澄教委〔2026〕3号" in "".join(pdf.page_texts(content))


def test_a_text_changed_while_printing_is_not_passed_off(bureau: Bureau, notice: Notice):
    job = print_notice(actor=bureau.officer, notice=notice, at=timezone.now())
    change_notice(
        actor=bureau.officer, notice=notice, source=SOURCE + "\n", version=1, at=timezone.now()
    )
    execute(job_id=job.pk, at=timezone.now())
    job.refresh_from_db()
    assert (job.state, job.message) == ("failed", "排版期间文字又改过，请重新排版。")


def test_what_was_changed_after_printing_is_not_issued(bureau: Bureau, notice: Notice):
    printed(bureau, notice)
    change_notice(
        actor=bureau.officer,
        notice=notice,
        source=SOURCE.replace("18", "19"),
        version=1,
        at=timezone.now(),
    )
    with pytest.raises(DomainError, match="请先排版并核对最新的 PDF"):
        issue_notice(actor=bureau.officer, notice=notice, at=timezone.now())


def test_an_issued_one_reaches_the_schools_and_stays_as_it_is(bureau: Bureau, notice: Notice):
    school = client_of(bureau.secretary)
    place = reverse("notices:notice", args=[notice.pk])
    assert school.get(place).status_code == 404
    issued(bureau, notice)
    assert notice.title in school.get(reverse("notices:list")).content.decode()
    assert school.get(place).status_code == 200
    assert school.get(reverse("notices:pdf", args=[notice.pk])).status_code == 200
    with pytest.raises(ForbiddenError, match="已印发的公文不能再改"):
        change_notice(
            actor=bureau.officer, notice=notice, source="别的", version=1, at=timezone.now()
        )


def test_found_by_title_or_number(bureau: Bureau, notice: Notice):
    issued(bureau, notice)
    school = client_of(bureau.secretary)
    found = [
        len(school.get(reverse("notices:list"), {"q": word}).context["page"].object_list)
        for word in ("党建", "〔2026〕3号", "没有的")
    ]
    assert found == [1, 1, 0]


# The form of the admin ---------------------------------------------------------------------------
def test_the_form_drafts_and_shows_what_to_check(bureau: Bureau):
    officer = client_of(bureau.officer)
    text = SOURCE.replace("〔2026〕", "[2026]")
    officer.post(
        reverse("admin:notices_notice_add"), {"form": "document", "source": text, "version": ""}
    )
    made = Notice.objects.get()
    page = officer.get(reverse("admin:notices_notice_change", args=[made.pk])).content.decode()
    assert "排版前请核对" in page
    assert "[2026]" in page


def test_the_form_keeps_what_was_typed_when_it_is_refused(bureau: Bureau, notice: Notice):
    officer = client_of(bureau.officer)
    change_notice(
        actor=bureau.officer, notice=notice, source=SOURCE + "\n", version=1, at=timezone.now()
    )
    typed = {"form": "document", "source": SOURCE.replace("18", "28"), "version": "1"}
    page = officer.post(reverse("admin:notices_notice_change", args=[notice.pk]), typed)
    assert page.status_code == 200
    assert "刚刚被别人改过" in page.content.decode()
    assert "3月28日" in page.content.decode()


def test_the_buttons_print_and_issue(bureau: Bureau, notice: Notice):
    officer = client_of(bureau.officer)
    early = officer.post(reverse("admin:issue_notice", args=[notice.pk]), follow=True)
    assert "请先排版并核对最新的 PDF" in early.content.decode()
    sent = officer.post(reverse("admin:print_notice", args=[notice.pk]))
    job = Job.objects.get()
    assert sent.headers["Location"] == reverse("bureau:job", args=[job.pk])
    execute(job_id=job.pk, at=timezone.now())
    done = officer.post(reverse("admin:issue_notice", args=[notice.pk]), follow=True)
    assert "已印发" in done.content.decode()
    assert Notice.objects.get().state == NoticeState.ISSUED


LETTER = SOURCE.replace("文件\n", "\n").replace("澄教委〔", "澄教函〔").replace("通知", "函")


def test_the_form_chosen_is_kept_printed_and_found_in_the_log(bureau: Bureau):
    officer = client_of(bureau.officer)
    typed = {"form": "document", "source": LETTER, "version": ""}
    officer.post(reverse("admin:notices_notice_add"), typed)
    made = Notice.objects.get()
    place = reverse("admin:notices_notice_change", args=[made.pk])
    page = officer.get(place).content.decode()
    assert "所选格式是“文件（盖章）”，文字像是“信函”，请核对" in page
    assert "上下各有一条红色双线" in page
    officer.post(place, {**typed, "form": "letter", "version": "1"})
    made.refresh_from_db()
    assert (made.form, made.version) == ("letter", 2)
    entry = AuditEntry.objects.get(verb="notices.change")
    assert (entry.before["form"], entry.after["form"]) == ("document", "letter")
    assert "所选格式" not in officer.get(place).content.decode()
    printed(bureau, made)
    content = b"".join(officer.get(reverse("notices:pdf", args=[made.pk])).streaming_content)
    assert measuring.red_ink(content, 1)[1] == pytest.approx(30, abs=0.5)


def test_an_unknown_form_is_refused_and_nothing_kept(bureau: Bureau):
    typed = {"form": "poster", "source": SOURCE, "version": ""}
    page = client_of(bureau.officer).post(reverse("admin:notices_notice_add"), typed)
    assert page.status_code == 200
    assert not Notice.objects.exists()
