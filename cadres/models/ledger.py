"""The ledger of secretaries: organisations, with who leads them."""

from organizations.models import Organization


class LedgerRow(Organization):
    """An organisation as the ledger shows it; no table of its own."""

    class Meta:
        proxy = True
        verbose_name = "书记台账"
        verbose_name_plural = "书记台账"
