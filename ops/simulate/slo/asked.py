"""An outage as somebody asks for it on a command line."""

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from catalogue.model.problem import nearest
from catalogue.model.slo import Slo
from catalogue.model.time import Duration

if TYPE_CHECKING:
    from ops.simulate.slo.outage import Outage


class AskedError(Exception):
    """What was asked for makes no sense. The text says what would."""


def asked(fails: str | None, lasts: str | None, traffic: str) -> "Outage":
    """The outage. Raises AskedError."""
    from ops.simulate.slo.outage import Outage
    from ops.simulate.slo.shapes import SHAPES

    if fails is None or lasts is None:
        raise AskedError("an outage has both --fails and --for: say how much fails, and for how long")
    shapes = {shape.name.partition(" ")[0]: shape for shape in SHAPES}
    if traffic not in shapes:
        raise AskedError(f"there is no traffic {traffic}: {nearest(traffic, shapes)}")
    try:
        return Outage(share=_share(fails), lasts=Duration.parse(lasts), shape=shapes[traffic])
    except ValueError as error:
        raise AskedError(str(error)) from None


def _share(text: str) -> Decimal:
    number, percent, rest = text.partition("%")
    try:
        share = Decimal(number)
    except InvalidOperation:
        share = Decimal("NaN")
    if rest or not share.is_finite():
        raise ValueError(f"{text!r} is no share: write it like 5% or 0.05")
    return share / 100 if percent else share


def objective(name: str) -> Slo:
    """The objective of that name. Raises AskedError."""
    from catalogue.slos import SLOS

    slos = {slo.name: slo for slo in SLOS}
    if name not in slos:
        raise AskedError(f"there is no objective {name}: {nearest(name, slos)}")
    return slos[name]
