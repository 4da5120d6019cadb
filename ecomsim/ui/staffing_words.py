"""Words of the staffing dashboard, in English and Chinese."""

from __future__ import annotations

from ecomsim.ui.language import Words

__all__ = ["STAFFING"]

STAFFING = Words(
    {
        "question": ("How many people, when, and who?", "需要多少人？什么时候？谁来上班？"),
        "answer": (
            "{people} people cover the week of {day}: {share} answered within {within} s",
            "{day} 这一周需要 {people} 人：{share} 的咨询在 {within} 秒内得到回复",
        ),
        "answer_short": (
            "{people} people are too few for the week of {day}: {share} answered within {within} s",
            "{day} 这一周 {people} 人不够：{share} 的咨询在 {within} 秒内得到回复",
        ),
        "week": ("Week from", "周（周一）"),
        "volume": ("Enquiries, % of forecast", "咨询量，预测的 %"),
        "handling": ("Work per reply, s", "每次回复用时，秒"),
        "concurrency": ("Chats at once", "同时接待数"),
        "patience": ("Patience, s", "买家耐心，秒"),
        "share": ("Answered in time, %", "及时回复率，%"),
        "within": ("Within, s", "回复时限，秒"),
        "team": ("People", "人手"),
        "team_size": ("People, 0 = as many as it takes", "人数，0 = 按需要"),
        "names": ("Names, one a line", "姓名，每行一个"),
        "names_note": (
            "Names stay in this session and your own file.",
            "姓名只留在本次会话和您自己的文件里。",
        ),
        "what_if": ("What if", "假设"),
        "promise": ("Promise", "服务承诺"),
        "working": ("Sizing, planning, simulating …", "正在测算、排班、模拟……"),
        "cards": ("The week at a glance", "本周概览"),
        "card_people": ("People", "人数"),
        "card_hours": ("Hours at the desk", "在岗工时"),
        "card_short": ("Half-hours short", "缺人的半小时"),
        "card_service": ("Answered in time", "及时回复率"),
        "card_lost": ("Enquiries lost a day", "每日流失咨询"),
        "card_wages": ("Wages of the week", "本周工资"),
        "needed": ("{hours} needed", "需要 {hours}"),
        "of_slots": ("of {slots}", "共 {slots} 个"),
        "promised": ("promised {share}", "承诺 {share}"),
        "of_came": ("of {came} a day", "每日共 {came}"),
        "assumed_wage": ("{wage} yuan an hour", "每小时 {wage} 元"),
        "proven": ("fairness proven the best", "已证明为最公平"),
        "gap": ("gap {gap}", "差距 {gap}"),
        "heat": ("Need and people through the week", "一周的需求与在岗"),
        "heat_sub": ("By half-hour; breaks taken off", "按半小时；已扣除休息"),
        "need": ("Needed", "需要"),
        "duty": ("On duty", "在岗"),
        "gap_map": ("Short", "缺口"),
        "service": ("Answered in time", "及时回复"),
        "people_unit": ("people", "人"),
        "percent_unit": ("% in time", "% 及时"),
        "roster": ("Who works when", "谁在什么时候上班"),
        "roster_sub": (
            "Change a cell and the week is checked and simulated anew",
            "改动任一格，本周将重新检查并模拟",
        ),
        "name": ("Name", "姓名"),
        "day": ("Day", "日期"),
        "shift": ("Shift", "班次"),
        "set": ("Set", "更改"),
        "undo": ("Undo all changes", "撤销全部改动"),
        "off": ("off", "休"),
        "early": ("early", "早"),
        "mid": ("mid", "中"),
        "late": ("late", "晚"),
        "shift_hours": (
            "early 08:00–17:00 · mid 11:00–20:00 · late 15:00–24:00, each with an hour's meal",
            "早 08:00–17:00 · 中 11:00–20:00 · 晚 15:00–24:00，各含一小时用餐",
        ),
        "breaks_rule": ("This breaks a rule", "这违反了规则"),
        "short": ("Short", "缺人"),
        "fairness": ("Fairness", "公平性"),
        "days": ("Days", "出勤"),
        "weekend_days": ("Weekend days", "周末班"),
        "late_shifts": ("Late shifts", "晚班"),
        "longest_run": ("Longest run", "最长连班"),
        "download": ("Download the roster (Excel)", "下载排班表（Excel）"),
        "status": (
            "Enquiries from {runs} simulated weeks; the roster simulated {checks} times. Data up to {day}.",
            "咨询量来自 {runs} 次模拟；排班表模拟 {checks} 次。数据截至 {day}。",
        ),
    }
)
