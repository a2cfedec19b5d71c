"""Pages of lists that may have hundreds of thousands of rows."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

MOST = 10_000


class ManyPaginator(Paginator[Any]):
    """Counts and shows the first ``MOST`` rows; ``has_more`` says that there are others.

    To count half a million rows takes longer than to show fifty of them, and nobody leafs through
    ten thousand pages: filters and the search lead to the others.
    """

    template_name = "common/admin/pages_of_many.html"
    most = MOST

    @cached_property
    def _found(self) -> int:
        rows: Any = self.object_list
        found: int = rows.order_by()[: self.most + 1].count()
        return found

    @cached_property
    def count(self) -> int:
        """How many rows there are, at most ``most``."""
        return min(self._found, self.most)

    @property
    def has_more(self) -> bool:
        """Whether there are rows that no page shows."""
        return self._found > self.most
