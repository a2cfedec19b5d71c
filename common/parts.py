"""Finding a part of a name by an index: ``name__holds="望溪"``.

``LIKE '%…%'`` reads every row, and what people type is mostly two Chinese characters, too short for
trigrams. PostgreSQL keeps the single characters of each name in an index instead; what has all of
them is then compared as a whole. SQLite, which holds smaller bureaus, compares every name.
"""

from typing import Any

from django.db.models import CharField
from django.db.models.lookups import IContains


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


def install() -> None:
    """Offer the look-up on names."""
    CharField.register_lookup(Holds)
