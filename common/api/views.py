"""The base of every resource: read by scope, changed by named verbs only."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from django.db import models, transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework import exceptions, mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.versions import check_match, require_match, row_version, tag

if TYPE_CHECKING:
    from accounts.models import User

M = TypeVar("M", bound=models.Model)
Typed = dict[str, Any]
Method = TypeVar("Method", bound=Callable[..., Response])


class PortalAPIView(APIView):
    """What holds at every address: a token with the right scope, and limits for who has none."""

    # The part of a token's scopes that opens this address; empty for what every token may see.
    area: ClassVar[str] = ""
    # In Chinese, for the schema: the resource, and what its addresses do.
    label: ClassVar[str] = ""
    summary: ClassVar[str] = ""
    body_class: type[serializers.Serializer[Any]] | None = None
    # What an address answers with where it isn't the resource itself.
    answer_class: type[serializers.Serializer[Any]] | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Count those who are turned away for their token too."""
        try:
            super().initial(request, *args, **kwargs)
        except (exceptions.NotAuthenticated, exceptions.AuthenticationFailed):
            self.check_throttles(request)
            raise

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        """Let nobody keep an answer: it is for one person, at one moment."""
        answer: Response = super().finalize_response(request, response, *args, **kwargs)
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    @property
    def actor(self) -> "User":
        """Whose token it is."""
        return cast("User", self.request.user)

    def typed(self) -> Typed:
        """Return what was sent, checked for its shape; a verb without a body takes anything."""
        if self.body_class is None:
            return {}
        body = self.body_class(data=self.request.data, context={"view": self})
        body.is_valid(raise_exception=True)
        return cast("Typed", body.validated_data)


class Resource(PortalAPIView, mixins.ListModelMixin, viewsets.GenericViewSet[M]):
    """Lists the rows one may see and shows one of them with its version.

    A room gives ``rows()``, the serializers of list and detail, and its verbs.
    """

    lookup_value_regex = "[0-9]{1,15}"
    detail_class: type[serializers.BaseSerializer[Any]]

    def rows(self) -> QuerySet[M]:
        """Return what the actor may see, with what the list shows."""
        raise NotImplementedError

    def detailed(self, rows: QuerySet[M]) -> QuerySet[M]:
        """Fetch along what the detail shows beside the list."""
        return rows

    def version(self, row: M) -> str:
        """Return what changes whenever the row does; a room adds what belongs to it."""
        return row_version(row)

    def get_queryset(self) -> QuerySet[M]:
        """Start at the scope; a schema is drawn without an actor."""
        return self.rows()

    def get_serializer_class(self) -> Any:
        """The detail's, except for the list."""
        return self.serializer_class if self.action == "list" else self.detail_class

    def get_object(self) -> M:
        """Return the row, or 404; the filters of the list don't apply."""
        return get_object_or_404(self.detailed(self.get_queryset()), pk=self.kwargs["pk"])

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One row with its version as ETag."""
        del request, args, kwargs
        return self.shown(self.get_object())

    def shown(self, row: M, *, status: int = 200) -> Response:
        """Answer with the detail of ``row`` and its version."""
        data = self.detail_class(row, context=self.get_serializer_context()).data
        return Response(data, status=status, headers={"ETag": tag(self.version(row))})

    def change(self, do: Callable[[M, Typed, datetime], object]) -> Response:
        """Let a service change one row that is still what the program has seen.

        Scope first (404), then If-Match (428), then what was sent (400); compared (412) and done
        while the row is locked. Answers with the detail afterwards.
        """
        row = self.get_object()
        require_match(self.request)
        typed = self.typed()
        with transaction.atomic():
            model = type(row)._meta.base_manager
            model.select_for_update().filter(pk=row.pk).first()
            row = self.get_object()
            check_match(self.request, self.version(row))
            do(row, typed, timezone.now())
        return self.shown(self.get_object())


def chosen(rows: QuerySet[M], ids: Sequence[int], field: str) -> list[M]:
    """Return the rows that a body names, in its order; 400 where one isn't in the scope."""
    found = rows.in_bulk(ids)
    missing = [str(pk) for pk in ids if pk not in found]
    if missing:
        words = f"没有编号 {'、'.join(missing[:5])}，或者不在您的查看范围内。"
        raise exceptions.ValidationError({field: [words]})
    return [found[pk] for pk in dict.fromkeys(ids)]


def verb(
    name: str, summary: str, *, body: type[serializers.Serializer[Any]] | None = None
) -> Callable[[Method], Method]:
    """Give one row of a resource a verb: POST ``/<resource>/<id>/<name>/``."""

    def decorate(method: Method) -> Method:
        made = action(
            detail=True,
            methods=["post"],
            url_path=name,
            url_name=name,
            body_class=body,
            summary=summary,
        )(method)
        return cast("Method", made)

    return decorate
