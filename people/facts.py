"""What is known of a human being, checked: the one reading for forms, lists and services."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from common.errors import DomainError
from common.identity import IdFacts, check_id_number
from common.names import check_mobile, tidy_name
from people.choices import Sex
from people.models import Person

T = TypeVar("T")

# Applying takes 18 years (constitution of the Party, art. 1; 发展党员工作细则 art. 5); an earlier
# day of any standing is mistyped.
YOUNGEST = 18


class FactError(DomainError):
    """A fact that can't be taken; ``key`` names the field at fault."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


@dataclass(frozen=True, slots=True)
class Facts:
    """Checked and tidied; empty and None are 'not known'. ``born_on`` of a month is its first."""

    name: str
    sex: str = ""
    born_on: date | None = None
    id_number: str = ""
    mobile: str = ""


def checked_facts(
    *,
    name: str,
    sex: str = "",
    born_on: date | None = None,
    id_number: str = "",
    mobile: str = "",
    on: date,
) -> Facts:
    """Check and tidy; sex and day of birth follow from the ID number.

    Raises `FactError` for what is wrong with a field, or says otherwise than the ID number.
    """
    tidy = tidy_name(name)
    if not tidy:
        raise FactError("name", "请填写姓名。")
    number = _checked("mobile", lambda: check_mobile(mobile)) if mobile.strip() else ""
    if born_on is not None and not born_on <= on:
        raise FactError("born_on", f"出生年月填的是 {born_on:%Y.%m}，还没有到，请核对。")
    if not id_number.strip():
        return Facts(tidy, sex, born_on, "", number)
    said: IdFacts = _checked("id_number", lambda: check_id_number(id_number, on=on))
    own = Sex.MALE if said.is_male else Sex.FEMALE
    if sex and sex != own:
        raise FactError(
            "sex", f"身份证号是{own.label}性的，性别填的是{Sex(sex).label}，请核对是哪个错了。"
        )
    if not same_birth(born_on, said.born_on):
        raise FactError(
            "born_on",
            f"身份证号里的出生日期是 {said.born_on:%Y-%m-%d}，填的是 {born_on:%Y.%m}，请核对。",
        )
    return Facts(tidy, own, said.born_on, said.number, number)


def _checked(key: str, check: Callable[[], T]) -> T:
    try:
        return check()
    except DomainError as error:
        raise FactError(key, error.message) from error


def same_birth(one: date | None, other: date | None) -> bool:
    """Whether two days of birth may be the same one; the first of a month may be the month."""
    if one is None or other is None:
        return True
    if 1 in (one.day, other.day):
        return (one.year, one.month) == (other.year, other.month)
    return one == other


def check_since(since: date, *, born_on: date | None, on: date) -> None:
    """Refuse a first day of a standing that is to come, or too early in a life."""
    if since > on:
        raise FactError("since", f"起始日期 {since:%Y-%m-%d} 还没有到，请到那天再登记。")
    if born_on is not None and _years_between(born_on, since) < YOUNGEST:
        raise FactError(
            "since",
            f"{born_on:%Y.%m} 出生，到 {since:%Y-%m-%d} 不满 {YOUNGEST} 周岁，请核对两个日期。",
        )


def _years_between(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def facts_of(person: Person) -> Facts:
    """Return what is held of ``person``."""
    return Facts(person.name, person.sex, person.born_on, person.id_number, person.mobile)


def differences(known: Facts, said: Facts) -> Iterator[str]:
    """Yield the fields that both know and say otherwise."""
    for key in ("sex", "id_number", "mobile"):
        one, other = getattr(known, key), getattr(said, key)
        if one and other and one != other:
            yield key
    if not same_birth(known.born_on, said.born_on):
        yield "born_on"


def completed(known: Facts, said: Facts) -> Facts:
    """Return ``known`` with what ``said`` knows beyond it; a new mobile number takes its place."""
    born = said.born_on if said.id_number else known.born_on or said.born_on
    return Facts(
        name=known.name,
        sex=known.sex or said.sex,
        born_on=born,
        id_number=known.id_number or said.id_number,
        mobile=said.mobile or known.mobile,
    )


def take(person: Person, facts: Facts) -> None:
    """Put ``facts`` on the row, with what it is found and sorted by; saves nothing."""
    person.bear(facts.name)
    person.sex, person.born_on = facts.sex, facts.born_on
    person.put_mobile(facts.mobile)
    person.put_id_number(facts.id_number)


FACT_FIELDS = (
    "name", "pinyin", "strokes", "sex", "born_on", "mobile", "mobile_index", "id_number",
    "id_index", "updated_at",
)  # fmt: skip


def discreet(before: Facts | None, after: Facts) -> tuple[dict[str, object], dict[str, object]]:
    """Return what changed as the audit log may hold it: numbers are told of, never written."""
    old: dict[str, object] = {}
    new: dict[str, object] = {}
    for key in ("name", "sex", "born_on"):
        was, now = (getattr(before, key) if before else None), getattr(after, key)
        if was != now and (now or was):
            old, new = {**old, **({key: was} if before else {})}, {**new, key: now}
    for key in ("id_number", "mobile"):
        was, now = (getattr(before, key) if before else ""), getattr(after, key)
        if was != now:
            old, new = {**old, **({key: "原号码"} if was else {})}, {**new, key: _told(was, now)}
    return old, new


def _told(was: str, now: str) -> str:
    if not now:
        return "已删去"
    return "已更换" if was else "已登记"
