"""The section about money: how much there is of what a bill counts, and unit prices that this stack knows better."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, field_validator

from catalogue.model.price import Price, Prices
from components.settings.fields import Load, Month, Section, Text, UnitPrice
from components.settings.readers import WrongValueError


class Priced(Section):
    """A unit price, when it was right, and where it is from."""

    dollars: UnitPrice
    checked: Month
    source: Text


class UnitPrices(Section):
    """Those that differ from catalogue/prices.py."""

    core: Priced | None = None
    memory: Priced | None = None
    volume: Priced | None = None
    bucket: Priced | None = None
    seat: Priced | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _is_given(cls, value: object) -> object:
        if value is None:
            raise WrongValueError("is empty", "give dollars, checked and source, or remove it")
        return value


class Costs(Section):
    """What `ops cost` and the board of costs multiply."""

    nodes: Annotated[int, Field(ge=1, le=5_000)]
    api_servers: Annotated[int, Field(ge=1, le=50)]
    load: Load
    prices: UnitPrices

    def known(self, prices: Prices) -> Prices:
        """The prices, with those that this stack knows better."""
        own: dict[str, Priced] = {name: getattr(self.prices, name) for name in self.prices.model_fields_set}
        return prices.but(
            **{
                name: Price(
                    unit=prices.named()[name].unit,
                    dollars=Decimal(each.dollars),
                    checked=each.checked,
                    source=each.source,
                )
                for name, each in own.items()
            }
        )
