"""Every address of the portal: each room brings its own."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from bureau import health
from bureau.views import doors, feed, month, one_page, rulebook

own = [
    path("", doors.home, name="home"),
    path("month/", month.month, name="month"),
    path("brief/", one_page.page, name="one_page"),
    path("brief/records/", one_page.records, name="one_page_records"),
    path("brief/print/", one_page.print_out, name="print_one_page"),
    path("brief/copied/", one_page.copied, name="copied_figure"),
    path("rules/", rulebook.school_page, name="rulebook"),
    path("drafts/", doors.draft, name="draft"),
    path("inbox/", doors.inbox, name="inbox"),
    path("inbox/<int:pk>/", doors.digest, name="digest"),
    # The log hides what stands after /feed/: bureau/logs.py.
    path("feed/<str:token>/calendar.ics", feed.feed, name="feed"),
    path("jobs/<int:pk>/", doors.job, name="job"),
    path("jobs/<int:pk>/result/", doors.job_result, name="job_result"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("bureau.api.urls")),
    path("", include((own, "bureau"))),
    path("", include("accounts.urls")),
    path("", include("calendar_events.urls")),
    path("", include("organizations.urls")),
    path("", include("people.urls")),
    path("", include("honours.urls")),
    path("", include("cadres.urls")),
    path("", include("reports.urls")),
    path("", include("integrity.urls")),
    path("", include("notices.urls")),
    path("healthz", health.healthz, name="healthz"),
]

handler400 = "bureau.errors.bad_request"
handler403 = "bureau.errors.forbidden"
handler404 = "bureau.errors.not_found"
handler500 = "bureau.errors.server_error"
