"""The demo's API: `python -m telemetry.demo.service 8000`. It behaves as the switchboard says."""

import os
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from fastapi import APIRouter, Body, FastAPI, HTTPException
from fastapi.responses import HTMLResponse

import telemetry
from catalogue.metrics import (
    ACTIVE_USERS,
    BILL_VIEWS,
    BILLS_CREATED,
    CACHE_HIT_RATE,
    CACHE_REQUESTS,
    SEARCH_QUERIES,
    USER_ACTIONS,
)
from telemetry.demo.database import Database
from telemetry.demo.faults import Faults, Switchboard, described
from telemetry.demo.page import PAGE

log = telemetry.logger("demo.service")
app = FastAPI(title="OpenPolicy demo")
telemetry.start("api-gateway", app)
telemetry.known(BILLS_CREATED, jurisdiction=["federal", "ontario"], type=["bill", "motion"])
telemetry.known(SEARCH_QUERIES, search_type=["bills"])
telemetry.known(CACHE_REQUESTS, cache_type=["titles"])
telemetry.known(USER_ACTIONS, action_type=["search", "view"])
telemetry.known(BILL_VIEWS, bill_id=[str(number) for number in range(1, 51)])
telemetry.set_to(ACTIVE_USERS, 3)

board = Switchboard()
database = Database(Path(os.environ.get("DEMO_DATABASE", "demo.db")), board)
api = APIRouter()
cached: dict[int, str] = {}
looks = {"hit": 0, "miss": 0}


def suffer() -> None:
    """What every answer of the API goes through."""
    faults = board.faults
    for line in range(faults.log_flood):
        log.info("flood", line=line)
    if faults.latency:
        time.sleep(faults.latency)
    if faults.unlucky:
        raise RuntimeError("broken by the switchboard, contact jane.doe@example.org with password=hunter2")


@api.get("/bills")
def bills() -> list[str]:
    """The newest bills."""
    suffer()
    return database.titles(20)


@api.get("/bills/{bill_id}")
def bill(bill_id: int) -> dict[str, str]:
    """One bill."""
    suffer()
    result = "hit" if bill_id in cached else "miss"
    looks[result] += 1
    telemetry.count(CACHE_REQUESTS, cache_type="titles", result=result)
    telemetry.set_to(CACHE_HIT_RATE, 100 * looks["hit"] / sum(looks.values()), cache_type="titles")
    telemetry.count(BILL_VIEWS, bill_id=bill_id)
    telemetry.count(USER_ACTIONS, action_type="view")
    if (title := cached.get(bill_id) or database.bill(bill_id)) is None:
        raise HTTPException(404, "no such bill")
    cached[bill_id] = title
    return {"title": title}


@api.post("/bills", status_code=201)
def add(
    title: Annotated[str, Body()], jurisdiction: Annotated[str, Body()], kind: Annotated[str, Body()]
) -> dict[str, int]:
    """Adds a bill."""
    suffer()
    number = database.add(jurisdiction, kind, title)
    telemetry.count(BILLS_CREATED, jurisdiction=jurisdiction, type=kind)
    telemetry.audit(
        action="bill.create", outcome=telemetry.Outcome.SUCCESS, user="u-1042", target=f"bill/{number}", kind=kind
    )
    return {"id": number}


@api.get("/search")
def search(q: str) -> list[str]:
    """Bills whose title has the words."""
    suffer()
    found = [title for title in database.titles(50) if q.lower() in title.lower()]
    telemetry.count(SEARCH_QUERIES, search_type="bills", result="hit" if found else "empty")
    telemetry.count(USER_ACTIONS, action_type="search")
    return found


@api.post("/sessions", status_code=401)
def sign_in(user: Annotated[str, Body(embed=True)]) -> dict[str, str]:
    """Refuses everybody."""
    telemetry.security(action="session.start", outcome=telemetry.Outcome.FAILURE, user=user, target="session")
    log.warning("sign-in refused", user_name=user, password="hunter2")  # noqa: S106 shows that it never arrives
    return {"detail": "no"}


@app.get("/health")
def health() -> dict[str, str]:
    """For probes."""
    return {"status": "ok"}


@app.get("/demo", response_class=HTMLResponse, include_in_schema=False)
def page() -> str:
    """The switchboard, to look at."""
    return PAGE


@app.get("/demo/faults")
async def faults() -> dict[str, float | int]:
    """What is broken."""
    return described(board.faults)


@app.put("/demo/faults")
async def break_it(wanted: Annotated[dict[str, Any], Body()]) -> dict[str, float | int]:
    """Breaks what is named, and puts the rest right."""
    try:
        board.put(Faults(**wanted))
    except (TypeError, ValueError) as error:
        raise HTTPException(422, str(error)) from error
    database.take()
    return described(board.faults)


app.include_router(api, prefix="/api/v1")

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_config=None)
