"""Google Analytics 4: default channel groups by day, finer rows (landing page, device) added up."""

from __future__ import annotations

from ecomsim.data.source import Note, Piece, Sheet, Source
from ecomsim.data.sources._channels import assign
from ecomsim.data.sources._headers import listed
from ecomsim.data.sources._sums import parts

__all__ = ["GA4_CHANNELS"]

_USERS = Note(
    "visitors are Active users; a user seen on several landing pages or devices counts at each. gmv is Total "
    "revenue by the day of the session"
)
_SESSIONS = Note(
    "visitors are SESSIONS, above the number of people: Active users is not in the file, export it for a "
    "conversion rate by visitor. gmv is Total revenue by the day of the session"
)


def _parse(sheet: Sheet) -> list[Piece]:
    users = "Active users" in sheet.cells.columns
    channel, strange = assign("ga4", [sheet.get("Session default channel group")], unnamed="other_free")
    sums = {"visitors": "Active users" if users else "Sessions", "gmv": "Total revenue"}
    keys = {"date": sheet.get("Date"), "channel": channel}
    return [parts(sheet, "channel_day", keys, sums, notes=(_USERS if users else _SESSIONS, *strange))]


GA4_CHANNELS = Source(
    name="ga4_channel_daily",
    title="Google Analytics 4 channels by day",
    platform="GA4",
    tables=("channel_day",),
    required=("Date", "Session default channel group"),
    optional=listed(
        "Landing page, Device category, Sessions, Active users, Key events, Total revenue, Bounce rate"
    ),
    parse=_parse,
    uses=listed("Date, Session default channel group, Sessions, Active users, Total revenue"),
)
