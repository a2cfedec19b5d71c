"""Printed notices beside bare WeasyPrint, and what hundred of them leave in a worker's memory."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.utils import timezone

from accounts.models import User
from benchmarks.databases import ROOT, url_of
from benchmarks.harness import Result, at_most, take_turns, within
from benchmarks.lab import SMALL, Lab
from benchmarks.seeding import OFFICER
from common.models import Job, JobState
from notices.documents.document import Document
from notices.documents.layout import to_html
from notices.documents.parsing import read_text
from notices.documents.rendering import NOTICE_CSS, render
from notices.services import draft_notice, print_notice

PAGES = 8
NOTICES = 100
_PARAGRAPH = (
    "各党组织要提高认识，把这项工作列入年度党建工作计划，明确责任人和完成时限，主要负责人亲自抓，"
    "分管负责人具体抓，做到有部署、有检查、有总结；要结合学校实际创新载体，注重实效，力戒形式主义，"
    "切实减轻基层负担，工作中的好经验、好做法及时报送局党委组织科。"
)


def notice_text(paragraphs: int) -> str:
    """A notice with so many paragraphs."""
    body = "\n".join(f"{number}．{_PARAGRAPH}" for number in range(1, paragraphs + 1))
    return (
        "中共栖江市澄岚区教育局委员会文件\n澄教委〔2026〕18号\n\n"
        "关于做好年度党建重点工作的通知\n\n各学校（单位）党组织：\n"
        f"现将有关事项通知如下：\n一、工作要求\n{body}\n\n"
        "中共栖江市澄岚区教育局委员会\n2026年3月5日\n\n"
        "抄送：区委组织部。\n中共栖江市澄岚区教育局委员会办公室 2026年3月5日印发\n"
    )


def _eight_pages() -> dict[str, Document]:
    """Two notices of eight pages: laid out once, and with a second pass for the even last page."""
    found: dict[str, Document] = {}
    for paragraphs in range(20, 90):
        document = read_text(notice_text(paragraphs)).document
        printed = render(document)
        if printed.page_count == PAGES:
            found["parity" if _passes(document) == 2 else "plain"] = document
        if len(found) == 2 or printed.page_count > PAGES:
            break
    return found


def _passes(document: Document) -> int:
    return 1 if _pages(to_html(document)) % 2 == 0 else 2


def _pages(html: str) -> int:
    from common import pdf

    return pdf.render(html, stylesheets=[NOTICE_CSS]).page_count


def notices(lab: Lab) -> Iterator[Result]:
    """One warm notice of eight pages; bare WeasyPrint sets the HTML that came out of it."""
    for name, document in sorted(_eight_pages().items(), reverse=True):
        html = to_html(document, imprint="even-page" if name == "parity" else "")
        works = {"ours": lambda d=document: render(d), "bare": lambda h=html: _bare(h)}
        found = take_turns(works, times=lab.works, warm_up=1)
        times = 2 if name == "parity" else 1.3
        yield within(f"notice.8_pages_{name}", found["ours"], found["bare"], "s", times)


@contextmanager
def _unjustified() -> Iterator[None]:
    """WeasyPrint without our justification."""
    from weasyprint.layout import inline

    module: Any = inline
    ours = module.justify_line
    module.justify_line = module.portal_original_justify_line
    try:
        yield
    finally:
        module.justify_line = ours


_held: dict[str, Any] = {}


def _bare(html: str) -> None:
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    if not _held:
        _held["fonts"] = FontConfiguration()
        css = NOTICE_CSS.read_text(encoding="utf-8")
        _held["css"] = weasyprint.CSS(string=css, font_config=_held["fonts"])
    with _unjustified():
        page = weasyprint.HTML(string=html)
        page.write_pdf(stylesheets=[_held["css"]], font_config=_held["fonts"])


def worker_memory(lab: Lab) -> Iterator[Result]:
    """A worker that sets a hundred notices of eight pages, by the jobs that the pages write."""
    lab.copy_of(SMALL, "worker")
    with lab.databases.using("worker"), worker("worker") as process:
        officer = User.objects.get(username=OFFICER)
        notice = draft_notice(actor=officer, source=notice_text(40), at=timezone.now())
        half = 0.0
        for number in range(NOTICES):
            job = print_notice(actor=officer, notice=notice, at=timezone.now())
            _wait(job, process)
            if number + 1 == NOTICES // 2:
                half = memory(process.pid)
        full = memory(process.pid)
    yield at_most("memory.worker_100_notices", full, "MB", 450)
    yield within("memory.worker_flat", full, half, "MB", 1.05)


def _wait(job: Job, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 300
    while True:
        job.refresh_from_db()
        if job.state == JobState.DONE:
            return
        if job.state == JobState.FAILED or process.poll() is not None:
            raise RuntimeError(f"The worker failed: {job.message}")
        if time.monotonic() > until:
            raise RuntimeError("The worker does not answer.")
        time.sleep(0.05)


def memory(pid: int) -> float:
    """Resident memory of a process in MB."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:  # noqa: PTH123 - no file
        kilobytes = next(line for line in status if line.startswith("VmRSS")).split()[1]
    return int(kilobytes) / 1024


@contextmanager
def worker(name: str) -> Iterator[subprocess.Popen[bytes]]:
    """The worker of docker-compose.yml on one of the run's databases."""
    command = [
        sys.executable, "-m", "celery", "--app=bureau", "worker", "--pool=threads",
        "--concurrency=2", "--loglevel=WARNING", "--without-gossip", "--without-mingle",
    ]  # fmt: skip
    env = {**os.environ, "DATABASE_URL": url_of(name)}
    env["DJANGO_SETTINGS_MODULE"] = "bureau.settings"
    process = subprocess.Popen(
        command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(30)
        if process.poll() is None:
            process.kill()
            process.wait()
