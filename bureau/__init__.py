"""Project package and front office: it alone knows all other rooms."""

from bureau.celery import app as celery_app

__all__ = ["celery_app"]
