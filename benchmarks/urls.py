"""The portal's addresses and those of the bare admin."""

from django.apps import apps
from django.urls import path

from benchmarks.bare import LISTS, add_bare, bare_site
from bureau import urls as portal

# Addresses are made once: whatever is put on the site later would have none.
for label in LISTS:
    add_bare(apps.get_model(label))

urlpatterns = [path("bare/", bare_site.urls), *portal.urlpatterns]
handler400, handler403 = portal.handler400, portal.handler403
handler404, handler500 = portal.handler404, portal.handler500
