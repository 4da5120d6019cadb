"""万相台, 淘宝客, and orders of Taobao and Tmall."""

from __future__ import annotations

AD = ("date", "channel", "spend", "impressions", "clicks", "orders", "attributed_gmv")


def test_wanxiang_by_scene(export) -> None:
    rows = [
        "日期=2026-11-01 | 场景名字=关键词推广 | 原二级场景名字=关键词推广 | 展现量=10,000 | "
        "点击量=500 | 花费=1,000.50 | "
        "总成交金额=5,000.00 | 总成交笔数=40 | 点击率=5.00%",
        "日期=2026-11-01 | 场景名字=货品全站推广 | 展现量=2.5万 | 点击量=600 | 花费=2,000.00 | "
        "总成交金额=- | 总成交笔数=-",
        "日期=2026-11-01 | 场景名字=人群推广 | 展现量=9000 | 点击量=90 | 花费=300 | 总成交金额=450.5 | "
        "总成交笔数=5",
        "日期=2026-11-01 | 场景名字=内容营销 | 原二级场景名字=超级短视频 | 花费=20",
        "日期=2026-11-02 | 场景名字=量子推广 | 花费=7",
    ]
    got = export("wanxiang_scene_daily", rows, encoding="gb18030", after=[["合计", "", "", "", "", "1"]])
    assert sorted(got.rows("channel_day", *AD), key=str) == [
        ("2026-11-01", "display", 300.0, 9000.0, 90.0, 5.0, 450.5),
        ("2026-11-01", "live", 20.0, None, None, None, None),
        ("2026-11-01", "paid_search", 3000.5, 35000.0, 1100.0, 40.0, 5000.0),
        ("2026-11-02", "量子推广", 7.0, None, None, None, None),
    ]
    assert "量子推广" in got.notes and "not visitors" in got.notes
    assert "visitors" not in got.tables["channel_day"]


def test_a_bad_part_is_set_aside_with_its_own_row_number(export) -> None:
    rows = [
        "日期=2026-11-01 | 场景名字=关键词推广 | 花费=1,00.50",
        "日期=2026-11-01 | 场景名字=关键词推广 | 花费=100",
        "日期=2026-13-01 | 场景名字=关键词推广 | 花费=5",
        "日期=2026-11-01 | 场景名字=关键词推广 | 花费=-1",
    ]
    got = export("wanxiang_scene_daily", rows)
    assert got.rows("channel_day", "date", "spend") == [("2026-11-01", 100.0)]
    assert got.bad == [(2, "spend", "1,00.50"), (4, "date", "2026-13-01"), (5, "spend", "-1")]


def test_wanxiang_by_item_needs_the_scene(export) -> None:
    row = "日期=2026-11-01 | 主体ID=612345678901 | 主体类型=商品 | 花费=10.00 | 点击量=5"
    got = export("wanxiang_item_daily", [row])
    assert got.rows("channel_day", "date") == []
    assert "场景" in got.notes and got.sheet.notes[-1].rows == (2,)
    header = ["日期", "场景名字", "主体ID", "主体类型", "花费", "点击量"]
    rows = [row + " | 场景名字=人群推广", row.replace("901", "902") + " | 场景名字=人群推广"]
    got = export("wanxiang_item_daily", rows, header=header)
    assert got.rows("channel_day", "date", "channel", "spend", "clicks") == [
        ("2026-11-01", "display", 20.0, 10.0)
    ]


