"""The world that the tests of all pages look at."""

from collections.abc import Iterator

import pytest
from django.test import Client

from tests.architecture.table import PERSONAS
from tests.architecture.visiting import client_of
from tests.architecture.world import World, standing_world


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """One world for all tests of a module; each takes back what it does."""
    with django_db_blocker.unblock(), standing_world() as built:
        yield built


@pytest.fixture(scope="module")
def clients(world: World) -> dict[str, Client]:
    """A browser for each persona, by short name."""
    return {who: client_of(world, who) for who in PERSONAS}
