"""Every number the exports may not tell: what is taken instead, how sure we are, why, what would replace it.

The ranges are wide on purpose: they are beliefs of people who run stores, not measurements. A store that
lives on them says so in its report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ecomsim.checks import require_name
from ecomsim.uncertain import Beta, Fixed, LogNormal, Triangular, Uncertain

__all__ = ["ASSUMPTIONS", "Assumption", "assumption"]


@dataclass(frozen=True)
class Assumption:
    """One assumed number.

    Attributes
    ----------
    path : where it goes in the store, `*` for any name
    value : the belief
    reason : why this range
    export : what to import so that it is estimated
    """

    path: str
    value: Uncertain
    reason: str
    export: str


_LIST = (
    Assumption("conversion", LogNormal(0.03, 0.35),
               "Most stores of this kind convert 1.5 to 6 % of visitors.",
               "the store's daily export with visitors (store_day or channel_day)"),
    Assumption("channels.*.enquiry_share", Triangular(0.02, 0.05, 0.1),
               "A few visitors in a hundred ask first.",
               "the chat desk's enquiry export (service_day)"),
    Assumption("channels.*.driver.carry", Beta(3.0, 7.0),
               "Clicks mostly act on their day.",
               "daily spend that varies (channel_day.spend)"),
    Assumption("channels.*.driver.kappa", LogNormal(1.5, 0.6),
               "Spend has falling returns around today's level.",
               "daily spend that varies (channel_day.spend)"),
    Assumption("channels.*.driver.slope", LogNormal(1.1, 0.2),
               "Close to a plain concave curve.",
               "daily spend that varies (channel_day.spend)"),
    Assumption("channels.*.driver.eta", LogNormal(0.5, 0.5),
               "More commission, somewhat more affiliates' traffic.",
               "commission and attributed GMV by day at several rates (channel_day)"),
    Assumption("channels.*.driver.displaces", Fixed(0.1),
               "Some paid clicks would have come from free search.",
               "a week without paid search"),
    Assumption("channels.*.driver.share", Triangular(0.0, 0.15, 0.5),
               "Part of returning visitors follows recent buyers.",
               "a year of channel_day with returning visitors"),
    Assumption("channels.*.reputation", Fixed(1.0),
               "Free search follows score and rank; other channels hardly do.",
               "score history"),
    Assumption("promotions.*.traffic.before", LogNormal(1.03, 0.12),
               "Families seen so far, widened.",
               "one past event of this family"),
    Assumption("promotions.*.traffic.during", LogNormal(1.12, 0.2),
               "Families seen so far, widened.",
               "one past event of this family"),
    Assumption("promotions.*.traffic.peak", LogNormal(1.5, 0.4),
               "Families seen so far, widened.",
               "one past event of this family"),
    Assumption("promotions.*.traffic.after", LogNormal(0.93, 0.08),
               "Families seen so far, widened.",
               "one past event of this family"),
    Assumption("promotions.*.conversion", LogNormal(1.0, 0.15),
               "Families seen so far, widened.",
               "one past event of this family"),
    Assumption("promotions.*.coupon_use", Triangular(0.2, 0.5, 0.8),
               "About half of those who could use a coupon do.",
               "orders with their discounts"),
    Assumption("promotions.*.badge", LogNormal(1.08, 0.05),
               "The activity label adds a little beyond the price.",
               "item_day through several promotions with different depths"),
    Assumption("products.*.elasticity", LogNormal(1.8, 0.35),
               "Own-price elasticities of consumer goods online.",
               "item_day with prices that changed (prices, or promotions with depths)"),
    Assumption("products.*.refund_rate", Beta(3.0, 45.0),
               "A few units in a hundred come back.",
               "refunds by product and day (item_day.refunds)"),
    Assumption("products.*.resale_share", Triangular(0.6, 0.82, 0.95),
               "Most returned units can be sold again.",
               "a return log"),
    Assumption("products.*.cost", Fixed(0.6),
               "Cost as a share of price, when no cost of its category is known.",
               "the products template with costs"),
    Assumption("products.*.policy.reorder_days", Triangular(10.0, 18.0, 30.0),
               "Lead time plus about a week.",
               "purchase orders and stock by day"),
    Assumption("choice.theta", Triangular(0.1, 0.5, 0.9),
               "Better prices bring some new buyers and move others.",
               "item_day with prices that changed, and visitors"),
    Assumption("choice.substitution", Triangular(0.1, 0.3, 0.5),
               "Some buyers of a missing product take another.",
               "stock by day and item_day through stock-outs"),
    Assumption("choice.rank_loss", Triangular(0.02, 0.1, 0.4),
               "Search rank falls while a product is out of stock.",
               "stock by day and item_day through stock-outs"),
    Assumption("choice.rank_half_life_days", LogNormal(5.0, 0.4),
               "Rank returns within one or two weeks.",
               "stock by day and item_day through stock-outs"),
    Assumption("service.answer_curve.floor", Triangular(0.1, 0.3, 0.6),
               "Some askers buy without an answer.",
               "service_day with presale buyers over days of different answer times"),
    Assumption("service.answer_curve.decay_s", LogNormal(240.0, 0.5),
               "Interest halves within minutes.",
               "service_day with presale buyers over days of different answer times"),
    Assumption("service.patience_s", LogNormal(300.0, 0.4),
               "Askers wait some minutes for the first reply.",
               "a chat log with waiting times of those who left"),
    Assumption("service.turns", Fixed(6.0),
               "Replies in a usual chat.",
               "service_day with agent messages"),
    Assumption("service.work_s", LogNormal(25.0, 0.25),
               "Reading and typing one reply.",
               "service_day with chat lengths"),
    Assumption("service.think_s", LogNormal(45.0, 0.25),
               "The customer's own time between messages.",
               "service_day with chat lengths"),
    Assumption("service.aftersale_per_parcel", Triangular(0.03, 0.1, 0.25),
               "Where is my parcel?",
               "contacts by half-hour with kind, or service_day with presale enquirers"),
    Assumption("service.aftersale_per_refund", Triangular(0.3, 0.7, 1.2),
               "Most refunds are talked about.",
               "contacts by half-hour with kind, and refunds"),
    Assumption("service.aftersale_per_late", Triangular(0.2, 0.5, 0.9),
               "Half of late parcels are asked about.",
               "shipment times"),
    Assumption("basket.top_up_share", Triangular(0.05, 0.2, 0.45),
               "Some baskets just below a threshold top up.",
               "single orders through a threshold promotion"),
    Assumption("basket.value_cv", Triangular(0.5, 0.8, 1.2),
               "Basket values vary about as much as their mean.",
               "single orders (orders)"),
    Assumption("suppliers.*.lead_days", LogNormal(10.0, 0.35),
               "One to two weeks.",
               "purchase orders with the day received, or lead times in the products template"),
    Assumption("suppliers.*.lead_sd_days", LogNormal(2.5, 0.4),
               "A quarter of the lead time.",
               "purchase orders with the day received"),
    Assumption("suppliers.*.terms_days", Fixed(30.0),
               "Suppliers are paid a month after receipt.",
               "the supplier's contract"),
    Assumption("costs.platform_rate", Triangular(0.02, 0.05, 0.06),
               "Tmall commission by category.",
               "the platform's bill"),
    Assumption("costs.payment_rate", Fixed(0.006),
               "Usual payment fee.",
               "the platform's bill"),
    Assumption("costs.freight", Triangular(3.0, 5.0, 9.0),
               "Parcel and packing.",
               "the carrier's bill"),
    Assumption("costs.return_freight", Triangular(3.0, 6.0, 12.0),
               "Return parcel.",
               "the carrier's bill"),
    Assumption("costs.holding_rate", Triangular(0.15, 0.25, 0.4),
               "Capital, space and loss a year.",
               "the warehouse's bill"),
    Assumption("teams.*.headcount", Fixed(1.0),
               "Enough agents for the contacts at three quarters of their time.",
               "the roster template"),
    Assumption("teams.*.wage_hour", Triangular(20.0, 30.0, 45.0),
               "An agent hour.",
               "the payroll"),
)  # fmt: skip

ASSUMPTIONS: Mapping[str, Assumption] = MappingProxyType({a.path: a for a in _LIST})
"""Every assumption by path."""


def assumption(path: str) -> Assumption:
    """Return the assumption for `path`, or raise naming the nearest.

    Examples
    --------
    >>> assumption("choice.theta").value.mean
    0.5
    """
    return ASSUMPTIONS[require_name(path, list(ASSUMPTIONS), "calibrate.assume", "assumption")]
