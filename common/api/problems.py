"""Every refusal of the API in one shape: status, code, Chinese message, what is wrong by field."""

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, JsonResponse
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from common.errors import ConflictError, DomainError, ForbiddenError

NOT_FOUND = "没有这一项，或者不在您的查看范围内。"
FORBIDDEN = "您的账号不能这样做。"
GONE = "数据库暂时连接不上，请稍后再试。"
RETRY_SECONDS = "10"


class Problem(serializers.Serializer[Any]):
    """The body of every answer from 400 on."""

    status = serializers.IntegerField(label="状态码")
    code = serializers.CharField(label="原因代码")
    message = serializers.CharField(label="给人看的说明")
    fields = serializers.DictField(  # type: ignore[assignment]  # the name is part of the answer
        label="按字段列出的问题", child=serializers.ListField(child=serializers.CharField())
    )


class VersionNeededError(exceptions.APIException):
    """A change without If-Match: nobody knows which state it was decided on."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "version_needed"
    default_detail = "请先读取这一项，再把应答头 ETag 的值放进 If-Match 头一起发送。"


class VersionChangedError(exceptions.APIException):
    """The row is no longer what the program has seen."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "version_changed"
    default_detail = "这一项在您读取之后已有变动，没有办理。请重新读取，核对后再发送。"


class TooLargeError(exceptions.APIException):
    """More was sent than is taken."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = "提交的内容太多，请减少后再提交。"


def body(
    code: int, reason: str, message: str, fields: dict[str, list[str]] | None = None
) -> dict[str, Any]:
    """Return the body of a refusal."""
    return {"status": code, "code": reason, "message": message, "fields": fields or {}}


def page(code: int, reason: str, message: str) -> JsonResponse:
    """Return a refusal from outside the API's views: unknown addresses, defects."""
    return JsonResponse(body(code, reason, message), status=code)


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception into its answer; None for a defect, which Django reports (500)."""
    del context
    if isinstance(error, OperationalError | InterfaceError):
        said = body(503, "unavailable", GONE)
        return Response(said, status=503, headers={"Retry-After": RETRY_SECONDS})
    if isinstance(error, DomainError):
        set_rollback()
        return _refused(error)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(FORBIDDEN)
    elif isinstance(error, RequestDataTooBig):
        error = TooLargeError()
    if isinstance(error, exceptions.APIException):
        set_rollback()
        return _said(error)
    return None


def _refused(error: DomainError) -> Response:
    """What a rule says: 403 not allowed, 409 somebody was first, 422 the rule doesn't let it."""
    code, reason = 422, "refused"
    if isinstance(error, ForbiddenError):
        code, reason = 403, "forbidden"
    elif isinstance(error, ConflictError):
        code, reason = 409, "conflict"
    return Response(body(code, reason, error.message), status=code)


def _said(error: exceptions.APIException) -> Response:
    """What the framework says, in our words."""
    headers: dict[str, str] = {}
    fields: dict[str, list[str]] = {}
    reason = error.get_codes() if isinstance(error.detail, str) else "invalid"
    message = str(error.detail)
    if isinstance(error, exceptions.ValidationError):
        fields = flattened(error.detail)
        message = "请求中有不符合要求的内容，见 fields。"
    elif isinstance(error, exceptions.Throttled):
        seconds = max(1, int(getattr(error, "wait", None) or 1))
        headers["Retry-After"] = str(seconds)
        message = f"请求太频繁，请 {seconds} 秒后再试。"
    elif isinstance(error, exceptions.NotFound):
        message = NOT_FOUND
    elif isinstance(error, exceptions.MethodNotAllowed):
        message = "这个地址不接受这种方法。"
    elif isinstance(error, exceptions.ParseError):
        message = "请求正文不是完整、有效的 JSON。"
    elif isinstance(error, exceptions.UnsupportedMediaType):
        message = "请求正文请用 application/json。"
    elif isinstance(error, exceptions.NotAuthenticated):
        message = "请在 Authorization 头中给出令牌：Bearer 加空格加令牌。"
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    return Response(
        body(error.status_code, str(reason), message, fields),
        status=error.status_code,
        headers=headers,
    )


def flattened(detail: Any, path: str = "") -> dict[str, list[str]]:
    """Return ``{"comments.0.text": ["…"]}`` of what the framework nests."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for name, inner in detail.items():
            found |= flattened(inner, f"{path}.{name}" if path else str(name))
        return found
    if isinstance(detail, list) and any(isinstance(each, dict | list) for each in detail):
        found = {}
        for number, inner in enumerate(detail):
            if inner:
                found |= flattened(inner, f"{path}.{number}" if path else str(number))
        return found
    words = detail if isinstance(detail, list) else [detail]
    return {path or "non_field_errors": [str(each) for each in words]}
