"""Changing a published event: every way leads over one page that says what changes for whom."""

from collections.abc import Callable
from dataclasses import replace

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from calendar_events import services
from calendar_events.admin.pages import DeskAdmin, Step, sent
from calendar_events.forms import MoveForm, ReasonForm
from calendar_events.forms.revising import ReviseForm, revise_initial
from calendar_events.models import Event
from calendar_events.revising import Effect, cancelling
from calendar_events.services.checks import require_published
from common.errors import ConflictError, DomainError, ForbiddenError

SEEN = "seen"
BACK = "again"


def event_url(event: Event) -> str:
    """Return the address of the event's page."""
    return reverse("admin:calendar_events_event_change", args=[event.pk])


class RevisePages(DeskAdmin):
    """The pages that change what the schools already have."""

    def revise_urls(self) -> list[URLPattern]:
        """Return their addresses."""
        return [
            self.page("<int:pk>/revise/", self.revise_page, "revise"),
            self.page("<int:pk>/deadline/", self.deadline_page, "deadline"),
            self.page("<int:pk>/cancel/", self.cancel_page, "cancel"),
        ]

    def revise_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change anything of a published event."""
        event, actor, at = self.found(request, pk), self.require_planner(request), timezone.now()
        form = ReviseForm(sent(request), initial=revise_initial(event), on=timezone.localdate(at))
        step = Step(f"修改：{event}", "确认修改", event_url(event), template="revise")

        def revise(*, dry_run: bool) -> Effect:
            return services.revise_event(
                actor=actor,
                event=event,
                revision=form.revision(),
                reason=form.cleaned_data["reason"],
                at=at,
                dry_run=dry_run,
            )

        def act() -> str:
            done = revise(dry_run=False)
            return f"已修改，通知了 {done.organizations} 个党组织；群消息可在“群消息”中复制。"

        return self._previewed(request, step, form, lambda: revise(dry_run=True), act)

    def deadline_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Move the deadline."""
        event, actor, at = self.found(request, pk), self.require_planner(request), timezone.now()
        form = MoveForm(sent(request))
        step = Step(f"调整截止日期：{event}", "调整并通知", event_url(event))

        def tried() -> Effect:
            data = form.cleaned_data
            return services.revise_event(
                actor=actor,
                event=event,
                revision=services.with_due(event, data["due_on"]),
                reason=data["reason"],
                at=at,
                dry_run=True,
            )

        def act() -> str:
            data = form.cleaned_data
            told = services.move_deadline(
                actor=actor, event=event, due_on=data["due_on"], reason=data["reason"], at=at
            )
            return f"已调整截止日期，通知了 {told} 个党组织；群消息可在“群消息”中复制。"

        return self._previewed(request, step, form, tried, act)

    def cancel_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Cancel a published event."""
        event, actor, at = self.found(request, pk), self.require_planner(request), timezone.now()
        form = ReasonForm(sent(request))
        step = Step(
            f"取消事项：{event}",
            "取消事项并通知",
            event_url(event),
            warning="取消后不能恢复；需要时可另发临时任务。",
            danger=True,
        )

        def tried() -> Effect:
            require_published(event)
            return cancelling(event, at=at)

        def act() -> str:
            told = services.cancel_event(
                actor=actor, event=event, reason=form.cleaned_data["reason"], at=at
            )
            return f"已取消，{told} 个任务随之取消并已通知。"

        return self._previewed(request, step, form, tried, act)

    def _previewed(
        self,
        request: HttpRequest,
        step: Step,
        form: forms.Form,
        tried: Callable[[], Effect],
        act: Callable[[], str],
    ) -> HttpResponse:
        """Show the form, then what it would do, and do that once it was seen as it is now."""

        def asked() -> HttpResponse:
            first = replace(step, button="下一步：看对谁有影响", warning="", danger=False)
            return self.show(request, step.template, title=step.title, step=first, form=form)

        if not form.is_bound or not form.is_valid():
            return asked()
        try:
            effect = tried()
            if request.POST.get(SEEN) == effect.digest and BACK not in request.POST:
                messages.success(request, act())
                return redirect(step.back)
        except ForbiddenError as error:
            raise PermissionDenied(error.message) from error
        except ConflictError as error:
            messages.error(request, error.message)
            return redirect(step.back)
        except DomainError as error:
            form.add_error(None, error.message)
            return asked()
        if BACK in request.POST:
            return asked()
        return self.show(
            request,
            "revise_check",
            title=step.title,
            step=step,
            effect=effect,
            otherwise=SEEN in request.POST,
            fields=[
                (name, value)
                for name, values in request.POST.lists()
                if name not in {"csrfmiddlewaretoken", SEEN, BACK}
                for value in values
            ],
        )
