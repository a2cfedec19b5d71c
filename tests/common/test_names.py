"""Pinyin of persons and organisations, and mobile numbers in one shape."""

import pytest

from common.errors import DomainError
from common.names import (
    check_mobile,
    is_mobile,
    mask_mobiles,
    normalize_mobile,
    organization_pinyin,
    person_pinyin,
    stroke_key,
    tidy_name,
)


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        ("张三", "zhangsan zs"),
        ("张 三", "zhangsan zs"),
        ("曾庆红", "zengqinghong zqh"),
        ("单立人", "shanliren slr"),
        ("解晓东", "xiexiaodong xxd"),
        ("仇英", "qiuying qy"),
        ("任重", "renzhong rz"),
        ("查良镛", "zhaliangyong zly"),
        ("区少坤", "oushaokun osk"),
        ("尉迟恭", "yuchigong ycg"),
        ("欧阳修", "ouyangxiu oyx"),
        ("单于", "shanyu sy"),
        ("单于明", "chanyuming cym"),
        ("盖强", "geqiang gq gaiqiang gq"),
        ("吕堃", "lvkun lk"),
        ("王喆", "wangzhe wz"),
        ("陈㛃", "chenjie cj"),
        ("李𬭎", "lihong lh"),
        ("阿不都·热合曼", "abudoureheman abdrhm"),
        ("John Smith", "johnsmith js"),
        ("王", "wang w"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_pinyin_of_a_person(name, pinyin):
    assert person_pinyin(name) == pinyin


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        ("文澜小学", "wenlanxiaoxue wlxx"),
        ("第二实验小学", "diershiyanxiaoxue desyxx"),
        ("重庆路小学", "chongqingluxiaoxue cqlxx"),
        ("长乐幼儿园", "changleyoueryuan clyey"),
        ("会稽路小学", "kuaijiluxiaoxue kjlxx"),
        ("六合中学", "luhezhongxue lhzx"),
        ("101中学（东）", "101zhongxuedong 101zxd"),
        ("Ａ幼儿园", "ayoueryuan ayey"),
        ("㳇溪小学", "fuxixiaoxue fxxx"),
        ("", ""),
    ],
)
def test_pinyin_of_an_organization(name, pinyin):
    assert organization_pinyin(name) == pinyin


def test_a_character_without_a_reading_is_still_found():
    assert person_pinyin("王\U000323b0\ue001") == "wang\U000323b0\ue001 w\U000323b0\ue001"


@pytest.mark.parametrize(
    ("raw", "tidy"),
    [
        ("张 三", "张三"),
        ("张\u3000三", "张三"),
        (" 欧阳 晓 明\n", "欧阳晓明"),
        ("阿不都 • 热合曼", "阿不都·热合曼"),
        ("John   Smith", "John Smith"),
        ("李\u200b四\ufeff", "李四"),
        ("尉 迟 𬭎", "尉迟𬭎"),
    ],
)
def test_names_are_tidied_without_touching_their_characters(raw, tidy):
    assert tidy_name(raw) == tidy


@pytest.mark.parametrize(
    "raw",
    [
        "13800138000",
        " 138 0013 8000 ",
        "138-0013-8000",
        "+86 13800138000",
        "86-13800138000",
        "008613800138000",
        "１３８００１３８０００",
        "13800138000.0",
        "(+86)138–0013–8000",
    ],
)
def test_a_mobile_number_has_one_shape(raw):
    assert normalize_mobile(raw) == "13800138000"
    assert check_mobile(raw) == "13800138000"


@pytest.mark.parametrize(
    "number", ["12800138000", "1380013800", "138001380000", "0571-88888888", ""]
)
def test_what_is_no_mobile_number_is_said_to_be_none(number):
    assert not is_mobile(normalize_mobile(number))


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("1380013800", "手机号写的是“1380013800”，有 10 位，应为 11 位，请核对。"),
        ("12800138000", "手机号写的是“12800138000”，应以 13–19 开头，请核对。"),
        ("一三八", "手机号写的是“一三八”，只能是 11 位数字，请核对。"),
        ("", "手机号写的是“”，只能是 11 位数字，请核对。"),
    ],
)
def test_a_wrong_number_is_refused_with_what_is_wrong(raw, message):
    with pytest.raises(DomainError) as caught:
        check_mobile(raw)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("GET /?q=13812345678 HTTP/1.1", "GET /?q=138****5678 HTTP/1.1"),
        ("13812345678、13987654321", "138****5678、139****4321"),
        ("330106201313812345678", "330106201313812345678"),
        ("12345678901", "12345678901"),
    ],
)
def test_numbers_inside_a_text_are_masked(text, masked):
    assert mask_mobiles(text) == masked


def test_the_surnames_of_the_list_are_read_as_surnames():
    names = ("曾", "单", "解", "仇", "任", "盖", "查", "区")
    read = [person_pinyin(f"{name}一").split()[0].removesuffix("yi") for name in names]
    assert read == ["zeng", "shan", "xie", "qiu", "ren", "ge", "zha", "ou"]
    assert person_pinyin("尉迟一") == "yuchiyi ycy"


def test_names_stand_in_the_order_of_strokes():
    names = ["曾一", "解一", "查𬭎", "单一", "王堃", "王𬭎", "王喆", "王㛃", "卜一", "仇一", "丁一"]
    assert sorted(names, key=stroke_key) == [
        "丁一", "卜一", "仇一", "王㛃", "王堃", "王喆", "王𬭎", "单一", "查𬭎", "曾一", "解一",
    ]  # fmt: skip


def test_the_same_name_has_one_place_and_a_long_one_fits():
    assert stroke_key("张 三") == stroke_key("张三") != stroke_key("张四")
    assert len(stroke_key("买买提·" * 12)) <= 200
