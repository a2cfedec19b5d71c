"""The steps that change an organisation, a school or a role, as forms of the admin; a new token."""

from organizations.forms.roles import EndRoleForm, WithdrawRoleForm
from organizations.forms.schools import CloseSchoolForm, LinkSchoolsForm, SchoolMembersForm
from organizations.forms.tokens import TokenForm
from organizations.forms.tree import (
    CloseForm,
    FoundForm,
    MergeForm,
    MoveForm,
    RenameForm,
    ReopenForm,
)

__all__ = [
    "CloseForm",
    "CloseSchoolForm",
    "EndRoleForm",
    "FoundForm",
    "LinkSchoolsForm",
    "MergeForm",
    "MoveForm",
    "RenameForm",
    "ReopenForm",
    "SchoolMembersForm",
    "TokenForm",
    "WithdrawRoleForm",
]
