"""The rows of one attempt, matched with the organisations and schools that are there."""

from collections.abc import Sequence
from datetime import date

from common.imports import Plan, Row, RowProblem
from common.resolving import fold_name
from organizations.choices import OrganizationKind
from organizations.imports.schools import SchoolBook
from organizations.models import Organization, School
from organizations.services import Founding

_NAMED = (
    ("总支", OrganizationKind.GENERAL_BRANCH),
    ("联合", OrganizationKind.JOINT_BRANCH),
    ("党委", OrganizationKind.COMMITTEE),
    ("支部", OrganizationKind.BRANCH),
    ("委员会", OrganizationKind.COMMITTEE),
)


def told_kind(name: str) -> OrganizationKind:
    """Return the kind that the name of an organisation tells; a branch where it tells none."""
    return next((kind for part, kind in _NAMED if part in name), OrganizationKind.BRANCH)


class Batch:
    """Each row is one of the stored organisations (``old``), a new one (``new``), or at fault.

    ``stored`` are those open on the day; ``old_schools`` stands beside ``old``.
    """

    def __init__(self, plan: Plan, rows: Sequence[Row], *, on: date) -> None:
        self.plan, self.rows, self.on = plan, rows, on
        self.problems: list[RowProblem] = []
        self.book = SchoolBook()
        self.stored = {each.pk: each for each in Organization.objects.open_on(on)}
        self.codes = {each.code: each for each in Organization.objects.all()}
        self.old: list[tuple[Row, Organization]] = []
        self.old_schools: list[list[School]] = []
        self.new: dict[int, Founding] = {}
        self._closed = {
            fold_name(each.name): each.closed_on
            for each in self.codes.values()
            if each.closed_on is not None and each.closed_on <= on
        }
        self._by_name: dict[str, list[Organization]] = {}
        for each in self.stored.values():
            self._by_name.setdefault(fold_name(each.name), []).append(each)
        for row in rows:
            self._match(row)

    def fault(self, row: Row, key: str, remedy: str) -> None:
        """Note what is wrong with one cell of ``row``."""
        self.problems.append(self.plan.problem(row, key, remedy))

    def new_rows(self) -> list[Row]:
        """The rows that become organisations, in the order of the list."""
        return [row for row in self.rows if row.number in self.new]

    def _match(self, row: Row) -> None:
        known = self.codes.get(row["code"]) if row["code"] else None
        namesakes = self._by_name.get(fold_name(row["name"]), [])
        if known is None and row["code"] and namesakes:
            listed = "、".join(each.code for each in namesakes)
            self.fault(row, "code", f"已有同名党组织，代码是 {listed}，请核对代码。")
        elif known is None and len(namesakes) > 1:
            listed = "、".join(f"{each.name}（{each.code}）" for each in namesakes)
            self.fault(row, "name", f"对应 {len(namesakes)} 个党组织：{listed}；请填组织代码。")
        elif known is not None or namesakes:
            self._match_stored(row, known or namesakes[0])
        elif not row["code"] and fold_name(row["name"]) in self._closed:
            day = self._closed[fold_name(row["name"])]
            self.fault(row, "name", f"已于 {day:%Y-%m-%d} 撤销；确是新成立的，请填新的组织代码。")
        else:
            self._match_new(row)

    def _match_stored(self, row: Row, stored: Organization) -> None:
        if stored.pk not in self.stored:
            self.fault(row, "code", f"「{stored.name}」已经撤销，请换一个代码或去掉这一行。")
        elif fold_name(stored.name) != fold_name(row["name"]):
            now = f"这个代码现在的全称是「{stored.name}」"
            self.fault(row, "name", f"{now}；改名请在党组织页办理，以保留曾用名。")
        elif row["kind"] and row["kind"] != stored.kind:
            now = stored.get_kind_display()
            self.fault(row, "kind", f"现在是{now}，请在党组织页修改。")
        else:
            self.old.append((row, self.stored[stored.pk]))
            self.old_schools.append(self._schools(row))

    def _match_new(self, row: Row) -> None:
        self.new[row.number] = Founding(
            name=row["name"],
            kind=row["kind"] or told_kind(row["name"]),
            code=row["code"],
            parent=None,
            schools=self._schools(row),
            short_name=row["short_name"],
            founded_on=row["founded_on"].first if row["founded_on"] else None,
        )

    def _schools(self, row: Row) -> list[School]:
        schools, faults = self.book.schools_of(row)
        for key, remedy in faults:
            self.fault(row, key, remedy)
        return schools
