"""What digests and group texts say."""

from datetime import date

import pytest

from accounts.models import User
from notifications.stages import Stage
from notifications.texts import day_words, digest_words, group_words
from tests.notifications.rows import DEADLINE, at, due

ME = User(pk=1, name="张书记")
OTHER = User(pk=2, name="李书记")


def test_days_are_written_with_their_weekday():
    assert day_words(date(2026, 3, 25)) == "3月25日（周三）"


@pytest.mark.parametrize(
    ("stage", "on", "line"),
    [
        (Stage.MONTH_START, date(2026, 3, 2), "〔本月〕主题党日，3月25日（周三）前，约需 3 分钟"),
        (
            Stage.THREE_BEFORE,
            date(2026, 3, 20),
            "〔快到期〕主题党日，3月25日（周三）前，约需 3 分钟",
        ),
        (Stage.ON_DAY, DEADLINE, "〔今天截止〕主题党日，3月25日（周三）前，约需 3 分钟"),
        # The last day of a deadline on a Sunday, told on the Friday before.
        (Stage.ON_DAY, date(2026, 3, 23), "〔快到期〕主题党日，3月25日（周三）前，约需 3 分钟"),
        (
            Stage.ONE_AFTER,
            date(2026, 3, 26),
            "〔已逾期 1 天〕主题党日，3月25日（周三）截止，约需 3 分钟",
        ),
        (
            Stage.MONTH_START,
            date(2026, 3, 31),
            "〔已逾期 6 天〕主题党日，3月25日（周三）截止，约需 3 分钟",
        ),
        (Stage.NUDGE, date(2026, 3, 20), "〔催办〕主题党日，3月25日（周三）前，约需 3 分钟"),
        (Stage.RETURNED, date(2026, 3, 20), "〔已退回〕主题党日，约需 3 分钟"),
    ],
)
def test_a_line_says_how_things_stand_on_the_day_it_goes_out(stage, on, line):
    words = digest_words([due(ME, stage=stage)], on=on)
    assert words.text == f"1. {line}\n已经办好的请忽略。"
    assert words.subject == "您有 1 件事待办，约需 3 分钟"


def test_all_rooms_in_one_returned_first_then_by_deadline():
    rows = [
        due(ME, subject="主题党日"),
        due(ME, subject="支部大会", deadline=date(2026, 3, 23)),
        due(ME, subject="2026年2月月报", room="reports", stage=Stage.RETURNED, minutes=5),
        due(ME, subject="“党课”截止日期由3月5日（周四）改为3月31日（周二）", stage=Stage.CHANGE),
    ]
    words = digest_words(rows, on=date(2026, 3, 20))
    assert words.subject == "您有 3 件事待办，约需 11 分钟；1 项变更"
    assert words.text.splitlines() == [
        "1. 〔已退回〕2026年2月月报，约需 5 分钟",
        "2. 〔快到期〕支部大会，3月23日（周一）前，约需 3 分钟",
        "3. 〔快到期〕主题党日，3月25日（周三）前，约需 3 分钟",
        "4. 〔变更〕“党课”截止日期由3月5日（周四）改为3月31日（周二）",
        "已经办好的请忽略。",
    ]


def test_units_are_named_where_one_person_answers_for_several():
    rows = [due(ME), due(ME, unit="荷花小学党支部")]
    assert digest_words(rows, on=date(2026, 3, 20)).text.splitlines()[:2] == [
        "1. 〔快到期〕芙蓉小学党支部：主题党日，3月25日（周三）前，约需 3 分钟",
        "2. 〔快到期〕荷花小学党支部：主题党日，3月25日（周三）前，约需 3 分钟",
    ]


def test_a_superior_reads_one_line_for_each_subject():
    late = [due(ME, stage=Stage.SUPERIOR, unit=f"第{n}小学") for n in range(1, 13)]
    few = [due(ME, stage=Stage.SUPERIOR, subject="党课", unit=f"第{n}小学") for n in (1, 2)]
    vacant = due(ME, stage=Stage.VACANT, unit="柳汀小学")
    words = digest_words([*late, *few, vacant], on=date(2026, 4, 1))
    assert words.subject == "下级 14 项逾期；1 项无人负责"
    ten = "、".join(f"第{n}小学" for n in range(1, 11))
    assert words.text.splitlines()[:3] == [
        f"1. 〔下级逾期〕主题党日，3月25日（周三）截止：{ten}等 12 家",
        "2. 〔下级逾期〕党课，3月25日（周三）截止：第1小学、第2小学，共 2 家",
        "3. 〔无人负责〕主题党日，3月25日（周三）截止：柳汀小学，请明确负责人",
    ]


def test_a_group_text_comes_with_names_and_without():
    rows = [due(ME), due(OTHER, unit="荷花小学党支部")]
    words = group_words(rows, title="3月20日（周五）到期提醒", on=date(2026, 3, 20))
    assert words.title == "3月20日（周五）到期提醒"
    assert words.named == (
        "【温馨提示】主题党日请于3月25日（周三）前完成，尚有 2 家未完成"
        "（芙蓉小学党支部、荷花小学党支部），约需 3 分钟。\n已完成的请忽略，谢谢。"
    )
    assert words.unnamed == (
        "【温馨提示】主题党日请于3月25日（周三）前完成，尚有 2 家未完成，约需 3 分钟。\n"
        "已完成的请忽略，谢谢。"
    )


@pytest.mark.parametrize(
    ("stage", "on", "words"),
    [
        # On the month's first day nobody is behind.
        (Stage.MONTH_START, date(2026, 3, 2), "主题党日请于3月25日（周三）前完成，约需 3 分钟。"),
        (
            Stage.ONE_AFTER,
            date(2026, 3, 26),
            "主题党日已于3月25日（周三）截止，尚有 1 家未完成，请尽快补报，约需 3 分钟。",
        ),
    ],
)
def test_a_group_text_says_how_things_stand(stage, on, words):
    text = group_words([due(ME, stage=stage)], title="提醒", on=on).unnamed
    assert text == f"【温馨提示】{words}\n已完成的请忽略，谢谢。"


def test_without_a_day_a_group_text_speaks_of_the_day_of_its_rows():
    nudge = due(ME, stage=Stage.NUDGE, due_at=at(3, 27, 10))
    assert "已于3月25日（周三）截止" in group_words([nudge], title="催办").named


def test_each_person_is_called_once_for_each_unit():
    rows = [due(ME), due(ME, subject="党课"), due(ME, unit="荷花小学党支部"), due(OTHER)]
    assert group_words(rows, title="提醒", on=date(2026, 3, 20)).calls == [
        {
            "unit": "芙蓉小学党支部",
            "user_id": 1,
            "name": "张书记",
            "what": "主题党日、党课",
        },
        {"unit": "荷花小学党支部", "user_id": 1, "name": "张书记", "what": "主题党日"},
        {"unit": "芙蓉小学党支部", "user_id": 2, "name": "李书记", "what": "主题党日"},
    ]
