"""The forms in front of the door: log-in and passwords."""

import unicodedata
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.models import User
from accounts.queries import ACCOUNT_LIMIT, WINDOW
from common.forms import PortalForm

_MINUTES = int(WINDOW.total_seconds() // 60)
PASSWORD_HINT = "至少 8 位，不能全是数字，不要用用户名和常见密码。"  # noqa: S105


class LoginForm(PortalForm, AuthenticationForm):
    """User name or mobile number, and a password; says the same to every wrong pair."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "用户名或手机号"
        self.fields["username"].widget.attrs["autocapitalize"] = "none"
        self.fields["password"].label = "密码"

    def get_invalid_login_error(self) -> ValidationError:
        """Say how many attempts are left, for accounts that exist and for others alike."""
        failed = getattr(self.request, "axes_failures_since_start", None) or 1
        left = max(0, ACCOUNT_LIMIT - failed)
        return ValidationError(
            f"用户名（手机号）或密码不对，还可以试 {left} 次，之后锁定 {_MINUTES} 分钟。",
            code="invalid_login",
        )


class CodeForm(PortalForm, forms.Form):
    """The six digits of an authenticator, blanks and all, or a code of the recovery paper."""

    code = forms.CharField(
        label="验证码",
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        """Take out blanks; full-width digits are digits."""
        typed = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        return "".join(typed.split()).lower()


class PasswordForm(PortalForm, forms.Form):
    """The present password once more, before something of one's own account is changed."""

    old_password = forms.CharField(
        label="现在的密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        self.request, self.user = request, user
        super().__init__(*args, **kwargs)

    def clean_old_password(self) -> str:
        """Refuse a wrong present password; failures count towards the lock."""
        old: str = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.username, password=old) is None:
            raise ValidationError("「现在的密码」不对，请重新输入")
        return old


class NewPasswordForm(PortalForm, forms.Form):
    """A new password, twice, for ``user``; rules from AUTH_PASSWORD_VALIDATORS."""

    password1 = forms.CharField(
        label="新密码",
        strip=False,
        help_text=PASSWORD_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="再输一次新密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password1(self) -> str:
        """Ask the rules."""
        password: str = self.cleaned_data["password1"]
        validate_password(password, self.user)
        return password

    def clean_password2(self) -> str:
        """Compare the two."""
        again: str = self.cleaned_data["password2"]
        if self.cleaned_data.get("password1", again) != again:
            raise ValidationError("两次输入的新密码不一样，请重新输入")
        return again


class ChangePasswordForm(NewPasswordForm):
    """The same, with the present password first, which is checked as a log-in is: five times."""

    old_password = forms.CharField(
        label="现在的密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["old_password", "password1", "password2"]

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        self.request = request
        super().__init__(user, *args, **kwargs)

    def clean_old_password(self) -> str:
        """Refuse a wrong present password; failures count towards the lock."""
        old: str = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.username, password=old) is None:
            raise ValidationError("「现在的密码」不对，请重新输入")
        return old

    def clean_password1(self) -> str:
        """Refuse the same password again."""
        password = super().clean_password1()
        if password == self.cleaned_data.get("old_password"):
            raise ValidationError("「新密码」和现在的密码一样，请换一个")
        return password
