"""What the pages of this room's admin share."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from common.errors import DomainError, ForbiddenError


def page(request: HttpRequest, template: str, *, title: str, **context: Any) -> TemplateResponse:
    """Return a page of our own in the admin's frame; browsers keep no copy of it."""
    frame = {**admin.site.each_context(request), "title": title, **context}
    response = TemplateResponse(request, template, frame)
    response["Cache-Control"] = "private, no-store"
    return response


def attempt(request: HttpRequest, verb: Callable[[], object], *, done: str) -> bool:
    """Do ``verb``; say ``done``, or why it was refused. Outside one's rights the answer is 403."""
    try:
        verb()
    except ForbiddenError as error:
        raise PermissionDenied(error.message) from error
    except DomainError as error:
        messages.error(request, error.message)
        return False
    messages.success(request, done)
    return True


def refuse(request: HttpRequest) -> HttpResponse:
    """Answer a method that the page doesn't take."""
    return HttpResponse(f"{request.method} 不适用于这个页面。", status=405)
