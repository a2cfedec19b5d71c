"""The words that carry a link to its owner: to copy into a private message, or onto a slip."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import LinkPurpose, User
from accounts.services import LIFETIMES
from common.days import chinese_date


@dataclass(frozen=True)
class Letter:
    """One link with whose it is and until when it opens. Holds the token: never stored."""

    user: User
    purpose: LinkPurpose
    token: str
    issued_at: datetime

    @property
    def address(self) -> str:
        """The whole address of the link."""
        return str(settings.SITE_URL) + reverse("accounts:link", args=[self.token])

    @property
    def deadline(self) -> str:
        """Until when it opens: 2026年3月25日 14:30."""
        end = timezone.localtime(self.issued_at + LIFETIMES[self.purpose])
        return f"{chinese_date(end)} {end:%H:%M}"

    @property
    def text(self) -> str:
        """The message to send to its owner alone."""
        if self.purpose == LinkPurpose.ACTIVATE:
            head = (
                f"{self.user.name}您好，您的党建工作平台账号已开通，用户名 {self.user.username}。"
            )
        else:
            head = f"{self.user.name}您好，这是您重设党建工作平台密码的链接。"
        return (
            f"{head}请在 {self.deadline} 前打开链接，设置密码后即可使用（也可用手机号登录）：\n"
            f"{self.address}\n请妥善保管，不要转发给他人；设好密码后链接失效。"
        )
