"""The register of honours in the admin."""

from honours.admin.honour import HonourAdmin

__all__ = ["HonourAdmin"]
