"""Kinds of schools, organisations and roles."""

from django.db.models import TextChoices


class SchoolKind(TextChoices):
    KINDERGARTEN = "kindergarten", "幼儿园"
    PRIMARY = "primary", "小学"
    JUNIOR = "junior", "初中"
    NINE_YEAR = "nine_year", "九年一贯制学校"
    SENIOR = "senior", "普通高中"
    TWELVE_YEAR = "twelve_year", "十二年一贯制学校"
    VOCATIONAL = "vocational", "中职学校"
    SPECIAL = "special", "特殊教育学校"
    TRAINING = "training", "培训机构"
    ASSOCIATION = "association", "行业协会"
    INSTITUTE = "institute", "直属事业单位"
    OFFICE = "office", "局机关"
    RETIRED = "retired", "离退休"


class Ownership(TextChoices):
    PUBLIC = "public", "公办"
    PRIVATE = "private", "民办"


class OrganizationKind(TextChoices):
    COMMITTEE = "committee", "党委"
    GENERAL_BRANCH = "general_branch", "党总支"
    BRANCH = "branch", "党支部"
    JOINT_BRANCH = "joint_branch", "联合党支部"


class RoleKind(TextChoices):
    OFFICER = "officer", "局机关工作人员"
    LEADER = "leader", "局领导"
    REVIEWER = "reviewer", "上级党组织审核人"
    SECRETARY = "secretary", "书记"
    ACTING_HEAD = "acting_head", "主持工作"
    DEPUTY = "deputy", "副书记"
    CLERK = "clerk", "党务干事"
    AUDITOR = "auditor", "审计员"


# Roles that read the whole bureau; an officer may be limited to kinds of school.
BUREAU_ROLES = (RoleKind.OFFICER, RoleKind.LEADER)
# Roles held in an organisation of a school.
SCHOOL_ROLES = (RoleKind.SECRETARY, RoleKind.ACTING_HEAD, RoleKind.DEPUTY, RoleKind.CLERK)
# Roles that may hand in for their organisation; a clerk only prepares.
SUBMITTING_ROLES = (RoleKind.SECRETARY, RoleKind.ACTING_HEAD, RoleKind.DEPUTY)


class HeadCountSource(TextChoices):
    TYPED = "typed", "填报"
    IMPORTED = "imported", "导入"
    ROSTER = "roster", "名册"


class AudienceKind(TextChoices):
    ALL = "all", "全部学校"
    KINDS = "kinds", "按学校类别"
    GROUPS = "groups", "按分组"
    CHOSEN = "chosen", "指定党组织"
