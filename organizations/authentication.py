"""Who comes in at the API: whoever's token it is, as far as its scopes go."""

from typing import TYPE_CHECKING, cast

from django.utils import timezone
from rest_framework import authentication, exceptions, permissions
from rest_framework.request import Request

from accounts.models import User
from accounts.queries import digest_of
from common import audit
from organizations.choices import ApiAccess, ApiArea
from organizations.models import ApiToken
from organizations.permissions import token_stands
from organizations.services import note_token_used

if TYPE_CHECKING:
    # The framework imports this module before it has its views.
    from rest_framework.views import APIView

_SCHEME = "bearer"
# One answer for all, so that nobody learns which tokens there were.
BAD_TOKEN = "令牌无效、已过期或已作废，请在“我的—接口令牌”重新生成。"  # noqa: S105 - words for people


class TokenAuthentication(authentication.BaseAuthentication):
    """Takes ``Authorization: Bearer <token>`` and nothing else; a session doesn't count."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return user and token; None where no token was given."""
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != _SCHEME:
            return None
        at = timezone.now()
        rows = ApiToken.objects.usable(at=at).select_related("user")
        token = rows.filter(digest=digest_of(text.strip())).first()
        if token is None or not token.user.is_active or not token_stands(token):
            raise exceptions.AuthenticationFailed(BAD_TOKEN)
        note_token_used(token=token, at=at)
        audit.came_by(f"接口令牌“{token}”")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Make a missing or bad token a 401."""
        del request
        return "Bearer"


class ScopeNeeded(permissions.BasePermission):
    """Asks the token for the area of the view: to read, or to write."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Whether somebody came in, and their token reaches this far."""
        if not request.user.is_authenticated:
            return False
        area: str = getattr(view, "area", "")
        writing = request.method not in permissions.SAFE_METHODS
        token = cast("ApiToken | None", request.auth)
        if not area or (token is not None and token.allows(area, writing=writing)):
            return True
        access = ApiAccess.WRITE if writing else ApiAccess.READ
        raise exceptions.PermissionDenied(
            f"令牌没有“{ApiArea(area).label}”的“{access.label}”权限，请重新生成。"
        )
