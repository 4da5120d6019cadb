"""Export formats, one file a format or a tight family of them.

A new format is one file here that makes a `Source`, and its line below.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ecomsim.data.source import Source
from ecomsim.data.sources.amazon import AMAZON_BUSINESS, AMAZON_BUSINESS_OLD
from ecomsim.data.sources.ga4 import GA4_CHANNELS
from ecomsim.data.sources.google_ads import GOOGLE_ADS
from ecomsim.data.sources.service import CS_BASKET, CS_INQUIRY, CS_RECEPTION
from ecomsim.data.sources.shopify_orders import SHOPIFY_ORDERS
from ecomsim.data.sources.shopify_reports import SHOPIFY_FUNNEL, SHOPIFY_SALES, SHOPIFY_VISITORS
from ecomsim.data.sources.sycm_item import SYCM_ITEM
from ecomsim.data.sources.sycm_store import SYCM_STORE
from ecomsim.data.sources.sycm_traffic import SYCM_TRAFFIC_ITEM, SYCM_TRAFFIC_STORE
from ecomsim.data.sources.taobao_orders import TAOBAO_ORDERS, TMALL_ORDERS
from ecomsim.data.sources.taobaoke import TAOBAOKE_CPS
from ecomsim.data.sources.wanxiang import WANXIANG_ITEM, WANXIANG_SCENE

__all__ = ["SOURCES"]

_SOURCES = (
    SYCM_STORE,
    SYCM_ITEM,
    SYCM_TRAFFIC_STORE,
    SYCM_TRAFFIC_ITEM,
    WANXIANG_SCENE,
    WANXIANG_ITEM,
    TAOBAOKE_CPS,
    CS_RECEPTION,
    CS_INQUIRY,
    CS_BASKET,
    TAOBAO_ORDERS,
    TMALL_ORDERS,
    SHOPIFY_ORDERS,
    SHOPIFY_VISITORS,
    SHOPIFY_FUNNEL,
    SHOPIFY_SALES,
    GA4_CHANNELS,
    GOOGLE_ADS,
    AMAZON_BUSINESS,
    AMAZON_BUSINESS_OLD,
)

SOURCES: Mapping[str, Source] = MappingProxyType({s.name: s for s in _SOURCES})
"""Every known export format by name."""
