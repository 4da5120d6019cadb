"""Products, their life cycles, regular prices over time and the depth of every promotion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from generator.events import Event, EventDays, all_events
from generator.world import FAMILIES, PHASES, World, days, stream

PER_CATEGORY = 15
# key, letter, words for names, role, price range, elasticity, refund rate, weight, season's peak day
CATEGORIES = (
    ("storage", "A", ("收纳箱", "衣物收纳袋", "桌面收纳盒"), "traffic", (19, 79), 2.6, 0.040, 1.20, 75),
    ("cleaning", "B", ("免手洗拖把", "清洁刷", "垃圾袋"), "traffic", (15, 65), 2.8, 0.030, 1.25, 40),
    ("kitchen", "C", ("不粘锅", "砧板", "刀具套装"), "traffic", (45, 179), 2.2, 0.050, 1.15, 350),
    ("bedding", "D", ("四件套", "乳胶枕", "夏凉被"), "profit", (119, 429), 1.5, 0.100, 0.85, 300),
    ("tableware", "E", ("陶瓷餐具", "玻璃杯", "马克杯"), "profit", (39, 169), 1.7, 0.060, 1.00, 20),
    ("decor", "F", ("装饰画", "香薰", "花瓶"), "profit", (55, 269), 1.2, 0.085, 0.80, 130),
    ("lighting", "G", ("台灯", "落地灯", "小夜灯"), "profit", (79, 339), 1.4, 0.075, 0.75, 320),
    ("small_appliance", "H", ("电热水壶", "加湿器", "空气炸锅"), "traffic", (99, 369), 2.4, 0.070, 0.80, 345),
)
SUPPLIERS = (
    ("宁波甲家居厂", 9.0),
    ("义乌乙日用品厂", 6.0),
    ("潮州丙陶瓷厂", 14.0),
    ("南通丁家纺厂", 17.0),
    ("中山戊灯饰厂", 12.0),
    ("慈溪己电器厂", 15.0),
)
_SUPPLIER_OF = (0, 1, 0, 3, 2, 1, 4, 5)
COLOURS = ("北欧灰", "奶油白", "雾霾蓝", "抹茶绿", "原木色")
DEPTHS = {
    "double11": (0.10, 0.15, 0.20, 0.25),
    "618": (0.08, 0.12, 0.15, 0.20),
    "double12": (0.06, 0.10, 0.14),
    "spring_festival": (0.05, 0.10),
    "own": (0.06, 0.10, 0.15, 0.20),
}


@dataclass(frozen=True)
class Catalogue:
    """Everything about products that is decided beforehand; arrays are by product, or (product, day)."""

    sku: list[str]
    item_id: list[str]
    name: list[str]
    category: np.ndarray
    role_traffic: np.ndarray
    ref_price: np.ndarray
    cost: np.ndarray
    elasticity: np.ndarray
    refund_rate: np.ndarray
    share: np.ndarray
    supplier: np.ndarray
    lead_days: np.ndarray
    moq: np.ndarray
    pack: np.ndarray
    launch: np.ndarray
    retire: np.ndarray
    attraction: np.ndarray
    regular_price: np.ndarray
    discount: np.ndarray
    in_promotion: np.ndarray
    drift: np.ndarray


def _life(rng: np.random.Generator, n: int, length: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Launch day, retirement day and the life-cycle factor (product, day)."""
    launch, retire = np.zeros(n, int), np.full(n, 10**6)
    order = rng.permutation(n)
    launch[order[:18]] = rng.integers(45, length - 150, 18)
    retire[order[18:24]] = rng.integers(300, length - 60, 6)
    fading = order[18:30]
    day = np.arange(length)
    age = day[None, :] - launch[:, None]
    life = np.where(launch[:, None] > 0, 0.2 + 0.8 / (1 + np.exp(-(age - 25) / 8.0)), 1.0)
    start = np.where(retire < length, retire - 120, length)
    start[fading[6:]] = rng.integers(200, length - 200, 6)
    for k in fading:
        life[k] *= np.maximum(0.5 ** (np.clip(day - start[k], 0, None) / 90.0), 0.25)
    life[(age < 0) | (day[None, :] >= retire[:, None])] = 0.0
    return launch, retire, life


def _tidy(price: np.ndarray) -> np.ndarray:
    return np.where(price >= 60, np.round(price), np.round(price * 2) / 2)


def _price_path(
    ref: np.ndarray, category: np.ndarray, calendar: EventDays, rng: np.random.Generator
) -> np.ndarray:
    """Regular price (product, day): lasting changes, staggered tests, category-wide weeks.

    Locked in platform events.
    """
    n, length = len(ref), len(calendar.family)
    lasting, test = np.ones((n, length)), np.ones((n, length))
    free = ~((calendar.family >= 0) & (calendar.family != FAMILIES.index("own")))
    for k in range(n):
        for _ in range(2):
            lasting[k, int(rng.integers(120, length - 60)) :] *= rng.choice([0.95, 0.97, 1.03, 1.05])
        d = int(rng.integers(5, 45))
        while d < length:
            run = int(rng.integers(14, 36))
            test[k, d : d + run] = rng.choice([0.82, 0.85, 0.88, 0.92, 1.06, 1.09, 1.12, 1.15, 1.18])
            d += run + int(rng.integers(12, 40))
    for c in range(len(CATEGORIES)):
        for start in np.sort(rng.choice(np.flatnonzero(calendar.family[:-30] < 0), 5, replace=False)):
            run = int(rng.integers(8, 14))
            test[category == c, start : start + run] *= rng.choice([0.86, 0.90, 1.07, 1.10])
    # Few distinct moves a product: a price that changes every other day would be no test.
    factor = np.where(free[None, :], lasting * test, lasting)
    return _tidy(ref[:, None] * factor)


