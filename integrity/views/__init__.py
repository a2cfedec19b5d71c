"""The school's side of self-checks and of what has to be mended."""

from integrity.views.rectifications import rectification, rectification_file
from integrity.views.self_checks import check_list, file, section, self_check, submit

__all__ = [
    "check_list",
    "file",
    "rectification",
    "rectification_file",
    "section",
    "self_check",
    "submit",
]
