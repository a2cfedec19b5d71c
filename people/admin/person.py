"""People: found by name, pinyin and number; numbers masked, shown in full for a reason."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.models import User
from common.admin import user_of
from common.admin_exports import ExportingAdmin
from common.errors import DomainError
from common.exports import ExportColumn
from people import permissions, queries, services
from people.admin.pages import page
from people.forms import PersonForm, ReasonForm
from people.models import Person


@admin.register(Person)
class PersonAdmin(ExportingAdmin):
    """One row for one human being."""

    form = PersonForm
    list_display = ("name", "shown_mobile", "shown_posts", "shown_account")
    list_display_links = ("name",)
    list_select_related = ("user",)
    search_fields = ("name",)
    search_help_text = "姓名、拼音，或完整的手机号"
    change_form_outer_before_template = "admin/people/person/form_before.html"
    readonly_fields = ("shown_mobile", "shown_posts", "shown_account")

    def may_open(self, user: User) -> bool:
        """Officers, leaders, reviewers."""
        return permissions.may_open(user)

    def may_add(self, user: User) -> bool:
        """Who grants roles."""
        return permissions.may_add(user)

    def may_change(self, user: User, obj: Any) -> bool:
        """Who may help with the account."""
        return permissions.may_change(user, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        """With the roles of today, in one query."""
        return super().get_queryset(request).prefetch_related(queries.posts_of("user"))

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Search by name, pinyin and number."""
        del request
        return queries.search_people(queryset, search_term), False

    def list_links(self, request: HttpRequest) -> list[dict[str, str]]:
        """The import, for who may; the accounts that wait for their owner."""
        links = []
        if permissions.may_import(user_of(request)):
            lists = f"{reverse('admin:organizations_import')}?kind=secretaries"
            links.append({"url": lists, "label": "导入书记名单"})
        if self.has_add_permission(request):
            waiting = f"{reverse('admin:accounts_user_changelist')}?state=new"
            links.append({"url": waiting, "label": "未激活的账号"})
        return links

    def export_columns(self) -> list[ExportColumn[Any]]:
        """What the list shows; numbers stay masked."""
        return [
            ExportColumn("姓名", lambda person: person.name, 12),
            ExportColumn("手机号", self.shown_mobile, 16),
            ExportColumn("现任职务", self.shown_posts, 40),
            ExportColumn("用户名", self.shown_account, 16),
        ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the parts that a person doesn't have before they are entered."""
        if obj is None:
            return ((None, {"fields": ("name", "new_mobile")}),)
        known = ("shown_mobile", "shown_posts", "shown_account")
        if not self.has_change_permission(request, obj):
            return ((None, {"fields": ("name", *known)}),)
        return ((None, {"fields": ("name", "new_mobile", *known[1:])}),)

    @admin.display(description="手机号", empty_value="未登记")
    def shown_mobile(self, person: Person) -> str:
        """The masked number."""
        return person.masked_mobile

    @admin.display(description="现任职务", empty_value="无")
    def shown_posts(self, person: Person) -> str:
        """Roles of today."""
        return queries.post_text(queries.roles_today(person.user)) if person.user else ""

    @admin.display(description="账号", empty_value="未开通")
    def shown_account(self, person: Person) -> str:
        """The user name."""
        return person.user.username if person.user else ""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Enter a person with an account, or change one."""
        actor, at = user_of(request), timezone.now()
        name, number = form.cleaned_data["name"], form.cleaned_data["new_mobile"]
        if change:
            held = Person.objects.get(pk=obj.pk)
            services.change_person(
                actor=actor, person=held, name=name, mobile=number or None, at=at
            )
            return
        obj.pk = services.enter_person(actor=actor, name=name, mobile=number, at=at).pk

    def get_urls(self) -> list[URLPattern]:
        """Add the page for a whole number."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/mobile/", view(self.mobile_view), name="people_person_mobile"),
            *super().get_urls(),
        ]

    def mobile_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for a reason, then show the number, once."""
        self.require_open(request)
        person = self.get_object(request, str(pk))
        if person is None:
            raise Http404
        if not permissions.may_unmask(user_of(request), person):
            raise PermissionDenied("您的角色不需要查看完整的手机号。")
        form, number = ReasonForm(request.POST or None), None
        if request.method == "POST" and form.is_valid():
            try:
                number = services.unmask_mobile(
                    actor=user_of(request),
                    person=person,
                    reason=form.cleaned_data["reason"],
                    at=timezone.now(),
                )
            except DomainError as error:
                form.add_error("reason", error.message)
        return page(
            request,
            "admin/people/person/mobile.html",
            title=f"{person}的手机号",
            person=person,
            form=form,
            number=number,
        )

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go on to the new account, where the activation link is."""
        del post_url_continue
        person = Person.objects.select_related("user").get(pk=obj.pk)
        messages.success(request, f"已登记{person}，并开通了账号。请生成激活链接交给本人。")
        return redirect("admin:accounts_user_change", person.user_id)
