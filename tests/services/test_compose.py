"""The main journey over HTTP, on the services of docker-compose.yml, two web machines taking turns."""

import time
from collections.abc import Callable
from itertools import cycle

import pytest

from bureau.seed.people import PASSWORD
from common import pdf
from tests.services.conftest import COMPOSE, Installation
from tests.services.visitor import Page, Visitor

pytestmark = pytest.mark.services


class Wanderer(Visitor):
    """A visitor whom the load balancer sends to another machine each time."""

    def __init__(self, installation: Installation) -> None:
        super().__init__(f"http://127.0.0.1:{installation.ports[0]}")
        self._ports = cycle(installation.ports)

    def get(self, path: str) -> Page:
        """Open a page on the next machine."""
        self.site = f"http://127.0.0.1:{next(self._ports)}"
        return super().get(path)


def wait_for(condition: Callable[[], object], *, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.5)


def path_of(page: Page, words: str) -> str:
    return "/" + page.link(words).split("/", 3)[3]


def test_a_secretary_reports_and_the_bureau_prints(installation: Installation) -> None:
    secretary, officer = Wanderer(installation), Wanderer(installation)
    secretary.log_in("furong", PASSWORD)
    officer.log_in("zuzhi", PASSWORD)

    task = secretary.get(path_of(secretary.get("/month/"), "规范化支部考评"))
    filed = secretary.press(task, "保存并完成任务", {"summary": "已对照标准自查。"})
    assert "已保存，完成1件任务" in filed.text

    address = path_of(secretary.get("/month/"), "年10月月报")
    sent = secretary.press(secretary.get(address), "提交", {"plans": "迎接年底考评。"})
    assert "已提交" in sent.text
    officer.press(officer.get(address.replace("/reports/", "/admin/review/")), "通过")
    assert "已通过" in secretary.get(address).text

    calendar = path_of(officer.get("/admin/calendar_events/calendar/"), "2026")
    notice = officer.press(officer.get(calendar.replace("/change/", "/circular/")), "起草")
    job = officer.press(notice, "排版成PDF")
    printed: list[Page] = []

    def finished() -> bool:
        page = officer.get(path_on(job))
        links = [a.get("href") for a in page.tree.iter("a") if "/result/" in (a.get("href") or "")]
        printed.extend(officer.get(link) for link in links)
        return bool(printed)

    wait_for(finished)
    assert printed[0].type == "application/pdf"
    assert pdf.page_count(printed[0].content) % 2 == 0


def path_on(page: Page) -> str:
    return "/" + page.url.split("/", 3)[3]


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_each_service_is_well_by_its_own_check(installation: Installation, service: str) -> None:
    # The scheduler's first sign comes a minute after its start.
    wait_for(lambda: installation.healthcheck(service) == 0)


def test_the_file_names_what_a_service_needs() -> None:
    for name, service in COMPOSE["services"].items():
        limits = service["deploy"]["resources"]["limits"]
        assert limits.keys() == {"cpus", "memory"}, name
        assert "healthcheck" in service or name == "prepare"
        for secret in service.get("secrets", []):
            assert secret in COMPOSE["secrets"]
        assert not any("password" in str(value) for value in service["environment"].values()
                       if not str(value).startswith("/run/secrets")) if "environment" in service else True  # fmt: skip


def test_backups_go_into_volumes_of_their_own(installation: Installation) -> None:
    mounted = dict(volume.split(":") for volume in COMPOSE["services"]["worker"]["volumes"])
    places = COMPOSE["services"]["worker"]["environment"]
    assert mounted["backups"] == places["BACKUP_DIR"]
    assert mounted["backup-keys"] == places["BACKUP_KEYS_DIR"]
    assert mounted.keys() <= COMPOSE["volumes"].keys()
    installation.run("python", "manage.py", "backup", service="worker")
    assert list((installation.folder / "backups").glob("portal-*/manifest.json"))
    assert list((installation.folder / "backup-keys").glob("portal-keys-*.json"))


def test_deployment_has_no_open_warnings(installation: Installation) -> None:
    said = installation.run(
        "python", "manage.py", "check", "--deploy", "--fail-level", "INFO",
        SITE_URL="https://portal.example",
    )  # fmt: skip
    assert "no issues" in said
