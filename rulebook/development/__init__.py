"""The development of members: 25 steps in five stages (发展党员)."""

from rulebook.development import admission, joining, order, probation

RULES = (*order.RULES, *joining.RULES, *admission.RULES, *probation.RULES)
