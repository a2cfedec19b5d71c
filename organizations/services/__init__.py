"""Every change of state in this room: one verb, one function.

``actor`` None is the system itself (seed, first start); a user is checked for their role.
"""

from organizations.services.bulk import Founding, found_organizations
from organizations.services.closing import (
    close_organization,
    merge_organization,
    reopen_organization,
)
from organizations.services.head_counts import (
    join_head_counts,
    record_head_count,
    start_roster,
    state_roster_counts,
)
from organizations.services.naming import (
    change_organization,
    link_schools,
    rename_organization,
)
from organizations.services.roles import (
    check_grant,
    check_withdrawal,
    end_role,
    grant_role,
    may_be_withdrawn,
    withdraw_role,
)
from organizations.services.schools import (
    MOST_MEMBERS,
    add_campus,
    add_school,
    change_campus,
    change_school,
    close_school,
    record_school_members,
    save_group,
    save_office,
)
from organizations.services.splitting import Part, split_organization
from organizations.services.tightenings import (
    LONGEST_BASIS,
    Demand,
    check_tightening,
    end_tightening,
    tighten_rule,
    withdraw_tightening,
)
from organizations.services.tokens import make_token, note_token_used, revoke_all, revoke_token
from organizations.services.tree import found_organization, move_organization

__all__ = [
    "LONGEST_BASIS",
    "MOST_MEMBERS",
    "Demand",
    "Founding",
    "Part",
    "add_campus",
    "add_school",
    "change_campus",
    "change_organization",
    "change_school",
    "check_grant",
    "check_tightening",
    "check_withdrawal",
    "close_organization",
    "close_school",
    "end_role",
    "end_tightening",
    "found_organization",
    "found_organizations",
    "grant_role",
    "join_head_counts",
    "link_schools",
    "make_token",
    "may_be_withdrawn",
    "merge_organization",
    "move_organization",
    "note_token_used",
    "record_head_count",
    "record_school_members",
    "rename_organization",
    "reopen_organization",
    "revoke_all",
    "revoke_token",
    "save_group",
    "save_office",
    "split_organization",
    "start_roster",
    "state_roster_counts",
    "tighten_rule",
    "withdraw_role",
    "withdraw_tightening",
]
