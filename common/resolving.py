"""From a name in a spreadsheet to the one row it means, or the candidates: never a guess.

Everything is looked up in memory, so that an import of thousands of rows asks the database once.
"""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from common.cells import CellError
from common.grids import Value
from common.sheets import as_text

_SHOWN = 3
# Pairs of characters that nearly every name has (小学, 支部) tell nothing and cost the most.
_COMMON_PAIR = 1500


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that a name may mean; ``label`` tells it from its namesakes."""

    key: int
    label: str


class NameResolver:
    """Knows rows by full, short and former names and codes; usable as the parser of a column.

    ``entries`` are (name, key, label) triples, several for one key. ``what`` is the word for such a
    row in messages: 党组织. A name of one row that is the former name of another fits both: a code
    must tell them apart.
    """

    def __init__(self, what: str, entries: Iterable[tuple[str, int, str]]) -> None:
        self.what = what
        self._by_name: dict[str, dict[int, str]] = defaultdict(dict)
        for name, key, label in entries:
            if folded := fold_name(name):
                self._by_name[folded][key] = label
        self._pairs: dict[str, list[str]] | None = None

    def __call__(self, value: Value) -> int:
        """Return the key that a cell names; raise `CellError` with candidates otherwise."""
        found = self.find(as_text(value))
        if len(found) == 1:
            return found[0].key
        if found:
            raise CellError(
                f"对应 {len(found)} 个{self.what}：{_listed(found)}；请改写能区分的全称或代码。"
            )
        near = self.suggest(as_text(value))
        hint = f"；相近的有：{_listed(near)}" if near else ""
        raise CellError(f"没有找到这个{self.what}{hint}。请核对名称，或改写代码。")

    def find(self, name: str) -> list[Candidate]:
        """Return every row that bears this name or code."""
        rows = self._by_name.get(fold_name(name), {})
        return [Candidate(key, label) for key, label in rows.items()]

    def suggest(self, name: str) -> list[Candidate]:
        """Return up to three rows that share the most pairs of characters with ``name``.

        Only those at least half as near as the nearest: a list of the vaguely alike is no help.
        """
        if self._pairs is None:
            self._pairs = self._index_pairs()
        hits: Counter[str] = Counter()
        for pair in _pairs_of(fold_name(name)):
            names = self._pairs.get(pair, ())
            if len(names) <= _COMMON_PAIR:
                hits.update(names)
        rows: dict[int, str] = {}
        best = max(hits.values(), default=0)
        for near, shared in hits.most_common(_SHOWN * 4):
            if shared * 2 >= best:
                rows |= self._by_name[near]
        return [Candidate(key, label) for key, label in rows.items()][:_SHOWN]

    def _index_pairs(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = defaultdict(list)
        for name in self._by_name:
            for pair in _pairs_of(name):
                index[pair].append(name)
        return index


def fold_name(name: str) -> str:
    """Return a name as compared: without blanks, width and case."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _pairs_of(name: str) -> set[str]:
    return {name[i : i + 2] for i in range(len(name) - 1)}


def _listed(candidates: Sequence[Candidate]) -> str:
    shown = "、".join(candidate.label for candidate in candidates[: _SHOWN * 2])
    return f"{shown}等" if len(candidates) > _SHOWN * 2 else shown
