"""What is typed: texts, reasons, corrections, settings; what is refused says what was found."""

import pytest

from reports.forms import DueDateForm, JointField, PlanForm, ReportForm, joint_words
from reports.lines import BY_KEY
from tests.reports.builders import THEME_DAY

MISSING = (BY_KEY[THEME_DAY],)


def test_texts_may_be_left_out():
    form = ReportForm({}, missing=())
    assert form.is_valid()
    assert (form.cleaned_data["problems"], form.reasons()) == ("", {})


def test_line_ends_count_once():
    typed = "字" * 149 + "\r\n" + "字" * 150
    assert ReportForm({"problems": typed}, missing=()).is_valid()


@pytest.mark.parametrize("name", ["problems", "plans"])
def test_a_character_nobody_sees_is_refused(name):
    form = ReportForm({name: "字\x00"}, missing=())
    assert list(form.errors) == [name]


def test_a_reason_goes_to_its_line():
    form = ReportForm({"theme_day_reason": " 外出 "}, missing=MISSING)
    assert form.is_valid()
    assert form.reasons() == {THEME_DAY: "外出"}


def test_a_reason_is_asked_for_where_it_is_missing():
    assert list(ReportForm({}, missing=MISSING).errors) == ["theme_day_reason"]


@pytest.mark.parametrize(
    ("typed", "groups"),
    [
        ("", []),
        ("1-2、7-8", [[1, 2], [7, 8]]),
        ("1—2月，7至8月", [[1, 2], [7, 8]]),
        (" 6月~8月 ", [[6, 7, 8]]),
        ("01-02 11-12", [[1, 2], [11, 12]]),
    ],
)
def test_months_are_read_as_people_write_them(typed, groups):
    assert JointField(required=False).clean(typed) == groups


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("一二月", "「合并月份」里的“一二月”看不懂，请写成 1-2、7-8"),
        ("1-2、8", "「合并月份」里的“8”看不懂，请写成 1-2、7-8"),
        ("8-7", "「合并月份」里的“8-7”应从小到大，都在 1–12 月内"),
        ("12-13", "「合并月份」里的“12-13”应从小到大，都在 1–12 月内"),
        ("1-2、2-3", "合并的月份应相邻、不重复，都在 1–12 月内"),
        ("0-2", "合并的月份应相邻、不重复，都在 1–12 月内"),
    ],
)
def test_months_that_cant_be_are_named(typed, words):
    data = {"first_day": "1", "joint": typed, "due_from": "next_month", "due_workday": "3"}
    assert PlanForm(data).errors == {"joint": [words]}


def test_joint_months_are_written_as_they_are_read():
    assert joint_words([[1, 2], [6, 7, 8]]) == "1-2、6-8"
    assert joint_words([]) == ""


@pytest.mark.parametrize(
    ("name", "typed"),
    [("first_day", "15"), ("due_workday", "16"), ("due_workday", "三"), ("due_from", "x")],
)
def test_settings_that_cant_be_are_refused(name, typed):
    data = {"first_day": "26", "joint": "", "due_from": "next_month", "due_workday": "3"}
    assert PlanForm(data).is_valid()
    assert list(PlanForm({**data, name: typed}).errors) == [name]


def test_a_due_date_needs_a_reason():
    form = DueDateForm({"due_on": "2026-4-31", "reason": ""})
    assert form.errors == {
        "due_on": ["「截止日期」应是 2026-03-25 这样的日期，写的是“2026-4-31”"],
        "reason": ["「调整的原因」还没有填"],
    }
