"""Every address of the portal: each room brings its own."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from bureau import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
]

handler400 = "bureau.errors.bad_request"
handler403 = "bureau.errors.forbidden"
handler404 = "bureau.errors.not_found"
handler500 = "bureau.errors.server_error"
