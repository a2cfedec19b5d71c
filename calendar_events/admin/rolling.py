"""Carrying a year over into the next: the page that shows the difference, line by line."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils import timezone

from calendar_events import services
from calendar_events.admin.pages import DeskAdmin, Step, sent
from calendar_events.choices import CalendarState
from calendar_events.forms.rolling import RollOverForm
from calendar_events.models import Calendar
from calendar_events.rolling import roll_over_of
from common.errors import DomainError


class RollOverPages(DeskAdmin):
    """The page of a roll-over."""

    def roll_over_urls(self) -> list[URLPattern]:
        """Return its address."""
        return [self.page("<int:pk>/roll-over/", self.roll_over_page, "roll_over")]

    def roll_over_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what goes along, what changes and what stays behind; then make the draft."""
        calendar, actor = self.found(request, pk), self.require_planner(request)
        plan = roll_over_of(calendar)
        form = RollOverForm(sent(request), plan=plan)
        back = reverse("admin:calendar_events_calendar_change", args=[calendar.pk])
        title = f"沿用到 {plan.year} 年：{calendar}"
        step = Step(title, f"生成 {plan.year} 年草稿", back, template="roll_over")
        refused = ""
        try:
            services.check_roll_over(plan)
        except DomainError as error:
            refused = error.message

        def act() -> str:
            done = services.roll_over(
                actor=actor, calendar=calendar, chosen=form.chosen(), at=timezone.now()
            )
            return (
                f"已生成 {done.calendar.year} 年草稿，{len(done.lines)} 个事项；"
                "核对、分类后再发布，学校现在看不到。"
            )

        context = {
            "calendar": calendar,
            "plan": plan,
            "refused": refused,
            "ticked": form.ticked(),
            "target_url": _url(plan.target) if plan.target else "",
        }
        return self.run(request, step, form, act, context)


def next_year_label(calendar: Calendar) -> str:
    """Return the words of the button on the year's page; empty while there is nothing to carry."""
    published = calendar.state == CalendarState.PUBLISHED
    return f"沿用到 {calendar.year + 1} 年" if published else ""


def _url(calendar: Calendar) -> str:
    return reverse("admin:calendar_events_calendar_change", args=[calendar.pk])
