"""`manage.py import_roster FILE [--dry-run] [--only-good] [--rejects FILE] [--on DAY]`."""

from organizations.management.importing import ImportCommand


class Command(ImportCommand):
    """People with their standings; who is on the roster already is completed."""

    help = "从 .xlsx 或 .csv 导入党员名册；最后一行是行数、新增、更改、没有变化和问题数。"
    list_kind = "roster"
