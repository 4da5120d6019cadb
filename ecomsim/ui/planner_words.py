"""Words of the planner's dashboard, in English and Chinese."""

from __future__ import annotations

from ecomsim.ui.language import Words

__all__ = ["NAMES", "PLANNER", "named"]

PLANNER = Words(
    {
        "question": (
            "Will the month reach its target, and what would change that?",
            "本月能否达成目标？哪些举措能改变结果？",
        ),
        "answer": (
            "{month}: {mid} of {target}, {chance} likely",
            "{month}：{mid}，目标 {target}，达成可能 {chance}",
        ),
        "answer_free": (
            "{month}: {mid}, 8 in 10 outcomes {low} – {high}",
            "{month}：{mid}，十次中八次落在 {low} – {high}",
        ),
        "workbook": ("Workbook", "工作簿"),
        "month": ("Month", "月份"),
        "target": ("GMV target of the month", "本月支付金额目标"),
        "target_rule": ("Target", "目标"),
        "no_target": ("no target", "无目标"),
        "no_target_how": ("Enter one on the left", "在左侧填写目标"),
        "plan": ("your plan", "当前方案"),
        "edited": ("{name} (edited)", "{name}（已改）"),
        "chance": ("Chance of the target", "达成目标的可能"),
        "to_target": ("{gap} to target", "{gap}，距目标"),
        "range_of": ("{low} – {high}", "{low} – {high}"),
        "as_base": ("as the baseline", "与基准相同"),
        "the_base": ("the store as it is", "现状"),
        "than_base": ("{change} to baseline", "比基准 {change}"),
        "better_than": ("{change}, better in {share} of runs", "{change}，{share} 的模拟更好"),
        "runs": ("{runs} simulated months", "模拟 {runs} 个月"),
        "refining": ("{runs} simulated months, refining …", "已模拟 {runs} 个月，正在细化……"),
        "ranges": ("ranges hold 8 in 10 outcomes", "区间含十次中的八次"),
        "to_day": ("Data up to {day}.", "数据截至 {day}。"),
        "computing": ("Simulating …", "正在模拟……"),
        "differences": ("What the plans change", "各方案带来的变化"),
        "differences_sub": (
            "Difference to the baseline, run by run; the bar holds 8 in 10 outcomes",
            "与基准逐次相比之差；条形含十次中的八次",
        ),
        "side_by_side": ("Side by side", "并列比较"),
        "funnel": ("From visitors to buyers to paid, by channel", "各渠道：访客 → 买家 → 支付"),
        "funnel_sub": ("Mean of all runs", "所有模拟的均值"),
        "through": ("Stock and service through the days", "每日库存与客服"),
        "through_sub": ("Bands hold 8 in 10 outcomes; events shaded", "色带含十次中的八次；阴影为活动"),
        "through_more": ("Visitors, GMV and first answer through the days", "每日访客、支付金额与首次响应"),
        "stock_days": (
            "At the foot: products sold out in the evening, {most} at most on {day}",
            "底部：当晚缺货的商品数，最多 {most} 个（{day}）",
        ),
        "stock_never": ("No product is sold out on any day in most runs", "多数模拟中没有商品缺货"),
        "service_days": ("Share of chats answered within the promise", "在承诺时间内回复的会话占比"),
        "traffic": ("Traffic and spend", "流量与推广"),
        "promotions": ("Promotions", "促销活动"),
        "prices": ("Prices", "价格"),
        "service": ("Service staff", "客服人手"),
        "stock": ("Stock and orders", "库存与采购"),
        "extra": ("Further changes of the scenario", "方案中的其他改动"),
        "changed": ("{count} changed", "已改 {count} 项"),
        "reset": ("Back to today's value: {value}", "恢复为当前值：{value}"),
        "reset_all": ("Reset all", "全部恢复"),
        "today": ("today {value}", "现为 {value}"),
        "assumed": ("assumed", "假设"),
        "spend": ("{name}: spend a day, yuan", "{name}：日花费（元）"),
        "rate": ("{name}: commission rate", "{name}：佣金率"),
        "visitors": ("{name}: visitors", "{name}：访客"),
        "on": ("{name}: takes place", "{name}：举办"),
        "start": ("{name}: first day", "{name}：首日"),
        "end": ("{name}: last day", "{name}：末日"),
        "discount": ("{name}: discount", "{name}：折扣幅度"),
        "reduction_threshold": ("{name}: full-reduction threshold, yuan", "{name}：满减门槛（元）"),
        "reduction_off": ("{name}: full-reduction amount, yuan", "{name}：满减金额（元）"),
        "coupon_threshold": ("{name}: coupon threshold, yuan", "{name}：优惠券门槛（元）"),
        "coupon_off": ("{name}: coupon amount, yuan", "{name}：优惠券面额（元）"),
        "lift": ("{name}: pull of the event", "{name}：活动拉动力"),
        "prices_all": ("All prices", "全部价格"),
        "prices_category": ("Prices of {name}", "{name}价格"),
        "price": ("{name}: price, yuan", "{name}：价格（元）"),
        "headcount": ("{name}: agents at the busiest hour", "{name}：最忙时段人数"),
        "morning": ("{name}: agents before noon", "{name}：早班（12 点前）人数"),
        "afternoon": ("{name}: agents 12:00–18:00", "{name}：午班（12–18 点）人数"),
        "evening": ("{name}: agents after 18:00", "{name}：晚班（18 点后）人数"),
        "concurrency": ("Chats at once per agent", "每人同时接待数"),
        "reorder_days": ("Reorder when cover falls to, days", "补货点：可售天数"),
        "up_to_days": ("Order up to a cover of, days", "补货至：可售天数"),
        "lead_days": ("Suppliers' lead time, days", "供应商交期（天）"),
        "calendar": ("Event calendar", "活动日历"),
        "one_product": ("One product's price", "单品价格"),
        "product": ("Product", "商品"),
        "show": ("Show", "显示"),
        "orders": ("One-off orders", "单次采购"),
        "units": ("Units", "件数"),
        "due": ("Arrives on", "到货日"),
        "add_order": ("Add the order", "添加采购"),
        "order_row": ("{product}: {units} units on {day}", "{product}：{units} 件，{day} 到货"),
        "new_promotion": ("A new promotion", "新增活动"),
        "name": ("Name", "名称"),
        "like": ("Works like", "参照活动"),
        "add_promotion": ("Add the promotion", "添加活动"),
        "promotion_row": (
            "{name}: {start} to {end}, {discount} off",
            "{name}：{start} 至 {end}，降 {discount}",
        ),
        "remove": ("Remove", "移除"),
        "shelf": ("Scenarios", "方案库"),
        "shelf_empty": (
            "No saved scenario yet. Move a lever, give the plan a name and save it.",
            "还没有保存的方案。调整左侧参数，命名后保存。",
        ),
        "save": ("Save", "保存"),
        "load": ("Load", "载入"),
        "duplicate": ("Duplicate", "复制"),
        "delete": ("Delete", "删除"),
        "delete_sure": ("Really delete?", "确定删除？"),
        "compare": ("Compare", "比较"),
        "note": ("Notes", "备注"),
        "note_hint": (
            "What this plan assumes, who agreed, what to watch",
            "方案的前提、谁已同意、需关注什么",
        ),
        "name_hint": ("e.g. bigger Double 11", "例如：更大的双11"),
        "excel": ("Download Excel", "下载 Excel"),
        "html": ("Download report", "下载报告"),
        "saved": ("Saved as {name}", "已保存为 {name}"),
        "copy_of": ("{name} copy", "{name} 副本"),
        "basis": ("What these numbers rest on", "这些数字的依据"),
        "basis_days": ("Data from {first} to {last}.", "数据自 {first} 至 {last}。"),
        "second": ("A second opinion: the forecast from past sales", "另一种看法：由历史销售得出的预测"),
        "second_running": ("Forecasting the month from past sales ...", "正在根据历史销售预测本月……"),
        "second_says": (
            "From past sales alone {month} is expected at {mid} (8 in 10: {low} – {high}). The simulation above also "
            "knows planned spend, promotions, prices, stock and staff. Where the two lie apart, look at the record of "
            "both before you promise a number; the forecast's stands on the Targets page.",
            "仅根据历史销售，{month}预计为 {mid}（十次中八次：{low} – {high}）。上方的模拟还考虑了计划投放、活动、"
            "价格、库存和客服。两者相差较大时，请先查看两者的历史表现再承诺数字；预测的历史表现见“目标预测”页。",
        ),
        "second_none": ("The forecast could not be made: {why}", "无法给出预测：{why}"),
        "basis_missing": ("Assumed, and the export that would tell", "以下为假设；导入对应数据可得出估计"),
        "assumed_value": ("assumed", "假设值"),
        "why": ("why", "理由"),
        "mends": ("would be told by", "可由此得出"),
        "track": (
            "Track record: past months simulated as of their first day",
            "历史检验：以月初信息模拟过去各月",
        ),
        "track_none": (
            "Past months have not been simulated yet. It takes about a minute.",
            "尚未做历史检验，约需一分钟。",
        ),
        "track_run": ("Simulate past months now", "现在做历史检验"),
        "track_running": ("Simulating past months …", "正在模拟过去各月……"),
        "empty": ("No store is open", "尚未打开店铺"),
        "empty_text": (
            "The planner works on a workbook: a folder your exports were imported into "
            "(sales by day, traffic by source, products; stock, service and promotions make it better).",
            "计划看板需要一个工作簿，即导入了平台数据的文件夹"
            "（每日销售、流量来源、商品；库存、客服与活动数据会更准）。",
        ),
        "empty_remedy": (
            "ecomsim import EXPORTS --into WORKBOOK, then ecomsim dashboard WORKBOOK",
            "先运行 ecomsim import 导出文件夹 --into 工作簿，再运行 ecomsim dashboard 工作簿",
        ),
        "sample": ("Open the sample store", "打开示例店铺"),
        "sample_opening": (
            "Reading the sample store; the first time takes half a minute …",
            "正在读取示例店铺，首次约需半分钟……",
        ),
        "opening": ("Reading and calibrating the store …", "正在读取并标定店铺……"),
        "dropped": (
            "Some changes belong to another month and were left out: {names}",
            "部分改动属于其他月份，已略去：{names}",
        ),
        "told": ("Please note", "请注意"),
        "outcome": ("Outcome", "结果"),
    }
)
"""Phrases of levers, cards, charts, shelf and basis."""

