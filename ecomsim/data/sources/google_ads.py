"""Google Ads: campaigns by day."""

from __future__ import annotations

from ecomsim.data.source import Note, Piece, Sheet, Source
from ecomsim.data.sources._channels import assign
from ecomsim.data.sources._headers import listed
from ecomsim.data.sources._money import one_currency
from ecomsim.data.sources._sums import parts

__all__ = ["GOOGLE_ADS"]

_SUMS = {
    "spend": "Cost",
    "impressions": "Impr.",
    "clicks": "Clicks",
    "orders": "Conversions",
    "attributed_gmv": "Conv. value",
}
_BASIS = Note(
    "clicks are not visitors; orders and attributed_gmv are the conversions the ad platform claims, by the "
    "day of the click, parts of an order where it shares them out"
)


def _parse(sheet: Sheet) -> list[Piece]:
    kind = sheet.get("Campaign type").astype("str").fillna("").str.strip()
    total = kind.str.casefold().str.startswith("total").to_numpy()
    notes = [_BASIS]
    if total.any():
        notes.append(Note("rows of totals", tuple(sheet.rows[total].tolist())))
        sheet = sheet.take(~total)
    notes += one_currency(sheet, "Currency code")
    channel, strange = assign("google_ads", [sheet.get("Campaign type")], unnamed="ads_unnamed")
    keys = {"date": sheet.get("Day"), "channel": channel}
    return [parts(sheet, "channel_day", keys, _SUMS, notes=(*notes, *strange))]


GOOGLE_ADS = Source(
    name="google_ads",
    title="Google Ads campaigns by day",
    platform="Google Ads",
    tables=("channel_day",),
    required=("Campaign type", "Day", "Cost"),
    optional=listed(
        "Campaign, Currency code, Clicks, Impr., CTR, Avg. CPC, Conversions, Conv. rate, Conv. value, "
        "Cost / conv."
    ),
    parse=_parse,
    uses=("Campaign type", "Day", "Currency code", *_SUMS.values()),
)
