"""The portal's addresses and those of the bare admin."""

from django.urls import path

from benchmarks.bare import bare_site
from bureau import urls as portal

urlpatterns = [path("bare/", bare_site.urls), *portal.urlpatterns]
handler400, handler403 = portal.handler400, portal.handler403
handler404, handler500 = portal.handler404, portal.handler500
