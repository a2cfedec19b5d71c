"""Sex, the stages of Party standing, and the ways in which one ends."""

from django.db.models import TextChoices


class Sex(TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"


class StandingKind(TextChoices):
    """In the order in which lists show them."""

    FULL = "full", "正式党员"
    PROBATIONARY = "probationary", "预备党员"
    CANDIDATE = "candidate", "发展对象"
    ACTIVIST = "activist", "入党积极分子"
    APPLICANT = "applicant", "入党申请人"


MEMBERS = (StandingKind.FULL, StandingKind.PROBATIONARY)

# Which head of a head count each kind goes to; applicants have none.
HEAD_OF: dict[str, str] = {
    StandingKind.FULL: "full",
    StandingKind.PROBATIONARY: "probationary",
    StandingKind.CANDIDATE: "candidates",
    StandingKind.ACTIVIST: "activists",
}


class EndReason(TextChoices):
    """Why a standing ended; nothing else about it is kept."""

    ADVANCED = "advanced", "进入下一步"
    CONFIRMED = "confirmed", "转正"
    EXTENDED = "extended", "延长预备期"
    TRANSFERRED = "transferred", "组织关系转出"
    STOPPED = "stopped", "停止培养"
    CANCELLED = "cancelled", "取消预备党员资格"
    LEFT = "left", "不再是党员"
    DECEASED = "deceased", "去世"
    MERGED = "merged", "党组织撤并"
    MISTAKEN = "mistaken", "登记有误"


# What may follow, and as what the former standing then ends.
NEXT_STEPS: dict[str, dict[str, EndReason]] = {
    StandingKind.APPLICANT: {StandingKind.ACTIVIST: EndReason.ADVANCED},
    StandingKind.ACTIVIST: {StandingKind.CANDIDATE: EndReason.ADVANCED},
    StandingKind.CANDIDATE: {StandingKind.PROBATIONARY: EndReason.ADVANCED},
    StandingKind.PROBATIONARY: {
        StandingKind.FULL: EndReason.CONFIRMED,
        StandingKind.PROBATIONARY: EndReason.EXTENDED,
    },
    StandingKind.FULL: {},
}
_COMMON = (EndReason.TRANSFERRED,)
_RARE = (EndReason.DECEASED, EndReason.MISTAKEN)
# How a standing may end without another one following, in the order in which forms offer it.
ENDINGS: dict[str, tuple[EndReason, ...]] = {
    StandingKind.APPLICANT: (*_COMMON, EndReason.STOPPED, *_RARE),
    StandingKind.ACTIVIST: (*_COMMON, EndReason.STOPPED, *_RARE),
    StandingKind.CANDIDATE: (*_COMMON, EndReason.STOPPED, *_RARE),
    StandingKind.PROBATIONARY: (*_COMMON, EndReason.CANCELLED, *_RARE),
    StandingKind.FULL: (*_COMMON, EndReason.LEFT, *_RARE),
}
