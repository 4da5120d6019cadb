"""Words of the forecast, in English and Chinese."""

from __future__ import annotations

import math

__all__ = ["chance_text"]


def chance_text(share: float, calibrated: bool, language: str = "en") -> str:
    """Return a probability as people may quote it; never bare where nothing has tested it.

    Examples
    --------
    >>> chance_text(0.62, True), chance_text(0.62, False), chance_text(0.999, True)
    ('62 %', 'uncalibrated: about 6 in 10', '> 99 %')
    """
    if not math.isfinite(share):
        return "–"
    if not calibrated:
        tenths = min(10, max(0, round(10 * share)))
        return f"未校准：约 {tenths}/10" if language == "zh" else f"uncalibrated: about {tenths} in 10"
    points = 100 * share
    if points > 99:
        return "> 99 %"
    return "< 1 %" if points < 1 else f"{points:.0f} %"
