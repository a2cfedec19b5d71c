from django.apps import AppConfig

from common import lookups, parts


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = "公共"

    def ready(self) -> None:
        """Bring the lookups that refuse numbers no column holds, and the one for parts of names."""
        lookups.install()
        parts.install()
