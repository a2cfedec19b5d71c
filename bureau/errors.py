"""Error pages in Chinese, and the page for a database that is gone, from which one sends again.

They ask neither database nor session, as either may be what failed.
"""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from bureau import health
from bureau.logs import request_id
from common.api import problems
from common.errors import UnreadableFormError
from common.files import is_full
from common.intake import mended

_GONE = "数据库暂时连接不上，请稍后再点一次。"
_GONE_FORM = "数据库暂时连接不上，您填写的内容仍在本页，请稍后再点一次。"
_GONE_LOGIN = "数据库暂时连接不上，请稍后返回上一页再试。"
_FULL = "服务器磁盘空间不足，没有保存。请联系管理员清理，稍后再点一次。"
_FULL_FORM = "服务器磁盘空间不足，没有保存，您填写的内容仍在本页。请联系管理员清理，稍后再点一次。"
_BEHIND = "系统正在升级，一般几分钟就好，请稍后再点一次。"
_TOO_LARGE = RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent
_API = "/api/"


def _page(status: int, *, title: str, text: str, **context: object) -> HttpResponse:
    page = render_to_string(
        "errors/error.html",
        {
            "status": status,
            "title": title,
            "text": text,
            # Enough to find it in the log, and to say on the telephone.
            "request_id": request_id()[:8],
            **context,
        },
    )
    response = HttpResponse(page, status=status)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400: what was sent can't be read, or is too large."""
    if isinstance(exception, UnreadableFormError) and not request.path.startswith(_API):
        return _unreadable(request)
    if isinstance(exception, _TOO_LARGE):
        text = "提交的内容太多或文件太大，请减少后再提交。"
    else:
        text = "提交的内容不完整或已损坏，请返回上一页，刷新后再试。"
    if request.path.startswith(_API):
        return problems.page(400, "bad_request", text)
    return _page(400, title="没有收到完整的内容", text=text)


def _unreadable(request: HttpRequest) -> HttpResponse:
    """Give back what was typed without what is no text in it, ready to be sent again."""
    typed = _typed(request)
    return _page(
        400,
        title="有几个字符无法保存",
        text="填写的内容里有系统无法保存的字符，多半是复制时带进来的。已经去掉，其余内容仍在本页，请再提交一次。"
        if typed
        else "填写的内容里有系统无法保存的字符，请返回上一页重新填写。",
        typed=typed,
        had_files=bool(request.FILES),
        path=request.get_full_path(),
    )


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the fields of the form; none of a form with a password, which no page ever holds."""
    fields = [(mended(name), value) for name, values in request.POST.lists() for value in values]
    if any("password" in name.lower() for name, _ in fields):
        return []
    return [(name, mended(value)) for name, value in fields]


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403: inside one's scope, but not allowed."""
    del exception
    if request.path.startswith(_API):
        return problems.page(403, "forbidden", problems.FORBIDDEN)
    return _page(403, title="您的账号不能这样做", text="需要这项权限时，请联系教育局组织科。")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404: not there, or outside one's scope; the page doesn't tell which."""
    del exception
    if request.path.startswith(_API):
        return problems.page(404, "not_found", problems.NOT_FOUND)
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
    """Answer 500, or 503 when it was the database that could not be reached, or no disk had room.

    Django calls this while it handles the exception, wherever in the middleware that rose.
    """
    error = sys.exc_info()[1]
    if is_full(error):
        return _come_again(request, title="磁盘空间不足", texts=(_FULL, _FULL_FORM, _FULL))
    if _is_behind(error):
        return _come_again(request, title="系统正在升级", texts=(_BEHIND, _BEHIND, _BEHIND))
    if isinstance(error, OperationalError | InterfaceError):
        return database_gone(request)
    if request.path.startswith(_API):
        return problems.page(500, "defect", "系统出了点问题，已记录，请稍后再试。")
    return _page(
        500,
        title="系统出了点问题",
        text="问题已记录。您填写的内容请返回上一页查看，稍后再提交一次；仍不行请联系管理员。",
    )


def _is_behind(error: BaseException | None) -> bool:
    """Whether the database lacks a table or column because migrations wait, or are under way."""
    lacks = isinstance(error, ProgrammingError) or "no such" in str(error)
    if not lacks or not isinstance(error, ProgrammingError | OperationalError):
        return False
    return health.migrations_state() != health.OK


def database_gone(request: HttpRequest) -> HttpResponse:
    """Answer 503 with a page that holds what was typed, ready to be sent again.

    Chosen files have to be chosen again, as a page can't hold them. A form with a password in it is
    never written into a page: the browser's way back leads to it.
    """
    return _come_again(request, title="暂时连接不上", texts=(_GONE, _GONE_FORM, _GONE_LOGIN))


def _come_again(request: HttpRequest, *, title: str, texts: tuple[str, str, str]) -> HttpResponse:
    """Answer 503; the texts are for a page, a form that is kept, and one that never is."""
    if request.path.startswith(_API):
        refusal = problems.page(503, "unavailable", problems.GONE)
        refusal["Retry-After"] = problems.RETRY_SECONDS
        return refusal
    typed = _typed(request)
    response = _page(
        503,
        title=title,
        text=texts[1] if typed else texts[2] if request.POST else texts[0],
        typed=typed,
        had_files=bool(request.FILES),
        path=request.get_full_path(),
    )
    response["Retry-After"] = "10"
    return response
