"""What every change of the tree asks first, and the one lock it takes."""

from datetime import date
from typing import TYPE_CHECKING

from common.errors import DomainError, ForbiddenError
from organizations.choices import MAY_LEAD, OrganizationKind
from organizations.models import Organization
from organizations.permissions import may_manage_organizations

if TYPE_CHECKING:
    from accounts.models import User

# As many steps as the path column holds.
MAX_LEVELS = 14


def lock_tree() -> None:
    """Take the one lock on the tree (the root rows); what is read afterwards stays true."""
    list(Organization.objects.select_for_update().filter(parent=None).values_list("pk"))


def check_may_manage(actor: "User | None") -> None:
    """Refuse who is not of the organisation office; None is the system itself."""
    if actor is not None and not may_manage_organizations(actor):
        raise ForbiddenError("只有组织科的工作人员可以调整学校和党组织。")


def check_basis(basis: str) -> None:
    """Refuse a change of the tree without its document."""
    if not basis.strip():
        raise DomainError("请写明依据文件，如“澄教委〔2026〕3号”。")


def check_code(code: str) -> None:
    """Refuse an empty code and one in use."""
    if not code.strip():
        raise DomainError("请填写组织代码。")
    taken = Organization.objects.filter(code=code).first()
    if taken is not None:
        raise DomainError(f"组织代码“{code}”已由「{taken}」使用，请核对。")


def check_name(
    name: str, *, parent: Organization | None, besides: Organization | None = None
) -> None:
    """Refuse an empty name and one that a sister organisation bears."""
    if not name:
        raise DomainError("请填写党组织全称。")
    same = Organization.objects.filter(name=name, parent=parent, closed_on=None).first()
    if same is not None and same != besides:
        raise DomainError(f"同一上级下已有「{name}」，请核对名称。")


def check_parent(parent: Organization | None, *, kind: str) -> None:
    """Refuse a superior that can't have a subordinate of this kind."""
    if parent is None:
        return
    if parent.kind not in MAY_LEAD:
        raise DomainError(f"「{parent}」是{parent.get_kind_display()}，不能设下级党组织。")
    if parent.kind == OrganizationKind.GENERAL_BRANCH and kind in MAY_LEAD:
        raise DomainError(f"「{parent}」是党总支，下级只能是党支部。")
    if parent.level + 1 >= MAX_LEVELS:
        raise DomainError(f"党组织最多 {MAX_LEVELS} 级，请检查上级党组织。")


def check_may_lead(held: Organization, *, kind: str) -> None:
    """Refuse a kind that can't have the subordinates which ``held`` has."""
    below = Organization.objects.filter(parent=held, closed_on=None)
    if kind not in MAY_LEAD and below.exists():
        raise DomainError(f"「{held}」还有 {below.count()} 个下级党组织，不能改为党支部。")
    if kind == OrganizationKind.GENERAL_BRANCH and below.filter(kind__in=MAY_LEAD).exists():
        raise DomainError(f"「{held}」的下级里有党委或党总支，不能改为党总支。")


def check_open(organization: Organization, on: date) -> None:
    """Refuse an organisation that is closed, or not yet founded on the day ``on``."""
    if organization.closed_on is not None:
        raise DomainError(f"「{organization}」已于 {organization.closed_on:%Y-%m-%d} 撤销。")
    if organization.founded_on is not None and organization.founded_on > on:
        raise DomainError(
            f"「{organization}」{organization.founded_on:%Y-%m-%d} 才成立，日期不能早于这一天。"
        )


def tidy(name: str) -> str:
    """Return a name without the blanks that fill up a table cell."""
    return "".join(name.split())
