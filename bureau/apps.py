from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.module_loading import autodiscover_modules


class BureauConfig(AppConfig):
    name = "bureau"
    verbose_name = "工作台"

    def ready(self) -> None:
        """Register every room's jobs in the web process too: it refuses to queue unknown ones."""
        autodiscover_modules("jobs")


class PortalAdminConfig(AdminConfig):
    default_site = "bureau.admin_site.PortalAdminSite"
