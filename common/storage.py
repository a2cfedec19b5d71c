"""Static files: hashed names, compressed once, by gzip only."""

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # no types there
    """Whitenoise's storage without brotli and without source maps.

    Brotli comes along with WeasyPrint's fonttools, and whitenoise then uses it unasked: gathering
    took 63 s instead of 4. Source maps named at the end of third-party files serve their developers
    and don't always come along; Django would stop at the first one missing.
    """

    patterns = tuple(
        (glob, tuple(rule for rule in rules if "sourceMappingURL" not in str(rule)))
        for glob, rules in CompressedManifestStaticFilesStorage.patterns
    )

    def create_compressor(self, **kwargs: Any) -> Compressor:
        """Return a compressor that writes .gz files only."""
        return Compressor(**{**kwargs, "use_brotli": False})
