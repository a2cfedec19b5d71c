"""Numbers that fit into no column match no row, however they reach the query."""

import pytest

from organizations.models import Organization, Role
from tests.factories import RoleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
BEYOND = (2**63, -(2**63) - 1, 10**40)


def test_numbers_beyond_all_rows_match_none():
    role = RoleFactory()
    for number in BEYOND:
        assert list(Role.objects.filter(pk__in=[number])) == []
        assert list(Role.objects.filter(pk__in=[number, role.pk])) == [role]
        assert list(Role.objects.filter(organization=number)) == []
        assert list(Role.objects.filter(organization__in=[number])) == []
        assert list(Role.objects.filter(organization__in=[number, role.organization_id])) == [role]
        assert list(Role.objects.exclude(organization=number)) == [role]


def test_lists_of_rows_texts_and_queries_work_as_ever():
    role = RoleFactory()
    place = role.organization
    assert list(Role.objects.filter(organization__in=[place])) == [role]
    assert list(Role.objects.filter(organization__in=[str(place.pk)])) == [role]
    assert list(Role.objects.filter(organization__in=Organization.objects.all())) == [role]
    assert list(Role.objects.filter(organization=place)) == [role]
    assert list(Role.objects.filter(pk__in=[])) == []
    assert list(Organization.objects.filter(order__in=[10**20])) == []


def test_texts_that_are_no_numbers_match_none():
    role = RoleFactory()
    texts = ["nonsense", "", "9" * 5000, "1.5", "甲"]
    assert list(Role.objects.filter(pk__in=texts)) == []
    assert list(Role.objects.filter(pk__in=[*texts, str(role.pk)])) == [role]
