"""What users do, replayed from outside."""

from catalogue.model.journey import Click, Expect, HealthCheck, Journey, Type, Visit
from catalogue.model.time import minutes, seconds
from catalogue.services import API_GATEWAY, API_HEALTH, SITE, WEB

HEALTH = Journey(
    name="OpenPolicy API Health Check",
    service=API_GATEWAY,
    script=HealthCheck(
        endpoint=API_HEALTH,
        faster_than=seconds(1),
        json_path="$.status",
        json_value="healthy",
    ),
    every=minutes(1),
    failing_for=minutes(2),
    locations=("aws:ca-central-1", "aws:us-east-1"),
)
FIND_MP = Journey(
    name="Search for MP by Postal Code",
    service=WEB,
    script=(
        Visit(endpoint=SITE),
        Type(selector="[data-testid='search-input']", text="K1A 0A6"),
        Click(selector="[data-testid='search-submit']"),
        Expect(selector="[data-testid='mp-result']", within=seconds(5)),
        Expect(selector="[data-testid='mp-name']", within=seconds(5), some_text=True),
    ),
    every=minutes(5),
    failing_for=minutes(10),
    locations=("aws:ca-central-1",),
    devices=("chrome.laptop_large", "chrome.mobile_small"),
)

JOURNEYS = (HEALTH, FIND_MP)
