from typing import Any

class Logger:
    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]: ...
