"""Upload, preview, import: pages for the lists of this room, worked on by jobs."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
)

from common import downloads, jobs
from common.admin import user_of
from common.errors import DomainError
from common.grids import MAX_BYTES
from common.models import Job, JobState
from organizations.imports import runs

# What a row comes to in a file, to judge its length before it is read.
ROW_BYTES = 100
STEPS = ("save", "save_clean")


class UploadForm(forms.Form):
    """Which list, of which day, and the file."""

    kind = forms.ChoiceField(label="导入内容", widget=UnfoldAdminSelectWidget())
    on = forms.DateField(
        label="截至日期",
        widget=UnfoldAdminSingleDateWidget(),
        help_text="表里没有写日期的行按这一天登记",
    )
    # Unfold's own widget: its script would write the file's name into the first text field.
    file = forms.FileField(label="文件（.xlsx 或 .csv）", widget=UnfoldAdminFileFieldWidget())

    def __init__(self, *args: Any, kinds: dict[str, runs.Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(key, kind.title) for key, kind in kinds.items()]  # type: ignore[attr-defined]  # a ChoiceField

    def clean_file(self) -> Any:
        """Refuse what no list comes to; the content is looked at when it is read."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise forms.ValidationError(f"文件超过 {MAX_BYTES // 2**20} MB，请分成几个文件再传。")
        return upload


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """Return the addresses of the pages, below those of organisations."""
    return [
        path("import/", site.admin_view(upload), name="organizations_import"),
        path("import/<int:pk>/", site.admin_view(outcome), name="organizations_import_run"),
        path(
            "import/template/<str:kind>/",
            site.admin_view(require_GET(template)),
            name="organizations_import_template",
        ),
    ]


def _kinds(request: HttpRequest) -> dict[str, runs.Kind]:
    """The lists that the user may import; 403 for whoever may none."""
    kinds = runs.kinds_for(user_of(request))
    if not kinds:
        raise PermissionDenied("只有局机关工作人员可以导入。")
    return kinds


def upload(request: HttpRequest) -> HttpResponse:
    """Take a file and have it previewed; nothing is saved yet."""
    kinds = _kinds(request)
    today = timezone.localdate()
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        kinds=kinds,
        initial={"on": today, "kind": request.GET.get("kind", "")},
    )
    if request.method == "POST" and form.is_valid() and (kept := _kept(form)):
        params = {
            "kind": form.cleaned_data["kind"],
            "on": form.cleaned_data["on"].isoformat(),
            "filename": form.cleaned_data["file"].name[:200],
            "path": kept,
            "step": "preview",
        }
        rows = form.cleaned_data["file"].size // ROW_BYTES
        return _start(request, params, rows=rows)
    return _page(request, "import", title="导入", form=form, kinds=kinds)


def _kept(form: UploadForm) -> str:
    """Keep the file; where there is no room the form says so, and the path is empty."""
    try:
        return runs.keep(form.cleaned_data["file"].read())
    except DomainError as error:
        form.add_error("file", error.message)
        return ""


def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far one's own import is and what it found; its buttons go the next step."""
    kinds = _kinds(request)
    job = get_object_or_404(Job, pk=pk, owner=user_of(request), kind=runs.JOB_KIND)
    kind = kinds.get(job.params["kind"])
    if kind is None:
        raise Http404
    step = request.POST.get("step", "")
    if request.method == "POST" and step in STEPS and job.state == JobState.DONE:
        params = {key: job.params[key] for key in ("kind", "on", "filename", "path")}
        return _start(request, {**params, "step": step}, rows=job.total)
    ended = job.state in (JobState.DONE, JobState.FAILED)
    told = job.params.get("outcome")
    title = f"导入{kind.title}"
    name, place = kind.section
    back = {"back_title": name, "back_url": reverse(place)}
    delayed = jobs.delay_notice(at=timezone.now(), job=job)
    shown = {"job": job, "ended": ended, "outcome": told, "kind": kind, "delayed": delayed}
    return _page(request, "import_run", title=title, **shown, **back)


def template(request: HttpRequest, kind: str) -> HttpResponse:
    """Give out the table to fill in."""
    kinds = _kinds(request)
    if kind not in kinds:
        raise Http404
    content = kinds[kind].template()
    return downloads.download(content, filename=f"{kinds[kind].title}模板.xlsx")


def _start(request: HttpRequest, params: dict[str, Any], *, rows: int) -> HttpResponse:
    kind = runs.KINDS[params["kind"]]
    label = f"导入{kind.title}：{params['filename']}"
    job = jobs.enqueue(kind=runs.JOB_KIND, label=label[:200], params=params, owner=user_of(request))
    if rows <= kind.at_once_rows:
        jobs.execute(job_id=job.pk, at=timezone.now())
    return redirect("admin:organizations_import_run", job.pk)


def _page(request: HttpRequest, name: str, *, title: str, **context: Any) -> TemplateResponse:
    frame = {**admin.site.each_context(request), "title": title, **context}
    response = TemplateResponse(request, f"admin/organizations/{name}.html", frame)
    response["Cache-Control"] = "private, no-store"
    return response
