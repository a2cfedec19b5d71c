"""Ordering what is printed of cadres: a file, the structure of the ranks."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from cadres.bands import Group
from cadres.models import Cadre
from common import audit
from common.jobs import enqueue
from common.models import Job

if TYPE_CHECKING:
    from accounts.models import User

FILE_JOB = "cadres.print_file"
STRUCTURE_JOB = "cadres.print_structure"


def print_file(*, actor: "User", cadre: Cadre, at: datetime) -> Job:
    """Have the file of somebody printed. Whether the actor may see them, the door asks."""
    with transaction.atomic():
        audit.record(actor=actor, verb="cadres.print_file", obj=cadre, at=at)
        return enqueue(
            kind=FILE_JOB, label=f"打印{cadre}的档案", params={"person": cadre.pk}, owner=actor
        )


def print_structure(*, actor: "User", group: Group, on: date, at: datetime) -> Job:
    """Have the structure of a group on a day printed."""
    with transaction.atomic():
        audit.record(actor=actor, verb="cadres.print_structure", label=f"{group.label} {on}", at=at)
        return enqueue(
            kind=STRUCTURE_JOB,
            label="打印队伍结构",
            params={"group": group.value, "on": on.isoformat()},
            owner=actor,
        )