def test_taobaoke_adds_plans_up_and_the_service_fee_in(export) -> None:
    rows = [
        "日期=2026-11-01 | 数据内容=汇总 | 点击量(即进店量)=900 | 付款金额=9,000.00 | 付款支出费用=990.00",
        "日期=2026-11-01 | 数据内容=通用计划 | 点击量(即进店量)=600 | 付款笔数=30 | 付款金额=6,000.00 | "
        "付款佣金支出=600.00 | "
        "付款服务费支出=60.00 | 付款支出费用=660.00 | 付款佣金率=10.00%",
        "日期=2026-11-01 | 数据内容=定向计划 | 点击量(即进店量)=300 | 付款笔数=10 | 付款金额=3,000.00 | "
        "付款佣金支出=300.00 | "
        "付款服务费支出=30.00 | 付款支出费用=330.00",
    ]
    expected = [("2026-11-01", "affiliate", 900.0, 40.0, 9000.0, 990.0)]
    columns = ("date", "channel", "clicks", "orders", "attributed_gmv", "commission")
    got = export("taobaoke_cps_daily", rows)
    assert got.rows("channel_day", *columns) == expected
    # Without the total the two parts stand in; the punctuation of the header does not matter.
    header = [
        "日期",
        "数据内容",
        "点击量（即进店量）",
        "付款笔数",
        "付款金额(元)",
        "付款佣金支出",
        "付款服务费支出",
    ]
    cut = [
        {
            "日期": "2026-11-01",
            "数据内容": "付款数据",
            header[2]: "900",
            "付款笔数": "40",
            header[4]: "9,000.00",
        }
        | {"付款佣金支出": "900.00", "付款服务费支出": "90.00"}
    ]
    assert export("taobaoke_cps_daily", cut, header=header).rows("channel_day", *columns) == expected


def test_taobao_orders(export) -> None:
    rows = [
        '订单编号=="3141592653589793238" | 买家会员名=张三 | 收货人姓名=张三 | 联系手机=\'13800000000 | '
        "买家应付货款=199.00 | "
        "买家应付邮费=10.00 | 买家实际支付金额=189.00 | 订单状态=交易成功 | "
        "订单创建时间=2026-11-01 00:00:05 | "
        "订单付款时间=2026-11-01 00:01:00 | 宝贝总数量=2",
        "订单编号=2718281828459045235 | 买家应付货款=50.00 | 买家实际支付金额=0.00 | 订单状态=交易关闭 | "
        "订单创建时间=2026/11/1 8:30 | 订单付款时间=",
        "订单编号=3.14E+18 | 买家实际支付金额=1.00 | 订单创建时间=2026-11-01 00:00:05",
    ]
    got = export("taobao_orders_classic", rows, encoding="gb18030")
    columns = ("order_id", "created_at", "paid_at", "status", "goods_value", "shipping", "gmv", "units")
    assert got.rows("orders", *columns) == [
        ("3141592653589793238", "2026-11-01 00:00:05", "2026-11-01 00:01:00", "交易成功", 199.0, 10.0,
         189.0, 2.0),
        ("2718281828459045235", "2026-11-01 08:30:00", None, "交易关闭", 50.0, None, 0.0, None),
    ]  # fmt: skip
    assert [b[:2] for b in got.bad] == [(4, "order_id")]
    for header in (
        "买家会员名",
        "买家支付宝账号",
        "收货人姓名",
        "收货地址",
        "联系手机",
        "订单备注",
        "修改后的收货地址",
    ):
        assert got.fate(header) == "personal"
    assert "张三" not in got.tables["orders"].to_csv()


def test_tmall_orders_with_trailing_blanks_and_refunds(export) -> None:
    rows = [
        "订单编号=1 | 总金额=178.8 | 买家实际支付金额=0 | 收货地址=上海 | "
        "订单创建时间=2020-02-21 00:00:00 | 退款金额=0",
        "订单编号=2 | 总金额=64.8 | 买家实际支付金额=0 | 订单创建时间=2020-02-20 23:59:24 | "
        "订单付款时间=2020-02-20 23:59:30 | 退款金额=64.8",
        "订单编号=3 | 总金额=100 | 买家实际支付金额=100 | 订单创建时间=2020-02-20 23:59:24 | 退款金额=30",
    ]
    got = export("tmall_orders_public_sample", rows)
    assert got.rows("orders", "order_id", "paid_at", "goods_value", "gmv", "refunded") == [
        ("1", None, 178.8, 0.0, 0.0),
        ("2", "2020-02-20 23:59:30", 64.8, 64.8, 64.8),
        ("3", None, 100.0, 100.0, 30.0),
    ]
    assert got.fate("收货地址") == "personal"
