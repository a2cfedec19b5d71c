"""When two names of honours look like one."""

import pytest

from honours.likeness import alike, folded


@pytest.mark.parametrize(
    "title",
    [
        "优秀教师",
        "栖江市2024年度“优秀教师”称号",
        "市级优秀教师",
        "区 优秀教师",
        "2023-2024学年全国优秀教师荣誉称号",
        "荣获澄岚区优秀教师",
    ],
)
def test_year_level_and_marks_make_no_difference(title):
    assert alike(title) == "优秀教师"


@pytest.mark.parametrize(
    "title", ["优秀班主任", "优秀教育工作者", "教坛新秀", "优秀教师团队", "先进基层党组织"]
)
def test_other_honours_are_others(title):
    assert alike(title) != "优秀教师"


def test_what_would_say_nothing_stays():
    assert (alike("省级示范"), alike("市区"), folded("《背影》 课例")) == (
        "省级示范", "市区", "背影课例",
    )  # fmt: skip
