"""The days on which outages begin. Assumptions in round numbers, for nothing was recorded yet."""

from ops.simulate.slo.outage import Shape

STEADY = Shape(name="steady", says="24,000 requests a minute at any hour.", a_minute=(24_000,) * 24, begins=14)

_A_DAY = (
    2_400, 1_200, 900, 600, 600, 1_200, 3_600, 9_000, 18_000, 24_000, 26_400, 27_000,
    27_000, 27_600, 28_200, 27_600, 26_400, 25_200, 24_000, 22_800, 19_800, 14_400, 8_400, 4_800,
)  # fmt: skip

DAY = Shape(name="day", says="A country's day; what breaks, breaks at its height.", a_minute=_A_DAY, begins=14)
NIGHT = Shape(name="night", says="The same day; what breaks, breaks at 3 in the morning.", a_minute=_A_DAY, begins=3)
QUIET = Shape(
    name="quiet night",
    says="A service that few use: 60 requests a minute by day, 2 by night, when it breaks.",
    a_minute=(2,) * 7 + (60,) * 13 + (2,) * 4,
    begins=1,
)

SHAPES = (STEADY, DAY, NIGHT, QUIET)
