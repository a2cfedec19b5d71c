"""A name means one row, several or none, and is never guessed."""

import pytest

from common import resolving
from common.cells import CellError
from common.resolving import Candidate, NameResolver

RESOLVER = NameResolver(
    "党组织",
    [
        ("中共文澜小学支部委员会", 1, "文澜小学党支部（330101）"),
        ("文澜小学", 1, "文澜小学党支部（330101）"),
        ("330101", 1, "文澜小学党支部（330101）"),
        ("文岚小学", 2, "文岚小学党支部（330102）"),
        ("青禾", 3, "青禾小学党支部（330103）"),
        ("青禾", 4, "青禾学校党支部（330104）"),
        ("青禾学校", 4, "青禾学校党支部（330104）"),
        ("", 5, "没有简称的党支部（330105）"),
    ],
)


def remedy(value) -> str:
    with pytest.raises(CellError) as caught:
        RESOLVER(value)
    return caught.value.remedy


@pytest.mark.parametrize("value", ["文澜小学", " 文 澜小学", "330101", 330101.0, "３３０１０１"])
def test_full_short_and_former_names_and_codes_find_the_row(value):
    assert RESOLVER(value) == 1


def test_an_ambiguous_name_shows_the_candidates():
    assert remedy("青禾") == (
        "对应 2 个党组织：青禾小学党支部（330103）、青禾学校党支部（330104）；"
        "请改写能区分的全称或代码。"
    )


def test_an_unknown_name_shows_what_is_near():
    assert remedy("文澜小学校") == (
        "没有找到这个党组织；相近的有：文澜小学党支部（330101）。请核对名称，或改写代码。"
    )


def test_several_are_shown_where_they_are_equally_near():
    assert remedy("文溪小学") == (
        "没有找到这个党组织；相近的有：文澜小学党支部（330101）、文岚小学党支部（330102）。"
        "请核对名称，或改写代码。"
    )


def test_an_unknown_name_with_nothing_near():
    assert remedy("某某") == "没有找到这个党组织。请核对名称，或改写代码。"


def test_a_slip_of_one_character_shows_what_looks_alike_first():
    names = ("文澜小学", "文岚小学", "文兰小学", "荷花小学", "文澜小学东校区", "澄岚区实验小学")
    resolver = NameResolver("党组织", [(name, key, name) for key, name in enumerate(names)])
    assert [each.label for each in resolver.suggest("文蓝小学")] == list(names[:3])
    assert [each.label for each in resolver.suggest("实验小学")] == ["澄岚区实验小学"]


def test_where_every_character_is_common_the_rarest_decide(monkeypatch):
    monkeypatch.setattr(resolving, "_COMMON_PART", 1)
    names = ("文澜小学", "文岚小学", "荷花小学")
    resolver = NameResolver("党组织", [(name, key, name) for key, name in enumerate(names)])
    assert [each.label for each in resolver.suggest("文小学")] == list(names)


def test_a_name_that_is_gone_is_told_as_such():
    resolver = NameResolver("党组织", [], gone=[("柳汀小学", "已于 2026-08-01 撤销。"), ("", "")])
    with pytest.raises(CellError) as caught:
        resolver("柳汀 小学")
    assert caught.value.remedy == "已于 2026-08-01 撤销。"


def test_candidates_are_there_for_a_page_that_lets_choose():
    assert RESOLVER.find("青禾") == [
        Candidate(3, "青禾小学党支部（330103）"),
        Candidate(4, "青禾学校党支部（330104）"),
    ]
    assert RESOLVER.find("") == []


def test_a_long_list_of_candidates_is_cut():
    many = NameResolver("党组织", [("同名", key, f"第{key}") for key in range(9)])
    with pytest.raises(CellError) as caught:
        many("同名")
    assert "第0、第1、第2、第3、第4、第5等" in caught.value.remedy
