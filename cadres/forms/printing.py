"""Printing a list: nothing is asked, how long it is gets said."""

from common.admin_verbs import VerbForm


class PrintStep(VerbForm):
    """Says how many organisations are printed."""

    rows = 0

    def preview(self) -> list[str]:
        """Say how many."""
        return [f"打印 {self.rows} 个党组织的书记台账，横向。"]
