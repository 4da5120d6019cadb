"""Price rules from YAML: versioned files shipped with the package, or the user's own."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field

from ecomsim.checks import EcomsimError, require_name
from ecomsim.formulas.file_parts import Amount, Part, parsed
from ecomsim.formulas.money import fen, ppm
from ecomsim.formulas.pricing import STAGES, Basis, PriceRules

__all__ = ["RulesFile", "load_rules", "rule_versions"]

Stage = Literal["item", "threshold", "shop_coupon", "platform_coupon", "member"]


class ProtectionPart(Part):
    """Price protection: days after the purchase and what is compared."""

    days: int = Field(default=0, ge=0, le=365)
    compare: Literal["paid", "after_items"] = "paid"


class RulesFile(Part):
    """A file of price rules; see `PriceRules` for the fields."""

    version: str
    platform: str
    valid_from: date
    valid_to: date | None = None
    source: str
    confidence: Literal["high", "medium", "low"]
    order: tuple[Stage, ...] = ("item", "threshold", "shop_coupon", "platform_coupon", "member")
    combine: Literal["add", "multiply", "best"] = "add"
    item_cap: float = 1.0
    basis: dict[Literal["threshold", "shop_coupon", "platform_coupon"], Basis] = Field(default_factory=dict)
    rounding: Literal["half_up", "down"] = "half_up"
    least_paid: Amount = 0
    coupons_per_order: dict[Literal["shop", "platform"], int] = Field(default_factory=dict)
    shipping_basis: Basis = "running"
    protection: ProtectionPart = ProtectionPart()
    platform_pays: dict[Stage, float] = Field(default_factory=dict)

    def build(self) -> PriceRules:
        """Return the rules, after the checks a type cannot make."""
        if self.order[:1] != ("item",) or sorted(self.order) != sorted(STAGES):
            allowed = f"each of {', '.join(STAGES)} once, item first"
            raise EcomsimError(f"{self.version}.order", ", ".join(self.order), allowed, "Complete the list")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise EcomsimError(
                f"{self.version}.valid_to",
                str(self.valid_to),
                f"{self.valid_from} or later",
                "Swap the two dates",
            )
        ppm(self.item_cap, f"{self.version}.item_cap")
        for stage, share in self.platform_pays.items():
            ppm(share, f"{self.version}.platform_pays.{stage}")
        for owner, count in self.coupons_per_order.items():
            if count < 0:
                raise EcomsimError(
                    f"{self.version}.coupons_per_order.{owner}", str(count), "at least 0", "Use 0"
                )
        return PriceRules(
            version=self.version,
            order=self.order,
            combine=self.combine,
            item_cap=self.item_cap,
            basis=tuple(self.basis.items()),
            rounding=self.rounding,
            least_paid=fen(self.least_paid, f"{self.version}.least_paid"),
            coupons_per_order=tuple(self.coupons_per_order.items()),
            shipping_basis=self.shipping_basis,
            protection_days=self.protection.days,
            protection_on=self.protection.compare,
            platform_pays=tuple(self.platform_pays.items()),
        )


def rule_versions() -> tuple[str, ...]:
    """Return the names of the rules shipped.

    Examples
    --------
    >>> rule_versions()
    ('plain-1', 'tmall-2022', 'tmall-2025')
    """
    folder = files("ecomsim") / "rules"
    return tuple(sorted(f.name.removesuffix(".yaml") for f in folder.iterdir() if f.name.endswith(".yaml")))


def load_rules(version: str | Path) -> PriceRules:
    """Return price rules by the name of a shipped version, or from a YAML file given as a Path.

    Raises
    ------
    EcomsimError
        For an unknown name (with the nearest one) and for every fault in a file, all in one message.

    Examples
    --------
    >>> load_rules("tmall-2025").combine
    'add'
    """
    if isinstance(version, Path):
        try:
            text, where = version.read_text(encoding="utf-8"), version.name
        except (OSError, UnicodeDecodeError) as fault:
            raise EcomsimError(str(version), "not readable", "a UTF-8 YAML file", str(fault)) from None
    else:
        require_name(version, rule_versions(), "rules", "price rules version")
        text, where = (
            (files("ecomsim") / "rules" / f"{version}.yaml").read_text(encoding="utf-8"),
            f"{version}.yaml",
        )
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as fault:
        raise EcomsimError(where, "not YAML", "a YAML mapping", " ".join(str(fault).split())) from None
    return parsed(RulesFile, content, where).build()
