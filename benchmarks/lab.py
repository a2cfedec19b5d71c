"""What the rows share: the two bureaus, who looks at them, how often something is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from benchmarks import seeding
from benchmarks.databases import Databases, migrated
from bureau.seed.rosters import build_members

SMALL, LARGE = "small", "large"
# The same bureaus with people on their rosters.
CROWDED = {SMALL: "small_crowded", LARGE: "large_crowded"}
PERSONS = {SMALL: 10_000, LARGE: 500_000}
EMPTY = "empty"


@dataclass
class Lab:
    """``requests`` and ``works``: how often a request, or work over a second, is measured."""

    databases: Databases
    sizes: dict[str, int]
    requests: int
    works: int
    folder: Path

    def bureau(self, name: str) -> None:
        """Have one of the two bureaus, with or without people on its rosters."""
        for size, crowded in CROWDED.items():
            if name == crowded:
                self._crowd(size)
                return
        self.databases.make(EMPTY, migrated)
        size = self.sizes[name]
        self.databases.make(name, lambda: seeding.build(size), template=EMPTY, told=size)

    def _crowd(self, size: str) -> None:
        self.bureau(size)
        count = PERSONS[size]
        day = timezone.localdate()
        self.databases.make(
            CROWDED[size],
            lambda: _enter(count, day),
            template=size,
            told=f"{self.sizes[size]} {count}",
        )

    def copy_of(self, name: str, copy: str) -> None:
        """Have a copy of a bureau to do harm to; what an earlier run used up is made anew."""
        self.bureau(name)
        self.databases.make(copy, lambda: None, template=name, anew=True)

    def visitor(self, database: str, username: str) -> "Visitor":
        """Somebody logged in to a bureau."""
        self.bureau(database)
        with self.databases.using(database):
            client = Client(SERVER_NAME="127.0.0.1")
            client.force_login(User.objects.get(username=username))
        return Visitor(self, database, client)


@dataclass
class Visitor:
    """Opens pages of one bureau by the test client."""

    lab: Lab
    database: str
    client: Client

    def opener(self, path: str) -> Callable[[], None]:
        """Return what opens ``path``; anything but a page is an error."""

        def visit() -> None:
            self.lab.databases.use(self.database)
            answer = self.client.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"{path} answers {answer.status_code} in {self.database}.")

        return visit

    def queries(self, path: str) -> int:
        """Return how many queries the page takes once it is warm."""
        visit = self.opener(path)
        visit()
        with self.lab.databases.using(self.database), CaptureQueriesContext(connection) as caught:
            visit()
        return len(caught)


def _enter(count: int, day: date) -> None:
    build_members(count=count, day=day)


def scratch() -> TemporaryDirectory[str]:
    """A folder for the files of a run."""
    return TemporaryDirectory(prefix="portal-bench-")
