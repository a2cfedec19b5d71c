"""The log: JSON lines with the id of the request, and without what must not stand in a log."""

import json
import logging
import sys

import pytest
from django.db import IntegrityError
from django.test import Client
from gunicorn.config import Config

from accounts.models import User
from bureau.logs import JsonLines, discreet
from bureau.weblog import WebLogger
from tests.doors import database_unreachable
from tests.factories import UserFactory

LINE = JsonLines()


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("GET /link/k7m2abcdefghijkmnpqr/ HTTP/1.1", "GET /link/…/ HTTP/1.1"),
        ("GET /feed/k7m2abcdefghijkmnpqr/ HTTP/1.1", "GET /feed/…/ HTTP/1.1"),
        ("GET /admin/people/person/?q=13812345678&p=2", "GET /admin/people/person/?q=…&p=2"),
        ("GET /?state=new&q=138+1234+5678 HTTP/1.1", "GET /?state=new&q=… HTTP/1.1"),
        ("GET /x/13812345678/ HTTP/1.1", "GET /x/138****5678/ HTTP/1.1"),
        ("身份证 11010519491231002X 有误", "身份证 110105********002X 有误"),
        ("duplicate key\nDETAIL:  Key (name)=(王芳) already exists.", "duplicate key\nDETAIL: …"),
        ("GET /records/12/ HTTP/1.1", "GET /records/12/ HTTP/1.1"),
    ],
)
def test_lines_without_secrets(line, kept):
    assert discreet(line) == kept


def lines(caplog) -> list[dict[str, object]]:
    """What the log file would hold."""
    return [json.loads(LINE.format(record)) for record in caplog.records]


def finished(caplog) -> dict[str, object]:
    return next(line for line in lines(caplog) if line["event"] == "request_finished")


@pytest.mark.django_db
def test_a_request_is_one_line_and_its_id_is_in_the_answer(caplog, client: Client):
    user = UserFactory()
    client.force_login(user)
    caplog.set_level(logging.INFO)
    answer = client.get("/nowhere/?q=13812345678", headers={"X-Request-ID": "forged"})
    line = finished(caplog)
    assert (line["code"], line["request"]) == (404, "GET /nowhere/?q=…")
    assert line["request_id"] == answer["X-Request-ID"] != "forged"
    assert line["user_id"] == user.pk
    assert line["duration_ms"] >= 0
    assert f"编号：{answer['X-Request-ID'][:8]}" in answer.content.decode()
    assert user.username not in json.dumps(lines(caplog))


@pytest.mark.django_db
def test_an_error_is_one_line_with_its_traceback(caplog, settings, monkeypatch):
    caplog.set_level(logging.INFO)
    message = "duplicate key\nDETAIL:  Key (mobile)=(13812345678) already exists."

    def fail(_parts: object) -> None:
        raise IntegrityError(message)

    monkeypatch.setattr("bureau.health.overall", fail)
    answer = Client(raise_request_exception=False).get("/healthz")
    assert answer.status_code == 500
    said = [line for line in lines(caplog) if line["level"] in ("error", "critical")]
    assert [line["event"] for line in said] == ["request_failed"]
    assert said[0]["request_id"] == answer["X-Request-ID"]
    assert "Traceback" in said[0]["exception"]
    assert "13812345678" not in json.dumps(said)
    assert f"编号：{answer['X-Request-ID'][:8]}" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_log_needs_no_database(caplog):
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create(username="zs01"))
    caplog.set_level(logging.INFO)
    with database_unreachable():
        assert client.get("/month/").status_code == 503
    assert any(line["event"] == "request_failed" for line in lines(caplog))


def test_the_web_server_writes_the_same_lines(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stderr", sys.__stderr__)
    logger = WebLogger(Config())
    formatted = logger.error_log.handlers[0].format(
        logger.error_log.makeRecord("gunicorn.error", 20, "", 1, "At %s", ("/link/abc/",), None)
    )
    assert json.loads(formatted)["event"] == "At /link/…/"
