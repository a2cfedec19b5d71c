"""How the machines are: for the system administrator, who sees no business data."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Count
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from bureau import health
from bureau.backups.record import standings
from bureau.views.desk import desk
from common.admin import user_of
from common.models import Job, JobState
from organizations.permissions import is_system_admin

RECENT = timedelta(days=7)
FAILED_SHOWN = 20
PARTS = {
    "database": "数据库",
    "migrations": "数据库升级",
    "broker": "任务队列",
    "scheduler": "定时任务",
    "disk": "磁盘空间",
    "fonts": "公文字体",
    "backup": "备份",
    "drill": "恢复演练",
}
# How a state begins, and what it means; what is well comes first.
WORDS = {
    "ok": "正常",
    "starting": "刚启动，等第一次信号",
    "none yet": "还没有到时间",
    "unreachable": "连不上",
    "unreadable": "读不了",
    "unknown": "无法判断",
    "not writable": "目录不能写入",
    "silent": "十分钟以上没有动静，请检查后台进程",
    "nearly full": "剩余不到 500 MB，请清理",
    "overdue": "超过期限没有成功过",
    "failed": "最近一次没有成功",
    "missing": "缺少字体，请按安装说明补装",
}
# What kind of work a job is; its own name may speak of a school and isn't shown.
KINDS = {
    "organizations": "导入",
    "people": "打印账号纸条",
    "reports": "打印月报、汇总表",
    "notices": "公文排版",
    "bureau": "打印任务完成情况",
}


@dataclass(frozen=True)
class Part:
    """One line of the state of the machines."""

    name: str
    words: str
    well: bool


@require_GET
def page(request: HttpRequest) -> TemplateResponse:
    """Health, jobs of the last week, backups and settings; never what a job is about."""
    if not is_system_admin(user_of(request)):
        raise PermissionDenied("系统状态只有系统管理员可以查看。")
    at = timezone.now()
    recent = Job.objects.filter(created_at__gte=at - RECENT)
    counts = dict(recent.order_by().values_list("state").annotate(Count("pk")))
    context = {
        "title": "系统状态",
        "parts": [_part(name, state) for name, state in health.present_parts().items()],
        "backups": standings(at=at),
        "jobs": [(state.label, counts.get(state.value, 0)) for state in JobState],
        "failed": [_job(row) for row in recent.filter(state=JobState.FAILED)[:FAILED_SHOWN]],
        "facts": _facts(),
    }
    return desk(request, "admin/bureau/system.html", context)


def _part(name: str, state: str) -> Part:
    words = next((said for begins, said in WORDS.items() if state.startswith(begins)), "")
    if not words and "not applied" in state:
        words = "有升级没有执行，请运行 migrate"
    return Part(PARTS.get(name, name), words or "不正常", state in health.WELL)


def _job(row: Job) -> dict[str, Any]:
    return {
        "number": row.pk,
        "kind": KINDS.get(row.kind.split(".")[0], "其他"),
        "asked_at": row.created_at,
        "ended_at": row.finished_at,
        "attempts": row.attempts,
    }


def _facts() -> list[tuple[str, str]]:
    days, weeks, months = settings.BACKUP_KEEP
    mail = "邮件服务器" if "smtp" in settings.EMAIL_BACKEND else "写入文件，不外发"
    return [
        ("网址", settings.SITE_URL),
        ("数据库", "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"),
        ("任务队列", "Redis" if settings.REDIS_URL else "文件队列（单机）"),
        ("邮件", mail),
        ("备份保留", f"{days} 天、{weeks} 周、{months} 个月"),
        ("两步验证", "管理员必须开启" if settings.SECOND_FACTOR_REQUIRED else "演示环境不强制"),
        ("演示环境", "是" if settings.DEMO else "否"),
    ]
