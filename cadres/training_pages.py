"""Training on the phone: what one's organisation holds, whose hours it has, who came."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cadres.forms.training import AttendanceForm, HoldForm
from cadres.models import TrainingClass, TrainingRecord
from cadres.permissions import may_train_for
from cadres.queries.hours import hours_of
from cadres.services import training as services
from common.admin import user_of
from common.errors import DomainError, ForbiddenError
from honours.scope import people_at
from organizations.models import Organization
from organizations.models.organization import within
from organizations.portal import PortalRequest, portal_page

ROWS_A_PAGE = 50
# On one page of boxes; longer lists go on to the next.
BOXES_A_PAGE = 200


@require_GET
@portal_page("me")
def trainings(request: PortalRequest) -> HttpResponse:
    """Classes in which the organisation has a part, and the hours of its people this year."""
    organization, today = request.portal.organization, timezone.localdate()
    rows = TrainingClass.objects.visible_to(request.user).filter(withdrawn_at=None)
    page = Paginator(rows.select_related("organization"), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    people = list(_people(organization).order_by("pinyin", "pk")[:BOXES_A_PAGE])
    hours = hours_of([each.pk for each in people], today.year)
    context = {
        "organization": organization,
        "page": page,
        "query": "",
        "year": today.year,
        "people": [(each, hours.get(each.pk)) for each in people],
        "may_hold": may_train_for(request.user, organization),
    }
    return render(request, "cadres/trainings.html", context)


def _people(organization: Organization) -> Any:
    return people_at(Organization.objects.filter(within(organization.path)))


@require_http_methods(["GET", "POST"])
@portal_page("me")
def hold(request: PortalRequest) -> HttpResponse:
    """Enter a class that the organisation holds; everybody who belongs to it is on its list."""
    organization = request.portal.organization
    if not may_train_for(request.user, organization):
        raise PermissionDenied("classes are held by who may hand in for the organisation")
    form = HoldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        try:
            made = services.hold_class(
                actor=request.user, organization=organization, plan=form.plan, at=at
            )
            people = list(_people(organization))
            services.enrol(actor=request.user, training_class=made, people=people, at=at)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, f"已登记，名单上有 {len(people)} 人。")
            return redirect("cadres:attendance", pk=made.pk)
    return render(request, "cadres/training_form.html", {
        "form": form, "title": "登记培训", "back": reverse("cadres:trainings"),
        "button": "下一步：登记到课",
        "lead": f"「{organization}」自己举办的培训；登记后名单已列好，勾出到课的人就行。",
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@login_required
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """A box for everybody on the list; saving credits the hours. For desk and phone alike."""
    user = user_of(request)
    course: TrainingClass = get_object_or_404(
        TrainingClass.objects.visible_to(user).select_related("organization"), pk=pk
    )
    keeps = TrainingClass.objects.editable_by(user).filter(pk=pk).exists()
    rows = TrainingRecord.objects.filter(training_class=course, withdrawn_at=None)
    if not keeps:
        rows = rows.filter(pk__in=TrainingRecord.objects.visible_to(user).values("pk"))
    listed = rows.select_related("person").order_by("person__pinyin", "person_id")
    page = Paginator(listed, BOXES_A_PAGE).get_page(request.GET.get("page"))
    form = AttendanceForm(
        request.POST if request.method == "POST" else None, records=list(page.object_list)
    )
    if request.method == "POST":
        if not keeps:
            raise PermissionDenied("attendance is taken by who holds the class")
        if _taken(request, form, course):
            return redirect(request.get_full_path())
    context = {"course": course, "form": form, "page": page, "query": "", "keeps": keeps}
    return render(request, "cadres/attendance.html", context)


def _taken(request: HttpRequest, form: AttendanceForm, course: TrainingClass) -> bool:
    if not form.is_valid():
        return False
    present, absent = form.split()
    try:
        taken = services.take_attendance(
            actor=user_of(request), training_class=course, present=present, absent=absent,
            at=timezone.now(),
        )  # fmt: skip
    except ForbiddenError as error:
        raise PermissionDenied(error.message) from error
    except DomainError as error:
        form.add_error(None, error.message)
        return False
    messages.success(
        request,
        f"已保存：到课 {taken.present} 人，各记 {course.hours} 学时；未到 {taken.absent} 人。",
    )
    return True
