"""All rows by name, in the order in which they are measured."""

from collections.abc import Callable, Iterator

from benchmarks import boards, documents, pages, people, ranks, rush, tree, work
from benchmarks.harness import Result
from benchmarks.lab import Lab

ROWS: dict[str, Callable[[Lab], Iterator[Result]]] = {
    "pages": pages.default_pages,
    "views": pages.views,
    "lists": pages.lists,
    "roster": people.roster,
    "roster_search": people.search,
    "roster_import": people.importing,
    "sentinel": boards.checking,
    "export": work.exporting,
    "tree_move": tree.moving,
    "tree_coverage": tree.covering,
    "publish": work.publishing,
    "import": work.importing,
    "notice": documents.notices,
    "memory_worker": documents.worker_memory,
    "rush_postgresql": rush.on_postgresql,
    "rush_sqlite": rush.on_sqlite,
    "structure": ranks.ranks,
    # Last: what it takes back leaves dead rows behind.
    "sweep": work.reminders,
}
