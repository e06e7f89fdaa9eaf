"""The demo's scraper: a worker that runs once a second, and asks the switchboard how to fare."""

import os
import random
import time

import telemetry
from catalogue.metrics import SCRAPER_ERRORS
from telemetry.demo.faults import current

PAUSE = float(os.environ.get("DEMO_PAUSE", "1"))

log = telemetry.logger("demo.scraper")


@telemetry.scraper("federal-bills", brings=("bill",))
def federal_bills(run: telemetry.Run) -> None:
    """Brings bills, as far as the switchboard lets it."""
    if current().run_fails:
        raise TimeoutError("parl.ca did not answer")
    time.sleep(0.05)
    run.records("bill", random.randint(20, 60))
    if random.random() < 0.05:
        run.error(ValueError("a page without a title"))


def main() -> None:
    """Runs until it is ended."""
    telemetry.start("scraper")
    telemetry.known(SCRAPER_ERRORS, scraper=["federal-bills"], error_type=["TimeoutError", "ValueError"])
    log.info("scraper starts", pause=PAUSE)
    while True:
        try:
            federal_bills()
        except TimeoutError:
            log.info("the next run tries again")
        time.sleep(PAUSE)


if __name__ == "__main__":
    main()
