"""What the demonstration bureau and one of its committees ask for beyond the regulations."""

from datetime import date

from bureau.seed.context import Context
from organizations.models import Organization
from organizations.services import tighten_rule

# Organisation, rule, figure, value; None is the bureau's own committee.
DEMANDS = (
    (None, "life.lessons", "per_term", 2),
    (None, "life.member_training", "hours", 40),
    (None, "evaluation.notice", "workdays", 7),
    ("澄岚中学", "life.members_meeting", "per_quarter", 2),
)


def build(context: Context) -> None:
    """Enter them from the first day of the year before."""
    year = context.day.year - 1
    root = Organization.objects.get(parent=None)
    for number, (name, rule, figure, value) in enumerate(DEMANDS, start=1):
        tighten_rule(
            actor=context.users["officer"],
            organization=context.organizations[name] if name else root,
            rule=rule,
            figure=figure,
            value=value,
            since=date(year, 1, 1),
            basis=f"澄教委〔{year}〕{number}号",
        )