NAMES = Words(
    {
        "free_search": ("Free search", "免费搜索"),
        "paid_search": ("Search ads", "搜索推广"),
        "display": ("Display ads", "展示推广"),
        "affiliate": ("Affiliates", "淘宝客"),
        "live": ("Live sessions", "直播"),
        "returning": ("Returning buyers", "老客回访"),
        "event": ("Event pages", "活动会场"),
        "direct": ("Direct", "直接访问"),
        "presale": ("Pre-sale", "售前"),
        "aftersale": ("After-sale", "售后"),
        "storage": ("storage", "收纳"),
        "cleaning": ("cleaning", "清洁"),
        "kitchen": ("kitchen", "厨具"),
        "bedding": ("bedding", "床品"),
        "tableware": ("tableware", "餐具"),
        "decor": ("decor", "装饰"),
        "lighting": ("lighting", "灯具"),
        "small_appliance": ("small appliances", "小家电"),
    }
)
"""Labels of names that many stores share; a name not in it is shown as it is."""


def named(name: str, language: str) -> str:
    """Return the label of a channel, team or category.

    Examples
    --------
    >>> named("paid_search", "zh"), named("my_own_channel", "en")
    ('搜索推广', 'my own channel')
    """
    return NAMES.say(name, language) if name in NAMES.table else name.replace("_", " ")
