"""Settings of the API: who comes in, how often, what its schema says."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["organizations.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["organizations.authentication.ScopeNeeded"],
    "DEFAULT_THROTTLE_CLASSES": [
        "common.api.throttles.AddressRate",
        "common.api.throttles.UserRate",
        "common.api.throttles.TokenRate",
    ],
    "DEFAULT_SCHEMA_CLASS": "common.api.schema.PortalSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["common.api.parsers.PlainJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "common.api.negotiation.AlwaysJSON",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "common.api.paging.NewestFirst",
    # OPTIONS would tell the names of our classes; the schema tells all there is to know.
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "common.api.problems.answer",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# Requests a minute: see common.api.throttles.
API_RATES = {"address": "30/min", "user": "600/min", "token": "300/min"}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "党建工作平台接口",
    "VERSION": "1",
    "DESCRIPTION": (
        "在“我的—接口令牌”生成令牌，放进 Authorization 头：Bearer 加空格加令牌。"
        "看得到什么、能办什么，与本人在网页上完全一样。\n\n"
        "列表按 cursor 翻页，没有总数；详情的 ETag 头是版本，办理时原样放进 If-Match 头。"
        "办理只有写明的几种，都用 POST；出错时应答是同一种 JSON：status、code、message、fields。"
    ),
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False},
    "EXTENSIONS_INFO": {},
    "ENUM_NAME_OVERRIDES": {
        "CalendarState": "calendar_events.choices.CalendarState",
        "EventState": "calendar_events.choices.EventState",
        "Handling": "calendar_events.choices.Handling",
        "TaskState": "calendar_events.choices.TaskState",
        "RecordKind": "activities.choices.RecordKind",
        "PeriodState": "reports.choices.PeriodState",
        "ReportState": "reports.choices.ReportState",
        "CorrectionState": "reports.choices.CorrectionState",
        "HonourLevel": "honours.choices.Level",
        "HonourState": "honours.choices.HonourState",
        "DateKnown": "honours.choices.Known",
        "NoticeState": "notices.choices.NoticeState",
        "OrganizationKind": "organizations.choices.OrganizationKind",
        "SchoolKind": "organizations.choices.SchoolKind",
        "HeadCountSource": "organizations.choices.HeadCountSource",
        "RoleKind": "organizations.choices.RoleKind",
        "StandingKind": "people.choices.StandingKind",
        "StandingEnd": "people.choices.EndReason",
    },
}
