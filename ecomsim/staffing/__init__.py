"""How many people, when and who: from the contacts expected to a roster that has been checked.

`window` and `need` say when the desk is open and how many people it takes; `requirement` finds that number.
"""

from ecomsim.staffing.need import Need, need_from_rows
from ecomsim.staffing.window import Window

__all__ = ["Need", "Window", "need_from_rows"]
