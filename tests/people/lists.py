"""Lists of secretaries as schools send them."""

from io import BytesIO

import openpyxl

HEAD = ["序号", "姓名", "学校", "职务", "联系电话", "任职时间", "任职至", "依据"]
WANG = [1, "王 小明", "荷花小学", "党务干事", "138 0000 0001", "2025.9"]
KUN = [2, "尉迟堃", "荷花小学党支部", "副书记", 13800000002, "2025年9月1日"]


def sheet(*rows) -> bytes:
    """An .xlsx with a title above, a head and a 合计 row below."""
    book = openpyxl.Workbook()
    book.active.append(["澄岚区教育系统书记名单"])
    for row in (HEAD, *rows, ["合计", len(rows)]):
        book.active.append(row)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()
