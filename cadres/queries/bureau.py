"""The bureau's own committee: what stands on paper as the unit that hands it out."""

from organizations.models import Organization


def bureau_name() -> str:
    """Return the name of the open organisation at the root of the tree; empty without one."""
    top = Organization.objects.filter(parent=None, closed_on=None).order_by("order", "pk").first()
    return top.name if top else ""
