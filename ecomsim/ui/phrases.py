"""Words of the frame every dashboard stands in."""

from __future__ import annotations

from ecomsim.ui.language import Words

__all__ = ["SHELL"]

SHELL = Words(
    {
        "brand": ("Store workbench", "店铺工作台"),
        "index": ("Start", "首页"),
        "planner": ("Planner", "运营计划"),
        "targets": ("Targets", "目标预测"),
        "staffing": ("Staffing", "客服排班"),
        "dashboards": ("Dashboards", "看板"),
        "language": ("Language", "语言"),
        "theme": ("Colours", "配色"),
        "light": ("Light", "浅色"),
        "dark": ("Dark", "深色"),
        "system": ("As the system", "跟随系统"),
        "skip": ("Skip to the content", "跳到正文"),
        "levers": ("Levers", "调整项"),
        "close": ("Close", "关闭"),
        "print": ("Print", "打印"),
        "loading": ("Reading the store ...", "正在读取店铺数据……"),
        "waking": ("The levers are on their way ...", "调整项正在载入……"),
        "refining": ("Refining ...", "正在细化……"),
        "stale": ("These numbers are from before your last change.", "以下数字尚未反映最近的改动。"),
        "empty": ("Nothing here yet", "暂无内容"),
        "fault": ("That did not work", "未能完成"),
        "bug": (
            "A fault of the program, not of yours: {kind}",
            "程序出错，与您的操作无关：{kind}",
        ),
        "bug_remedy": (
            "Your other entries are kept. Undo the last change or reload the page; the details are in the "
            "terminal the dashboard was started from.",
            "其他输入均已保留。请撤销最近的改动或刷新页面；详情见启动看板的终端。",
        ),
        "allowed": ("Allowed", "允许"),
        "remedy": ("What to do", "处理办法"),
        "dismiss": ("Dismiss this message", "关闭提示"),
        "lost": ("The connection to the workbench is gone.", "与工作台的连接已断开。"),
        "lost_remedy": (
            "Reload the page to go on; saved scenarios are kept.",
            "刷新页面即可继续；已保存的方案不受影响。",
        ),
        "reload": ("Reload", "刷新"),
    }
)
"""Phrases of the header, the switches and the message boxes."""
