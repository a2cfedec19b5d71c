from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "organizations"
    verbose_name = "党组织"

    def ready(self) -> None:
        """Let tokens end with the password: whoever knew the old one may have made some."""
        from accounts.services import end_with_password
        from organizations.services import revoke_all

        end_with_password(revoke_all)
