"""The small bureau, with a person for each of its users."""

import pytest

from common.fields import blind_index
from common.names import person_pinyin
from people.models import Person
from tests.personas import Bureau, build_bureau


@pytest.fixture
def bureau(db) -> Bureau:
    built = build_bureau()
    for number, name in enumerate(("officer", "reviewer", "secretary", "clerk", "other_secretary")):
        user = getattr(built, name)
        mobile = f"1390000000{number}"
        Person.objects.create(
            name=user.name,
            pinyin=person_pinyin(user.name),
            user=user,
            mobile=mobile,
            mobile_index=blind_index(mobile),
        )
    return built
