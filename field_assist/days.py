"""Days in words. Sans-IO."""

from datetime import date

WEEKDAYS = "月火水木金土日"
"""Monday first, as `date.weekday` counts."""


def day_words(day: date, language: str) -> str:
    """2026年11月24日（火）, or Tuesday 24 November 2026."""
    if language == "en":
        return f"{day:%A} {day.day} {day:%B %Y}"
    return f"{day.year}年{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"
