"""The schools that a list of organisations names: found, or made ready to be added."""

from collections.abc import Iterator
from itertools import count

from common.imports import Row
from common.resolving import fold_name
from organizations.choices import Ownership, SchoolKind
from organizations.models import School
from organizations.names import organization_search_text

Fault = tuple[str, str]

# Parts of names that tell the kind of a school; the first that fits decides.
_TELLING = (
    ("幼儿园", SchoolKind.KINDERGARTEN),
    ("幼教", SchoolKind.KINDERGARTEN),
    ("九年一贯", SchoolKind.NINE_YEAR),
    ("十二年一贯", SchoolKind.TWELVE_YEAR),
    ("特殊教育", SchoolKind.SPECIAL),
    ("培训", SchoolKind.TRAINING),
    ("职业", SchoolKind.VOCATIONAL),
    ("中专", SchoolKind.VOCATIONAL),
    ("小学", SchoolKind.PRIMARY),
    ("完小", SchoolKind.PRIMARY),
    ("高级中学", SchoolKind.SENIOR),
    ("高中", SchoolKind.SENIOR),
    ("初级中学", SchoolKind.JUNIOR),
    ("初中", SchoolKind.JUNIOR),
    ("协会", SchoolKind.ASSOCIATION),
    ("研究院", SchoolKind.INSTITUTE),
    ("少年宫", SchoolKind.INSTITUTE),
    ("离退休", SchoolKind.RETIRED),
    ("机关", SchoolKind.OFFICE),
)


class SchoolBook:
    """Knows the schools there are, takes in new ones, and adds these in one go."""

    def __init__(self) -> None:
        self._by_code: dict[str, School] = {}
        self._by_name: dict[str, list[School]] = {}
        self.added: list[School] = []
        self._closed: dict[str, School] = {}
        for school in School.objects.all():
            if school.closed_on is None:
                self._learn(school)
            else:
                self._closed[school.code] = school
        self._codes = unused_codes("DW", {*self._by_code, *self._closed})

    def _learn(self, school: School) -> None:
        self._by_code[school.code] = school
        for name in {fold_name(school.name), fold_name(school.short_name)} - {""}:
            self._by_name.setdefault(name, []).append(school)

    def schools_of(self, row: Row) -> tuple[list[School], list[Fault]]:
        """Return the schools that a row names, new ones unsaved, and what is wrong with them."""
        names, codes = row["schools"], row["school_codes"]
        if codes and len(codes) != len(names):
            return [], [("school_codes", f"有 {len(names)} 个学校、{len(codes)} 个代码，请对齐。")]
        found: list[School] = []
        faults: list[Fault] = []
        for name, code in zip(names, codes or [""] * len(names), strict=True):
            school = self._school(row, name, code)
            if isinstance(school, School):
                found.append(school)
            else:
                faults.append(school)
        return found, faults

    def _school(self, row: Row, name: str, code: str) -> School | Fault:
        known = self._by_code.get(code) if code else None
        if known is not None:
            same = fold_name(name) in {fold_name(known.name), fold_name(known.short_name)}
            return (
                known if same else ("school_codes", f"这个代码已由「{known.name}」使用，请核对。")
            )
        namesakes = self._by_name.get(fold_name(name), [])
        if len(namesakes) == 1:
            other = namesakes[0]
            if code and other.code != code:
                return ("school_codes", f"「{name}」已登记的代码是“{other.code}”，请核对。")
            return other
        if namesakes:
            listed = "、".join(f"{school.name}（{school.code}）" for school in namesakes)
            return ("schools", f"对应 {len(namesakes)} 个学校：{listed}；请填单位代码。")
        return self._new(row, name, code)

    def _new(self, row: Row, name: str, code: str) -> School | Fault:
        if code in self._closed:
            return (
                "school_codes",
                f"「{self._closed[code]}」用过这个代码，已经撤销，请换一个代码。",
            )
        kind = row["school_kind"] or told_kind(name)
        if not kind:
            return ("school_kind", f"从“{name}”看不出学校类别，请填写，如 小学。")
        school = School(
            code=code or next(self._codes),
            name=name,
            kind=kind,
            ownership=row["ownership"] or Ownership.PUBLIC,
            pinyin=organization_search_text(name),
            order=row["order"] or 0,
        )
        self.added.append(school)
        self._learn(school)
        return school

    def save(self) -> None:
        """Add the new schools."""
        School.objects.bulk_create(self.added)


def told_kind(name: str) -> str:
    """Return the kind that the name of a school tells, or an empty text."""
    return next((kind.value for part, kind in _TELLING if part in name), "")


def unused_codes(prefix: str, taken: set[str]) -> Iterator[str]:
    """Yield codes that nobody uses: ``DW00001`` and so on."""
    numbered = (f"{prefix}{number:05}" for number in count(1))
    return (code for code in numbered if code not in taken)
