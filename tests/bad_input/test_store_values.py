"""Numbers, days and names no store can have: where, what was given, what is allowed, what to do."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest

from ecomsim.checks import EcomsimError
from ecomsim.store import (
    Channel,
    Costs,
    Fulfilment,
    FullReduction,
    Live,
    MinMax,
    Noise,
    Paid,
    Product,
    Promotion,
    Receipt,
    Role,
    Service,
    Store,
    Supplier,
    Team,
    TimePhased,
)
from ecomsim.uncertain import Beta, Empirical, LogNormal, Normal, Triangular, Uniform

D = dt.date
NAN = math.nan
PAIR = ("channels.search.base", "channels.paid.base")


def said(make) -> str:
    with pytest.raises(EcomsimError) as caught:
        make()
    return str(caught.value)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        # negative rates and stock, NaN, nothing
        (
            lambda: Channel("a", -3.0, 0.1, 0.1),
            "Channel(a).base: got -3. Allowed: a number of at least 0 (people/day).",
        ),
        (
            lambda: Product("A", 9.0, 5.0, on_hand=-3.0),
            "Product(A).on_hand: got -3. Allowed: a number of at least 0 (units).",
        ),
        (
            lambda: Receipt(D(2026, 11, 1), -1.0),
            "Receipt.units: got -1. Allowed: a number of at least 0 (units).",
        ),
        (
            lambda: Product("A", 9.0, 5.0, on_hand=NAN),
            "(A).on_hand: got NaN. Allowed: a number of at least 0 (units). Fill the missing value",
        ),
        (lambda: Channel("a", 1.0, 0.1, 0.1, weekday=(1.0,) * 6 + (NAN,)), "Channel(a).weekday[6]: got NaN."),
        (lambda: Channel("a", math.inf, 0.1, 0.1), "Channel(a).base: got inf."),
        (lambda: Channel("a", 10**400, 0.1, 0.1), "Channel(a).base: got a number beyond 1e308."),
        (
            lambda: Channel("a", None, 0.1, 0.1),
            "Channel(a).base: got None. Allowed: a number of at least 0 (people/day).",
        ),
        (lambda: Product("A", None, 5.0), "Product(A).price: got None."),
        (lambda: Product("A", 9.0, None), "Product(A).cost: got None."),
        (lambda: Product("A", 9.0, NAN), "Product(A).cost: got NaN."),
        # 12, "12", "12%"
        (
            lambda: Channel("a", 1.0, 12, 0.1),
            "p_silent: got 12. Allowed: a number from 0 to 1 (share). Rates are fractions: did you mean 0.12?",
        ),
        (
            lambda: Channel("a", 1.0, "12", 0.1),
            "(a).p_silent: got '12'. Allowed: a number from 0 to 1 (share). Write the fraction 0.12 instead of '12'.",
        ),
        (
            lambda: Channel("a", 1.0, "12%", 0.1),
            "(a).p_silent: got '12%'. Allowed: a number from 0 to 1 (share). Write the fraction 0.12 instead of '12%'.",
        ),
        (lambda: Channel("a", 1.0, "１２％", 0.1), "Write the fraction 0.12"),
        (lambda: Channel("a", 1.0, "0.12", 0.1), "Write 0.12 without quotes."),
        (
            lambda: Channel("a", "1,200", 0.1, 0.1),
            "(a).base: got '1,200'. Allowed: a number of at least 0 (people/day). Write 1200",
        ),
        (
            lambda: Channel("a", [1.0], 0.1, 0.1),
            "Channel(a).base: got [1.0]. Allowed: a number of at least 0",
        ),
        # lo > hi, dispersion, shares that do not sum to 1
        (lambda: Uniform(3.0, 1.0), "Uniform.high: got 1 below low 3. Allowed: ascending points."),
        (lambda: Triangular(1.0, 5.0, 3.0), "Triangular.high: got 3 below mode 5."),
        (lambda: Normal(1.0, -1.0), "Normal.sd: got -1."),
        (lambda: Beta(0.0, 1.0), "Beta.a: got 0. Allowed: a number above 0."),
        (lambda: LogNormal(-1.0, 0.1), "LogNormal.median: got -1."),
        (lambda: Empirical((1.0, NAN)), "Empirical.draws: got NaN or infinite draws."),
        (lambda: Channel("a", Normal(1.0, 5.0), 0.1, 0.1), "Channel(a).base (a draw of Normal"),
        (
            lambda: Channel("a", 1.0, 0.1, 0.1, dispersion=0.0),
            "Channel(a).dispersion: got 0. Allowed: a number of at least 0.5",
        ),
        (lambda: Noise(store_dispersion=-1.0), "Noise.store_dispersion: got -1."),
        (
            lambda: Service(profile=(1 / 48,) * 47 + (0.5,)),
            "Service.profile: got a sum of 1.47917. Allowed: shares summing to 1. Divide each by the sum.",
        ),
        (
            lambda: Service(profile=(0.5, 0.5)),
            "Service.profile: got 2 values. Allowed: 48 values, one for each half-hour.",
        ),
        # days and whole numbers
        (
            lambda: Promotion("p", D(2026, 11, 3), D(2026, 11, 1)),
            "Promotion(p).end: got 2026-11-01. Allowed: 2026-11-03 or later. Swap start and end.",
        ),
        (
            lambda: Promotion("p", "2026-02-30", "2026-03-01"),
            "Promotion(p).start: got '2026-02-30'. Allowed: a day as YYYY-MM-DD. There is no such day in the calendar.",
        ),
        (
            lambda: Promotion("p", D(2026, 11, 1), None),
            "Promotion(p).end: got None. Allowed: a day as YYYY-MM-DD.",
        ),
        (
            lambda: Promotion("p", D(2026, 11, 1), D(2026, 11, 2), before_days=-1),
            "Promotion(p).before_days: got -1.",
        ),
        (
            lambda: Promotion("p", D(2026, 11, 1), D(2026, 11, 2), skus="A"),
            "Promotion(p).skus: got 'A'. Allowed: a list.",
        ),
        (
            lambda: Promotion("p", D(2026, 11, 1), D(2026, 11, 2), skus=("A", "A")),
            "Promotion(p).skus: got A twice.",
        ),
        (
            lambda: FullReduction(300.0, 300.0),
            "FullReduction.off: got 300. Allowed: below the threshold 300.",
        ),
        (lambda: Paid(plan={"yesterday": 5.0}), "Paid.plan: got 'yesterday'. Allowed: a day as YYYY-MM-DD."),
        (
            lambda: Product("A", 9.0, 5.0, price_plan={"2026-02-30": 8.0}),
            "Product(A).price_plan: got '2026-02-30'.",
        ),
        (lambda: Team("t", 3.0, roster={"monday": (1.0,) * 48}), "Team(t).roster: got 'monday'."),
        (
            lambda: Team("t", 3.0, roster={"2026-11-02": (1.0,) * 24}),
            "Team(t).roster[2026-11-02]: got 24 values.",
        ),
        (lambda: TimePhased({"x": 1.0}, {"2026-11-01": 2.0}), "TimePhased.reorder_points: got 'x'."),
        (
            lambda: Fulfilment(promise_days=-5),
            "Fulfilment.promise_days: got -5. Allowed: a number from 0 to 365 (days).",
        ),
        (
            lambda: Fulfilment(refund_lag_days=2.5),
            "Fulfilment.refund_lag_days: got 2.5. Allowed: a whole number. Write 2.",
        ),
        (
            lambda: Costs(payout_days=10**6),
            "Costs.payout_days: got 1e+06. Allowed: a number from 0 to 365 (days).",
        ),
        (
            lambda: Live(weekdays=(7,)),
            "Live.weekdays: got (7,). Allowed: distinct days from 0 (Monday) to 6 (Sunday).",
        ),
        (lambda: Supplier("s", review_weekdays=()), "Supplier(s).review_weekdays: got ()."),
        (
            lambda: MinMax(9.0, 5.0),
            "MinMax.reorder_point: got 9. Allowed: at most order_up_to 5. Swap s and S.",
        ),
        (
            lambda: Product("A", 9.0, 5.0, role="profit"),
            "Product(A).role: got 'profit'. Allowed: Role.TRAFFIC, Role.PROFIT",
        ),
        (
            lambda: Product("A", 5.0, 9.0),
            "Product(A).price: got 5. Allowed: above the cost 9. Set clearance: true to sell below cost.",
        ),
        (
            lambda: Product("A", 9.0, 5.0, moq=5.0, pack=3.0),
            "Product(A).moq: got 5. Allowed: a multiple of the pack 3. Use 6.",
        ),
    ],
)
def test_what_no_store_can_have_is_told(make, says: str) -> None:
    assert says in said(make)


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"products": {}}, "Store(shop).products: no entries. Allowed: at least one of the products."),
        ({"channels": {}}, "Store(shop).channels: no entries."),
        ({"channels": {"x": 3}}, "Store(shop).channels: got 3. Allowed: a Channel."),
        ({"channels": [Channel("a", 1.0, 0.1, 0.1)]}, "Allowed: a mapping of names to values."),
        (
            {"price_rules": "tmal-2025"},
            "no such version of price rules 'tmal-2025'. Allowed: plain-1, tmall-2022, tmall-2025. Did you mean",
        ),
        (
            {"products": {"A": Product("A", 9.0, 5.0, supplier="defualt")}},
            "products.A.supplier: no such supplier 'defualt'. Allowed: default, far. Did you mean 'default'?",
        ),
    ],
)
def test_parts_that_do_not_fit_together_are_told(store_of, parts, says: str) -> None:
    assert says in said(lambda: store_of(**parts))


def uncertain_shop(store_of, **rho: float) -> Store:
    names = ("search", "paid", "third")
    paths = {"sp": (0, 1), "pt": (1, 2), "st": (0, 2)}
    pairs = {
        (f"channels.{names[i]}.base", f"channels.{names[j]}.base"): rho[k] for k, (i, j) in paths.items()
    }
    channels = {n: Channel(n, Normal(100.0, 5.0), 0.02, 0.1) for n in names}
    return store_of(channels=channels, correlations=pairs)


def test_correlations_that_cannot_hold_together_are_refused_when_the_store_is_made(store_of) -> None:
    assert uncertain_shop(store_of, sp=0.9, pt=0.9, st=0.7).correlations
    text = said(lambda: uncertain_shop(store_of, sp=0.9, pt=0.9, st=-0.9))
    assert "not positive semi-definite (smallest eigenvalue -0.8)" in text  # 1 - 2 * 0.9, by hand
    assert "Weaken the correlations of 'channels." in text


@pytest.mark.parametrize(
    ("pairs", "says"),
    [
        (
            {PAIR: 2.0},
            "correlations[channels.search.base, channels.paid.base]: got 2. Allowed: a number from -1 to 1",
        ),
        ({PAIR: NAN}, "got NaN"),
        ({PAIR: "high"}, "got 'high'"),
        ({PAIR: 0.5, PAIR[::-1]: -0.5}, "a pair given twice"),
        ({(PAIR[0], PAIR[0]): 0.5}, "every pair of two numbers once"),
        (
            {("channels.serch.base", PAIR[1]): 0.5},
            "channels.serch: no such channel 'serch'. Allowed: search, paid. Did you mean 'search'?",
        ),
    ],
)
def test_a_bad_correlation_names_its_pair(store_of, pairs, says: str) -> None:
    assert says in said(lambda: store_of(correlations=pairs))


def test_what_can_be_read_without_guessing_is_taken() -> None:
    promotion = Promotion("p", pd.Timestamp("2026-11-01"), "2026-11-05", peaks=["2026-11-03"])
    assert (promotion.start, promotion.end, promotion.peaks) == (
        D(2026, 11, 1),
        D(2026, 11, 5),
        (D(2026, 11, 3),),
    )
    assert type(promotion.start) is dt.date
    assert Paid(plan={D(2026, 11, 1): 5.0}).plan == {"2026-11-01": 5.0}
    assert Channel("a", 1.0, 0.1, 0.1, weekday=np.ones(7)).weekday == (1.0,) * 7
    assert Product("A", 9.0, 5.0, role=Role.PROFIT).role is Role.PROFIT
    assert Fulfilment(promise_days=3.0).promise_days == 3


def test_the_mapping_given_may_change_later_without_changing_the_store() -> None:
    plan = {"2026-11-01": 5.0}
    driver = Paid(plan=plan)
    plan["2026-11-01"] = 99.0
    assert driver.plan == {"2026-11-01": 5.0}
    with pytest.raises(TypeError):
        driver.plan["2026-11-02"] = 1.0
