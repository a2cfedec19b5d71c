from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class BureauConfig(AppConfig):
    name = "bureau"
    verbose_name = "工作台"


class PortalAdminConfig(AdminConfig):
    default_site = "bureau.admin_site.PortalAdminSite"
