"""Accounts: links to set a password, unlocking, switching off."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from accounts.models import User
from accounts.queries import locked_accounts, locked_until, minutes_left, second_factor
from common.admin import user_of
from common.admin_exports import ExportingAdmin
from common.admin_verbs import verb_page
from common.errors import DomainError, ForbiddenError
from common.exports import ExportColumn
from common.intake import row_number
from organizations.permissions import may_grant_roles
from people import permissions, queries, services
from people.admin.pages import attempt, page, refuse
from people.forms import ResetFactorForm
from people.letters import Letter
from people.scope import users_in_scope, users_to_help

_UNUSABLE = "!"


class StateFilter(admin.SimpleListFilter):
    """Accounts that want somebody's attention."""

    title = "状态"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The states."""
        del request, model_admin
        return [
            ("locked", "已锁定"),
            ("new", "未激活"),
            ("off", "已停用"),
            ("ready", "已激活"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """Rows of the chosen state."""
        del request
        fresh = Q(password__startswith=_UNUSABLE)
        chosen = {
            "new": fresh & Q(is_active=True),
            "ready": ~fresh & Q(is_active=True),
            "off": Q(is_active=False),
        }
        if self.value() == "locked":
            return queryset.filter(username__in=locked_accounts(at=timezone.now()))
        return queryset.filter(chosen.get(self.value() or "", Q()))


@admin.register(User)
class UserAdmin(ExportingAdmin):
    """Who can log in. Nothing is typed here: every change is a button."""

    list_display = ("name", "username", "shown_posts", "shown_state", "shown_last_login")
    list_display_links = ("name",)
    list_filter = (StateFilter,)
    # Not by the last log-in: nobody is ranked by how much they use the portal.
    sortable_by = ("name", "username")
    search_fields = ("username",)
    search_help_text = "姓名、拼音、用户名，或完整的手机号"
    actions = ("make_links",)
    fields = ("name", "username", "shown_mobile", "shown_posts", "shown_state", "shown_last_login")
    readonly_fields = fields
    change_form_outer_before_template = "admin/accounts/user/form_before.html"

    def may_open(self, user: User) -> bool:
        """Officers, leaders, reviewers, administrators of systems and of accounts."""
        return permissions.may_open_accounts(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Users in the scope, with the roles of today."""
        inside = users_in_scope(user_of(request)).select_related("person")
        return inside.prefetch_related(queries.posts_of())

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        """Search by user name, and as people are searched."""
        del request
        return queries.search_users(queryset, search_term), False

    def option_label(self, obj: Any) -> str:
        """Name, user name and posts."""
        return queries.option_label(obj)

    def prepare_rows(self, rows: list[Any]) -> None:
        """Look up the locks of the page's accounts at once."""
        self._mark_locks(rows)

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Look up the lock of the one account."""
        user = super().get_object(request, object_id, from_field)
        if user is not None:
            self._mark_locks([user])
        return user

    def _mark_locks(self, users: Sequence[Any]) -> None:
        at = timezone.now()
        ends = locked_until([user.username for user in users], at=at)
        for user in users:
            end = ends.get(user.username)
            user.minutes_locked = minutes_left(end, at=at) if end else 0

    @admin.display(description="现任职务", empty_value="无")
    def shown_posts(self, user: Any) -> str:
        """Roles of today."""
        return queries.post_text(queries.roles_today(user))

    @admin.display(description="状态")
    def shown_state(self, user: Any) -> str:
        """What the account can do."""
        if not user.is_active:
            return "已停用"
        if user.minutes_locked:
            return f"已锁定（还有 {user.minutes_locked} 分钟）"
        return "正常" if user.has_usable_password() else "未激活"

    @admin.display(description="手机号")
    def shown_mobile(self, user: Any) -> str:
        """The masked number; the whole one is shown on the person's page, for a reason."""
        person = getattr(user, "person", None)
        return (person.masked_mobile if person else "") or "未登记"

    @admin.display(description="最近登录")
    def shown_last_login(self, user: Any) -> str:
        """When the owner came in last."""
        last = user.last_login
        return f"{timezone.localtime(last):%Y-%m-%d %H:%M}" if last else "还没有登录过"

    def export_columns(self) -> list[ExportColumn[Any]]:
        """What the list shows, and the number as it may be shown to all who see the list."""
        return [
            ExportColumn("姓名", lambda user: user.name, 12),
            ExportColumn("用户名", lambda user: user.username, 16),
            ExportColumn("手机号", self.shown_mobile, 16),
            ExportColumn("现任职务", self.shown_posts, 40),
            ExportColumn("状态", self.shown_state, 20),
            ExportColumn("最近登录", self.shown_last_login, 18),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Tell the template whether to offer the buttons."""
        user = self.get_object(request, object_id)
        helps = user is not None and permissions.may_help(user_of(request), user)
        context = {**(extra_context or {}), "account": user, "may_help": helps}
        context["may_reset"] = (
            helps
            and permissions.may_reset_factor(user_of(request), user)
            and second_factor(user) is not None
        )
        context["may_grant"] = may_grant_roles(user_of(request)) and user != request.user
        return super().change_view(request, object_id, form_url, context)

    @admin.action(description="生成激活（重设）链接…")
    def make_links(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse:
        """Lead to the page that says for whom, before anything is made."""
        return _links_page(request, list(queryset.order_by("username")))

    def get_urls(self) -> list[URLPattern]:
        """Add the buttons' addresses; they take POSTs alone."""
        view = self.admin_site.admin_view
        return [
            path("links/", view(self.links_view), name="accounts_user_links"),
            path("links/text/", view(self.texts_view), name="accounts_user_texts"),
            path("links/slips/", view(self.slips_view), name="accounts_user_slips"),
            path("<int:pk>/unlock/", view(self._verb(services.unlock, "已解锁{}的账号。")),
                 name="accounts_user_unlock"),
            path("<int:pk>/factor/", view(self.factor_view), name="accounts_user_factor"),
            path("<int:pk>/on/", view(self._verb(services.switch_on, "已启用{}的账号。")),
                 name="accounts_user_on"),
            *super().get_urls(),
        ]  # fmt: skip

    def _verb(self, service: Callable[..., None], done: str) -> Callable[..., HttpResponse]:
        """Return the view behind a button of one account."""

        def view(request: HttpRequest, pk: int) -> HttpResponse:
            self.require_open(request)
            user = self.get_object(request, str(pk))
            if user is None:
                raise Http404
            if request.method != "POST":
                return refuse(request)
            at = timezone.now()
            attempt(
                request,
                lambda: service(actor=user_of(request), user=user, at=at),
                done=done.format(user),
            )
            return redirect("admin:accounts_user_change", pk)

        return view

    def factor_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask why, then take a second factor away."""
        user = self.get_object(request, str(pk))
        if user is not None and not permissions.may_reset_factor(user_of(request), user):
            raise PermissionDenied("两步验证由安全管理员重设，自己的请由另一位办理。")
        return verb_page(
            self, request, object_id=str(pk), form_class=ResetFactorForm, title="重设两步验证"
        )

    def links_view(self, request: HttpRequest) -> HttpResponse:
        """Say for whom links would be made."""
        return self._with_users(request, _links_page)

    def texts_view(self, request: HttpRequest) -> HttpResponse:
        """Make links and show them as texts, once."""
        return self._with_users(request, _texts_page)

    def slips_view(self, request: HttpRequest) -> HttpResponse:
        """Have the worker make links and print them as slips."""
        return self._with_users(request, _print)

    def _with_users(
        self, request: HttpRequest, then: Callable[[HttpRequest, list[User]], HttpResponse]
    ) -> HttpResponse:
        """Hand on the users named in the form, as far as they are in scope; else 404."""
        self.require_open(request)
        if request.method != "POST":
            return refuse(request)
        # Our pages send all of them in one field: Django takes a thousand fields and no more.
        typed = ",".join(request.POST.getlist("user"))
        wanted = {row_number(text) or 0 for text in typed.split(",") if text}
        users = list(self.get_queryset(request).filter(pk__in=wanted).order_by("username"))
        if not wanted or len(users) != len(wanted):
            raise Http404
        try:
            return then(request, users)
        except ForbiddenError as error:
            raise PermissionDenied(error.message) from error
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("admin:accounts_user_changelist")


def _links_page(request: HttpRequest, users: Sequence[User]) -> HttpResponse:
    allowed = set(
        users_to_help(user_of(request))
        .filter(pk__in=[user.pk for user in users], is_active=True)
        .values_list("pk", flat=True)
    )
    return page(
        request,
        "admin/accounts/user/links.html",
        title="生成激活（重设）链接",
        chosen=[user for user in users if user.pk in allowed],
        chosen_ids=",".join(str(user.pk) for user in users if user.pk in allowed),
        left_out=[user for user in users if user.pk not in allowed],
    )


def _texts_page(request: HttpRequest, users: Sequence[User]) -> HttpResponse:
    at = timezone.now()
    issued = services.issue_links(actor=user_of(request), users=users, at=at)
    letters = [Letter(user, purpose, token, at) for user, purpose, token in issued]
    return page(
        request, "admin/accounts/user/texts.html", title="复制给本人的文字", letters=letters
    )


def _print(request: HttpRequest, users: Sequence[User]) -> HttpResponse:
    job = services.order_slips(actor=user_of(request), users=users)
    return redirect(reverse("bureau:job", args=[job.pk]))
