"""What we promise to the people who use the platform."""

from decimal import Decimal

from catalogue.metrics import HTTP_REQUEST_DURATION, HTTP_REQUESTS
from catalogue.model.slo import Availability, Latency, Slo
from catalogue.model.time import days
from catalogue.services import API_GATEWAY

WITHIN = Decimal("1.0")
"""Seconds in which a request is answered, as people are promised."""

# A full outage spends the budget of 30 days in 3 h 36 min.
AVAILABILITY = Slo(
    name="availability",
    service=API_GATEWAY,
    sli=Availability(requests=HTTP_REQUESTS),
    objective=Decimal("0.995"),
    period=days(30),
    alert="AvailabilitySLOBreach",
    promise="99.5% of requests are not answered with a server error",
)
# The same as "the 95th percentile is at most one second", but countable, so it can burn.
LATENCY = Slo(
    name="latency",
    service=API_GATEWAY,
    sli=Latency(durations=HTTP_REQUEST_DURATION, within=WITHIN),
    objective=Decimal("0.95"),
    period=days(30),
    alert="LatencySLOBreach",
    promise="95% of requests are answered within 1 s",
)

SLOS = (AVAILABILITY, LATENCY)
