"""The tables of days: school holidays, workdays of the bureau's own."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils import timezone

from calendar_events import services
from calendar_events.admin.pages import DeskAdmin, Step, sent
from calendar_events.forms import DayForm, VacationForm
from calendar_events.models import Vacation
from calendar_events.permissions import may_plan
from common.models import WorkdayOverride

if TYPE_CHECKING:
    from accounts.models import User


class DaysAdmin(DeskAdmin):
    """A table of days: its list says all there is, a row is opened to correct it."""

    def may_follow(self, user: "User") -> bool:
        """Officers, who correct."""
        return may_plan(user)


@admin.register(Vacation)
class VacationAdmin(DaysAdmin):
    """School holidays, from which spans such as 寒假 take their dates."""

    list_display = ("__str__", "first_day", "last_day")

    def get_urls(self) -> list[URLPattern]:
        """Put our own pages before those of the admin."""
        own = [
            self.page("add/", self.edit_page, "add"),
            self.page("<path:pk>/change/", self.edit_page, "change"),
        ]
        return own + super().get_urls()

    def edit_page(self, request: HttpRequest, pk: str | None = None) -> HttpResponse:
        """Enter or correct one."""
        row = self.found(request, pk) if pk else None
        actor = self.require_planner(request)
        form = VacationForm(sent(request), initial=_values(row, VacationForm))
        back = reverse("admin:calendar_events_vacation_changelist")
        step = Step(str(row or "添加寒暑假"), "保存", back)

        def act() -> str:
            made = services.set_vacation(actor=actor, at=timezone.now(), **form.cleaned_data)
            return f"已保存{made}。"

        return self.run(request, step, form, act)


@admin.register(WorkdayOverride)
class WorkdayOverrideAdmin(DaysAdmin):
    """Days that are worked or free whatever the official list says."""

    list_display = ("date", "is_workday", "name")
    ordering = ("-date",)

    def get_urls(self) -> list[URLPattern]:
        """Put our own pages before those of the admin."""
        own = [
            self.page("add/", self.edit_page, "add"),
            self.page("<int:pk>/clear/", self.clear_page, "clear"),
            self.page("<path:pk>/change/", self.edit_page, "change"),
        ]
        return own + super().get_urls()

    def edit_page(self, request: HttpRequest, pk: str | None = None) -> HttpResponse:
        """Enter or correct one."""
        row = self.found(request, pk) if pk else None
        actor = self.require_planner(request)
        initial = _values(row, DayForm)
        if row:
            initial["is_workday"] = "1" if row.is_workday else "0"
        form = DayForm(sent(request), initial=initial)
        back = reverse("admin:common_workdayoverride_changelist")
        step = Step(str(row or "添加工作日调整"), "保存", back)

        def act() -> str:
            data = form.cleaned_data
            made = services.set_workday(
                actor=actor,
                day=data["date"],
                is_workday=data["is_workday"],
                name=data["name"],
                at=timezone.now(),
            )
            return f"已保存：{made}。"

        clear = reverse("admin:common_workdayoverride_clear", args=[row.pk]) if row else ""
        return self.run(request, step, form, act, {"remove_url": clear})

    def clear_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let the official list hold again."""
        row, actor = self.found(request, pk), self.require_planner(request)
        step = Step(
            f"删除：{row}",
            "删除",
            reverse("admin:common_workdayoverride_changelist"),
            changes=["这一天恢复按法定节假日和调休安排计算；已定的截止日期不变。"],
            danger=True,
        )

        def act() -> str:
            services.clear_workday(actor=actor, override=row, at=timezone.now())
            return "已删除。"

        return self.run(request, step, forms.Form(sent(request)), act)


def _values(row: Any, form: type[forms.Form]) -> dict[str, Any]:
    """Return what the boxes show for ``row``."""
    return {name: getattr(row, name) for name in form.base_fields} if row else {}
