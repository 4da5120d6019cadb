"""Where every variable of the day lives. One name, one writer; kernels use the numbers, people the names.

- RECORDED: kept for every replication and day; a stage may read yesterday's as "name@yesterday".
- CARRIED: one number a replication, not kept (work of the day, and what tomorrow needs besides the record).
- CHANNEL: one number a channel and replication.
- SKU: one number a product and replication, the 64 replications of a block side by side.
"""

from __future__ import annotations

import numpy as np

__all__ = ["CARRIED", "CHANNEL", "DERIVED", "LANES", "RECORDED", "SKU", "TILE"]

RECORDED = (
    "visitors", "buyers", "orders", "demand", "units", "substituted", "stockout_days", "on_order", "received",
    "returned", "shrinkage", "contacts", "aftersale_contacts", "answered", "answered_in_time", "abandoned",
    "first_response_time_s", "occupancy", "service_backlog", "shipped", "late", "cancelled", "score", "rank", "gmv",
    "refunds", "cogs", "coupons", "protection", "commission", "freight", "holding", "cash",
)  # fmt: skip
"""Metrics stored: 33, so 90 days of a replication take 11.9 KB."""

DERIVED = (
    "lost_sales", "on_hand", "fulfilment_backlog", "agent_hours", "net_sales", "platform_fees", "ad_spend", "wages",
    "margin",
)  # fmt: skip
"""Metrics that are sums and differences of stored ones and of the plan: computed when asked for."""

(
    VISITORS, BUYERS, ORDERS, DEMAND, UNITS, SUBSTITUTED, STOCKOUT_DAYS, ON_ORDER, RECEIVED, RETURNED, SHRINKAGE,
    CONTACTS, AFTERSALE_CONTACTS, ANSWERED, ANSWERED_IN_TIME, ABANDONED, FIRST_RESPONSE_TIME_S, OCCUPANCY,
    SERVICE_BACKLOG, SHIPPED, LATE, CANCELLED, SCORE, RANK, GMV, REFUNDS, COGS, COUPONS, PROTECTION, COMMISSION,
    FREIGHT, HOLDING, CASH,
) = map(np.int64, range(len(RECORDED)))  # fmt: skip

CARRIED = (
    "level", "store_shock", "recent_buyers", "message_backlog", "aftersale_backlog", "answered_share", "pull",
    "pull_value", "attraction", "wanted", "unit_rate", "units_a_buyer", "discount_share", "shipping_paid",
    "gross_sales", "gross_refunds",
    "refunded_units", "sold_cost", "returned_cost", "stock_value", "order_value", "order_units",
    "cancelled_units", "cancelled_value",
    "score_product", "score_service", "score_logistics", "fulfilment_queue",
)  # fmt: skip
(
    LEVEL, STORE_SHOCK, RECENT_BUYERS, MESSAGE_BACKLOG, AFTERSALE_BACKLOG, ANSWERED_SHARE, PULL, PULL_VALUE,
    ATTRACTION, WANTED, UNIT_RATE, UNITS_A_BUYER, DISCOUNT_SHARE, SHIPPING_PAID, GROSS_SALES,
    GROSS_REFUNDS, REFUNDED_UNITS, SOLD_COST,
    RETURNED_COST, STOCK_VALUE, ORDER_VALUE, ORDER_UNITS, CANCELLED_UNITS, CANCELLED_VALUE,
    SCORE_PRODUCT, SCORE_SERVICE, SCORE_LOGISTICS,
    FULFILMENT_QUEUE,
) = map(np.int64, range(len(CARRIED)))  # fmt: skip

CHANNEL = ("visitors_by_channel", "channel_shock", "wanted_by_channel", "buyers_by_channel", "gmv_by_channel")
VISITORS_BY, SHOCK_BY, WANTED_BY, BUYERS_BY, GMV_BY = map(np.int64, range(len(CHANNEL)))

SKU = ("stock", "phantom", "on_order_by_sku", "sku_rank", "shown", "demand_by_sku", "sold_by_sku", "luck")
TILE = 64
"""Products in a tile of a prepared array."""
LANES = 64
"""Replications in a block of the state."""
# Offsets of a product's variables in a block.
STOCK, PHANTOM, PIPELINE, SKU_RANK, SHOWN, DEMAND_BY, SOLD_BY, LUCK, WIDTH = (
    np.int64(LANES * i) for i in range(len(SKU) + 1)
)
