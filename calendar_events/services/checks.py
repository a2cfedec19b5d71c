"""Guards that the verbs of this room share; each raises an error whose message a user may read."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from calendar_events.choices import EventState
from calendar_events.models import Event, Task
from calendar_events.permissions import may_plan
from common.errors import ConflictError, DomainError, ForbiddenError
from organizations.permissions import reviewable_by

if TYPE_CHECKING:
    from accounts.models import User

EVENT_CHANGED = "该事项刚刚被他人改动过，本次操作没有生效。请刷新页面，核对后再操作。"
TASK_CHANGED = "该任务刚刚被他人处理过，本次操作没有生效。请刷新页面查看最新状态。"
CALENDAR_CHANGED = "该行事历刚刚被他人改动过，本次操作没有生效。请刷新页面，核对后再操作。"


def require_planner(actor: "User | None") -> None:
    """Refuse whoever isn't an officer of the bureau; None is the system, at the command line."""
    if actor is not None and not may_plan(actor):
        raise ForbiddenError("只有局机关工作人员可以安排行事历和任务。")


def require_reviewable(actor: "User", tasks: Sequence[Task]) -> None:
    """Refuse tasks of an organisation that ``actor`` doesn't review."""
    asked = {task.organization_id for task in tasks}
    if reviewable_by(actor).filter(pk__in=asked).count() != len(asked):
        raise ForbiddenError("选中的任务里有不归您审核的党组织，请重新选择。")


def require_draft(event: Event) -> None:
    """Refuse an event that the schools already have."""
    if event.state != EventState.DRAFT:
        raise DomainError(
            f"「{event}」{event.get_state_display()}，不能再这样修改；请在事项页面上点“修改”。"
        )


def require_published(event: Event) -> None:
    """Refuse an event that the schools don't have, or have no longer."""
    if event.state != EventState.PUBLISHED:
        raise ConflictError(f"「{event}」目前是“{event.get_state_display()}”，不能这样操作。")


def required_text(value: str, *, name: str, limit: int) -> str:
    """Return ``value`` stripped; refuse an empty or over-long one, calling it ``name``."""
    text = " ".join(value.replace("\x00", "").split())
    if not text:
        raise DomainError(f"请填写{name}。")
    return within(text, name=name, limit=limit)


def within(text: str, *, name: str, limit: int) -> str:
    """Return ``text``; refuse one longer than its field."""
    if len(text) > limit:
        raise DomainError(f"{name}最多 {limit} 字，现在是 {len(text)} 字，请删减。")
    return text
