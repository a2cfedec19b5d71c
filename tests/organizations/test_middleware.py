"""Roles are asked for once by a page that only reads, and anew once something was changed."""

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from organizations.choices import RoleKind
from organizations.middleware import RolesAskedOnceMiddleware
from organizations.models import Role
from organizations.permissions import holds, is_officer
from tests.factories import RoleFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_request_that_changes_nothing_asks_once(method, django_assert_num_queries):
    role = RoleFactory(kind=RoleKind.OFFICER)

    def view(_request):
        assert [is_officer(role.user), holds(role.user, RoleKind.CLERK)] == [True, False]
        assert is_officer(role.user)
        return HttpResponse()

    with django_assert_num_queries(1):
        RolesAskedOnceMiddleware(view)(RequestFactory().generic(method, "/"))


def _write():
    User.objects.update(large_text=True)


def _begin():
    with transaction.atomic():
        pass


@pytest.mark.parametrize("step", [_write, _begin])
def test_a_form_asks_anew_once_something_may_have_changed(step):
    role = RoleFactory(kind=RoleKind.OFFICER)

    def view(_request):
        assert is_officer(role.user)
        step()
        assert is_officer(role.user)
        return HttpResponse()

    with CaptureQueriesContext(connection) as queries:
        RolesAskedOnceMiddleware(view)(RequestFactory().post("/"))
    asked = [query for query in queries if 'FROM "organizations_role"' in query["sql"]]
    assert len(asked) == 2


def test_a_form_that_takes_a_role_away_goes_on_without_it():
    role = RoleFactory(kind=RoleKind.OFFICER)

    def view(_request):
        before = is_officer(role.user)
        Role.objects.filter(pk=role.pk).update(withdrawn_at=timezone.now())
        return HttpResponse(str([before, is_officer(role.user)]))

    answer = RolesAskedOnceMiddleware(view)(RequestFactory().post("/"))
    assert answer.content == b"[True, False]"


def test_users_are_not_taken_for_each_other_and_nothing_is_kept():
    officer, clerk = RoleFactory(kind=RoleKind.OFFICER), RoleFactory(kind=RoleKind.CLERK)

    def view(_request):
        seen = [is_officer(officer.user), is_officer(clerk.user), is_officer(officer.user)]
        return HttpResponse(str(seen))

    serve = RolesAskedOnceMiddleware(view)
    assert serve(RequestFactory().get("/")).content == b"[True, False, True]"
    officer.delete()
    assert serve(RequestFactory().get("/")).content == b"[False, False, False]"
