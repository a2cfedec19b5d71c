import pytest

from tests.personas import Bureau, build_bureau


@pytest.fixture
def bureau(db) -> Bureau:
    return build_bureau()
