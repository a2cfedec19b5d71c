"""What the web server itself says, in the same lines as everything else."""

import logging
import sys
from typing import Any

from gunicorn.glogging import Logger

from bureau.logs import JsonLines


class WebLogger(Logger):
    """gunicorn's logger, as JSON lines; requests are logged by ``bureau.middleware``."""

    def setup(self, cfg: Any) -> None:
        """Take gunicorn's settings, then replace what writes."""
        super().setup(cfg)
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        self.error_log.handlers = [handler]
