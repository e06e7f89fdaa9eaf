"""Shapes of traffic that the API has to live through, and the pod that answers it.

Both are assumptions in round numbers, for nothing was recorded yet: put what you measure in their place.
"""

from catalogue.model.quantity import Bytes
from catalogue.model.time import seconds
from catalogue.model.traffic import PodProfile, Traffic

# One worker of Python: at most one processor, whatever the node has.
API_POD = PodProfile(
    cpu_request=500,
    cpu_most=1000,
    cpu_idle=20,
    cpu_a_request=4,
    memory_request=Bytes.parse("512Mi"),
    memory_limit=Bytes.parse("1Gi"),
    memory_idle=Bytes.parse("260Mi"),
    scheduled_after=seconds(5),
    ready_after=seconds(30),
)

STEADY = Traffic(name="Steady", says="An ordinary afternoon.", points=((0, 400), (60, 400)))
MORNING = Traffic(
    name="Morning ramp",
    says="The country wakes up from east to west.",
    points=((0, 150), (10, 150), (70, 1200), (100, 1200), (150, 600)),
)
SPIKE = Traffic(
    name="Spike ×10",
    says="A newscast names the site: ten times as many within half a minute, for ten minutes.",
    points=((0, 300), (10, 300), (11, 3000), (21, 3000), (22, 300), (60, 300)),
)
ELECTION = Traffic(
    name="Election night",
    says="Polls close in one zone after another, and the last results bring more than there may be pods for.",
    points=(
        (0, 300), (30, 500), (60, 900), (65, 2200), (90, 1600), (120, 1800), (125, 3200), (150, 2400), (180, 2600),
        (184, 5000), (215, 4600), (270, 1500), (330, 500), (360, 300),
    ),
)  # fmt: skip
LEAK = Traffic(
    name="Slow leak",
    says="Even traffic, and a release that loses 60 MiB an hour in each pod.",
    points=((0, 400), (480, 400)),
    leak=Bytes.parse("60Mi"),
)

TRAFFIC = (STEADY, MORNING, SPIKE, ELECTION, LEAK)
