"""The bureau's own pages about organisations and rules: address, view, name."""

from typing import Any

Page = tuple[str, Any, str]


def organization_pages() -> tuple[Page, ...]:
    """The tree with its chart and histories, coverage, the rulebook; inside the admin's gate."""
    from bureau.views import coverage, rulebook, tree

    return (
        ("tree/", tree.page, "tree"),
        ("tree/print/", tree.print_out, "print_tree"),
        ("tree/<int:pk>/", tree.history, "organization_history"),
        ("coverage/", coverage.page, "coverage"),
        ("coverage/schools/", coverage.schools, "coverage_schools"),
        ("coverage/export/", coverage.export, "coverage_export"),
        ("coverage/schools/export/", coverage.export_schools, "coverage_schools_export"),
        ("coverage/print/", coverage.print_out, "print_coverage"),
        ("rulebook/", rulebook.page, "rulebook"),
        ("rulebook/print/", rulebook.print_out, "print_rulebook"),
    )
