"""The import's peer: django-import-export on the same file, at its fastest."""

from typing import Any

from import_export import fields, resources, widgets
from import_export.instance_loaders import CachedInstanceLoader
from tablib import Dataset

from organizations.choices import OrganizationKind
from organizations.models import Organization

_KINDS = {kind.label: kind.value for kind in OrganizationKind}


class _Kind(widgets.Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:  # noqa: ARG002
        if value not in _KINDS:
            raise ValueError(f"unknown kind {value}")
        return _KINDS[value]


class _OrganizationResource(resources.ModelResource):
    """Every column that is one of the table's own; superiors are left out."""

    name = fields.Field("name", "党组织全称")
    code = fields.Field("code", "组织代码")
    short_name = fields.Field("short_name", "简称")
    kind = fields.Field("kind", "类别", widget=_Kind())
    order = fields.Field("order", "惯例排序号", widget=widgets.IntegerWidget())
    founded_on = fields.Field("founded_on", "成立日期", widget=widgets.DateWidget("%Y-%m-%d"))

    class Meta:
        model = Organization
        import_id_fields = ("code",)
        fields = ("name", "code", "short_name", "kind", "order", "founded_on")
        use_bulk = True
        batch_size = 1000
        skip_diff = True
        instance_loader_class = CachedInstanceLoader
        use_transactions = False


def import_by_peer(text: str) -> None:
    """Import a list given as .csv; rows at fault are left out."""
    result = _OrganizationResource().import_data(
        Dataset().load(text, format="csv"), raise_errors=False
    )
    if not result.totals["new"]:
        raise RuntimeError("The peer imported nothing.")
