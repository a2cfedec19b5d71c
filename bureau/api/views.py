"""Who one is at the API; the schema and its page."""

from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework import authentication, permissions, serializers
from rest_framework.renderers import TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from common.api.negotiation import AlwaysJSON
from common.api.views import PortalAPIView
from organizations.api import OrganizationRef
from organizations.authentication import TokenAuthentication
from organizations.models import ApiToken, Role
from organizations.permissions import roles_of


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers
    """Tells the schema of the tokens; the generator finds it by its class."""

    target_class = "organizations.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A bearer token."""
        del auto_schema
        return {"type": "http", "scheme": "bearer"}


class UserShape(serializers.ModelSerializer[User]):
    """Whose token it is."""

    class Meta:
        model = User
        fields = ("id", "username", "name")
        read_only_fields = fields


class TokenShape(serializers.ModelSerializer[ApiToken]):
    """The token one came in with."""

    scopes = serializers.DictField(label="权限", child=serializers.CharField(), read_only=True)

    class Meta:
        model = ApiToken
        fields = ("name", "scopes", "created_at", "expires_at")
        read_only_fields = fields


class RoleShape(serializers.ModelSerializer[Role]):
    """A role one holds today."""

    organization = OrganizationRef(read_only=True)

    class Meta:
        model = Role
        fields = ("kind", "organization", "since", "until")
        read_only_fields = fields


class Me(serializers.Serializer[Any]):
    """Person, token, roles."""

    user = UserShape(label="本人")
    token = TokenShape(label="令牌")
    roles = RoleShape(label="现有角色", many=True)


class MeView(PortalAPIView):
    """Tells a program whose token it has and what that opens."""

    label = "本人和令牌"
    answer_class = Me

    def get(self, request: Request) -> Response:
        """Answer with person, token and roles."""
        roles = roles_of(self.actor).select_related("organization")
        said = {"user": self.actor, "token": request.auth, "roles": roles}
        return Response(Me(said).data)


@cache
def drawn() -> Any:
    """The schema: the same for everybody, drawn up once for each process as it takes a while."""
    return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # without types


class SchemaView(PortalAPIView):
    """The OpenAPI schema, for who is logged in or has a token; it can only be read."""

    schema = None
    authentication_classes = [TokenAuthentication, authentication.SessionAuthentication]
    permission_classes = [permissions.IsAuthenticated]

    def get(self, request: Request) -> Response:
        """Answer with the schema."""
        del request
        return Response(drawn())


class DocsView(SpectacularSwaggerSplitView):
    """Swagger's page, out of the portal's own static files; the token is typed in there."""

    authentication_classes = [authentication.SessionAuthentication]
    permission_classes = [permissions.IsAuthenticated]
    throttle_classes = ()
    content_negotiation_class = AlwaysJSON
    renderer_classes = [TemplateHTMLRenderer]
    url_name = "api:schema"
    title = "接口说明"
    template_name = "bureau/api_docs.html"
