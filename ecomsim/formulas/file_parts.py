"""Models of files from outside: strict fields, every fault told at once in the house's one form."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from ecomsim.checks import EcomsimError, nearest

__all__ = ["Amount", "Part", "parsed", "raise_all"]

Amount = Decimal | float | int | str
Model = TypeVar("Model", bound=BaseModel)


class Part(BaseModel):
    """A strict, frozen piece of a file: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def parsed(model: type[Model], content: object, where: str) -> Model:
    """Return `content` as `model`, or raise one EcomsimError naming every fault by its path."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise_all(where, [_fault(model, where, dict(e)) for e in error.errors(include_url=False)])
        raise


def raise_all(where: str, faults: list[EcomsimError]) -> None:
    """Raise the fault, or one error holding all of them; return when there is none."""
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise EcomsimError(where, f"{len(faults)} faults", remedy="; ".join(str(f) for f in faults))


def _fault(model: type[BaseModel], where: str, error: dict[str, Any]) -> EcomsimError:
    loc: tuple[str | int, ...] = error["loc"]
    path = where + "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in loc)
    if error["type"] == "extra_forbidden":
        known = list(_model_at(model, loc[:-1]).model_fields)
        hit = nearest(str(loc[-1]), known)
        return EcomsimError(
            path, "no such field", ", ".join(known), f"Did you mean '{hit}'?" if hit else "Remove it"
        )
    if error["type"] == "missing":
        return EcomsimError(path, "not given", "a value", "Add the field")
    return EcomsimError(path, repr(error["input"])[:60], str(error["msg"]), "See the field's description")


def _model_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> type[BaseModel]:
    """Follow a fault's path down to the model whose field it is."""
    for name in loc:
        if isinstance(name, str) and name in model.model_fields:
            inner = _models_in(model.model_fields[name].annotation)
            if not inner:
                break
            model = inner[0]
    return model


def _models_in(kind: Any) -> list[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    return [m for part in get_args(kind) for m in _models_in(part)]
