"""Who may do what with the calendar and its tasks.

Officers of the bureau plan: they sort, publish, move, cancel and extend; leaders only read.
Completing a task is filing a record, not handing in a report: everybody who may file for the
organisation may do it, a clerk included. Handing in the monthly report stays with secretary,
acting head and deputy (``organizations.permissions.may_submit_for``). A task is returned by who
reviews the organisation, never by its own people.
"""

from typing import TYPE_CHECKING

from calendar_events.models import Task
from organizations.permissions import is_officer, may_file_for, may_review

if TYPE_CHECKING:
    from accounts.models import User


def may_plan(user: "User") -> bool:
    """Whether ``user`` may sort, publish and change the calendar and set ad-hoc tasks."""
    return is_officer(user)


def may_complete(user: "User", task: Task) -> bool:
    """Whether ``user`` may complete ``task`` or say that it does not apply; a clerk may."""
    return may_file_for(user, task.organization)


def may_return(user: "User", task: Task) -> bool:
    """Whether ``user`` may send ``task`` back: reviewers of its organisation."""
    return may_review(user, task.organization)


def may_extend(user: "User", task: Task) -> bool:
    """Whether ``user`` may give this organisation more time: officers in charge of it."""
    return is_officer(user) and may_review(user, task.organization)


def may_reopen(user: "User", task: Task) -> bool:
    """Whether ``user`` may open a finished ``task`` again: its own people and its reviewers."""
    return may_complete(user, task) or may_return(user, task)
