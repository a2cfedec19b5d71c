"""The form of a record: the fewest fields, 0 is not empty, every problem at its field."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from activities.choices import RecordKind
from activities.forms import RecordForm, WithdrawForm, typed
from activities.services import Content
from tests.personas import build_bureau

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
TOKEN = "t" * 32


@pytest.fixture
def organization():
    return build_bureau().mine


def form_of(organization, kind, data=None, files=None, **more):
    return RecordForm(data, files, kind=kind, organization=organization, on=TODAY, **more)


def sent(kind=RecordKind.THEME_DAY, **changes):
    data = {
        "kind": kind,
        "token": TOKEN,
        "held_on": "2026-11-20",
        "topic": " 学习党章 ",
        "summary": "",
    }
    if kind == RecordKind.THEME_DAY:
        data |= {"entitled": "34", "present": "32"}
    return {**data, **changes}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("theme_day", ["entitled", "present", "speaker", "place"]),
        ("committee_meeting", ["entitled", "present", "speaker", "place"]),
        ("home_visit", ["counter_households"]),
        ("small_wish", ["counter_collected", "counter_claimed", "counter_fulfilled"]),
        ("ideology_study", ["present"]),
        ("other", ["present"]),
    ],
)
def test_each_kind_asks_the_fewest_fields(organization, kind, fields):
    form = form_of(organization, kind)
    assert list(form.fields) == [
        "kind",
        "held_on",
        "topic",
        "summary",
        "attachments",
        *fields,
        "token",
    ]


def test_a_meeting_is_read(organization):
    form = form_of(organization, "theme_day", sent(place="会议室", speaker="尉迟堃"))
    assert form.is_valid()
    assert form.content() == Content(
        "theme_day", TODAY, "学习党章", "会议室", "尉迟堃", "", 34, 32, {}
    )


def test_zero_is_an_answer_and_nothing_is_none(organization):
    zeros = {f"counter_{key}": "0" for key in ("collected", "claimed", "fulfilled")}
    form = form_of(organization, "small_wish", sent("small_wish", **zeros))
    assert form.is_valid()
    assert form.content().counters == {"collected": 0, "claimed": 0, "fulfilled": 0}
    form = form_of(
        organization, "small_wish", sent("small_wish", **zeros | {"counter_claimed": ""})
    )
    assert form.errors == {"counter_claimed": ["「认领」还没有填，没有请填 0"]}


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"entitled": ""}, "entitled", "「应到人数」还没有填，没有请填 0"),
        ({"present": "三十"}, "present", "「实到人数」应填 0–99999 的整数，写的是“三十”"),
        ({"present": "-1"}, "present", "「实到人数」应填 0–99999 的整数，写的是“-1”"),
        ({"entitled": "18", "present": "21"}, "present", "应到 18 人、实到 21 人，请核"),
        ({"topic": "　"}, "topic", "「主题」还没有填"),
        ({"topic": "字" * 201}, "topic", "「主题」最多 200 字，写了 201 字，请删减"),
        ({"held_on": "2025.13"}, "held_on", "「日期」应是 2026-03-25 这样的日期，写的是“2025.13”"),
        ({"held_on": "2026-11-21"}, "held_on", "「日期」写的是2026年11月21日，还没有到，请核对。"),
        (
            {"held_on": "2016-11-20"},
            "held_on",
            "「日期」写的是2016年11月20日，太早了，请核对年份。",
        ),
        ({"summary": "字" * 1001}, "summary", "「简要情况」最多 1000 字，写了 1001 字，请删减"),
        ({"token": "短"}, "token", "页面不完整或已过期，请刷新后再填"),
        (
            {"kind": "party", "entitled": "1", "present": "1"},
            "kind",
            "「类别」里没有“party”这一项，请重新选择",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field(organization, changes, field, message):
    form = form_of(organization, "theme_day", sent(**changes))
    assert form.errors == {field: [message]}


def test_rare_characters_and_emoji_pass(organization):
    form = form_of(organization, "theme_day", sent(topic="𪣻桥 𬭎 🎉", summary="一\r\n二"))
    assert form.is_valid()
    assert (form.content().topic, form.content().summary) == ("𪣻桥 𬭎 🎉", "一\n二")


def test_every_refused_file_is_named(organization):
    files = MultiValueDict(
        {"attachments": [SimpleUploadedFile(name, b"MZ\x90") for name in ("照片.png", "安装.exe")]}
    )
    form = form_of(organization, "theme_day", sent(), files)
    assert [message.split("”")[0] for message in form.errors["attachments"]] == [
        "“照片.png",
        "“安装.exe",
    ]
    assert (form.files_lost, form.more_is_filled) == (True, True)


def test_what_is_folded_away_opens_when_something_stands_in_it(organization):
    assert not form_of(organization, "theme_day").more_is_filled
    assert form_of(organization, "theme_day", initial={"place": "会议室"}).more_is_filled
    assert form_of(organization, "theme_day", sent(summary="字" * 1001)).more_is_filled
    assert form_of(organization, "party_lesson").more_label == "简要情况、主讲人、地点、照片和附件"


def test_what_a_record_says_fills_its_form(organization):
    content = Content("home_visit", TODAY, "大家访", summary="走访", counters={"households": 0})
    form = form_of(organization, "home_visit", initial=typed(content))
    values = {name: form[name].value() for name in ("held_on", "topic", "counter_households")}
    assert values == {"held_on": TODAY, "topic": "大家访", "counter_households": 0}


def test_numbers_get_a_number_keyboard(organization):
    form = form_of(organization, "theme_day")
    assert form.fields["present"].widget.attrs["inputmode"] == "numeric"


def test_a_withdrawal_asks_why():
    assert WithdrawForm({"reason": " "}).errors == {"reason": ["「撤回原因」还没有填"]}
