"""The steps on somebody's file: facts and hours entered, put right, taken back, printed."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from cadres import permissions
from cadres.forms.facts import WithdrawFactStep, correct_step, state_step
from cadres.forms.training import CorrectHoursStep, HoursStep, WithdrawHoursStep
from cadres.models import Cadre, Qualification, TrainingRecord
from cadres.qualities import FactKind
from cadres.services.papers import print_file
from common.admin import PortalAdmin, user_of
from common.admin_verbs import StepPage, VerbForm, step_page


class CadreSteps(PortalAdmin):
    """Adds them to the section of cadres."""

    def step_urls(self) -> list[URLPattern]:
        """One address for each step."""
        view, name = self.admin_site.admin_view, "cadres_cadre"
        return [
            path("<int:pk>/print/", view(require_POST(self.paper_view)), name=f"{name}_paper"),
            path("<int:pk>/hours/", view(self.hours_view), name=f"{name}_hours"),
            path("<int:pk>/state/<str:kind>/", view(self.state_view), name=f"{name}_state"),
            path("facts/<int:pk>/<str:step>/", view(self.fact_view), name=f"{name}_fact"),
            path("hours/<int:pk>/<str:step>/", view(self.record_view), name=f"{name}_record"),
        ]

    def cadre(self, request: HttpRequest, pk: int) -> Cadre:
        """Return whose file it is; 404 outside the scope."""
        self.require_open(request)
        cadre: Cadre = get_object_or_404(Cadre.objects.visible_to(user_of(request)), pk=pk)
        return cadre

    def _step(
        self, request: HttpRequest, form: type[VerbForm], title: str, cadre: int, obj: Any
    ) -> HttpResponse:
        if not permissions.may_keep_file(user_of(request), {cadre}):
            raise PermissionDenied("档案由管它的科室登记。")
        data = request.POST if request.method == "POST" else None
        bound = form(data, actor=user_of(request), obj=obj)
        back = reverse("admin:cadres_cadre_change", args=[cadre])
        step = StepPage(f"{title}：{obj}", title, back, obj=obj)
        return step_page(self, request, form=bound, page=step)

    def paper_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have the file printed; the worker does it."""
        cadre = self.cadre(request, pk)
        job = print_file(actor=user_of(request), cadre=cadre, at=timezone.now())
        return redirect("bureau:job", pk=job.pk)

    def hours_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Enter hours of a training elsewhere."""
        cadre = self.cadre(request, pk)
        return self._step(request, HoursStep, "登记学时", cadre.pk, cadre)

    def state_view(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        """State a fact of the kind."""
        cadre = self.cadre(request, pk)
        if kind not in FactKind.values:
            raise Http404
        title = f"登记{FactKind(kind).label}"
        return self._step(request, state_step(kind), title, cadre.pk, cadre)

    def fact_view(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        """Put a fact right, or take it back."""
        self.require_open(request)
        rows = Qualification.objects.visible_to(user_of(request)).held().select_related("person")
        row: Qualification = get_object_or_404(rows, pk=pk)
        steps: dict[str, tuple[type[VerbForm], str]] = {
            "correct": (correct_step(row.kind), "更正"),
            "withdraw": (WithdrawFactStep, "撤回"),
        }
        if step not in steps:
            raise Http404
        return self._step(request, *steps[step], row.person_id, row)

    def record_view(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        """Give one person other hours, or take them back."""
        self.require_open(request)
        rows = TrainingRecord.objects.visible_to(user_of(request)).filter(withdrawn_at=None)
        row: TrainingRecord = get_object_or_404(rows.select_related("person"), pk=pk)
        steps: dict[str, tuple[type[VerbForm], str]] = {
            "correct": (CorrectHoursStep, "更正学时"),
            "withdraw": (WithdrawHoursStep, "撤回学时"),
        }
        if step not in steps:
            raise Http404
        return self._step(request, *steps[step], row.person_id, row)
