"""The planner's dashboard: levers on the left, consequences through the whole store on the right."""

from __future__ import annotations

import os
from pathlib import Path

from ecomsim.ui.controller import Planner
from ecomsim.ui.shell import Page

__all__ = ["planner"]

_VARIABLE = "ECOMSIM_WORKBOOK"


def planner(*workbooks: str | os.PathLike[str]) -> Page:
    """Return the planner's dashboard as a page to be displayed.

    Parameters
    ----------
    workbooks : folders to choose from; default the one the server was started with. With none, the page says what
        to import and offers the sample store

    Examples
    --------
    >>> planner("build/demo/flagship/workbook")                           # doctest: +SKIP
    """
    given = [os.fspath(one) for one in workbooks] or [os.environ.get(_VARIABLE, "")]
    return Planner([Path(one) for one in given if one]).page
