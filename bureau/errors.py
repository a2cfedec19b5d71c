"""Error pages in Chinese, and the page for a database that is gone, from which one sends again.

They ask neither database nor session, as either may be what failed.
"""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

_GONE = "数据库暂时连接不上，请稍后再点一次。"
_GONE_FORM = "数据库暂时连接不上，您填写的内容仍在本页，请稍后再点一次。"
_GONE_LOGIN = "数据库暂时连接不上，请稍后返回上一页再试。"
_TOO_LARGE = RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent


def _page(status: int, *, title: str, text: str, **context: object) -> HttpResponse:
    page = render_to_string(
        "errors/error.html", {"status": status, "title": title, "text": text, **context}
    )
    response = HttpResponse(page, status=status)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400: what was sent can't be read, or is too large."""
    del request
    if isinstance(exception, _TOO_LARGE):
        text = "提交的内容太多或文件太大，请减少后再提交。"
    else:
        text = "提交的内容不完整或已损坏，请返回上一页，刷新后再试。"
    return _page(400, title="没有收到完整的内容", text=text)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403: inside one's scope, but not allowed."""
    del request, exception
    return _page(403, title="您的账号不能这样做", text="需要这项权限时，请联系教育局组织科。")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404: not there, or outside one's scope; the page doesn't tell which."""
    del request, exception
    return _page(
        404, title="没有找到这个页面", text="地址可能有误，或者内容已移走，或者不在您的查看范围内。"
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 where the form's token no longer fits; says how to keep what was typed."""
    del request, reason
    return _page(
        403,
        title="页面已过期，没有提交成功",
        text="可能停留太久，或者在别处重新登录过。请返回上一页，复制您填写的内容，刷新页面后再提交。",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 when it was the database that could not be reached.

    Django calls this while it handles the exception, wherever in the middleware that rose.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return database_gone(request)
    return _page(
        500,
        title="系统出了点问题",
        text="问题已记录。您填写的内容请返回上一页查看，稍后再提交一次；仍不行请联系管理员。",
    )


def database_gone(request: HttpRequest) -> HttpResponse:
    """Answer 503 with a page that holds what was typed, ready to be sent again.

    Chosen files have to be chosen again, as a page can't hold them. A form with a password in it is
    never written into a page: the browser's way back leads to it.
    """
    typed = [(name, value) for name, values in request.POST.lists() for value in values]
    secret = any("password" in name.lower() for name, _ in typed)
    response = _page(
        503,
        title="暂时连接不上",
        text=_GONE_LOGIN if secret else _GONE_FORM if typed else _GONE,
        typed=[] if secret else typed,
        had_files=bool(request.FILES),
        path=request.get_full_path(),
    )
    response["Retry-After"] = "10"
    return response
