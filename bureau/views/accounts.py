"""What is done to an account and touches the work of other rooms."""

from typing import cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from bureau.forms import SwitchOffForm
from common.admin import PortalAdmin
from common.admin_verbs import verb_page


def switch_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what shutting the account changes, then shut it."""
    section = cast(PortalAdmin, admin.site.get_model_admin(User))
    return verb_page(
        section, request, object_id=str(pk), form_class=SwitchOffForm, title="停用账号"
    )
