"""Whose address a request carries, with and without proxies in front."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from common.middleware import ClientAddressMiddleware


def seen_address(forwarded: str | None, rf: RequestFactory) -> str:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = rf.get("/", headers=headers, REMOTE_ADDR="10.0.0.9")
    ClientAddressMiddleware(lambda _request: HttpResponse())(request)
    return request.META["REMOTE_ADDR"]


def test_without_proxies_the_header_is_not_believed(settings, rf):
    settings.TRUSTED_PROXIES = 0
    assert seen_address("203.0.113.7", rf) == "10.0.0.9"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        (2, "6.6.6.6, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (2, "203.0.113.7", "10.0.0.9"),
        (1, "2001:db8::7", "2001:db8::7"),
        (1, "not an address", "10.0.0.9"),
        (1, None, "10.0.0.9"),
    ],
)
def test_behind_proxies_the_address_they_saw_counts(settings, rf, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    assert seen_address(forwarded, rf) == expected
