"""The list of honours among those that can be imported."""

from typing import Any

from django.utils import timezone

from common.imports import Outcome
from common.resolving import NameResolver
from honours import imports
from honours.permissions import may_keep
from organizations.imports import runs


def _import(**run: Any) -> Outcome:
    return imports.run(at=timezone.now(), **run)


runs.KINDS["honours"] = runs.Kind(
    title=imports.TITLE,
    columns=imports.columns(NameResolver("党组织", ())),
    run=_import,
    allows=may_keep,
    hint="有姓名的登记为个人荣誉，没有姓名的登记为单位的集体荣誉；姓名在单位的名册和任职里找，"
    "同名的请补身份证号或手机号。授予时间写到年、月、日都可以。",
    section=("荣誉", "admin:honours_honour_changelist"),
    at_once_rows=1000,
)
