"""What had to be mended after last year's self-check: mostly done, one not yet, one waiting."""

from collections.abc import Sequence
from datetime import date, timedelta

from bureau.seed.context import Context
from integrity import services
from integrity.models import Rectification, SelfCheck

GOING_ON, WAITING = "芙蓉小学", "荷花小学"
_SCHOOLS = 8
_ITEMS = 2


def build(context: Context, rows: Sequence[SelfCheck]) -> list[Rectification]:
    """Ask some schools to mend an item or two of ``rows``; return what was made."""
    named = [row for row in rows if row.unit in (GOING_ON, WAITING)]
    others = [row for row in rows if row.unit not in (GOING_ON, WAITING)][:_SCHOOLS]
    made: list[Rectification] = []
    for row in (*named, *others):
        made += _mend(context, row)
    return made


def _mend(context: Context, row: SelfCheck) -> list[Rectification]:
    short = services.short_items(row)[:_ITEMS]
    head = context.heads.get(row.organization_id)
    if not short or head is None:
        return []
    asked_on = row.assignment.due_on + timedelta(days=8)
    made = services.open_rectifications(
        actor=context.users["officer"],
        self_check=row,
        demands={item.pk: f"落实到位，补齐{item.wanted or '记录'}" for item in short},
        due_on=asked_on + timedelta(days=60),
        at=context.at(asked_on),
    )
    for each in made:
        services.hand_in_rectification(
            actor=head,
            rectification=each,
            owner=f"{head.name}，书记",
            text="已对照要求补齐材料，相关工作列入学期计划。",
            at=context.at(asked_on + timedelta(days=40), 16),
        )
        _judge(context, each, row, asked_on + timedelta(days=45))
    return made


def _judge(context: Context, each: Rectification, row: SelfCheck, day: date) -> None:
    officer = context.users["officer"]
    if row.unit == WAITING:
        return
    services.close_rectification(
        actor=officer, rectification=each, text="已到位。", at=context.at(day)
    )
    if row.unit == GOING_ON and each.item.wanted:
        services.reopen_rectification(
            actor=officer,
            rectification=each,
            reason="本学期的记录没有跟上，请补齐。",
            due_on=context.day + timedelta(days=9),
            at=context.at(context.ago(days=6)),
        )
