"""Finding a part of a name by an index: ``name__holds="望溪"``, ``pinyin__begins="yc"``.

``LIKE '%…%'`` reads every row, and what people type is mostly two Chinese characters, too short for
trigrams. PostgreSQL keeps the single characters of each name in an index instead; what has all of
them is then compared as a whole. SQLite, which holds smaller bureaus, compares every name.
"""

from typing import Any

from django.db.models import CharField
from django.db.models.lookups import IContains, Lookup


def characters(column: str) -> str:
    """Return the SQL of what the index holds of ``column``; a migration makes the index of it."""
    return f"string_to_array(lower({column}), NULL)"


class Holds(IContains):
    """Part of a text in any case: what ``icontains`` finds."""

    lookup_name = "holds"

    def as_sql(self, compiler: Any, connection: Any) -> Any:  # noqa: ARG002 - Django's signature
        """Compare every name."""
        return compiler.compile(IContains(self.lhs, self.rhs))

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Ask the index for the characters, then compare."""
        column, params = self.process_lhs(compiler, connection)
        word = str(self.rhs)
        pattern = f"%{connection.ops.prep_for_like_query(word)}%"
        statement = (
            f"({characters(column)} @> {characters('%s')} AND lower({column}) LIKE lower(%s))"
        )
        return statement, [*params, word, *params, pattern]


# A person's pinyin: full and initials, twice where a surname is read in two ways.
MOST_WORDS = 4


def word(column: str, place: int) -> str:
    """Return the SQL of one word of ``column``, as an index of a migration holds it.

    Compared by bytes: the order of any other collation doesn't keep beginnings together.
    """
    return f"split_part({column}, ' ', {place}) COLLATE \"C\""


class Begins(Lookup[bool]):
    """A word of the text begins so: ``liangguowei lgw`` does with ``liang`` and with ``lg``.

    For what is ASCII and in small letters alone, as pinyin is.
    """

    lookup_name = "begins"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Compare every text."""
        column, params = self.process_lhs(compiler, connection)
        pattern = f"% {connection.ops.prep_for_like_query(str(self.rhs))}%"
        return f"(' ' || {column}) LIKE %s ESCAPE '\\'", [*params, pattern]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Ask the index of each word for what lies between the beginning and its last follower."""
        column, params = self.process_lhs(compiler, connection)
        first = str(self.rhs)
        parts = [
            f"({word(column, place)} >= %s AND {word(column, place)} < %s)"
            for place in range(1, MOST_WORDS + 1)
        ]
        bounds = [*params, first, *params, f"{first}~"] * MOST_WORDS
        return f"({' OR '.join(parts)})", bounds


def install() -> None:
    """Offer the look-ups on names."""
    CharField.register_lookup(Holds)
    CharField.register_lookup(Begins)
