"""Words of the front page."""

from __future__ import annotations

from ecomsim.ui.language import Words

__all__ = ["FRONT"]

FRONT = Words(
    {
        "question": ("What do you want to know?", "今天想了解什么？"),
        "reach": ("{store}: data up to {day}", "{store}：数据截至 {day}"),
        "no_sales": ("{store}: no sales data yet", "{store}：尚无销售数据"),
        "where": ("Where to go", "从这里开始"),
        "planner_who": ("I plan the month", "我做月度计划"),
        "planner_asks": (
            "What if we change a promotion, a price, the ad budget, the service team or the stock? See the whole "
            "store move at once.",
            "调整活动、价格、推广预算、客服人手或库存会怎样？一次看到全店的变化。",
        ),
        "targets_who": ("I answer for the target", "我对目标负责"),
        "targets_asks": (
            "Will we make the month, how sure is it, and which lever closes the gap?",
            "本月目标能否达成？把握多大？靠哪一项补上差距？",
        ),
        "staffing_who": ("I lead customer service", "我负责客服"),
        "staffing_asks": (
            "How many people does each half-hour need, and who works when?",
            "每半小时需要几个人？班次怎么排？",
        ),
        "open": ("Open: {name}", "打开：{name}"),
        "unserved": ("Not part of this installation.", "当前安装中没有此看板。"),
        "data": ("What the store's data hold", "店铺数据一览"),
        "mend": ("What would make the answers better", "补充哪些数据会更准"),
        "table": ("Table", "数据表"),
        "rows": ("Rows", "行数"),
        "first": ("From", "起"),
        "last": ("To", "止"),
        "state": ("State", "状态"),
        "fresh": ("up to date", "最新"),
        "behind": ("{days} days behind", "落后 {days} 天"),
        "behind_one": ("1 day behind", "落后 1 天"),
        "missing": ("nothing yet", "暂无"),
        "fills": ("Filled by", "来源"),
        "template": ("form: ecomsim template {name}", "模板：ecomsim template {name}"),
        "or": (" or ", " 或 "),
        "all_here": ("Every table is filled.", "所有数据表均已填充。"),
        "import_how": (
            "Put the exports into one folder and run: ecomsim import FOLDER --into {book}",
            "将导出文件放入同一文件夹，运行：ecomsim import 文件夹 --into {book}",
        ),
        "no_book": ("There is no store to look at yet", "还没有可查看的店铺数据"),
        "imported": (
            "Last import: {files} files, {refused} set aside",
            "最近一次导入：{files} 个文件，其中 {refused} 个未能读取",
        ),
    }
)
"""Phrases of the front page."""
