"""Steps that cross rooms, as forms of the admin."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from bureau.queries import Leaving, leaving, unreviewed
from calendar_events.services import revoke_feeds_of
from common.admin_verbs import VerbForm
from common.errors import DomainError, ForbiddenError
from people import services
from people.permissions import may_help
from people.queries import post_text, posts


class SwitchOffForm(VerbForm):
    """Shutting an account; asks nothing, but says first who and what stays behind."""

    danger = True

    def preview(self) -> list[str]:
        """Say what stops at once, what stays, and which work is left without anybody."""
        user: User = self.obj
        if not may_help(self.actor, user):
            raise ForbiddenError("这个账号不在您可以管理的范围内。")
        if not user.is_active:
            raise DomainError(f"{user}的账号已经停用。")
        today = timezone.localdate()
        held = post_text(posts([user.pk], today)[user.pk])
        return [
            f"{user.name}（用户名 {user.username}）马上不能登录，已登录的手机、电脑随即退出。",
            "没用过的激活、重设链接失效，本人的接口令牌、日历订阅链接全部作废。",
            f"角色保留：{held}；停用期间不起作用，也不再收到提醒。" if held else "现在没有角色。",
            *[_left_behind(each) for each in leaving(user, today)],
            *[
                f"「{place}」没有别的审核人，下级的月报改由再上一级或组织科审核。"
                for place in unreviewed(user, today)
            ],
            "以后可以在账号页面重新启用，用户名、密码和角色照旧。",
        ]

    def perform(self) -> str:
        at = timezone.now()
        with transaction.atomic():
            services.switch_off(actor=self.actor, user=self.obj, at=at)
            revoke_feeds_of(actor=self.actor, user=self.obj, at=at)
        return f"已停用{self.obj}的账号。"


def _left_behind(left: Leaving) -> str:
    counted = ((left.tasks, "项任务"), (left.reports, "份月报"))
    work = "、".join(f"{number} {unit}" for number, unit in counted if number)
    if left.stay:
        rest = f"，没办完的 {work}由他们接着办" if work else ""
        return f"「{left.organization}」还有{'、'.join(left.stay)}可以提交{rest}。"
    if work:
        return f"「{left.organization}」将没有人可以提交，还有 {work}没办完，请先给别人授予角色。"
    return f"「{left.organization}」将没有人可以提交，请尽快给别人授予角色。"
