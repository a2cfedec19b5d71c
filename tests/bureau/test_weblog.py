"""What the web server's log leaves out."""

from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from bureau.weblog import WebLogger, discreet


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("GET /link/k7m2abcdefghijkmnpqr/ HTTP/1.1", "GET /link/…/ HTTP/1.1"),
        ("GET /admin/people/person/?q=13812345678&p=2", "GET /admin/people/person/?q=…&p=2"),
        ("GET /?state=new&q=138+1234+5678 HTTP/1.1", "GET /?state=new&q=… HTTP/1.1"),
        ("GET /x/13812345678/ HTTP/1.1", "GET /x/138****5678/ HTTP/1.1"),
        ("GET /records/12/ HTTP/1.1", "GET /records/12/ HTTP/1.1"),
    ],
)
def test_lines_without_secrets(line, kept):
    assert discreet(line) == kept


def test_every_part_of_a_line_is_discreet():
    logger = WebLogger(Config())
    request = SimpleNamespace(headers=[("REFERER", "http://x/link/secrettoken/")])
    response = SimpleNamespace(status="200 OK", sent=1, headers=[])
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": "/link/secrettoken/?q=13812345678",
        "PATH_INFO": "/link/secrettoken/",
        "QUERY_STRING": "q=13812345678",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": "http://x/link/secrettoken/",
    }
    from datetime import timedelta

    parts = repr(logger.atoms(response, request, environ, timedelta()))
    assert "secrettoken" not in parts
    assert "13812345678" not in parts
