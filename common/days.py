"""Days as users read them."""

from datetime import date


def chinese_date(day: date) -> str:
    """Return 2026年3月5日: Arabic figures, no leading zeros, as official documents write it too
    (GB/T 9704—2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"
