from tests.people.conftest import bureau

__all__ = ["bureau"]
