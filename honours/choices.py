"""Levels of honours, and how an entry of the register stands."""

from django.db.models import TextChoices


class Level(TextChoices):
    """Of whoever awards it, the highest first."""

    NATIONAL = "national", "国家级"
    PROVINCIAL = "provincial", "省级"
    CITY = "city", "市级"
    DISTRICT = "district", "区级"
    SCHOOL = "school", "校级"


class Known(TextChoices):
    """How much of a date is known; the words of ``common.cells.PartialDate.known``."""

    DAY = "day", "到日"
    MONTH = "month", "到月"
    YEAR = "year", "到年"


class HonourState(TextChoices):
    """A school's entry waits until the bureau has looked at it, and is used nowhere until then."""

    REPORTED = "reported", "待核实"
    CONFIRMED = "confirmed", "已核实"
    WITHDRAWN = "withdrawn", "已撤回"
