"""`manage.py import_head_counts FILE [--dry-run] [--only-good] [--rejects FILE] [--on DAY]`."""

from organizations.management.importing import ImportCommand


class Command(ImportCommand):
    """Head counts, without those of subordinates."""

    help = "从 .xlsx 或 .csv 导入人数；最后一行是行数、新增、更改、没有变化和问题数。"
    list_kind = "head_counts"
