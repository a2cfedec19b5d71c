"""Posts in a Party organisation, the duties in its committee, and the ways in which both end."""

from django.db.models import TextChoices

from organizations.choices import RoleKind


class PostKind(TextChoices):
    """In the order in which lists show them."""

    SECRETARY = "secretary", "书记"
    DEPUTY = "deputy", "副书记"
    MEMBER = "member", "委员"
    GROUP_LEADER = "group_leader", "党小组组长"
    FIRST_SECRETARY = "first_secretary", "第一书记"


# Who sits in the committee; the others stand beside it.
COMMITTEE = (PostKind.SECRETARY, PostKind.DEPUTY, PostKind.MEMBER)
# One person at a time holds these in an organisation.
SINGLE = (PostKind.SECRETARY, PostKind.FIRST_SECRETARY)
# Which role of the portal goes with a post; whoever grants roles appoints to these.
ROLE_OF: dict[str, RoleKind] = {
    PostKind.SECRETARY: RoleKind.SECRETARY,
    PostKind.DEPUTY: RoleKind.DEPUTY,
}


class Duty(TextChoices):
    """What a member of the committee answers for; deputies may have one as well."""

    ORGANIZATION = "organization", "组织委员"
    PUBLICITY = "publicity", "宣传委员"
    DISCIPLINE = "discipline", "纪检委员"
    YOUTH = "youth", "青年委员"
    UNITED_FRONT = "united_front", "统战委员"
    WOMEN = "women", "妇女委员"
    MASS = "mass", "群团委员"
    SECURITY = "security", "保密委员"


class Engagement(TextChoices):
    FULL_TIME = "full_time", "专职"
    PART_TIME = "part_time", "兼职"


class PostEnd(TextChoices):
    """Why somebody left a post; nothing else about it is kept."""

    REMOVED = "removed", "免职"
    MOVED = "moved", "调离"
    RETIRED = "retired", "退休"
    NOT_REELECTED = "not_reelected", "换届卸任"
    HANDED_OVER = "handed_over", "职务交接"
    DECEASED = "deceased", "去世"
    MERGED = "merged", "党组织撤并"
    MISTAKEN = "mistaken", "登记有误"


# Those that somebody chooses; the others follow from another step.
CHOSEN_ENDS = (
    PostEnd.REMOVED,
    PostEnd.MOVED,
    PostEnd.RETIRED,
    PostEnd.NOT_REELECTED,
    PostEnd.DECEASED,
    PostEnd.MISTAKEN,
)


class TermEnd(TextChoices):
    RENEWED = "renewed", "换届"
    MERGED = "merged", "党组织撤并"
    MISTAKEN = "mistaken", "登记有误"


class TermState(TextChoices):
    """How a term stands on a day; the days themselves say rulebook and row."""

    RUNNING = "running", "任期内"
    DUE = "due", "即将届满"
    OVERDUE = "overdue", "已届满未换届"
    EXTENDED = "extended", "经批准延期"
    UNKNOWN = "unknown", "未登记"


class FindingForce(TextChoices):
    """The force of the rule behind a finding; the same words as those of the rulebook."""

    BLOCK = "block", "阻止"
    WARN = "warn", "提醒"
    INFORM = "inform", "告知"
