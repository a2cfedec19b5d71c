"""Error pages: Chinese, and nothing typed is lost when the database is gone."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from bureau.urls import handler400, handler403, handler404, handler500
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


urlpatterns = [
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
