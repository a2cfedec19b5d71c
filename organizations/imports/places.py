"""Under whom the organisations of a list stand, and where in the customary order."""

from collections.abc import Iterator

from common.cells import CellError
from common.imports import Row
from common.resolving import NameResolver, fold_name
from organizations.choices import MAY_LEAD, OrganizationKind
from organizations.imports.batch import Batch
from organizations.imports.schools import unused_codes
from organizations.models import Organization
from organizations.queries.names import Entry, closed_names, organization_names
from organizations.services import Founding
from organizations.services.guards import MAX_LEVELS

Superior = Organization | Founding


class Places:
    """Finds each superior among the stored organisations and those of the same list."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self._resolver = NameResolver(
            "党组织",
            [*organization_names(batch.on), *self._names_in_list()],
            gone=closed_names(batch.on),
        )
        self._found: dict[str, int | None] = {}
        roots = (each for each in batch.stored.values() if each.parent_id is None)
        self._root: Superior | None = next(roots, None)

    def settle(self) -> None:
        """Give every new row its superior, code and order; note every fault."""
        for row in self.batch.new_rows():
            self._place(row)
        for row, stored in self.batch.old:
            self._compare(row, stored)
        self._refuse_circles()
        self._refuse_namesakes()
        self._number()

    def _names_in_list(self) -> Iterator[Entry]:
        """A row of the list answers to its names under its number, below nought."""
        for row in self.batch.new_rows():
            label = f"{row['name']}（第 {row.number} 行）"
            for name in {row["name"], row["short_name"], row["code"]}:
                yield name, -row.number, label

    def _place(self, row: Row) -> None:
        founding = self.batch.new[row.number]
        if not row["parent"] and self._root is None:
            self._root = founding
            return
        above = self._superior(row) if row["parent"] else self._root
        if above is None:
            return
        founding.parent = above
        if above.kind not in MAY_LEAD:
            label = OrganizationKind(above.kind).label
            self.batch.fault(row, "parent", f"「{above.name}」是{label}，不能设下级党组织。")
        elif above.kind == OrganizationKind.GENERAL_BRANCH and founding.kind in MAY_LEAD:
            self.batch.fault(row, "kind", f"上级「{above.name}」是党总支，下级只能是党支部。")

    def _compare(self, row: Row, stored: Organization) -> None:
        """Refuse another superior than the stored one: a move has a date and a document."""
        above = self._superior(row) if row["parent"] else None
        same = isinstance(above, Organization) and above.pk == stored.parent_id
        if above is None or same:
            return
        now = self.batch.stored.get(stored.parent_id or 0)
        remedy = f"现在隶属「{now.name if now else '无'}」；调整上级请在党组织页办理。"
        self.batch.fault(row, "parent", remedy)

    def _superior(self, row: Row) -> Superior | None:
        named = row["parent"]
        if named not in self._found:
            candidates = self._resolver.find(named)
            self._found[named] = candidates[0].key if len(candidates) == 1 else None
        key = self._found[named]
        if key is None:
            self._refuse_name(row)
            return None
        return self.batch.new[-key] if key < 0 else self.batch.stored[key]

    def _refuse_name(self, row: Row) -> None:
        try:
            self._resolver(row["parent"])
        except CellError as fault:
            self.batch.fault(row, "parent", fault.remedy)

    def _refuse_circles(self) -> None:
        for row in self.batch.new_rows():
            if _depth(self.batch.new[row.number]) >= MAX_LEVELS:
                remedy = f"上级党组织互相循环或超过 {MAX_LEVELS} 级，请检查。"
                self.batch.fault(row, "parent", remedy)

    def _refuse_namesakes(self) -> None:
        """Two organisations of one name under one superior can't be told apart."""
        seen: dict[tuple[str, int], int] = {}
        for row in self.batch.new_rows():
            key = (fold_name(row["name"]), id(self.batch.new[row.number].parent))
            if key in seen:
                self.batch.fault(row, "name", f"与第 {seen[key]} 行重复，请只留一行或改正。")
            seen.setdefault(key, row.number)

    def _number(self) -> None:
        """Give codes and a place in the customary order to those that came without."""
        rows = self.batch.new_rows()
        codes = unused_codes("ZZ", set(self.batch.codes) | {row["code"] for row in rows})
        last = max((each.order for each in self.batch.stored.values()), default=0)
        for place, row in enumerate(rows, start=1):
            founding = self.batch.new[row.number]
            founding.code = founding.code or next(codes)
            founding.order = last + 10 * place if row["order"] is None else row["order"]


def _depth(founding: Founding) -> int:
    """Return how deep it would stand, the root at 0; in a circle as deep as paths reach."""
    depth, above = 0, founding.parent
    while isinstance(above, Founding) and depth < MAX_LEVELS:
        depth, above = depth + 1, above.parent
    return depth + (above.level + 1 if isinstance(above, Organization) else 0)
