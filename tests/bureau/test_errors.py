"""Error pages: Chinese, and nothing typed is lost when the database is gone."""

import errno
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from bureau import health
from bureau.urls import handler400, handler403, handler404, handler500
from bureau.wsgi import application
from tests.doors import database_unreachable

__all__ = ["handler400", "handler403", "handler404", "handler500"]
TYPED = '第一行\n第二行 <b>"引号"</b> 𬭎'


def refuse(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("not for you")


def misread(request: HttpRequest) -> HttpResponse:
    raise BadRequest("half a body")


def overfull(request: HttpRequest) -> HttpResponse:
    raise RequestDataTooBig("too big")


def break_down(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("secret detail")


def save(request: HttpRequest) -> HttpResponse:
    get_user_model().objects.count()
    return HttpResponse("saved")


def fill_up(request: HttpRequest) -> HttpResponse:
    if request.GET["disk"] == "ours":
        raise OSError(errno.ENOSPC, "No space left on device")
    raise OperationalError("database or disk is full")


def lack_a_table(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM common_not_yet_there")
    return HttpResponse("found")


urlpatterns = [
    path("full", fill_up),
    path("lack", lack_a_table),
    path("refuse", refuse),
    path("misread", misread),
    path("overfull", overfull),
    path("break", break_down),
    path("save", save),
]
pytestmark = pytest.mark.urls(__name__)


class Form(HTMLParser):
    """The fields and the target of the form on a page."""

    def __init__(self, response: Any) -> None:
        super().__init__()
        self.fields: list[tuple[str | None, str | None]] = []
        self.targets: list[tuple[str | None, str | None]] = []
        self.feed(response.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input":
            self.fields.append((found["name"], found["value"]))
        elif tag == "form":
            self.targets.append((found["method"], found["action"]))


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/refuse", 403, "您的账号不能这样做"),
        ("/misread", 400, "提交的内容不完整或已损坏"),
        ("/overfull", 400, "提交的内容太多或文件太大"),
        ("/nowhere", 404, "没有找到这个页面"),
        ("/break", 500, "系统出了点问题"),
    ],
)
def test_every_error_has_a_page_in_chinese(
    visitor: Client, address: str, status: int, words: str
) -> None:
    response = visitor.get(address)
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert "secret detail" not in page
    assert response["Cache-Control"] == "no-store"
    for forbidden in ("<style", "style=", "<script>", "http://", "https://"):
        assert forbidden not in page


def test_a_form_whose_token_no_longer_fits() -> None:
    response = Client(enforce_csrf_checks=True).post("/save", {"text": TYPED})
    assert response.status_code == 403
    assert "页面已过期，没有提交成功" in response.content.decode()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_database_gone_in_the_middle_loses_nothing_typed(visitor: Client) -> None:
    data = {"text": TYPED, "figure": ["0", "12"], "csrfmiddlewaretoken": "t"}
    with database_unreachable():
        response = visitor.post("/save?month=3", data)
    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert "数据库暂时连接不上，您填写的内容仍在本页，请稍后再点一次。" in response.content.decode()
    form = Form(response)
    assert form.targets == [("post", "/save?month=3")]
    assert form.fields == [
        ("text", TYPED),
        ("figure", "0"),
        ("figure", "12"),
        ("csrfmiddlewaretoken", "t"),
    ]
    assert visitor.post("/save?month=3", data).content == b"saved"


@pytest.mark.django_db(transaction=True)
def test_a_password_is_never_written_into_a_page(visitor: Client) -> None:
    with database_unreachable():
        response = visitor.post("/save", {"username": "chen", "password": "hunter2"})
    assert response.status_code == 503
    assert Form(response).fields == []
    assert "hunter2" not in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_page_only_looked_at_is_offered_again(visitor: Client) -> None:
    with database_unreachable():
        response = visitor.get("/save?month=3")
    assert response.status_code == 503
    assert 'href="/save?month=3"' in response.content.decode()


# The server's own troubles ----------------------------------------------------------------------
@pytest.mark.parametrize("disk", ["ours", "database"])
def test_a_full_disk_is_named_and_the_form_kept(visitor: Client, disk: str) -> None:
    response = visitor.post(f"/full?disk={disk}", {"summary": TYPED})
    assert response.status_code == 503
    assert "磁盘空间不足" in response.content.decode()
    assert ("summary", TYPED) in Form(response).fields


@pytest.mark.django_db
@pytest.mark.postgres
def test_a_missing_table_is_an_upgrade_only_while_migrations_wait(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "migrations_state", lambda: "3 not applied")
    with transaction.atomic():
        waiting = visitor.get("/lack")
        transaction.set_rollback(True)
    assert (waiting.status_code, "系统正在升级" in waiting.content.decode()) == (503, True)
    monkeypatch.setattr(health, "migrations_state", lambda: health.OK)
    with transaction.atomic():
        defect = visitor.get("/lack")
        transaction.set_rollback(True)
    assert defect.status_code in {500, 503}
    assert "系统正在升级" not in defect.content.decode()


# What is no text -------------------------------------------------------------------------------
FORM = "application/x-www-form-urlencoded"
BROKEN = "甲\0乙"


@pytest.mark.parametrize("address", ["/nowhere/%00/", "/save?q=%00", "/save?%00=q"])
def test_an_address_that_is_no_text_is_refused(visitor: Client, address: str) -> None:
    response = visitor.get(address)
    assert response.status_code == 400
    assert "提交的内容不完整或已损坏" in response.content.decode()


def test_an_address_in_a_charset_that_is_none_is_refused() -> None:
    environ = RequestFactory()._base_environ(
        PATH_INFO="/healthz", QUERY_STRING="q=a", CONTENT_TYPE="text/plain; charset=hex"
    )
    answered: list[str] = []
    page = application(environ, lambda status, _headers: answered.append(status))
    assert "".join(part.decode() for part in page).count("提交的内容不完整或已损坏") == 1
    assert answered == ["400 Bad Request"]


@pytest.mark.parametrize("charset", ["hex", "utf-7", "unicode_escape", "idna", "undefined"])
def test_forms_are_read_as_utf_8_only(visitor: Client, charset: str) -> None:
    kind = f"multipart/form-data; boundary=b; charset={charset}"
    response = visitor.generic("POST", "/save", b"--b--", content_type=kind)
    assert response.status_code == 400


@pytest.mark.django_db
def test_a_form_with_what_is_no_text_gives_the_rest_back(visitor: Client) -> None:
    data = {"text": f"{TYPED}\0", "a\0b": ["0", BROKEN], "csrfmiddlewaretoken": "t"}
    response = visitor.post("/save?month=3", data)
    assert response.status_code == 400
    assert "已经去掉，其余内容仍在本页，请再提交一次" in response.content.decode()
    form = Form(response)
    assert form.targets == [("post", "/save?month=3")]
    assert form.fields == [
        ("text", TYPED),
        ("ab", "0"),
        ("ab", "甲乙"),
        ("csrfmiddlewaretoken", "t"),
    ]
    assert visitor.post("/save?month=3", {"text": TYPED}).content == b"saved"


def test_a_password_does_not_come_back_either(visitor: Client) -> None:
    response = visitor.post("/save", {"username": BROKEN, "password": "hunter2"})
    assert response.status_code == 400
    assert Form(response).fields == []
    assert "hunter2" not in response.content.decode()


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_cookie_that_is_no_text_is_as_good_as_none(visitor: Client) -> None:
    visitor.cookies["sessionid"] = "abcdefgh\0ijklmnop"
    assert visitor.get("/save").content == b"saved"
    assert visitor.post("/save", {"text": TYPED}).status_code == 200
