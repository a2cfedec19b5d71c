"""The steps on posts and terms, as forms of the admin."""

from cadres.forms.findings import CheckOneStep, CheckStep, DismissStep, RestoreStep
from cadres.forms.letters import LetterStep
from cadres.forms.posts import CorrectStep, EndStep, HandOverStep, StartStep
from cadres.forms.printing import PrintStep
from cadres.forms.terms import BeginTermStep, ExtendStep, SeatsStep, WithdrawTermStep

__all__ = [
    "BeginTermStep",
    "CheckOneStep",
    "CheckStep",
    "CorrectStep",
    "DismissStep",
    "EndStep",
    "ExtendStep",
    "HandOverStep",
    "LetterStep",
    "PrintStep",
    "RestoreStep",
    "SeatsStep",
    "StartStep",
    "WithdrawTermStep",
]
