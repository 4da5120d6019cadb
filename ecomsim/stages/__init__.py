"""The street: one day in the store, one file a stage. Order here is the order of the day."""

from ecomsim.stages import (
    conversion,
    demand,
    economics,
    fulfilment,
    inventory,
    reputation,
    service,
    traffic,
)
from ecomsim.stages.stage import Stage, check_street

__all__ = ["STREET", "Stage", "check_street"]

STREET: tuple[Stage, ...] = (
    traffic.STAGE,
    service.STAGE,
    conversion.STAGE,
    demand.STAGE,
    inventory.STAGE,
    fulfilment.STAGE,
    reputation.STAGE,
    economics.STAGE,
)
"""traffic -> service -> conversion -> demand -> inventory -> fulfilment -> reputation -> economics"""
