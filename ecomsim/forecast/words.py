"""Words of the forecast, in English and Chinese."""

from __future__ import annotations

import math

from ecomsim.checks import require_name

__all__ = ["cause_text", "chance_text", "family_text", "part_text", "say"]

_PARTS = {
    "known": ("known so far", "已实现"),
    "level": ("ordinary days", "平日"),
    "weekday": ("weekdays", "星期"),
    "payday": ("day of the month", "月内时点"),
    "trend": ("trend", "趋势"),
    "year": ("season", "季节"),
    "makeup": ("make-up workdays", "调休上班日"),
    "whole": ("agreement with the whole", "与整体对齐"),
    "paths": ("lean of the paths", "路径偏差"),
}
_CAUSES = {
    "before": ("previous forecast", "上次预测"),
    "days now known": ("days now known", "新近已知的天"),
    "outlook of the rest": ("new outlook of the rest", "余下天数的新看法"),
    "calendar": ("changed calendar", "日历变动"),
    "levers": ("levers", "调整手段"),
    "model": ("changed model", "模型变动"),
    "now": ("this forecast", "本次预测"),
}
_FAMILIES = {
    "double11": ("Double 11", "双11"),
    "618": ("618", "618"),
    "double12": ("Double 12", "双12"),
    "spring_festival": ("Spring Festival", "春节"),
    "new_year": ("New Year", "元旦"),
    "qingming": ("Qingming", "清明"),
    "labour_day": ("Labour Day", "劳动节"),
    "dragon_boat": ("Dragon Boat", "端午"),
    "mid_autumn": ("Mid-Autumn", "中秋"),
    "national_day": ("National Day", "国庆"),
    "own": ("own promotions", "自办活动"),
}
_SAY = {
    "title": ("{metric} {period}: forecast as of {day}", "{period}{metric}：截至 {day} 的预测"),
    "middle": ("middle", "中位"),
    "range": ("8 in 10 outcomes", "十次中八次落在"),
    "known": ("known so far", "已实现"),
    "target": ("target", "目标"),
    "chance": ("chance of reaching it", "达成可能"),
    "gap": ("gap to target (P10 / P50 / P90)", "与目标差距（P10 / P50 / P90）"),
    "required": ("still required", "仍需"),
    "daily": ("needed a day (mean of the rest)", "余下日均需要"),
    "next": ("needed on {day}", "{day} 当日需要"),
    "factor": ("rest of the days, times expected", "余下天数须为预期的"),
    "unlikely": ("unlikely (below 1 in 5) since", "自何日起难以达成（低于 1/5）"),
    "basis": ("rests on", "依据"),
    "parts": ("What the expected total is made of", "预期总额的构成"),
    "part": ("part", "部分"),
    "amount": ("amount", "金额"),
    "by": ("By {level}", "按{level}"),
    "needed": ("What the days ahead must bring", "余下各日须达到"),
    "day": ("day", "日期"),
    "expected": ("expected", "预期"),
    "needs": ("required", "需要"),
    "record": ("Track record: past months foretold from their days", "历史检验：以当时所知预测过去各月"),
    "none": ("no target given", "未给目标"),
    "channel": ("channel", "渠道"),
    "category": ("category", "类目"),
    "sku": ("SKU", "商品"),
    "leaf": ("series", "序列"),
    "total": ("whole store", "全店"),
    "never": ("never", "无"),
    "calibrated": ("tested on {cases} past stretches", "以过去 {cases} 段检验"),
    "uncalibrated": (
        "uncalibrated: too few past months to test the range", "未校准：可供检验的过往月份不足"
    ),
    "moved": ("What moved it", "变动原因"),
    "cause": ("cause", "原因"),
    "effect": ("effect", "影响"),
    "after": ("expected total", "预期总额"),
    "second": ("second member: weight {weight}", "第二模型：权重 {weight}"),
    "forecast": ("forecast", "预测"),
    "plan": ("target by calendar", "按日历分解的目标"),
    "known_and_level": ("known so far and ordinary days", "已实现与平日"),
    "other": ("other", "其他"),
    "expected_total": ("expected", "预期"),
    "over": ("known: the period is over", "已成定局：期间已结束"),
}  # fmt: skip


def say(key: str, language: str = "en", **parts: str) -> str:
    """Return a phrase of the forecast in 'en' or 'zh'.

    Examples
    --------
    >>> say("next", day="2026-11-02")
    'needed on 2026-11-02'
    """
    require_name(language, ["en", "zh"], "language", "language")
    english, chinese = _SAY[require_name(key, list(_SAY), "phrase", "phrase")]
    return (chinese if language == "zh" else english).format(**parts)


def part_text(name: str, language: str = "en") -> str:
    """Return a part of an explanation in words.

    Examples
    --------
    >>> part_text("event double11"), part_text("event double11", "zh"), part_text("lever more ads")
    ('Double 11', '双11', 'more ads')
    """
    place = 1 if language == "zh" else 0
    kind, _, rest = name.partition(" ")
    if name in _PARTS:
        return _PARTS[name][place]
    if kind == "event":
        return family_text(rest, language)
    return rest or name


def family_text(family: str, language: str = "en") -> str:
    """Return a family of events in words."""
    return _FAMILIES.get(family, (family, family))[1 if language == "zh" else 0]


def cause_text(name: str, language: str = "en") -> str:
    """Return a cause of a moved forecast in words."""
    found = _CAUSES.get(name, (name, name))
    return found[1] if language == "zh" else found[0]


def chance_text(share: float, calibrated: bool, language: str = "en") -> str:
    """Return a probability as people may quote it; never bare where nothing has tested it.

    Examples
    --------
    >>> chance_text(0.62, True), chance_text(0.62, False), chance_text(0.999, True)
    ('62 %', 'uncalibrated: about 6 in 10', '> 99 %')
    """
    if not math.isfinite(share):
        return "–"
    if not calibrated:
        tenths = min(10, max(0, round(10 * share)))
        return f"未校准：约 {tenths}/10" if language == "zh" else f"uncalibrated: about {tenths} in 10"
    points = 100 * share
    if points > 99:
        return "> 99 %"
    return "< 1 %" if points < 1 else f"{points:.0f} %"
