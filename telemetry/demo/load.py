"""Users of the demo: `python -m telemetry.demo.load http://127.0.0.1:8000 20` makes 20 requests a second."""

import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import httpx


def visit(client: httpx.Client) -> None:
    """One thing that somebody does."""
    chance = random.random()
    try:
        if chance < 0.5:
            client.get(f"/api/v1/bills/{random.randint(1, 50)}")
        elif chance < 0.8:
            client.get("/api/v1/bills")
        elif chance < 0.96:
            client.get("/api/v1/search", params={"q": "number"})
        elif chance < 0.98:
            client.post("/api/v1/bills", json={"title": "An Act", "jurisdiction": "federal", "kind": "bill"})
        elif chance < 0.99:
            client.post("/api/v1/sessions", json={"user": "u-7"})
        else:
            client.get("/no/such/page")
    except httpx.HTTPError:
        # A broken service does not answer; its users come back all the same.
        return


def main(address: str, rate: float) -> None:
    """Makes requests at that rate until it is ended."""
    with httpx.Client(base_url=address, timeout=10) as client, ThreadPoolExecutor(50) as people:
        while True:
            people.submit(visit, client)
            time.sleep(1 / rate)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
