"""What the shop IS: channels, products, promotions, teams and policies, with where every number came from."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ecomsim.checks import EcomsimError, require_name, require_number
from ecomsim.store.channel import Channel, Paid
from ecomsim.store.field import Part
from ecomsim.store.product import Product, Supplier
from ecomsim.store.promotion import Promotion
from ecomsim.store.settings import Basket, Choice, Costs, Fulfilment, Noise, Reputation
from ecomsim.store.team import Service, Team
from ecomsim.uncertain.copula import copula_root

__all__ = ["Overlay", "Provenance", "Store"]


@dataclass(frozen=True)
class Provenance:
    """Where a number came from.

    Attributes
    ----------
    how : 'estimated', 'given' (by the user), 'assumed' or 'scenario'
    table : canonical table it was estimated from
    start, end : days used
    note : one sentence, e.g. the export that would allow an estimate
    """

    how: str
    table: str = ""
    start: dt.date | None = None
    end: dt.date | None = None
    note: str = ""

    def __post_init__(self) -> None:
        require_name(self.how, ["estimated", "given", "assumed", "scenario"], "provenance.how", "provenance")

    def __str__(self) -> str:
        days = f", {self.start} to {self.end}" if self.start else ""
        source = f" from {self.table}{days}" if self.table else ""
        return f"{self.how}{source}" + (f": {self.note}" if self.note else "")


@dataclass(frozen=True)
class Overlay:
    """A change of one number that acts on some days only.

    Attributes
    ----------
    path : dotted path of a number the day loop reads day by day
    how : 'set', 'scale' or 'shift'
    value : the new value, factor or difference
    start, end : first and last day, both included; None means open
    """

    path: str
    how: str
    value: float
    start: dt.date | None = None
    end: dt.date | None = None

    def __post_init__(self) -> None:
        require_name(self.how, ["set", "scale", "shift"], f"overlay of {self.path}", "kind of change")
        require_number(self.value, f"overlay of {self.path}")
        if self.start and self.end and self.end < self.start:
            raise EcomsimError(
                f"overlay of {self.path}", f"end {self.end}", f"{self.start} or later", "Swap start and end"
            )


@dataclass(frozen=True)
class Store(Part):
    """An online store, frozen and validated.

    Attributes
    ----------
    channels, products, promotions, teams, suppliers : by name (products by SKU), in reading order
    as_of : the day the opening state (stock, backlog, score) belongs to; simulation may start the day after
    overlays : dated changes of single numbers, applied in order after the store's own values
    correlations : {(path, path): rho} between uncertain numbers, by Gaussian copula
    provenance : {path or path prefix: Provenance}; the longest matching prefix speaks
    price_rules : version of the price mechanics, a file in ecomsim/rules
    """

    name: str
    channels: Mapping[str, Channel]
    products: Mapping[str, Product]
    teams: Mapping[str, Team] = field(default_factory=dict)
    promotions: Mapping[str, Promotion] = field(default_factory=dict)
    suppliers: Mapping[str, Supplier] = field(default_factory=lambda: {"default": Supplier("default")})
    service: Service = field(default_factory=Service)
    noise: Noise = field(default_factory=Noise)
    choice: Choice = field(default_factory=Choice)
    basket: Basket = field(default_factory=Basket)
    fulfilment: Fulfilment = field(default_factory=Fulfilment)
    reputation: Reputation = field(default_factory=Reputation)
    costs: Costs = field(default_factory=Costs)
    currency: str = "CNY"
    timezone: str = "Asia/Shanghai"
    price_rules: str = "tmall-2025"
    as_of: dt.date | None = None
    overlays: tuple[Overlay, ...] = ()
    correlations: Mapping[tuple[str, str], float] = field(default_factory=dict)
    provenance: Mapping[str, Provenance] = field(default_factory=dict)

    def check(self, where: str) -> None:
        """Names agree with keys and every reference resolves."""
        self._check_since(where, None)

    def check_again(self, where: str, before: Store) -> None:
        """Check the parts that are new, and all where the names they may refer to have changed."""
        self._check_since(where, before)

    def _check_since(self, where: str, before: Store | None) -> None:
        def fresh(group: str, *referred: str) -> list[tuple[str, Any]]:
            """Return the parts to check: all unless those they may refer to have the names they had."""
            parts = getattr(self, group)
            kept = getattr(before, group, {})
            for other in referred:
                if before is None or getattr(self, other).keys() != getattr(before, other).keys():
                    kept = {}
            return (
                [] if parts is kept else [(n, part) for n, part in parts.items() if kept.get(n) is not part]
            )

        for group in ("channels", "products"):
            if not getattr(self, group):
                raise EcomsimError(
                    f"{where}.{group}", "no entries", f"at least one of the {group}", "Import or add one"
                )
        for group, key in (
            ("channels", "name"),
            ("products", "sku"),
            ("promotions", "name"),
            ("teams", "name"),
            ("suppliers", "name"),
        ):
            for given, part in fresh(group):
                if getattr(part, key) != given:
                    raise EcomsimError(
                        f"{where}.{group}[{given!r}]",
                        f"{key} {getattr(part, key)!r}",
                        f"{key} {given!r}",
                        "Use one name",
                    )
                if "." in given or "*" in given:
                    raise EcomsimError(
                        f"{where}.{group}[{given!r}]", repr(given), "a name without '.' and '*'", "Rename it"
                    )
        for sku, product in fresh("products", "suppliers"):
            require_name(product.supplier, list(self.suppliers), f"products.{sku}.supplier", "supplier")
        for name, channel in fresh("channels", "channels"):
            if isinstance(channel.driver, Paid):
                for other in channel.driver.displaces:
                    require_name(other, list(self.channels), f"channels.{name}.driver.displaces", "channel")
        for name, promotion in fresh("promotions", "products", "channels"):
            for sku in (*promotion.skus, *promotion.depth):
                require_name(sku, list(self.products), f"promotions.{name}.skus", "product")
            for channel_name in promotion.traffic:
                require_name(channel_name, list(self.channels), f"promotions.{name}.traffic", "channel")
        if self.correlations:
            _check_correlations(self, where)
        if self.price_rules != type(self).price_rules:  # the list of versions costs an import
            from ecomsim.formulas.price_files import rule_versions

            require_name(self.price_rules, rule_versions(), f"{where}.price_rules", "version of price rules")

    def source_of(self, path: str) -> Provenance:
        """Return the provenance of `path`: that of its longest recorded prefix, else 'assumed'."""
        parts = path.split(".")
        for n in range(len(parts), 0, -1):
            found = self.provenance.get(".".join(parts[:n]))
            if found:
                return found
        return Provenance("assumed", note="never set")

    @property
    def skus(self) -> tuple[str, ...]:
        """SKUs in order."""
        return tuple(self.products)

    def replace(self, **parts: object) -> Store:
        """Return a copy with some parts replaced, validated again."""
        return dataclasses.replace(self, **parts)  # type: ignore[arg-type]

    def __repr__(self) -> str:
        return (
            f"Store({self.name!r}: {len(self.channels)} channels, {len(self.products)} products, "
            f"{len(self.promotions)} promotions, {len(self.teams)} teams, as of {self.as_of})"
        )


def _check_correlations(store: Store, where: str) -> None:
    """Every pair once, between numbers there are, and all of them possible together."""
    from ecomsim.store.paths import locate

    names = sorted({path for pair in store.correlations for path in pair})
    for path in names:
        try:
            locate(store, path)
        except EcomsimError as error:
            at = f"{where}.correlations, {error.where}"
            raise EcomsimError(at, error.given, error.allowed, error.remedy) from None
    matrix = np.eye(len(names))
    for (one, two), rho in store.correlations.items():
        at = f"{where}.correlations[{one}, {two}]"
        require_number(rho, at, low=-1.0, high=1.0)
        if one == two or (one > two and (two, one) in store.correlations):
            raise EcomsimError(at, "a pair given twice", "every pair of two numbers once", "Keep one of them")
        i, j = names.index(one), names.index(two)
        matrix[i, j] = matrix[j, i] = rho
    copula_root(matrix, names)
