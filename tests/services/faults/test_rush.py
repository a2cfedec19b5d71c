"""Web processes and the worker killed while all schools hand in on the last evening."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.services.faults.conftest import Portal
from tests.services.faults.servers import wait_for
from tests.services.visitor import Visitor

pytestmark = pytest.mark.services

SENT = {"theme_day_reason": "当月按上级部署另行安排。", "problems": "无。"}
PRINTS = 3


class Secretary(Visitor):
    """Hands in one report and goes on trying until the portal says that it has it."""

    def __init__(self, portal: Portal, number: int, owed: dict[str, Any]) -> None:
        super().__init__(portal.site(number % 2))
        self.report, self.version = owed["report"], owed["version"]
        self.plans = f"第{number}份：做好下月工作。"
        self.session.cookies.set("sessionid", owed["session"])
        self.acknowledged, self.seen, self.unanswered = False, False, 0

    def hand_in(self) -> None:
        """Send, and where no answer comes look whether it is there, as people do."""
        wait_for(self._try, f"report {self.report} handed in")

    def _try(self) -> bool:
        try:
            page = self.get(f"/reports/{self.report}/")
            if "提交" not in {b.text_content().strip()[-2:] for b in page.tree.iter("button")}:
                self.seen = True
                return True
            self.unanswered += 1
            page = self.press(page, "提交", {**SENT, "plans": self.plans})
            self.unanswered -= 1
        except (requests.ConnectionError, requests.Timeout):
            return False
        self.acknowledged = "已提交，等待审核" in page.text
        assert self.acknowledged, page.text
        return True


def test_what_was_acknowledged_is_there_and_nothing_twice(portal: Portal) -> None:
    portal.start_web(portal.ports[1])
    webs = portal.running[-2:]
    workers = [portal.start("worker")]
    portal.wait_for_pages(portal.ports[1])
    everybody = [Secretary(portal, n, owed) for n, owed in enumerate(portal.inside("rush()"))]
    assert len(everybody) >= 50
    ids = [each.report for each in everybody]
    before = submissions(portal, ids)
    finished: list[Secretary] = []
    done = threading.Event()

    def go(secretary: Secretary) -> None:
        secretary.hand_in()
        finished.append(secretary)

    def at(count: int, act: Callable[[], None]) -> None:
        wait_for(lambda: len(finished) >= count or done.is_set(), f"{count} handed in")
        assert len(finished) < len(everybody), "killed too late to prove anything"
        act()

    def kill_web(machine: int) -> None:
        portal.kill(webs[machine])
        portal.start_web(portal.ports[machine])
        webs[machine] = portal.running[-1]

    def kill_printing_worker() -> None:
        printing(portal, finished[:PRINTS])
        portal.kill(workers.pop())
        workers.append(portal.start("worker"))

    with ThreadPoolExecutor(len(everybody)) as pool:
        running = [pool.submit(go, secretary) for secretary in everybody]
        at(5, lambda: kill_web(0))
        at(12, kill_printing_worker)
        at(20, lambda: kill_web(1))
        at(35, lambda: kill_web(0))
        for future in running:
            future.result()
        done.set()

    rows = portal.ask(
        "SELECT id, state, plans, version FROM reports_report WHERE id = ANY(%s)", ids
    )
    found = {pk: (state, plans, version) for pk, state, plans, version in rows}
    assert found == {each.report: ("submitted", each.plans, each.version + 1) for each in everybody}
    after = submissions(portal, ids)
    assert {pk: after[pk] - before.get(pk, 0) for pk in ids} == dict.fromkeys(ids, 1)
    assert all(each.acknowledged or each.unanswered for each in everybody)
    assert any(each.unanswered for each in everybody), "nobody was interrupted"
    every_print_is_made(portal)


def submissions(portal: Portal, ids: list[int]) -> dict[int, int]:
    """How often the audit log says that each report was handed in."""
    rows = portal.ask(
        "SELECT object_id::int, count(*) FROM common_auditentry WHERE verb = 'reports.submit'"
        " AND object_id = ANY(%s) GROUP BY 1", [str(pk) for pk in ids],
    )  # fmt: skip
    return dict(rows)


def printing(portal: Portal, secretaries: list[Secretary]) -> None:
    """Have reports printed, and wait until the worker is at it."""
    for each in secretaries:
        wait_for(lambda held=each: asked(portal, held), "a print is asked for")
    wait_for(lambda: portal.ask("SELECT 1 FROM common_job WHERE state <> 'queued'"), "it begins")


def asked(portal: Portal, secretary: Secretary) -> bool:
    visitor = Visitor(portal.site(1))
    visitor.session.cookies.update(secretary.session.cookies)
    try:
        visitor.press(visitor.get(f"/reports/{secretary.report}/"), "打印")
    except (requests.ConnectionError, requests.Timeout):
        return False
    return True


def every_print_is_made(portal: Portal) -> None:
    """Also those that the killed worker had in hand, once its heart has been silent long enough."""
    portal.start("beat")

    def all_ended() -> bool:
        portal.ask("UPDATE common_job SET heartbeat_at = heartbeat_at - interval '6 min'"
                   " WHERE state = 'running' AND attempts = 1")  # fmt: skip
        return not portal.ask("SELECT 1 FROM common_job WHERE state IN ('queued', 'running')")

    wait_for(all_ended, "every print has ended")
    jobs = portal.ask("SELECT state, result_path FROM common_job WHERE kind LIKE 'reports.%%'")
    assert len(jobs) >= PRINTS
    assert {state for state, _ in jobs} == {"done"}
    assert all((portal.folder / "data" / "media" / path).is_file() for _, path in jobs)
