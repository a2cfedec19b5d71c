"""Every change of a checklist, an assignment and a self-check."""

from integrity.services.answering import (
    Given,
    fingerprint,
    save_answers,
    submit_self_check,
)
from integrity.services.assigning import (
    Reach,
    assign,
    cancel_assignment,
    move_due_date,
    reach_of,
    waive_closed,
)
from integrity.services.checklists import (
    Wording,
    publish_edition,
    remove_draft,
    save_draft,
    withdraw_item,
)
from integrity.services.rectifying import (
    cancel_rectification,
    close_rectification,
    hand_in_rectification,
    open_rectifications,
    reopen_rectification,
    short_items,
)
from integrity.services.reviewing import remark, return_self_check

__all__ = [
    "Given",
    "Reach",
    "Wording",
    "assign",
    "cancel_assignment",
    "cancel_rectification",
    "close_rectification",
    "fingerprint",
    "hand_in_rectification",
    "move_due_date",
    "open_rectifications",
    "publish_edition",
    "reach_of",
    "remark",
    "remove_draft",
    "reopen_rectification",
    "return_self_check",
    "save_answers",
    "save_draft",
    "short_items",
    "submit_self_check",
    "waive_closed",
    "withdraw_item",
]
