"""``/healthz``: are pages served, and if not, which part is missing?"""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

OK = "ok"


def database_state() -> str:
    """Return ``ok`` or, without details that would help a stranger, what is wrong."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "unreachable"
    return OK


def migrations_state() -> str:
    """Return ``ok`` or how many migrations wait; reads the migration files, about 0.1 s."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unknown"
    return f"{len(waiting)} not applied" if waiting else OK


class Health:
    """The answer, remembering what can't change while the process lives.

    A process runs one version of the source: once every migration of it is applied, only the
    database is asked again.
    """

    def __init__(self) -> None:
        self._migrated = False

    def parts(self) -> dict[str, str]:
        """Return the state of each part by name."""
        database = database_state()
        migrations = OK if self._migrated else migrations_state()
        self._migrated = migrations == OK
        return {"database": database, "migrations": migrations}


_health = Health()


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200, or 503 naming the part that is not well; open to everybody."""
    del request
    parts = _health.parts()
    well = all(state == OK for state in parts.values())
    return JsonResponse({"status": OK if well else "failed", **parts}, status=200 if well else 503)
