"""`manage.py import_organizations FILE [--dry-run] [--only-good] [--rejects FILE] [--on DAY]`."""

from organizations.management.importing import ImportCommand


class Command(ImportCommand):
    """Organisations with their schools."""

    help = "从 .xlsx 或 .csv 导入党组织和学校；最后一行是行数、新增、更改、没有变化和问题数。"
    list_kind = "organizations"
