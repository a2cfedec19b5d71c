"""Notices at the API: drafted, changed, printed, issued; schools see what is issued."""

import pytest
from django.utils import timezone

from notices.models import Notice
from notices.services import note_printed
from tests.doors import Program
from tests.personas import Bureau, build_bureau

SOURCE = "关于放假的通知\n各党组织：\n放假一天。"


@pytest.fixture
def bureau(db) -> Bureau:
    return build_bureau()


def test_a_notice_goes_from_draft_to_the_schools(bureau):
    officer, secretary = Program(bureau.officer), Program(bureau.secretary)
    drafted = officer.post("notices/", {"source": SOURCE})
    assert (drafted.status_code, drafted.json()["title"]) == (201, "关于放假的通知")
    path = f"notices/{drafted.json()['id']}/"
    assert secretary.get(path).status_code == 404
    changed = officer.verb(path, "change", {"source": SOURCE.replace("一天", "两天")})
    assert "两天" in changed.json()["source"]
    too_soon = officer.verb(path, "issue")
    assert (too_soon.status_code, too_soon.json()["code"]) == (422, "refused")
    assert officer.verb(path, "print").status_code == 200
    notice = Notice.objects.get()
    note_printed(notice=notice, version=notice.version)
    assert officer.get(path).json()["printed"] is True
    assert officer.verb(path, "issue").json()["state"] == "issued"
    assert secretary.get(path).json()["title"] == "关于放假的通知"
    today = timezone.localdate().isoformat()
    found = secretary.get("notices/", issued_from=today, search="放假").json()["results"]
    assert [row["id"] for row in found] == [notice.pk]


def test_a_text_changed_meanwhile_is_not_overwritten(bureau):
    officer = Program(bureau.officer)
    path = f"notices/{officer.post('notices/', {'source': SOURCE}).json()['id']}/"
    seen = officer.get(path)["ETag"]
    assert officer.verb(path, "change", {"source": SOURCE + "第二版。"}).status_code == 200
    late = officer.post(f"{path}change/", {"source": SOURCE}, seen=seen)
    assert late.status_code == 412
    assert Notice.objects.get().source.endswith("第二版。")
