"""What the numbers rest on: parameters estimated, given or assumed, from which tables and days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecomsim.report.words import say
from ecomsim.store import Store
from ecomsim.store.paths import walk

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PARTS", "basis"]

PARTS = {
    "channels": ("channels", "渠道"),
    "products": ("products", "商品"),
    "promotions": ("promotions", "活动"),
    "teams": ("service teams", "客服班组"),
    "suppliers": ("suppliers", "供应商"),
    "service": ("chat desk", "客服"),
    "noise": ("day-to-day variation", "日波动"),
    "choice": ("choice of product", "商品选择"),
    "basket": ("basket", "购物篮"),
    "fulfilment": ("packing", "发货"),
    "reputation": ("store score", "店铺评分"),
    "costs": ("costs", "成本"),
}
"""What a store is made of: English and Chinese by its first field."""

_HEADS = {
    "en": ("part", "numbers", "tables", "first day", "last day"),
    "zh": ("部分", "数量", "数据表", "首日", "末日"),
}


def basis(store: Store, language: str = "en") -> pd.DataFrame:
    """Return one row a part of the store: numbers estimated, given, assumed; tables and days behind them."""
    import pandas as pd

    rows: dict[str, dict[str, int]] = {}
    tables: dict[str, set[str]] = {}
    days: dict[str, list[object]] = {}
    for path, _ in walk(store):
        part = path.split(".", 1)[0]
        source = store.source_of(path)
        counts = rows.setdefault(part, {"estimated": 0, "given": 0, "assumed": 0})
        counts[source.how if source.how in counts else "given"] += 1
        if source.table:
            tables.setdefault(part, set()).add(source.table)
        days.setdefault(part, []).extend(d for d in (source.start, source.end) if d)
    head, chinese = _HEADS[language], language == "zh"
    return pd.DataFrame(
        [
            {
                head[0]: PARTS.get(part, (part, part))[chinese],
                **{say(how, language): count for how, count in counts.items()},
                head[2]: ", ".join(sorted(tables.get(part, ()))),
                head[3]: str(min(days[part], default="")),  # type: ignore[type-var]
                head[4]: str(max(days[part], default="")),  # type: ignore[type-var]
            }
            for part, counts in rows.items()
        ]
    )
