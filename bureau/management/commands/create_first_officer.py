"""Ask on the terminal for the first officer of an empty installation."""

import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bureau.first_officer import appoint_first_officer, is_needed
from common.errors import DomainError

NEXT = (
    "下一步：在管理端给不同的同事授予系统管理员、安全管理员（最好两位）、审计管理员。"
    "有了安全管理员，局机关和管理员的角色就由其授予。"
)


class Command(BaseCommand):
    """Name, user name, password twice; asks again where an answer doesn't do."""

    help = "建立第一位工作人员（组织科），其余账号和角色由其在管理端授予。"

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_needed():
            raise CommandError("已有账号，请由组织科的工作人员在管理端授权。")
        self.stdout.write("系统里还没有账号。请建立第一位工作人员（组织科）：")
        try:
            self._ask_until_done()
        except EOFError as error:
            raise CommandError("没有建立账号：输入中断了。") from error

    def _ask_until_done(self) -> None:
        while True:
            name, username = self._ask("姓名："), self._ask("用户名：")
            password = self._ask_password()
            try:
                user = appoint_first_officer(
                    name=name, username=username, password=password, on=timezone.localdate()
                )
            except DomainError as error:
                self._refuse(error.message)
            else:
                self.stdout.write(f"已建立：{user.name}，用户名 {user.username}。")
                self.stdout.write(NEXT)
                return

    def _ask(self, prompt: str) -> str:
        while True:
            self.stdout.write(prompt, ending="")
            self.stdout.flush()
            if answer := _line():
                return answer

    def _ask_password(self) -> str:
        while True:
            password = _hidden("密码（至少 8 位，不显示）：")
            if password != _hidden("再输一次密码："):
                self._refuse("两次输入的密码不一样，请重新输入。")
                continue
            try:
                validate_password(password)
            except ValidationError as error:
                self._refuse("；".join(error.messages))
            else:
                return password

    def _refuse(self, message: str) -> None:
        self.stdout.write(message)


def _line() -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.strip()


def _hidden(prompt: str) -> str:
    """Read without echo on a terminal; from a pipe as it comes."""
    return getpass(prompt) if sys.stdin.isatty() else _line()
