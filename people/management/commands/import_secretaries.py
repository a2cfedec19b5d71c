"""`manage.py import_secretaries FILE [--dry-run] [--only-good] [--rejects FILE] [--on DAY]`."""

from organizations.management.importing import ImportCommand


class Command(ImportCommand):
    """Secretaries: person, account and role of each row. Links are issued in the admin."""

    help = "从 .xlsx 或 .csv 导入书记名单；最后一行是行数、新增、更改、没有变化和问题数。"
    list_kind = "secretaries"
