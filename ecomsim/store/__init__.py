"""What the shop IS: frozen, validated; every number has a unit, a domain and a provenance."""

from ecomsim.store.channel import Affiliate, Channel, Driver, Free, Live, Paid, Returning
from ecomsim.store.field import Domain, Part, domain_of
from ecomsim.store.product import (
    BaseStock,
    CoverDays,
    FixedQuantity,
    MinMax,
    Policy,
    Product,
    Receipt,
    Role,
    Supplier,
    TimePhased,
)
from ecomsim.store.promotion import Effect, FullReduction, Promotion
from ecomsim.store.settings import Basket, Choice, Costs, Fulfilment, Noise, Reputation
from ecomsim.store.store import Overlay, Provenance, Store
from ecomsim.store.team import SLOTS, AnswerCurve, Service, Team

__all__ = [
    "SLOTS",
    "Affiliate",
    "AnswerCurve",
    "BaseStock",
    "Basket",
    "Channel",
    "Choice",
    "Costs",
    "CoverDays",
    "Domain",
    "Driver",
    "Effect",
    "FixedQuantity",
    "Free",
    "Fulfilment",
    "FullReduction",
    "Live",
    "MinMax",
    "Noise",
    "Overlay",
    "Paid",
    "Part",
    "Policy",
    "Product",
    "Promotion",
    "Provenance",
    "Receipt",
    "Reputation",
    "Returning",
    "Role",
    "Service",
    "Store",
    "Supplier",
    "Team",
    "TimePhased",
    "domain_of",
]
