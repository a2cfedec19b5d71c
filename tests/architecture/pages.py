"""The pages of the matrix: every address that shows something, each seen by one who may."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.test import Client

from tests.architecture.bodies import body_of
from tests.architecture.matrix import LINES
from tests.architecture.table import Line
from tests.architecture.visiting import address_of, visit
from tests.architecture.world import World

# What answers with a file, a number or a fragment for a script, not with a page.
NO_PAGES = {
    "accounts:session",
    "healthz",
    "admin:autocomplete",
    "admin:export_summary",
    "admin:jsi18n",
    "admin:search",
    "bureau:copied_figure",
    "bureau:draft",
    "bureau:feed",
    "bureau:job_result",
    "calendar_events:record_file",
    "honours:file",
    "integrity:file",
    "integrity:rectification_file",
    "notices:pdf",
}
NO_PAGE = "_(export|template)$|^api:(?!docs)"


@dataclass(frozen=True)
class Page:
    """A line of the matrix with somebody who gets the page."""

    line: Line
    who: str

    def __str__(self) -> str:
        return str(self.line)

    def open(self, world: World, client: Client) -> HttpResponse:
        """Open it with a browser of who may."""
        address = address_of(world, self.line.name, self.line.of)
        body = body_of(world, self.line.name) if self.line.method == "POST" else {}
        return visit(client, self.line.method, address, body)


def _pages() -> Iterator[Page]:
    for line in LINES:
        who = next((who for who, status in line.expected.items() if status == 200), None)
        if who and not re.search(NO_PAGE, line.name) and line.name not in NO_PAGES:
            yield Page(line, who)


PAGES = list(_pages())
# What programs read instead, all of it JSON; the schema is drawn up anew each time.
ANSWERS = [
    Page(line, who)
    for line in LINES
    for who in [line.let_in]
    if who and line.method == "GET" and re.match("api:(?!schema|docs)", line.name)
]
