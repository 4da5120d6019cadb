"""Numbers and phrases as a planner says them, in English and Chinese."""

from __future__ import annotations

import math

from ecomsim.charts.scale import compact
from ecomsim.checks import require_name
from ecomsim.metrics import metric

__all__ = ["amount", "change", "percent", "say", "unit_words"]

_SAY = {
    "outcome": ("Outcome", "结果"),
    "unit": ("unit", "单位"),
    "middle": ("middle", "中位"),
    "range": ("8 in 10 outcomes", "十次中八次落在"),
    "difference": ("difference to {base}", "与{base}相比"),
    "better": ("likely better", "更好的可能"),
    "same": ("no difference", "没有差别"),
    "target": ("Target", "目标"),
    "baseline": ("baseline", "基准"),
    "scenario": ("scenario", "方案"),
    "chance": ("chance of reaching it", "达成可能"),
    "gap": ("gap to target (middle)", "与目标差距（中位）"),
    "daily": ("needed a day from now on", "剩余日均需要"),
    "assumed": ("assumed", "假设"),
    "estimated": ("estimated", "估计"),
    "given": ("given", "录入"),
    "gmv_fan": ("{metric} so far in the month", "本月累计{metric}"),
    "differences": ("{metric}: difference to {base}", "{metric}：与{base}之差"),
    "sold_out": ("products sold out", "缺货商品数"),
    "through": ("Through the days (mean of all runs)", "每日走势（所有模拟的均值）"),
    "funnel": ("Visitors, buyers and GMV by channel (mean)", "各渠道访客、买家与支付金额（均值）"),
    "rests_on": ("What the numbers rest on", "数字的依据"),
    "track_record": (
        "Track record: past months simulated as of their first day",
        "历史检验：以月初信息模拟过去各月",
    ),
    "scenarios": ("Scenarios", "方案内容"),
    "report": ("What-if report", "方案对比报告"),
    "month_target": ("{metric} target {month}", "{month} {metric}目标"),
}

_UNITS = {
    "people": ("people", "人"),
    "orders": ("orders", "单"),
    "units": ("units", "件"),
    "contacts": ("chats", "次"),
    "money": ("yuan", "元"),
    "share": ("%", "%"),
    "seconds": ("s", "秒"),
    "hours": ("hours", "小时"),
    "SKU-days": ("product-days", "商品·天"),
    "score": ("of 5", "分"),
    "ratio": ("", ""),
}


def say(key: str, language: str = "en", **parts: str) -> str:
    """Return a fixed phrase of the report in 'en' or 'zh'.

    Examples
    --------
    >>> say("difference", base="baseline")
    'difference to baseline'
    """
    require_name(language, ["en", "zh"], "language", "language")
    english, chinese = _SAY[require_name(key, list(_SAY), "phrase", "phrase")]
    return (chinese if language == "zh" else english).format(**parts)


def unit_words(unit: str, language: str = "en", currency: str = "CNY") -> str:
    """Return a unit for a header; money carries its currency."""
    english, chinese = _UNITS.get(unit, (unit, unit))
    if unit == "money" and currency != "CNY":
        return currency
    return chinese if language == "zh" else english


def percent(share: float) -> str:
    """Write a share as a percentage of at most three digits.

    Examples
    --------
    >>> percent(0.384), percent(0.0312), percent(0.9996), percent(0.0)
    ('38 %', '3.1 %', '> 99 %', '0 %')
    """
    if not math.isfinite(share):
        return "–"
    points = 100 * share
    if 99.5 <= points < 100:
        return "> 99 %"
    if 0 < points < 0.05:
        return "< 0.1 %"
    return f"{points:.0f} %" if abs(points) >= 10 or points == 0 else f"{points:.1f} %"


def amount(value: float, name: str, language: str = "en") -> str:
    """Write a value of metric `name` without its unit (shares with their % sign).

    Examples
    --------
    >>> amount(11_640_000, "gmv"), amount(0.031, "conversion_rate")
    ('11.6 M', '3.1 %')
    """
    return percent(value) if metric(name).unit == "share" else compact(value, language)


def change(value: float, name: str, language: str = "en") -> str:
    """Write a difference with its sign; differences of shares in points.

    Examples
    --------
    >>> change(-1200.0, "gmv"), change(0.012, "fill_rate"), change(0.0, "gmv")
    ('−1,200', '+1.2 pt', '0')
    """
    if value == 0:
        return "0"
    sign = "+" if value > 0 else "−"
    if metric(name).unit == "share":
        points = abs(value) * 100
        return f"{sign}{points:.1f} " + ("点" if language == "zh" else "pt") if points >= 0.05 else "≈ 0"
    return sign + compact(abs(value), language)
