"""Roles are asked for once by a page that only reads, and each time where something may change."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from organizations.choices import RoleKind
from organizations.middleware import RolesAskedOnceMiddleware
from organizations.permissions import holds, is_officer
from tests.factories import RoleFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("method", "asked"), [("GET", 1), ("HEAD", 1), ("POST", 3)])
def test_how_often_a_request_asks(method, asked, django_assert_num_queries):
    role = RoleFactory(kind=RoleKind.OFFICER)

    def view(_request):
        assert [is_officer(role.user), holds(role.user, RoleKind.CLERK)] == [True, False]
        assert is_officer(role.user)
        return HttpResponse()

    with django_assert_num_queries(asked):
        RolesAskedOnceMiddleware(view)(RequestFactory().generic(method, "/"))


def test_users_are_not_taken_for_each_other_and_nothing_is_kept():
    officer, clerk = RoleFactory(kind=RoleKind.OFFICER), RoleFactory(kind=RoleKind.CLERK)

    def view(_request):
        seen = [is_officer(officer.user), is_officer(clerk.user), is_officer(officer.user)]
        return HttpResponse(str(seen))

    serve = RolesAskedOnceMiddleware(view)
    assert serve(RequestFactory().get("/")).content == b"[True, False, True]"
    officer.delete()
    assert serve(RequestFactory().get("/")).content == b"[False, False, False]"
