"""Broker, database and disk fail while people work, and come back."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.services.faults.conftest import Portal
from tests.services.faults.servers import wait_for
from tests.services.visitor import Page, Visitor

pytestmark = pytest.mark.services

PLANS = "迎接年底考评，逐项自查。"
DELAYED = "后台处理暂时延迟"
FULL = "磁盘空间不足"


@pytest.fixture
def people(portal: Portal) -> tuple[Visitor, Visitor]:
    """A secretary and an officer, logged in."""
    visitors = (Visitor(portal.site()), Visitor(portal.site()))
    keys = portal.inside("sessions('furong', 'zuzhi')")
    for visitor, key in zip(visitors, keys, strict=True):
        visitor.session.cookies.set("sessionid", key)
    return visitors


@pytest.fixture
def report(portal: Portal) -> str:
    """The page of a report that the secretary may print."""
    number = portal.inside("reported('furong')")
    return f"/reports/{number}/"


def shown(visitor: Visitor, job: Page) -> Page:
    return visitor.get("/" + job.url.split("/", 3)[3])


def wait_for_page(visitor: Visitor, job: Page, words: str) -> None:
    wait_for(lambda: words in shown(visitor, job).text, words)


def test_the_broker_goes_and_comes_back(
    portal: Portal, people: tuple[Visitor, Visitor], report: str
) -> None:
    secretary, officer = people
    services = [portal.start("worker"), portal.start("beat")]
    wait_for(lambda: portal.ask("SELECT 1 FROM common_pulse"), "scheduler and worker go on")
    assert DELAYED not in officer.get("/admin/").text
    portal.broker.stop()

    job = secretary.press(secretary.get(report), "打印")
    assert "排队中" in job.text
    wait_for(lambda: portal.health()["broker"] == "unreachable", "/healthz knows")
    assert portal.health()["status"] == "degraded"
    wait_for_page(secretary, job, DELAYED)
    # Three minutes without a sign of life, in a moment.
    portal.ask("UPDATE common_pulse SET at = at - interval '5 minutes'")
    assert DELAYED in officer.get("/admin/").text
    # What counts requests of programs is gone as well.
    assert requests.get(f"{portal.site()}/api/v1/reports/", timeout=60).status_code == 401

    portal.broker.start()
    wait_for_page(secretary, job, "打开")
    assert portal.ask("SELECT attempts FROM common_job ORDER BY id DESC LIMIT 1") == [(1,)]
    wait_for(lambda: DELAYED not in officer.get("/admin/").text, "home tells no longer")
    wait_for(lambda: portal.health()["broker"] == "ok", "/healthz knows that too")
    # The hint itself comes through again, without any process having been started anew.
    assert all(process.poll() is None for process in [*services, *portal.running])


def test_the_database_is_restarted(
    portal: Portal, people: tuple[Visitor, Visitor], report: str
) -> None:
    secretary, _ = people
    services = [portal.start("worker"), *portal.running]
    form = Visitor(portal.site())
    form.session.cookies.update(secretary.session.cookies)
    filled = form.get(f"/reports/{open_report(portal)}/")
    portal.cluster.stop()

    for address in ("/month/", report):
        answer = secretary.session.get(portal.site() + address, timeout=60)
        assert answer.status_code == 503
        assert "暂时连接不上" in answer.text
    refused = form.send(filled, "提交", {"plans": PLANS})
    assert refused.status_code == 503
    assert PLANS in refused.text
    assert "填写的内容仍在本页" in refused.text
    assert portal.health()["database"] == "unreachable"
    assert requests.get(f"{portal.site()}/healthz", timeout=60).status_code == 503

    portal.cluster.start()
    assert "已提交" in form.press(Page(refused), "再提交一次").text
    job = secretary.press(secretary.get(report), "打印")
    wait_for_page(secretary, job, "打开")
    assert all(process.poll() is None for process in services)


def open_report(portal: Portal) -> int:
    """A report that furong still owes."""
    portal.inside("rush()")
    found = portal.ask(
        "SELECT max(r.id) FROM reports_report r JOIN organizations_role o USING (organization_id)"
        " JOIN accounts_user u ON u.id = o.user_id"
        " WHERE u.username = 'furong' AND r.state = 'returned'"
    )
    number: int = found[0][0]
    return number


@pytest.fixture
def small_disk(bureau: Portal) -> Iterator[Path]:
    """A disk of a megabyte where uploads and prints are kept."""
    media = bureau.folder / "data" / "media"
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", media], check=True)
    yield media
    subprocess.run(["umount", "--lazy", media], check=True)


def fill(disk: Path) -> Path:
    filler = disk / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(disk).free))
    assert shutil.disk_usage(disk).free == 0
    return filler


def files(disk: Path) -> list[Path]:
    return [path for path in disk.rglob("*") if path.is_file() and path.name != "filler"]


def test_the_disk_is_full_on_upload(
    small_disk: Path, portal: Portal, people: tuple[Visitor, Visitor]
) -> None:
    secretary, officer = people
    task = secretary.get(secretary.get("/month/").link("规范化支部考评"))
    photo = {"attachments": ("照片.png", picture(), "image/png")}
    filler = fill(small_disk)
    before = portal.ask("SELECT count(*) FROM activities_record")

    refused = secretary.press(task, "保存并完成任务", {"summary": PLANS}, photo)
    assert FULL in refused.text
    assert PLANS in refused.text
    list_of_schools = ("名册.csv", "党组织名称\n某校党支部\n".encode(), "text/csv")
    upload = officer.get("/admin/organizations/organization/import/")
    refused_list = officer.press(
        upload, "上传并预览", {"kind": "organizations"}, {"file": list_of_schools}
    )
    assert FULL in refused_list.text
    assert portal.ask("SELECT count(*) FROM activities_record") == before
    assert portal.ask("SELECT count(*) FROM attachments_attachment WHERE name = '照片.png'") == [
        (0,)
    ]
    assert files(small_disk) == []
    assert portal.health()["disk"] == "nearly full"

    filler.unlink()
    done = secretary.press(refused, "保存并完成任务", files=photo)
    assert "已保存，完成1件任务" in done.text
    rows = portal.ask("SELECT path FROM attachments_attachment WHERE name = '照片.png'")
    assert [small_disk / path for (path,) in rows] == files(small_disk)


def picture() -> bytes:
    """A small picture that nothing compresses to nothing."""
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.effect_noise((120, 120), 60).save(out, "PNG")
    return out.getvalue()


def test_the_disk_is_full_on_print(
    small_disk: Path, portal: Portal, people: tuple[Visitor, Visitor], report: str
) -> None:
    secretary, _ = people
    portal.start("worker")
    filler = fill(small_disk)
    job = secretary.press(secretary.get(report), "打印")
    wait_for_page(secretary, job, FULL)
    told = shown(secretary, job).text
    assert "未成功" in told
    assert "请联系管理员清理磁盘，然后重新发起" in told
    assert files(small_disk) == []
    newest = "SELECT state, result_path FROM common_job ORDER BY id DESC LIMIT 1"
    assert portal.ask(newest) == [("failed", "")]

    filler.unlink()
    wait_for_page(secretary, secretary.press(secretary.get(report), "打印"), "打开")
    [(state, path)] = portal.ask(newest)
    assert (state, files(small_disk)) == ("done", [small_disk / path])
