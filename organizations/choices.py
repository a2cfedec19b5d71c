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


# Coverage is told group by group: what is a school, what a training institution, and the rest.
KIND_GROUPS = (
    (
        "学校",
        (
            SchoolKind.KINDERGARTEN,
            SchoolKind.PRIMARY,
            SchoolKind.JUNIOR,
            SchoolKind.NINE_YEAR,
            SchoolKind.SENIOR,
            SchoolKind.TWELVE_YEAR,
            SchoolKind.VOCATIONAL,
            SchoolKind.SPECIAL,
        ),
    ),
    ("培训机构", (SchoolKind.TRAINING,)),
    (
        "协会、机关和直属单位",
        (SchoolKind.ASSOCIATION, SchoolKind.INSTITUTE, SchoolKind.OFFICE, SchoolKind.RETIRED),
    ),
)
# Those that the rule on organisations of one's own speaks of.
SCHOOLS = KIND_GROUPS[0][1]


class Ownership(TextChoices):
    PUBLIC = "public", "公办"
    PRIVATE = "private", "民办"


class OrganizationKind(TextChoices):
    COMMITTEE = "committee", "党委"
    GENERAL_BRANCH = "general_branch", "党总支"
    BRANCH = "branch", "党支部"
    JOINT_BRANCH = "joint_branch", "联合党支部"


# Kinds that have subordinates.
MAY_LEAD = (OrganizationKind.COMMITTEE, OrganizationKind.GENERAL_BRANCH)


class SuccessionKind(TextChoices):
    """How one organisation came out of another, or went into one."""

    MERGED = "merged", "并入"
    SPLIT = "split", "分设"


class MergedSchool(TextChoices):
    """What becomes of the schools of an organisation that goes into another."""

    CAMPUS = "campus", "学校一并撤并，设为校区"
    CLOSED = "closed", "学校一并撤并，不设校区"
    STAYS = "stays", "学校保留，由并入的党组织覆盖"


class RoleKind(TextChoices):
    OFFICER = "officer", "局机关工作人员"
    LEADER = "leader", "局领导"
    REVIEWER = "reviewer", "上级党组织审核人"
    SECRETARY = "secretary", "书记"
    ACTING_HEAD = "acting_head", "主持工作"
    DEPUTY = "deputy", "副书记"
    CLERK = "clerk", "党务干事"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDITOR = "auditor", "审计管理员"


class RoleState(TextChoices):
    HELD = "held", "现任"
    TO_COME = "to_come", "未开始"
    ENDED = "ended", "已结束"
    WITHDRAWN = "withdrawn", "已撤回"


class TighteningState(TextChoices):
    HELD = "held", "现行"
    TO_COME = "to_come", "未开始"
    ENDED = "ended", "已停止"
    WITHDRAWN = "withdrawn", "已撤回"


# Roles that read the whole bureau; an officer may be limited to kinds of school.
BUREAU_ROLES = (RoleKind.OFFICER, RoleKind.LEADER)
# Roles held in an organisation of a school.
SCHOOL_ROLES = (RoleKind.SECRETARY, RoleKind.ACTING_HEAD, RoleKind.DEPUTY, RoleKind.CLERK)
# Three hands for what no single one may hold: each apart from the others and from all business.
ADMINISTRATORS = (RoleKind.SYSTEM_ADMIN, RoleKind.SECURITY_ADMIN, RoleKind.AUDITOR)
# Roles of the bureau itself: they are held in its topmost organisation.
TOP_ROLES = (*BUREAU_ROLES, *ADMINISTRATORS)
# Roles that may hand in for their organisation; a clerk only prepares.
SUBMITTING_ROLES = (RoleKind.SECRETARY, RoleKind.ACTING_HEAD, RoleKind.DEPUTY)


# What a role may do, in the line that stands beside it where it is granted.
ROLE_LINES = {
    RoleKind.SECRETARY: "填写并提交本组织的任务和月报，登记活动和党员人数；提醒、催办发给本人。",
    RoleKind.ACTING_HEAD: "书记空缺时代行职责，可以提交，打印件上注明；须写明结束日期和依据文件。",
    RoleKind.DEPUTY: "和书记一样填写、提交；没有书记和主持工作的人时，催办发给副书记。",
    RoleKind.CLERK: "只能填写、保存，不能提交。",
    RoleKind.REVIEWER: "审核下级党组织的月报、催办，为下级人员重设密码、解锁；不替下级填报。",
    RoleKind.OFFICER: "查看、审核全区（可只管几类学校），编行事历、发任务；组织科还管组织和账号。",
    RoleKind.LEADER: "查看全区进展、月报和汇总，不改动任何内容。",
    RoleKind.SYSTEM_ADMIN: "看系统状态、后台任务、备份和账号状态；不授权，看不到业务数据。",
    RoleKind.SECURITY_ADMIN: "授予局机关和三类管理员的角色，管账号和两步验证；看不到业务数据。",
    RoleKind.AUDITOR: "只能查看、导出审计日志。",
}
# The order in which they are offered: those granted most come first.
ROLE_GROUPS = (
    ("学校、单位的党组织", SCHOOL_ROLES),
    ("上级党组织", (RoleKind.REVIEWER,)),
    ("局党委", BUREAU_ROLES),
    ("三类管理员（互相分开，不兼任其他角色）", ADMINISTRATORS),
)


class HeadCountSource(TextChoices):
    TYPED = "typed", "填报"
    IMPORTED = "imported", "导入"
    ROSTER = "roster", "名册"


class AudienceKind(TextChoices):
    ALL = "all", "全部学校"
    KINDS = "kinds", "按学校类别"
    GROUPS = "groups", "按分组"
    CHOSEN = "chosen", "指定党组织"


# Roles that come with business data; what an administrator reads isn't any.
BUSINESS_ROLES = (*BUREAU_ROLES, RoleKind.REVIEWER, *SCHOOL_ROLES)


class ApiArea(TextChoices):
    """What a personal token opens, part by part."""

    ORGANIZATIONS = "organizations", "党组织"
    PEOPLE = "people", "党员名册"
    CADRES = "cadres", "任职和任期"
    CALENDAR = "calendar", "行事历和事项"
    TASKS = "tasks", "任务"
    RECORDS = "records", "工作记录"
    REPORTS = "reports", "月报和更正"
    NOTICES = "notices", "公文"
    HONOURS = "honours", "荣誉"


class ApiAccess(TextChoices):
    READ = "read", "只读"
    WRITE = "write", "可读写"


# Areas in which the API changes nothing.
READ_ONLY_AREAS = (ApiArea.ORGANIZATIONS, ApiArea.CADRES, ApiArea.HONOURS)
