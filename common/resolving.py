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
# Characters and pairs that nearly every name has (小学, 支部) tell nothing and cost the most.
_COMMON_PART = 1500
_COMPARED = 200
_LOOKED_THROUGH = 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that a name may mean; ``label`` tells it from its namesakes."""

    key: int
    label: str


class NameResolver:
    """Knows rows by full, short and former names and codes; usable as the parser of a column.

    ``entries`` are (name, key, label) triples, several for one key. ``what`` is the word for such a
    row in messages: 党组织. A name of one row that is the former name of another fits both: a code
    must tell them apart. ``gone`` are names that no row bears any more, each with what to tell.
    """

    def __init__(
        self,
        what: str,
        entries: Iterable[tuple[str, int, str]],
        *,
        gone: Iterable[tuple[str, str]] = (),
    ) -> None:
        self.what = what
        self._gone = {fold_name(name): remedy for name, remedy in gone if name}
        self._by_name: dict[str, dict[int, str]] = defaultdict(dict)
        for name, key, label in entries:
            if folded := fold_name(name):
                self._by_name[folded][key] = label
        self._parts: dict[str, list[str]] = {}
        self._is_indexed = False

    def __call__(self, value: Value) -> int:
        """Return the key that a cell names; raise `CellError` with candidates otherwise."""
        found = self.find(as_text(value))
        if len(found) == 1:
            return found[0].key
        if found:
            # The database's order of equals differs; what people read must not.
            found = sorted(found, key=lambda each: each.key)
            raise CellError(
                f"对应 {len(found)} 个{self.what}：{_listed(found)}；请改写能区分的全称或代码。"
            )
        if told := self._gone.get(fold_name(as_text(value))):
            raise CellError(told)
        near = self.suggest(as_text(value))
        hint = f"；相近的有：{_listed(near)}" if near else ""
        raise CellError(f"没有找到这个{self.what}{hint}。请核对名称，或改写代码。")

    def find(self, name: str) -> list[Candidate]:
        """Return every row that bears this name or code."""
        rows = self._by_name.get(fold_name(name), {})
        return [Candidate(key, label) for key, label in rows.items()]

    def suggest(self, name: str) -> list[Candidate]:
        """Return up to three rows whose names share the most characters and pairs with ``name``.

        Only those nearly as near as the nearest: a list of the vaguely alike is no help.
        """
        wanted = _parts_of(fold_name(name))
        hits: Counter[str] = Counter()
        shared = sorted(filter(None, map(self._holding, wanted)), key=len)
        for names in [names for names in shared if len(names) <= _COMMON_PART] or shared[:2]:
            hits.update(names)
        likeness = {near: _likeness(wanted, near) for near, _ in hits.most_common(_COMPARED)}
        best = max(likeness.values(), default=0.0)
        rows: dict[int, str] = {}
        for near in sorted(likeness, key=lambda near: -likeness[near]):
            if likeness[near] * 3 >= best * 2:
                rows |= {
                    key: label for key, label in self._by_name[near].items() if key not in rows
                }
        return [Candidate(key, label) for key, label in rows.items()][:_SHOWN]

    def _holding(self, part: str) -> list[str]:
        """Return the names with ``part`` in them; an index is made once many have been asked for.

        Most lists have a name or two that nobody knows: an index of all takes longer than these.
        """
        if part not in self._parts and not self._is_indexed:
            if len(self._parts) < _LOOKED_THROUGH:
                self._parts[part] = [name for name in self._by_name if part in name]
            else:
                self._parts, self._is_indexed = self._index_parts(), True
        return self._parts.get(part, [])

    def _index_parts(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = defaultdict(list)
        for name in self._by_name:
            for part in _parts_of(name):
                index[part].append(name)
        return index


def fold_name(name: str) -> str:
    """Return a name as compared: without blanks, width and case."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _parts_of(name: str) -> set[str]:
    return {*name, *(name[i : i + 2] for i in range(len(name) - 1))}


def _likeness(wanted: set[str], name: str) -> float:
    """Return the share of the parts of both that both have: 1.0 for the same parts."""
    parts = _parts_of(name)
    return 2 * len(wanted & parts) / (len(wanted) + len(parts))


def _listed(candidates: Sequence[Candidate]) -> str:
    shown = "、".join(candidate.label for candidate in candidates[: _SHOWN * 2])
    return f"{shown}等" if len(candidates) > _SHOWN * 2 else shown
