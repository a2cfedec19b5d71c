"""Names of people who don't exist, from fixed lists; rare characters are there on purpose."""

import random
from collections.abc import Iterator

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋"
    "蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万"
    "段雷钱汤尹黎易常武乔贺赖龚文"
)
_FIRST = "雅丽建晓海文志明国秀玉春永红金小俊慧美素新立宏忠嘉思亚松书振婉若清云丹静佳欣"
_SECOND = "华英芳伟敏军洁强霞萍刚平燕辉玲杰娟波涛琴颖宁岚峰青梅莉飞瑶彬蕾楠珊菲瑜澜航珂"
_SINGLE = "静敏洁燕辉颖宁岚峰莹蕾楠彬瑶骏琳晟"
# Surnames with a reading of their own, and characters that old systems lose.
RARE = ("仇㛃", "单文堃", "解喆", "查𬭎", "尉迟静岚", "单于航", "仇雅堃", "解若㛃", "查思喆")


def invented(rng: random.Random) -> Iterator[str]:
    """Yield names without end, none twice, the rare ones first."""
    taken: set[str] = set(RARE)
    yield from RARE
    while True:
        given = (
            rng.choice(_SINGLE) if rng.random() < 0.2 else rng.choice(_FIRST) + rng.choice(_SECOND)
        )
        name = rng.choice(_SURNAMES) + given
        if name not in taken:
            taken.add(name)
            yield name


def mobile(number: int) -> str:
    """Return the number of the ``number``-th invented person; up to 99,999 of them."""
    return f"199000{number:05}"
