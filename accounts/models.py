"""Users and the links with which they set a password."""

from datetime import datetime
from typing import Any, ClassVar, NoReturn, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils.crypto import salted_hmac

from common.fields import EncryptedTextField
from common.models import TimeStamped


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, *, name: str, password: str | None = None) -> "User":
        """Create a user; without a password they can only come in by an activation link."""
        user = self.model(username=username, name=name)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse: nobody stands above the roles."""
        raise PermissionError("本系统没有超级用户，请用角色授权。")

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser, TimeStamped):
    """Somebody who can log in. What they may do comes from their roles (``organizations.Role``).

    Who they are, and their mobile number, stands on ``people.Person``. There is no superuser and no
    staff flag.
    """

    username = models.CharField(
        "用户名",
        max_length=50,
        unique=True,
        validators=[RegexValidator(r"^[\w.@-]+\Z", "用户名只能用字母、汉字、数字和 . @ - _。")],
    )
    name = models.CharField("姓名", max_length=50)
    email = models.EmailField("电子邮箱", blank=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    large_text = models.BooleanField("大字版", default=False)
    # Goes up when the second factor changes: sessions opened before end, as with a new password.
    session_round = models.PositiveIntegerField("会话轮次", default=0, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = "用户"
        verbose_name_plural = "用户"
        ordering: ClassVar = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_short_name(self) -> str:
        """The name, for the admin's frame."""
        return str(self)

    def get_full_name(self) -> str:
        """The name, for the admin's frame."""
        return str(self)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Make sessions end with the password and with the second factor."""
        if not self.session_round:
            return str(super()._get_session_auth_hash(secret=secret))  # type: ignore[misc]
        salt = "accounts.models.User.session"
        kept = f"{self.password}:{self.session_round}"
        return salted_hmac(salt, kept, secret=secret, algorithm="sha256").hexdigest()

    @property
    def is_staff(self) -> bool:
        """Always False: the admin asks for a role (``bureau.admin``), never for this flag."""
        return False

    def has_perm(self, _perm: str, _obj: object = None) -> bool:
        """Answer False: Django's own permissions aren't used."""
        return False

    def has_perms(self, _perms: object, _obj: object = None) -> bool:
        """Answer False: Django's own permissions aren't used."""
        return False

    def has_module_perms(self, _app_label: str) -> bool:
        """Answer False: Django's own permissions aren't used."""
        return False


class LinkPurpose(models.TextChoices):
    ACTIVATE = "activate", "激活账号"
    RESET = "reset", "重设密码"


class AccessLinkQuerySet(models.QuerySet["AccessLink"]):
    def usable(self, *, at: datetime) -> Self:
        """Links that are neither used nor expired."""
        return self.filter(used_at=None, expires_at__gt=at)


class AccessLink(models.Model):
    """A link to set a password: opening it changes nothing, pressing its button uses it up.

    Only the SHA-256 of its token is kept.
    """

    user = models.ForeignKey(User, models.PROTECT, verbose_name="用户", related_name="access_links")
    purpose = models.CharField("用途", max_length=10, choices=LinkPurpose.choices)
    digest = models.CharField("摘要", max_length=64, unique=True)
    expires_at = models.DateTimeField("失效时间")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)
    created_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="发出人", null=True, related_name="+"
    )
    created_at = models.DateTimeField("发出时间")

    objects: ClassVar = AccessLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "登录链接"
        verbose_name_plural = "登录链接"

    def __str__(self) -> str:
        return f"{self.user} {self.get_purpose_display()}"


class Authenticator(models.Model):
    """The second factor of a user: the secret that their authenticator on the phone holds too.

    It counts once a first code was typed (``confirmed_at``). Switched off or reset it stays as a
    row without its secret.
    """

    user = models.ForeignKey(
        User, models.PROTECT, verbose_name="用户", related_name="authenticators"
    )
    key = EncryptedTextField("密钥", blank=True)
    begun_at = models.DateTimeField("开始设置")
    confirmed_at = models.DateTimeField("启用时间", null=True, blank=True)
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = "两步验证"
        verbose_name_plural = "两步验证"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(ended_at=None), name="one_authenticator_a_user"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} 两步验证"


class SpentCode(models.Model):
    """A half minute whose code was used: the row that can stand only once is what spends it.

    Steps and not the latest step are kept: a clock that was ahead and is set back would otherwise
    refuse every code until it has caught up.
    """

    authenticator = models.ForeignKey(
        Authenticator, models.PROTECT, verbose_name="两步验证", related_name="spent"
    )
    step = models.BigIntegerField("时间步")

    class Meta:
        verbose_name = "用过的验证码"
        verbose_name_plural = "用过的验证码"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authenticator", "step"], name="code_spent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.authenticator} {self.step}"


class RecoveryCode(models.Model):
    """A code on paper for when the phone is gone; only a keyed digest of it is kept."""

    authenticator = models.ForeignKey(
        Authenticator, models.PROTECT, verbose_name="两步验证", related_name="recovery_codes"
    )
    digest = models.CharField("摘要", max_length=64, unique=True)
    used_at = models.DateTimeField("使用时间", null=True, blank=True)
    void_at = models.DateTimeField("作废时间", null=True, blank=True)

    class Meta:
        verbose_name = "恢复码"
        verbose_name_plural = "恢复码"

    def __str__(self) -> str:
        return f"{self.authenticator} 恢复码"
