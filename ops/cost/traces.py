"""What traces cost: spans in Elasticsearch, and the gateways' queues."""

from decimal import Decimal

from catalogue.sizes import SIZES
from components.render.tracing.storage import INDICES
from components.settings import Stack

_DAY = 86_400


def kept_share(stack: Stack) -> Decimal:
    """Share of the traces that is kept: the sampled ones, and of the others those that are slow or failed."""
    sampled = stack.settings.tracing.sampled_share
    return sampled + (1 - sampled) * SIZES.remarkable


def a_day(stack: Stack) -> Decimal:
    """Bytes of spans that are kept of one day, without copies."""
    return SIZES.requests * stack.settings.cost.load * SIZES.spans * kept_share(stack) * SIZES.span * _DAY


def stored(stack: Stack) -> dict[str, Decimal]:
    """Bytes on each tier of Elasticsearch, with copies, when it has run for as long as spans are kept."""
    section = stack.settings.tracing
    if section.storage == "memory":
        return {}
    copies = 2 if stack.settings.logs.hot.count > 1 else 1
    whole = a_day(stack) * section.retention.seconds / _DAY * copies
    # One index is written to, and the next is not yet moved.
    hot = whole * 2 / INDICES
    return {"hot": hot, "warm": whole - hot}


def how(stack: Stack) -> str:
    """How the amount comes about."""
    section = stack.settings.tracing
    return (
        f"{SIZES.requests * stack.settings.cost.load:g} requests a second × {SIZES.spans} spans × {SIZES.span} B, "
        f"{kept_share(stack):.1%} kept for {section.retention}"
    )
