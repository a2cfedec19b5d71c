"""Pages by cursor: no total is counted, and nothing shifts when rows are added meanwhile."""

from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet
from rest_framework import exceptions
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView

_LONGEST_POSITION = 18
BAD_CURSOR = "cursor 无效，请原样使用应答中 next 或 previous 的地址。"


class NewestFirst(CursorPagination):
    """50 a page, at most 200 by ``limit``, the newest row first."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    cursor_query_description = "上一次应答的 next 或 previous 里的位置。"
    page_size_query_description = "每页条数，最多 200。"

    def get_ordering(
        self, request: Request, queryset: QuerySet[Model], view: "APIView"
    ) -> tuple[str, ...]:
        """By identifier, whatever the view's own order is."""
        del request, queryset, view
        return ("-id",)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page, in Chinese."""
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {**link, "title": "下一页的地址，没有时为 null"},
                "previous": {**link, "title": "上一页的地址，没有时为 null"},
                "results": {**schema, "title": "本页各条，新的在前"},
            },
        }

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Refuse a cursor that somebody made up, before it reaches the database."""
        try:
            cursor: Any = super().decode_cursor(request)
        except exceptions.NotFound as error:
            raise exceptions.ValidationError({"cursor": [BAD_CURSOR]}) from error
        if cursor is None or cursor.position is None:
            return cursor  # type: ignore[no-any-return]
        if not cursor.position.isdecimal() or len(cursor.position) > _LONGEST_POSITION:
            raise exceptions.ValidationError({"cursor": [BAD_CURSOR]})
        return cursor  # type: ignore[no-any-return]
