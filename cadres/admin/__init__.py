"""Files, training, structure in the admin."""

from cadres.admin.cadres import CadreAdmin
from cadres.admin.targets import TargetAdmin
from cadres.admin.training import TrainingClassAdmin

__all__ = ["CadreAdmin", "TargetAdmin", "TrainingClassAdmin"]
