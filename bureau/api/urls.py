"""Every address under /api/v1/."""

from django.contrib.auth.decorators import login_required
from django.urls import path
from rest_framework.routers import SimpleRouter

from bureau.api.views import DocsView, MeView, SchemaView
from cadres.api import PostResource, TermResource
from calendar_events.api import CalendarResource, EventResource, RecordResource, TaskResource
from honours.api import HonourResource
from notices.api import NoticeResource
from organizations.api import OrganizationResource
from people.api import StandingResource
from reports.api import CorrectionResource, ReportResource

app_name = "api"
router = SimpleRouter()
for name, resource in (
    ("organizations", OrganizationResource),
    ("standings", StandingResource),
    ("posts", PostResource),
    ("terms", TermResource),
    ("calendars", CalendarResource),
    ("events", EventResource),
    ("tasks", TaskResource),
    ("records", RecordResource),
    ("reports", ReportResource),
    ("corrections", CorrectionResource),
    ("notices", NoticeResource),
    ("honours", HonourResource),
):
    router.register(name, resource, basename=name)

urlpatterns = [
    path("me/", MeView.as_view(), name="me"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", login_required(DocsView.as_view()), name="docs"),
    *router.urls,
]
