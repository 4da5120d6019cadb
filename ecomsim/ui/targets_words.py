"""Words of the targets dashboard."""

from __future__ import annotations

from ecomsim.ui.language import Words

__all__ = ["TARGETS"]

TARGETS = Words(
    {
        "question": ("Will we make the month?", "这个月能达成目标吗？"),
        "answer": (
            "{month}: {mid} expected of {target}; chance {chance}.",
            "{month}：预期 {mid}，目标 {target}；达成可能 {chance}。",
        ),
        "answer_free": (
            "{month}: {mid} expected, {low} to {high}.",
            "{month}：预期 {mid}，区间 {low} 至 {high}。",
        ),
        "metric": ("Metric", "指标"),
        "month": ("Month", "月份"),
        "as_of": ("As of", "截至"),
        "by": ("Split by", "拆分维度"),
        "channel": ("channel", "渠道"),
        "category": ("category", "类目"),
        "target": ("Target of the month", "月目标"),
        "known": ("Known so far", "已实现"),
        "outcome": ("Month, expected", "全月预期"),
        "range": ("8 in 10: {low} – {high}", "十次中八次：{low} – {high}"),
        "chance": ("Chance of the target", "达成可能"),
        "gap": ("Gap to target", "与目标差距"),
        "gap_range": ("8 in 10: {low} to {high}", "十次中八次：{low} 至 {high}"),
        "needed": ("Needed a day from now on", "余下日均需要"),
        "needed_next": ("{day}: {amount} (x {factor} of expected)", "{day}：{amount}（预期的 {factor} 倍）"),
        "pace": ("Pace", "进度"),
        "pace_of": ("{actual} of {planned} planned by now", "计划至今 {planned}，已实现 {actual}"),
        "no_target": ("Give a target on the left", "请在左侧填写目标"),
        "days_left": ("{days} days left", "余下 {days} 天"),
        "fan": ("The way to the end of the month", "走向月末"),
        "fan_sub": (
            "Running total. The line of the target follows the calendar: event days carry their share.",
            "累计值。目标线按日历分解，活动日承担其应有份额。",
        ),
        "over_time": ("Chance of the target, day by day", "达成可能的逐日变化"),
        "over_time_sub": ("As it would have been told with what was known then.", "以当时所知得出。"),
        "made_of": ("What the expected total is made of", "预期总额的构成"),
        "longer": ("Quarter and year", "季度与年度"),
        "longer_sub": (
            "Targets are the months' targets added up, where every month has one.",
            "目标为各月目标之和；有月份缺目标时不列出。",
        ),
        "period": ("period", "期间"),
        "goal": ("target", "目标"),
        "chance_short": ("chance", "达成可能"),
        "cause": ("cause", "原因"),
        "effect": ("effect", "影响"),
        "total_after": ("expected total", "预期总额"),
        "moved": ("What moved since {day}", "自 {day} 以来的变化"),
        "parts": ("By {level}", "按{level}"),
        "part": ("part", "部分"),
        "expected": ("expected", "预期"),
        "share": ("share", "占比"),
        "download": ("Download", "下载"),
        "excel": ("Excel", "Excel"),
        "html": ("HTML page", "HTML 页面"),
        "refining": ("Testing on past months ...", "正在以过往月份检验……"),
        "rests": ("Data up to {day}; {basis}", "数据截至 {day}；{basis}"),
        "empty": ("No store is open", "尚未打开店铺"),
        "notes": ("What to know", "须知"),
        "workbook": ("Workbook", "工作簿"),
        "needs": ("Days ahead: expected and needed", "未来各日：预期与需要"),
        "day": ("day", "日期"),
        "needed_day": ("needed", "需要"),
    }
)
"""Phrases by key."""