def _depths(category: np.ndarray, calendar: EventDays) -> tuple[np.ndarray, np.ndarray]:
    """Discount and membership (product, event): platform events take nearly all, own ones some categories."""
    events = all_events()
    n = len(category)
    depth, member = np.zeros((n, len(events))), np.zeros((n, len(events)), bool)
    for i, item in enumerate(events):
        rng = stream("depth", i)
        if item.family == "own":
            chosen = rng.choice(len(CATEGORIES), int(rng.integers(3, 6)), replace=False)
            member[:, i] = np.isin(category, chosen) & (rng.random(n) < 0.85)
        else:
            member[:, i] = rng.random(n) < (0.5 if item.family == "spring_festival" else 0.93)
        depth[:, i] = np.where(member[:, i], rng.choice(DEPTHS[item.family], n), 0.0)
    return depth, member


def promotion_days(item: Event, calendar: EventDays, index: int) -> np.ndarray:
    """Days on which the promotion's prices are in force (start to end)."""
    return (calendar.event == index) & np.isin(calendar.phase, [PHASES.index("during"), PHASES.index("peak")])


def build_catalogue(world: World, calendar: EventDays) -> Catalogue:
    """All products with their prices, promotions and attraction for every day."""
    rng = stream("catalogue")
    index = days()
    length, n = len(index), PER_CATEGORY * len(CATEGORIES)
    category = np.repeat(np.arange(len(CATEGORIES)), PER_CATEGORY)
    low, high = (np.array([c[4][i] for c in CATEGORIES], float)[category] for i in (0, 1))
    ref = _tidy(low * (high / low) ** rng.beta(1.6, 2.0, n))
    role = np.array([c[3] == "traffic" for c in CATEGORIES])[category]
    eps = np.array([c[5] for c in CATEGORIES])[category] * np.exp(rng.normal(0, 0.13, n))
    refund = np.array([c[6] for c in CATEGORIES])[category] * np.exp(rng.normal(0, 0.2, n))
    relative = ref / np.sqrt(low * high)
    share = np.array([c[7] for c in CATEGORIES])[category] * relative**-0.4 * np.exp(rng.normal(0, 0.6, n))
    share /= share.sum()
    launch, retire, life = _life(rng, n, length)
    peak = np.array([c[8] for c in CATEGORIES])[category]
    doy = index.day_of_year.to_numpy()
    season = np.exp(0.16 * np.cos(2 * np.pi * (doy[None, :] - peak[:, None]) / 365.25))
    attraction = share[:, None] * season * life
    attraction /= attraction.sum(axis=0)
    depth, member = _depths(category, calendar)
    discount, inside = np.zeros((n, length)), np.zeros((n, length), bool)
    for i, item in enumerate(all_events()):
        when = promotion_days(item, calendar, i)
        discount[:, when], inside[:, when] = depth[:, [i]], member[:, [i]]
    w = world.wrinkles
    rho = 0.5 ** (1 / w.product_drift_half_life_days)
    drift = np.zeros((n, length))
    drift[:, 0] = rng.normal(0, w.product_drift_sd, n)
    noise = rng.normal(0, w.product_drift_sd * np.sqrt(1 - rho**2), (n, length))
    for d in range(1, length):
        drift[:, d] = rho * drift[:, d - 1] + noise[:, d]
    supplier = np.array(_SUPPLIER_OF)[category]
    margin = np.where(role, rng.uniform(0.38, 0.48, n), rng.uniform(0.55, 0.66, n))
    words = [CATEGORIES[c][2] for c in category]
    digits = rng.choice(10**8, n, replace=False)
    return Catalogue(
        sku=[f"{CATEGORIES[c][1]}{k % PER_CATEGORY + 1:03d}" for k, c in enumerate(category)],
        item_id=[f"6999{x:08d}" for x in digits],
        name=[f"样例{COLOURS[k // 3 % 5]}{words[k][k % 3]}" for k in range(n)],
        category=category,
        role_traffic=role,
        ref_price=ref,
        cost=np.round(ref * (1 - margin), 2),
        elasticity=np.round(eps, 3),
        refund_rate=np.round(refund, 4),
        share=share,
        supplier=supplier,
        lead_days=np.array([s[1] for s in SUPPLIERS])[supplier] * np.round(np.exp(rng.normal(0, 0.1, n)), 2),
        moq=rng.choice([20, 30, 50, 60], n),
        pack=rng.choice([1, 2, 5, 6, 10], n),
        launch=launch,
        retire=retire,
        attraction=attraction,
        regular_price=_price_path(ref, category, calendar, stream("prices")),
        discount=discount,
        in_promotion=inside,
        drift=np.exp(drift),
    )


def promotion_terms(item: Event) -> dict[str, float]:
    """Basket terms of a promotion: repeated 满减 until 2024, single steps of its own, a coupon in some."""
    terms = {"threshold": 0.0, "off": 0.0, "times": 0.0, "coupon_threshold": 0.0, "coupon_off": 0.0}
    if item.family == "double11" and item.start < "2025":
        terms.update(threshold=300.0, off=50.0, times=10.0)
    elif item.family == "double12":
        terms.update(threshold=200.0, off=20.0, times=3.0)
    elif item.family in ("double11", "618"):
        terms.update(coupon_threshold=199.0, coupon_off=15.0)
    elif item.family == "own":
        pick = int(stream("terms", int(item.key[4:])).integers(0, 3))
        if pick == 0:
            terms.update(threshold=199.0, off=20.0, times=1.0)
        elif pick == 1:
            terms.update(coupon_threshold=129.0, coupon_off=10.0)
    return terms
