"""Checklists in the admin: written as text with a preview, put in force, assigned."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils import timezone

from calendar_events.admin.pages import READ, Step, sent
from common.admin import user_of
from common.errors import DomainError
from common.intake import row_number
from integrity import services
from integrity.admin.pages import IntegrityAdmin
from integrity.choices import EditionState
from integrity.forms import AssignForm, ReasonForm, WordingForm
from integrity.imports import read_sheet
from integrity.library import BY_KEY, SAMPLES
from integrity.models import Edition, Item
from integrity.permissions import may_plan
from integrity.reading import read_outline
from integrity.services import Wording

_LIST = "admin:integrity_edition_changelist"


def edition_url(edition: Edition) -> str:
    """Return the address of the edition's page."""
    return reverse("admin:integrity_edition_change", args=[edition.pk])


@admin.register(Edition)
class EditionAdmin(IntegrityAdmin):
    """The editions of all checklists."""

    list_display = ("checklist", "name", "subject", "items", "state", "published_at")
    list_display_links = ("checklist", "name")
    list_filter: ClassVar[Any] = ("state", "checklist")
    list_select_related = ("checklist",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the number of items."""
        rows: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = rows.annotate(item_count=Count("sections__items"))
        return counted

    @admin.display(description="由谁填报")
    def subject(self, edition: Edition) -> str:
        return edition.checklist.get_subject_display()

    @admin.display(description="项目")
    def items(self, edition: Any) -> str:
        return f"{edition.item_count} 项"

    def list_links(self, request: HttpRequest) -> list[dict[str, str]]:
        """The way to a new one."""
        if not self.has_add_permission(request):
            return []
        return [{"label": "新建清单", "url": reverse("admin:integrity_edition_add")}]

    def get_urls(self) -> list[URLPattern]:
        """Put our own pages before those of the admin."""
        own = [
            self.page("add/", self.add_page, "add"),
            self.page("<int:pk>/edit/", self.edit_page, "edit"),
            self.page("<int:pk>/publish/", self.publish_page, "publish"),
            self.page("<int:pk>/remove/", self.remove_page, "remove"),
            self.page("<int:pk>/assign/", self.assign_page, "assign"),
            self.page("<int:pk>/items/<int:item>/withdraw/", self.withdraw_page, "withdraw"),
            self.page("<path:pk>/change/", self.edition_page, "change", READ),
        ]
        return own + super().get_urls()

    def edition_page(self, request: HttpRequest, pk: str) -> HttpResponse:
        """Show one edition: what it asks, where it is assigned."""
        edition: Edition = self.found(request, pk)
        return self.show(
            request,
            "integrity/edition",
            title=str(edition),
            edition=edition,
            sections=edition.sections.prefetch_related("items"),
            assignments=edition.assignments.order_by("-year", "-pk"),
            is_draft=edition.state == EditionState.DRAFT,
            is_published=edition.state == EditionState.PUBLISHED,
            may_plan=may_plan(user_of(request)),
        )

    def add_page(self, request: HttpRequest) -> HttpResponse:
        """Write a new edition: from one that comes along, a former one, a text or a table."""
        self.require_writer(request)
        return self._write(request, None, self._begun(request))

    def edit_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change a draft."""
        edition: Edition = self.found(request, pk)
        self.require_writer(request)
        if edition.state != EditionState.DRAFT:
            return redirect(edition_url(edition))
        return self._write(request, edition, _wording_of(edition))

    def _begun(self, request: HttpRequest) -> dict[str, Any]:
        """Return what the form begins with, as the address says."""
        year = timezone.localdate().year
        sample = BY_KEY.get(request.GET.get("sample", ""))
        if sample:
            return {
                "title": sample.title,
                "subject": sample.subject,
                "name": f"{year}年版",
                "source": sample.text,
            }
        former = row_number(request.GET.get("from", ""))
        if former:
            return {**_wording_of(self.found(request, former)), "name": "", "basis": ""}
        return {"name": f"{year}年版"}

    def _write(
        self, request: HttpRequest, edition: Edition | None, initial: dict[str, Any]
    ) -> HttpResponse:
        """Show the text with what it reads as; save it as a draft when asked to."""
        form = WordingForm(sent(request), request.FILES or None, initial=initial)
        notes: list[str] = []
        if form.is_bound and form.is_valid():
            if form.cleaned_data["file"]:
                form, notes = _with_sheet(form)
            elif "save" in request.POST and (kept := self._kept(request, edition, form)):
                return redirect(edition_url(kept))
        source = str(form["source"].value() or "")
        return self.show(
            request,
            "integrity/write",
            title=f"编辑：{edition}" if edition else "新建清单",
            form=form,
            edition=edition,
            outline=read_outline(source) if source.strip() else None,
            notes=notes,
            samples=SAMPLES,
            back=edition_url(edition) if edition else reverse(_LIST),
        )

    def _kept(
        self, request: HttpRequest, edition: Edition | None, form: WordingForm
    ) -> Edition | None:
        """Save the draft; what is refused stands at the head of the form."""
        data = form.cleaned_data
        wording = Wording(**{name: data[name] for name in Wording.__dataclass_fields__})
        try:
            kept = services.save_draft(
                actor=user_of(request), wording=wording, edition=edition, at=timezone.now()
            )
        except DomainError as error:
            form.add_error(None, error.message)
            return None
        messages.success(request, f"已保存「{kept}」的草稿，核对后启用。")
        return kept

    def publish_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put a draft in force."""
        edition: Edition = self.found(request, pk)
        actor = self.require_writer(request)
        others = Edition.objects.filter(checklist=edition.checklist, state=EditionState.PUBLISHED)
        changes = ["启用后可以布置给学校；内容不能再改，个别项目可以停用。"]
        changes += [f"「{each.name}」随之停用，已经布置的照常填完。" for each in others]
        step = Step(f"启用：{edition}", "启用", edition_url(edition), changes=changes)

        def act() -> str:
            services.publish_edition(actor=actor, edition=edition, at=timezone.now())
            return f"已启用「{edition}」。"

        return self.run(request, step, forms.Form(sent(request)), act)

    def remove_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete a draft."""
        edition: Edition = self.found(request, pk)
        actor = self.require_writer(request)
        step = Step(
            f"删除草稿：{edition}",
            "删除",
            reverse(_LIST),
            changes=["草稿删除后找不回来；已启用的版本不受影响。"],
            danger=True,
        )

        def act() -> str:
            services.remove_draft(actor=actor, edition=edition, at=timezone.now())
            return "草稿已删除。"

        return self.run(request, step, forms.Form(sent(request)), act)

    def withdraw_page(self, request: HttpRequest, pk: int, item: int) -> HttpResponse:
        """Ask one item no longer."""
        edition: Edition = self.found(request, pk)
        actor = self.require_writer(request)
        if edition.state == EditionState.DRAFT:
            raise Http404
        row = get_object_or_404(Item.objects.filter(section__edition=edition), pk=item)
        answered = row.answers.count()
        step = Step(
            f"停用项目：{row}",
            "停用",
            edition_url(edition),
            changes=[
                f"已有 {answered} 份自查答过这一项：答案和佐证保留，还没有提交的不再计入。",
                "已提交的自查表不变。",
            ],
            danger=True,
        )
        form = ReasonForm(sent(request))

        def act() -> str:
            services.withdraw_item(
                actor=actor, item=row, reason=form.cleaned_data["reason"], at=timezone.now()
            )
            return "这一项已停用。"

        return self.run(request, step, form, act)

    def assign_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose year, audience and due date; say whom it reaches; then assign."""
        edition: Edition = self.found(request, pk)
        actor, on = self.require_writer(request), timezone.localdate()
        form = AssignForm(sent(request), on=on)
        reach = None
        if form.is_bound and form.is_valid():
            data = form.cleaned_data
            try:
                if "confirmed" in request.POST:
                    made = services.assign(
                        actor=actor,
                        edition=edition,
                        year=data["year"],
                        due_on=data["due_on"],
                        choice=form.choice(),
                        note=data["note"],
                        at=timezone.now(),
                    )
                    messages.success(request, f"已布置{made}，学校会收到提醒。")
                    return redirect("admin:integrity_assignment_change", made.pk)
                if "again" not in request.POST:
                    reach = services.reach_of(
                        edition=edition, year=data["year"], choice=form.choice(), on=on
                    )
            except DomainError as error:
                form.add_error(None, error.message)
        return self.show(
            request,
            "integrity/assign",
            title=f"布置自查：{edition}",
            form=form,
            reach=reach,
            back=edition_url(edition),
        )


def _wording_of(edition: Edition) -> dict[str, Any]:
    return {
        "title": edition.checklist.title,
        "subject": edition.checklist.subject,
        "name": edition.name,
        "basis": edition.basis,
        "source": edition.source,
    }


def _with_sheet(form: WordingForm) -> tuple[WordingForm, list[str]]:
    """Return the form with what its table reads as in place of the text, and what was found."""
    upload = form.cleaned_data["file"]
    try:
        text, notes = read_sheet(upload.read(), filename=upload.name)
    except DomainError as error:
        form.add_error("file", error.message)
        return form, []
    typed = {name: form.cleaned_data[name] for name in ("title", "subject", "name", "basis")}
    return WordingForm({**typed, "source": text}), notes
