"""The small bureau with people on its rosters."""

import pytest

from tests.people.roster import register
from tests.personas import Bureau, build_bureau


@pytest.fixture
def bureau(db) -> Bureau:
    built = build_bureau()
    register(built.mine, "查𬭎", born_on=None)
    register(built.mine, "王堃")
    register(built.other, "解喆")
    return built
