"""What the program says, in Chinese: a catalogue of sentences with gaps, looked up by their English."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ecomsim.checks import EcomsimError

__all__ = ["fault_in_chinese", "in_chinese"]

_GAP = re.compile(r"\\{\w+\\}")


@cache
def _catalogue() -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """Return plain sentences by their English, and patterns of those with gaps."""
    import yaml

    text = Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
    plain, gapped = {}, []
    for english, chinese in yaml.load(text, Loader=yaml.CSafeLoader).items():
        pattern = _GAP.sub(lambda gap: f"(?P<{gap[0][2:-2]}>.+?)", re.escape(english).replace("\\ ", " "))
        if "(?P<" in pattern:
            gapped.append((re.compile(pattern, re.DOTALL), chinese))
        else:
            plain[english] = chinese
    return plain, gapped


def in_chinese(text: str) -> str:
    """Return one of the program's own sentences in Chinese; what it does not know stays as it is.

    Values within a sentence (names, numbers, days) are kept, phrases within it are translated in turn.

    Examples
    --------
    >>> in_chinese("out of range; allowed: at least 0")
    '超出范围；允许：至少 0'
    >>> in_chinese("free_search")
    'free_search'
    """
    plain, gapped = _catalogue()
    known = plain.get(text)
    if known is not None:
        return known
    for pattern, chinese in gapped:
        found = pattern.fullmatch(text)
        if found:
            return chinese.format(**{gap: in_chinese(part) for gap, part in found.groupdict().items()})
    return text


def fault_in_chinese(fault: EcomsimError) -> str:
    """Return a fault, or all of several, in Chinese: where, what was given, what is allowed, what mends it.

    Examples
    --------
    >>> print(fault_in_chinese(EcomsimError("team.xlsx", "no roster", "", "Correct the cell")))
    team.xlsx：没有排班表。更正该单元格。
    """
    several = getattr(fault, "faults", ())
    if several:
        return "\n  ".join([f"{fault.where}：{len(several)} 处错误", *map(fault_in_chinese, several)])
    parts = [in_chinese(fault.given.removeprefix("got ")) if fault.given else ""]
    parts.append(f"允许：{in_chinese(fault.allowed)}" if fault.allowed else "")
    parts.append(in_chinese(fault.remedy.rstrip(".")) if fault.remedy else "")
    text = "。".join(part for part in parts if part)
    return f"{in_chinese(fault.where)}：{text}" + ("" if text.endswith(("。", "？")) else "。")
