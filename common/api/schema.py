"""What the OpenAPI schema says beside the serializers: Chinese words, versions, refusals."""

from typing import TYPE_CHECKING, Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from common.api.problems import Problem

if TYPE_CHECKING:
    from common.api.views import PortalAPIView

# What each refusal means, for every address that can answer so.
_REFUSALS = {
    400: "参数或正文不符合要求，见 fields",
    401: "没有令牌，或令牌无效、过期、已作废",
    403: "令牌没有这项权限，或账号不能这样做",
    404: "没有这一项，或者不在查看范围内",
    405: "不接受这种方法",
    409: "刚刚已被他人办理，没有办理",
    412: "读取之后已有变动，没有办理",
    413: "正文太大",
    415: "正文不是 application/json",
    422: "规则不允许，message 说明原因和办法",
    428: "缺少 If-Match 头",
    429: "请求太频繁，见 Retry-After 头",
    503: "数据库暂时连接不上",
}
_ALWAYS = {401, 403, 405, 429, 503}
_READS = {"list": "列表", "retrieve": "详情", "get": ""}


class PortalSchema(AutoSchema):
    """Describes a resource and its verbs."""

    view: "PortalAPIView"  # type: ignore[override]  # nothing else has this schema

    @property
    def action(self) -> str:
        """Name of the action; the method where a view has none."""
        return str(getattr(self.view, "action", None) or self.method.lower())

    @property
    def on_one(self) -> bool:
        """Whether the address is about one row."""
        return "{id}" in self.path

    @property
    def changes(self) -> bool:
        """Whether it is a change of one row."""
        return self.on_one and self.method == "POST"

    def get_tags(self) -> list[str]:
        """The resource."""
        return [str(getattr(type(self.view), "label", "")) or "接口"]

    def get_summary(self) -> str:
        """月报详情, or the verb's own words."""
        if self.action in _READS:
            return f"{type(self.view).label}{_READS[self.action]}"
        return str(self.view.summary)

    def get_description(self) -> str:  # type: ignore[override]  # as AutoSchema has it
        """Say which scope a token needs; what a verb does stands in its summary."""
        if not self.view.area:
            return "任何有效令牌都可以访问。"
        access = "read" if self.method == "GET" else "write"
        return f"令牌权限：`{self.view.area}` 的 `{access}`。"

    def get_operation_id(self) -> str:
        """tasks_list, tasks_retrieve, tasks_not_applicable."""
        resource = self.path.removeprefix("/api/v1/").split("/")[0]
        return f"{resource}_{self.action}".replace("-", "_")

    def get_request_serializer(self) -> Any:
        """The body of a verb; some take none."""
        return self.view.body_class if self.method == "POST" else None

    def get_override_parameters(self) -> list[Any]:
        """If-Match on changes, ETag and Retry-After on answers."""
        found = [
            OpenApiParameter(
                "Retry-After",
                OpenApiTypes.INT,
                OpenApiParameter.HEADER,
                description="多少秒后再试",
                required=True,
                response=[429, 503],
            )
        ]
        if self.on_one:
            found.append(
                OpenApiParameter("id", OpenApiTypes.INT, OpenApiParameter.PATH, description="编号")
            )
            found.append(
                OpenApiParameter(
                    "ETag",
                    OpenApiTypes.STR,
                    OpenApiParameter.HEADER,
                    description="这一项现在的版本",
                    required=True,
                    response=[200],
                )
            )
        if self.changes:
            found.append(
                OpenApiParameter(
                    "If-Match",
                    OpenApiTypes.STR,
                    OpenApiParameter.HEADER,
                    description="读取这一项时得到的 ETag；* 表示不论现在是什么版本",
                    required=True,
                )
            )
        return found

    def get_response_serializers(self) -> Any:
        """The answer, and every refusal in the one shape."""
        done = "201" if self.action == "create" else "200"
        answer = self.view.answer_class or self._answer()
        described = OpenApiResponse(answer, description=self.get_summary())
        refused = {
            str(code): OpenApiResponse(Problem, description=_REFUSALS[code])
            for code in sorted(self._codes())
        }
        return {done: described, **refused}

    def _answer(self) -> Any:
        return self.view.get_serializer_class()  # type: ignore[attr-defined]  # resources have it

    def _codes(self) -> set[int]:
        codes = set(_ALWAYS)
        if self.on_one:
            codes.add(404)
        if self.method == "POST":
            codes |= {400, 409, 413, 415, 422}
        if self.changes:
            codes |= {412, 428}
        if self.action == "list":
            codes.add(400)
        return codes
