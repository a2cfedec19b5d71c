"""The ledger, posts, what the check found, files, training and structure in the admin."""

from cadres.admin.cadres import CadreAdmin
from cadres.admin.findings import FindingAdmin
from cadres.admin.ledger import LedgerAdmin
from cadres.admin.posts import PostAdmin
from cadres.admin.targets import TargetAdmin
from cadres.admin.training import TrainingClassAdmin

__all__ = [
    "CadreAdmin",
    "FindingAdmin",
    "LedgerAdmin",
    "PostAdmin",
    "TargetAdmin",
    "TrainingClassAdmin",
]
