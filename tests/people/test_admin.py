"""The doors: lists, a person's page, buttons of an account, the import."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import AccessLink, User
from accounts.services import digest_of, note_failure
from common.models import AuditEntry, Job, JobState
from people.models import Person
from tests.factories import OfficeFactory, RoleFactory, UserFactory
from tests.people.lists import KUN, WANG, sheet

PEOPLE = "/admin/people/person/"
USERS = "/admin/accounts/user/"


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response) -> str:
    return response.content.decode()


def person_page(user: User, tail: str = "change/") -> str:
    return f"{PEOPLE}{user.person.pk}/{tail}"


@pytest.mark.parametrize("address", [PEOPLE, USERS])
@pytest.mark.parametrize(
    ("who", "status"),
    [("officer", 200), ("leader", 200), ("reviewer", 200), ("auditor", 404), ("secretary", 403)],
)
def test_who_opens_the_lists(bureau, address, who, status):
    # The admin itself sends to the log-in whoever holds no role for it; that answers 403.
    assert as_(getattr(bureau, who)).get(address).status_code == status


@pytest.mark.parametrize("address", [PEOPLE, USERS])
def test_lists_hold_the_scope_and_no_whole_number(bureau, address):
    shown = text(as_(bureau.reviewer).get(address))
    assert "secretary" in shown
    assert "other_secretary" not in shown
    assert "13900000002" not in shown


@pytest.mark.parametrize("address", [PEOPLE, USERS])
def test_lists_cost_the_same_queries_for_more_rows(bureau, address, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_(bureau.officer)
    client.get(address)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    before = cost()
    for number in range(3):
        user = UserFactory(name=f"新人{number}")
        RoleFactory(user=user, organization=bureau.other, kind="clerk")
        Person.objects.create(name=user.name, user=user)
    assert cost() == before


def test_search_takes_names_pinyin_and_whole_numbers(bureau):
    Person.objects.filter(user=bureau.secretary).update(name="尉迟堃", pinyin="yuchikun yck")
    for word in ("尉迟", "yck", "13900000002", "139-0000-0002"):
        shown = text(as_(bureau.officer).get(PEOPLE, {"q": word}))
        assert "尉迟堃" in shown
        assert "other_secretary" not in shown


def test_a_person_outside_the_scope_is_not_there(bureau):
    client = as_(bureau.reviewer)
    for tail in ("change/", "mobile/"):
        assert client.get(person_page(bureau.other_secretary, tail)).status_code == 404
        assert client.get(person_page(bureau.secretary, tail)).status_code == 200


def test_a_leader_reads_and_changes_nothing(bureau):
    client = as_(bureau.leader)
    assert client.get(person_page(bureau.secretary)).status_code == 200
    answer = client.post(person_page(bureau.secretary), {"name": "新名字", "new_mobile": ""})
    assert answer.status_code == 403
    assert client.get(f"{PEOPLE}add/").status_code == 403


def test_changing_name_and_number(bureau):
    page = person_page(bureau.secretary)
    client = as_(bureau.officer)
    assert "139****0002" in text(client.get(page))
    answer = client.post(page, {"name": "新 名 字", "new_mobile": "138 1234 5678"})
    assert answer.status_code == 302
    person = Person.objects.get(user=bureau.secretary)
    assert (person.name, person.mobile) == ("新名字", "13812345678")
    client.post(page, {"name": "新名字", "new_mobile": ""})
    assert Person.objects.get(pk=person.pk).mobile == "13812345678"


def test_what_the_service_refuses_stays_in_the_form(bureau):
    answer = as_(bureau.officer).post(
        person_page(bureau.secretary), {"name": "新名字", "new_mobile": "13900000003"}
    )
    assert answer.status_code == 200
    assert "登记在clerk名下" in text(answer)
    assert 'value="新名字"' in text(answer)
    assert Person.objects.get(user=bureau.secretary).name == "secretary"


def test_entering_a_person_gives_an_account(bureau):
    client = as_(bureau.officer)
    answer = client.post(f"{PEOPLE}add/", {"name": "张三", "new_mobile": "13812345678"})
    user = User.objects.get(username="zs01")
    assert (answer.status_code, answer["Location"]) == (302, f"{USERS}{user.pk}/change/")
    assert user.person.mobile == "13812345678"


def test_a_whole_number_is_shown_once_for_a_reason(bureau):
    client, page = as_(bureau.reviewer), person_page(bureau.secretary, "mobile/")
    assert "13900000002" not in text(client.get(page))
    assert "13900000002" not in text(client.post(page, {"reason": " "}))
    answer = client.post(page, {"reason": "电话催办"})
    assert "13900000002" in text(answer)
    assert "no-store" in answer["Cache-Control"]
    assert AuditEntry.objects.get().verb == "people.unmask_mobile"


def test_the_export_masks_numbers_in_file_and_log(bureau):
    answer = as_(bureau.reviewer).get(f"{PEOPLE}export/csv/", {"q": "139 0000 0002"})
    assert "139****0002" in answer.content.decode("utf-8-sig")
    assert "other_secretary" not in answer.content.decode("utf-8-sig")
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.after["query"]) == ("people.export", {"q": "139****0002"})
    assert as_(bureau.auditor).get(f"{PEOPLE}export/csv/").status_code == 404


def test_nothing_is_deleted(bureau):
    for page in (person_page(bureau.secretary, "delete/"), f"{USERS}{bureau.secretary.pk}/delete/"):
        assert as_(bureau.officer).post(page, {"post": "yes"}).status_code == 403


# Buttons -----------------------------------------------------------------------------------------
def button(bureau, verb: str, user: User, who: str = "reviewer", method: str = "post"):
    return getattr(as_(getattr(bureau, who)), method)(f"{USERS}{user.pk}/{verb}/")


def test_one_click_unlocks(bureau):
    for _ in range(5):
        note_failure(account="secretary", address=None, at=timezone.now())
    assert "已锁定（还有 15 分钟）" in text(
        as_(bureau.reviewer).get(f"{USERS}{bureau.secretary.pk}/change/")
    )
    assert button(bureau, "unlock", bureau.secretary).status_code == 302
    answer = as_(bureau.reviewer).post(f"{USERS}{bureau.secretary.pk}/unlock/", follow=True)
    assert "没有被锁定" in text(answer)
    last = AuditEntry.objects.filter(verb="accounts.unlock")
    assert [(entry.actor, entry.object_id) for entry in last] == [
        (bureau.reviewer, str(bureau.secretary.pk))
    ]


def test_switching_off_says_what_it_changes_and_back_on(bureau):
    first = as_(bureau.reviewer).post(f"{USERS}{bureau.clerk.pk}/off/")
    assert first.context["changes"][0].startswith("clerk（用户名 clerk）马上不能登录")
    assert "「芙蓉小学党支部」还有书记secretary、副书记deputy可以提交" in text(first)
    assert User.objects.get(pk=bureau.clerk.pk).is_active
    done = as_(bureau.reviewer).post(f"{USERS}{bureau.clerk.pk}/off/", {"confirmed": "1"})
    assert done.status_code == 302
    assert "启用账号" in text(as_(bureau.reviewer).get(f"{USERS}{bureau.clerk.pk}/change/"))
    again = as_(bureau.reviewer).get(f"{USERS}{bureau.clerk.pk}/off/")
    assert "账号已经停用" in text(again)
    assert not User.objects.get(pk=bureau.clerk.pk).is_active
    assert button(bureau, "on", bureau.clerk).status_code == 302
    assert User.objects.get(pk=bureau.clerk.pk).is_active


@pytest.mark.parametrize("verb", ["unlock", "off", "on"])
def test_buttons_keep_to_methods_and_scope(bureau, verb):
    opened = 200 if verb == "off" else 405
    assert button(bureau, verb, bureau.clerk, method="get").status_code == opened
    assert button(bureau, verb, bureau.other_secretary).status_code == 404
    assert button(bureau, verb, bureau.clerk, who="leader").status_code == 403
    assert button(bureau, verb, bureau.reviewer).status_code == 403
    assert User.objects.filter(is_active=False).count() == 0


def test_texts_show_links_that_open(bureau):
    users = [bureau.secretary.pk, bureau.clerk.pk]
    client = as_(bureau.reviewer)
    page = text(client.post(f"{USERS}links/", {"user": users}))
    assert "将为 2 人生成新链接" in page
    assert AccessLink.objects.count() == 0
    answer = client.post(f"{USERS}links/text/", {"user": users})
    assert "no-store" in answer["Cache-Control"]
    assert text(answer).count("请妥善保管") == 2
    tokens = [line.split("/link/")[1].strip("/ ") for line in text(answer).splitlines()
              if "/link/" in line]  # fmt: skip
    assert {digest_of(token) for token in tokens} == set(
        AccessLink.objects.values_list("digest", flat=True)
    )
    assert Client().get(f"/link/{tokens[0]}/").status_code == 200


@pytest.mark.parametrize("step", ["links/", "links/text/", "links/slips/"])
def test_links_keep_to_methods_scope_and_rights(bureau, step):
    client = as_(bureau.reviewer)
    assert client.get(f"{USERS}{step}").status_code == 405
    assert client.post(f"{USERS}{step}", {"user": []}).status_code == 404
    assert client.post(f"{USERS}{step}", {"user": bureau.other_secretary.pk}).status_code == 404
    assert AccessLink.objects.count() == 0
    assert Job.objects.count() == 0


def test_links_for_who_may_do_more_are_left_out_or_refused(bureau):
    client = as_(bureau.reviewer)
    both = {"user": [bureau.reviewer.pk, bureau.clerk.pk]}
    assert "将为 1 人生成新链接" in text(client.post(f"{USERS}links/", both))
    assert client.post(f"{USERS}links/text/", both).status_code == 403
    assert client.post(f"{USERS}links/slips/", both).status_code == 403
    assert AccessLink.objects.count() == 0


def test_the_list_offers_links_for_the_selected(bureau):
    data = {"action": "make_links", "_selected_action": [bureau.clerk.pk]}
    answer = as_(bureau.reviewer).post(USERS, data)
    assert "将为 1 人生成新链接" in text(answer)


@pytest.mark.parametrize(("state", "expected"), [("new", 1), ("off", 1), ("ready", 8)])
def test_filter_by_state(bureau, state, expected):
    bureau.stranger.set_unusable_password()
    bureau.stranger.save()
    User.objects.filter(pk=bureau.deputy.pk).update(is_active=False)
    answer = as_(bureau.officer).get(USERS, {"state": state})
    assert answer.context["cl"].result_count == expected - (state == "ready")


def test_the_last_log_in_is_shown_but_nobody_is_ranked_by_it(bureau):
    User.objects.filter(pk=bureau.clerk.pk).update(last_login=timezone.now() - timedelta(days=1))
    answer = as_(bureau.officer).get(USERS, {"o": "5"})
    assert "还没有登录过" in text(answer)
    assert "last_login" not in " ".join(answer.context["cl"].queryset.query.order_by)


def test_the_list_shows_who_is_locked(bureau):
    for _ in range(5):
        note_failure(account="clerk", address=None, at=timezone.now())
        note_failure(account="?unknown", address=None, at=timezone.now())
    answer = as_(bureau.officer).get(USERS, {"state": "locked"})
    assert [user.username for user in answer.context["cl"].result_list] == ["clerk"]
    assert as_(bureau.reviewer).get(USERS, {"state": "locked"}).context["cl"].result_count == 1


def test_an_account_never_used_says_so(bureau):
    assert "还没有登录过" in text(as_(bureau.reviewer).get(f"{USERS}{bureau.clerk.pk}/change/"))


def test_the_export_keeps_to_the_scope_masks_numbers_and_is_written_down(bureau):
    for ending in ("csv", "xlsx"):
        answer = as_(bureau.reviewer).get(f"{USERS}export/{ending}/", {"state": "ready"})
        assert answer.status_code == 200
    written = b"".join(
        as_(bureau.reviewer).get(f"{USERS}export/csv/", {"q": "13900000002"})
    ).decode("utf-8-sig")
    assert "139****0002" in written
    assert "13900000002" not in written
    assert "other_secretary" not in written
    entries = AuditEntry.objects.filter(verb="accounts.export").order_by("pk")
    assert [entry.after["format"] for entry in entries] == ["csv", "xlsx", "csv"]
    assert "13900000002" not in str(entries.last().after)


# Import ------------------------------------------------------------------------------------------
IMPORT = "/admin/organizations/organization/import/"


def upload(client: Client, content: bytes, name: str = "名单.xlsx"):
    """Preview a list, and return the page of what was found with its address."""
    file = SimpleUploadedFile(name, content)
    typed = {"kind": "secretaries", "on": "2026-03-02", "file": file}
    answer = client.post(IMPORT, typed)
    assert answer.status_code == 302
    return answer.url, text(client.get(answer.url))


def go_on(client: Client, address: str, step: str) -> str:
    return text(client.post(address, {"step": step}, follow=True))


def test_upload_preview_import(bureau):
    client = as_(bureau.officer)
    assert f'{IMPORT}?kind=secretaries"' in text(client.get(PEOPLE))
    assert "书记名单" in text(client.get(IMPORT))
    address, preview = upload(client, sheet(WANG, KUN))
    assert "还没有导入，导入后将：新增 2 条" in preview
    assert not Person.objects.filter(name="尉迟堃").exists()
    done = go_on(client, address, "save")
    assert "已导入：新增 2 条" in done
    assert "有 2 人还没有激活账号" in done
    assert "表里的 2 行和库里的一样，不用再导入" in upload(client, sheet(WANG, KUN))[1]


def test_the_button_below_an_import_leads_to_links_for_its_people(bureau):
    client = as_(bureau.officer)
    address, _ = upload(client, sheet(WANG, KUN))
    go_on(client, address, "save")
    held = Job.objects.latest("pk").params["outcome"]["follow_up"]
    links = text(client.post(held["url"], {held["name"]: held["value"]}))
    assert "将为 2 人生成新链接" in links
    assert f'name="user" value="{held["value"]}"' in links


def test_rows_with_problems_come_back_as_a_file(bureau):
    wrong = [1, "李四", "没有这个学校", "书记", "13800000009", ""]
    client = as_(bureau.officer)
    address, shown = upload(client, sheet(wrong, KUN))
    assert "第 3 行「学校」写的是“没有这个学校”" in shown
    assert 'value="save"' not in shown
    assert "已导入：新增 1 条" in go_on(client, address, "save_clean")
    job = Job.objects.latest("pk")
    assert job.result_name == "有问题的行.xlsx"


@pytest.mark.parametrize("content", [b"hello", b"", b"%PDF-1.4"])
def test_what_is_no_list_is_refused_in_words(bureau, content):
    client = as_(bureau.officer)
    file = SimpleUploadedFile("名单.xlsx", content)
    typed = {"kind": "secretaries", "on": "2026-03-02", "file": file}
    shown = text(client.post(IMPORT, typed, follow=True))
    assert "文件" in shown or "表格" in shown
    assert "还没有导入" not in shown


def test_a_longer_list_is_left_to_the_worker(bureau):
    rows = [
        [n, f"新人{'甲乙丙丁'[n % 4]}", "荷花小学", "副书记", f"1380000{n:04}", ""]
        for n in range(400)
    ]
    _, shown = upload(as_(bureau.officer), sheet(*rows))
    assert "排队中，每 2 秒自动刷新" in shown
    assert Job.objects.get().state == JobState.QUEUED


@pytest.mark.parametrize(("who", "offered"), [("officer", True), ("narrow", False)])
def test_only_who_grants_roles_gets_to_the_list_of_secretaries(bureau, who, offered):
    users = {"officer": bureau.officer, "narrow": UserFactory()}
    RoleFactory(
        user=users["narrow"],
        organization=bureau.root,
        kind="officer",
        office=OfficeFactory(name="基础教育科"),
    )
    client = as_(users[who])
    assert ("template/secretaries/" in text(client.get(IMPORT))) is offered
    status = client.get(f"{IMPORT}template/secretaries/").status_code
    assert status == (200 if offered else 404)
    file = SimpleUploadedFile("名单.xlsx", sheet(WANG))
    answer = client.post(IMPORT, {"kind": "secretaries", "on": "2026-03-02", "file": file})
    assert answer.status_code == (302 if offered else 200)


def test_the_template_is_one_that_is_understood(bureau):
    client = as_(bureau.officer)
    answer = client.get(f"{IMPORT}template/secretaries/")
    assert answer.status_code == 200
    assert "没有找到表头" not in upload(client, answer.content)[1]
