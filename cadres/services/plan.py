"""Targets of the three-year plan for the structure of the ranks."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from cadres.bands import UNKNOWN, bands_of
from cadres.models import Target
from common import audit
from common.errors import ConflictError, DomainError, ForbiddenError
from organizations.permissions import is_organization_office

if TYPE_CHECKING:
    from accounts.models import User

_FIELDS = ("group", "dimension", "band", "comparison", "percent", "year", "basis")
FIRST_YEAR, LAST_YEAR = 2020, 2100


def set_target(*, actor: "User | None", target: Target | None, values: Mapping[str, Any]) -> Target:
    """Add a target (None), or change one."""
    if actor is not None and not is_organization_office(actor):
        raise ForbiddenError("队伍结构的目标由局党委组织科设置。")
    wanted = {name: values[name] for name in _FIELDS}
    if wanted["band"] == UNKNOWN or wanted["band"] not in bands_of(wanted["dimension"]):
        raise DomainError("请选择结构和类别。")
    if not 0 <= wanted["percent"] <= 100:
        raise DomainError(f"比例应在 0–100 之间，写的是 {wanted['percent']}。")
    if not FIRST_YEAR <= wanted["year"] <= LAST_YEAR:
        raise DomainError(f"年份应在 {FIRST_YEAR}–{LAST_YEAR} 之间，写的是 {wanted['year']}。")
    held = target or Target()
    before, after = ({}, wanted) if target is None else audit.changes(held, wanted)
    if not after:
        return held
    for name, value in wanted.items():
        setattr(held, name, value)
    try:
        with transaction.atomic():
            held.save()
            audit.record(
                actor=actor, verb="cadres.set_target", obj=held, before=before, after=after
            )
    except IntegrityError:
        raise ConflictError("这一年、这一类已经有目标，请修改原来的一条。") from None
    return held
