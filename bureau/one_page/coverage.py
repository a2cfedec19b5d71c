"""Coverage of the schools on the leader's page."""

from urllib.parse import urlencode

from django.urls import reverse

from bureau.one_page.parts import Figure, Part
from people.queries.coverage import Row

DEFINITION = (
    "学校不含培训机构、机关和直属单位，派驻党建指导员的计入工作覆盖，来源为组织设置和派驻登记"
)


def coverage_part(row: Row) -> Part:
    """Return both rates with their arithmetic, and how many schools lack an organisation."""
    if not row.total:
        return Part("coverage", "党组织覆盖", ())
    url = reverse("admin:coverage")
    figures = (
        Figure(
            "coverage.organizations", "组织覆盖率", row.rate, "",
            f"学校{row.total}所，已组建党组织{row.covered}所，组织覆盖率{row.rate}",
            DEFINITION, url=url, note=row.sum_words,
        ),
        Figure(
            "coverage.work", "工作覆盖率", row.work_rate, "",
            f"学校{row.total}所，党的工作已覆盖{row.worked}所，工作覆盖率{row.work_rate}",
            DEFINITION, url=url, note=row.work_words,
        ),
        Figure(
            "coverage.lacking", "应单独组建未组建", str(row.lacking), "所",
            f"正式党员3人以上、没有单独组建党组织的学校{row.lacking}所",
            f"学校正式党员3人以上应单独设立党组织，另有{row.unknown}所党员数未知、不计在内，"
            "来源为组织设置和人数登记",
            url=f"{reverse('admin:coverage_schools')}?{urlencode({'cell': 'lacking'})}",
            note=f"另有 {row.unknown} 所党员数未知",
        ),
    )  # fmt: skip
    return Part("coverage", "党组织覆盖", figures, DEFINITION)
