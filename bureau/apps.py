import gc

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.module_loading import autodiscover_modules

_NEW_OBJECTS = 50_000


class BureauConfig(AppConfig):
    name = "bureau"
    verbose_name = "工作台"

    def ready(self) -> None:
        """Register every room's jobs in the web process too: it refuses to queue unknown ones.

        Also look for garbage less often than Python does by itself, at every 700 new objects: rows
        by the ten thousand are no garbage, and looking took a fifth of a sweep of reminders.
        """
        autodiscover_modules("jobs")
        gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])


class PortalAdminConfig(AdminConfig):
    default_site = "bureau.admin_site.PortalAdminSite"
