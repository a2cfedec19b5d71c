"""What every resource of /api/v1/ is made of; the rooms' ``api`` derives from ``Resource``."""
