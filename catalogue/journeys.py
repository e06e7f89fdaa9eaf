"""What users do, replayed from outside."""

from catalogue.model.journey import (
    Browser,
    Call,
    Certificate,
    Chain,
    Click,
    Device,
    Expect,
    HealthCheck,
    Journey,
    Type,
)
from catalogue.model.ownership import Endpoint
from catalogue.model.time import days, hours, minutes, seconds
from catalogue.services import API_GATEWAY, API_HEALTH, SITE, WEB

HEALTH = Journey(
    name="OpenPolicy API Health Check",
    service=API_GATEWAY,
    script=HealthCheck(
        endpoint=API_HEALTH,
        faster_than=seconds(1),
        patience=seconds(10),
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
    script=Browser(
        start=SITE,
        steps=(
            Type(selector="[data-testid='search-input']", text="K1A 0A6", variable="POSTAL_CODE"),
            Click(selector="[data-testid='search-submit']"),
            Expect(selector="[data-testid='mp-result']", within=seconds(5)),
            Expect(selector="[data-testid='mp-name']", within=seconds(5), some_text=True),
        ),
        devices=(Device.LAPTOP, Device.PHONE),
    ),
    every=minutes(5),
    failing_for=minutes(10),
    locations=("aws:ca-central-1",),
)
# Assumed of the public API: it lists `items`, and a bill's `id` is what its address ends in.
READ_A_BILL = Journey(
    name="Read a Bill",
    service=API_GATEWAY,
    script=Chain(
        calls=(
            Call(
                name="List bills",
                endpoint=Endpoint(host="api", path="/api/v1/bills?limit=1"),
                faster_than=seconds(2),
                json_path="$.items[0].id",
                keep="BILL_ID",
            ),
            Call(
                name="Read the first",
                endpoint=Endpoint(host="api", path="/api/v1/bills/{{ BILL_ID }}"),
                faster_than=seconds(2),
                json_path="$.id",
                json_value="{{ BILL_ID }}",
            ),
        ),
    ),
    every=minutes(5),
    failing_for=minutes(10),
    locations=("aws:ca-central-1",),
)
# Let's Encrypt renews 30 days before the end, so at 21 the renewal has failed for nine.
API_CERTIFICATE = Journey(
    name="OpenPolicy API Certificate",
    service=API_GATEWAY,
    script=Certificate(endpoint=API_HEALTH, valid_for=days(21)),
    every=hours(1),
    failing_for=seconds(0),
    locations=("aws:ca-central-1",),
)
SITE_CERTIFICATE = Journey(
    name="OpenPolicy Site Certificate",
    service=WEB,
    script=Certificate(endpoint=SITE, valid_for=days(21)),
    every=hours(1),
    failing_for=seconds(0),
    locations=("aws:ca-central-1",),
)

JOURNEYS = (HEALTH, FIND_MP, READ_A_BILL, API_CERTIFICATE, SITE_CERTIFICATE)
