"""What looks unlikely in a report before it is handed in: said, never in the way.

Each hint is true as it stands, whatever the reason for it may be.
"""

from collections.abc import Iterator

from activities.choices import RecordKind
from calendar_events.choices import PENDING
from reports.composition import Composition

TASKS_NAMED = 3


def hints(composition: Composition) -> Iterator[str]:
    """Yield a sentence for each thing worth a second look."""
    yield from _unknown_heads(composition)
    yield from _more_than_there_are(composition)
    yield from _unfinished(composition)


def _unknown_heads(composition: Composition) -> Iterator[str]:
    if composition.value("heads.full") is None:
        yield "正式党员人数还没有登记，月报上显示“未建档”。"


def _more_than_there_are(composition: Composition) -> Iterator[str]:
    """A members' meeting (党员大会) has no more entitled than there are members.

    Not asked of several organisations together: one that never counted its heads would be missed.
    """
    heads = [composition.value("heads.full"), composition.value("heads.probationary")]
    if heads[0] is None or len(composition.members) > 1:
        return
    members = sum(known for known in heads if known is not None)
    for record in composition.records:
        if record.kind != RecordKind.MEMBERS_MEETING or record.entitled is None:
            continue
        if record.entitled > members:
            day = f"{record.held_on.month}月{record.held_on.day}日"
            yield f"{day}党员大会应到 {record.entitled} 人，在册党员 {members} 人，请核对。"


def _unfinished(composition: Composition) -> Iterator[str]:
    open_ones = [task.title for task in composition.tasks if task.state in PENDING]
    if open_ones:
        named = "、".join(f"「{title}」" for title in open_ones[:TASKS_NAMED])
        more = "等" if len(open_ones) > TASKS_NAMED else ""
        yield f"还有 {len(open_ones)} 项任务未完成（{named}{more}），月报上显示“进行中”。"
