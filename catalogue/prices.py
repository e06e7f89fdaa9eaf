"""What one of everything costs in a month. A stack that knows better says so under `openpolicy:cost`."""

from datetime import date
from decimal import Decimal

from catalogue.model.price import Price, Prices

_NOVEMBER = date(2026, 11, 1)
_LIST = "assumption: on demand at a large cloud, a node's price shared out as is usual"

PRICES = Prices(
    core=Price(unit="core", dollars=Decimal(23), checked=_NOVEMBER, source=_LIST),
    memory=Price(unit="GiB", dollars=Decimal("3.1"), checked=_NOVEMBER, source=_LIST),
    volume=Price(unit="GiB", dollars=Decimal("0.10"), checked=_NOVEMBER, source="assumption: SSD at a large cloud"),
    bucket=Price(
        unit="GiB", dollars=Decimal("0.023"), checked=_NOVEMBER, source="assumption: standard class at a large cloud"
    ),
    seat=Price(
        unit="seat", dollars=Decimal(21), checked=_NOVEMBER, source="assumption: PagerDuty Professional, paid yearly"
    ),
)
