"""`manage.py import_honours FILE [--dry-run] [--only-good] [--rejects FILE] [--on DAY]`."""

from organizations.management.importing import ImportCommand


class Command(ImportCommand):
    """Honours of people and organisations; what is there already is completed."""

    help = "从 .xlsx 或 .csv 导入荣誉；最后一行是行数、新增、更改、没有变化和问题数。"
    list_kind = "honours"
