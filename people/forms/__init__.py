"""What the pages about people ask: accounts and roles, and the roster."""

from people.forms.accounts import GrantForm, PersonForm, ReasonForm, ResetFactorForm
from people.forms.roster import (
    ChangeForm,
    CorrectForm,
    EndForm,
    RegisterForm,
    StartRosterForm,
)

__all__ = [
    "ChangeForm",
    "CorrectForm",
    "EndForm",
    "GrantForm",
    "PersonForm",
    "ReasonForm",
    "RegisterForm",
    "ResetFactorForm",
    "StartRosterForm",
]
