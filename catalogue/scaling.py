"""What grows and shrinks with its load."""

from catalogue.metrics import HTTP_REQUESTS, PROBE_PATHS
from catalogue.model.scaling import Autoscaler, Load, Measure, Pace, Prefer, Step
from catalogue.model.time import minutes, seconds
from catalogue.services import API_GATEWAY

# The name is a contract, and older than the Deployment's.
API = Autoscaler(
    name="openpolicy-api",
    service=API_GATEWAY,
    # Two minutes hold eight scrapes: fewer, and one late scrape would look like less traffic.
    load=Load(
        counter=HTTP_REQUESTS,
        name="http_requests_per_second",
        window=minutes(2),
        without={"endpoint": PROBE_PATHS},
    ),
    # Up at once, and twice as many within half a minute: users wait.
    up=Pace(
        steps=(
            Step(measure=Measure.PERCENT, value=100, period=seconds(30)),
            Step(measure=Measure.PODS, value=4, period=seconds(30)),
        ),
        prefer=Prefer.MOST,
        settle=seconds(0),
    ),
    # Down slowly: an idle pod costs cents, and one that is missing costs the next spike.
    down=Pace(
        steps=(
            Step(measure=Measure.PERCENT, value=10, period=minutes(1)),
            Step(measure=Measure.PODS, value=3, period=minutes(1)),
        ),
        prefer=Prefer.LEAST,
        settle=minutes(5),
    ),
)

AUTOSCALERS = (API,)
