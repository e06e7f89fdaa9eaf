"""`make demo`: runs everything until Ctrl-C, says where to look, and tells every page as it arrives."""

import json
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.live.demo.running import DECIDED, Demo, demo
from tests.live.processes import ending_by_signal

PACE = 60
"""An hour a minute: what waits five minutes in production waits five seconds here."""

_RATE = 20
_SAID = """
  Break something    {service}/demo
  The API            {service}/docs
  Prometheus         {prometheus}/alerts
  Alertmanager       {alertmanager}
  Jaeger             {jaeger}
  Lines of the API   {lines}

  What happened      {ops} incident --from 2m --jaeger {jaeger} {servers}
  The week's review  {ops} report weekly {servers}

Rules run {pace} times as fast as in production. Spans go through its agent and its gateways, which keep what failed,
what was slow and a tenth of the rest, and decide after {decided} s. Pages go to a stand-in for PagerDuty, and are
told here:
"""


def main() -> None:
    """Runs the demo."""
    with (
        suppress(KeyboardInterrupt),
        tempfile.TemporaryDirectory(prefix="openpolicy-demo-") as folder,
        ending_by_signal(),
        demo(Path(folder), pace=PACE, rate=_RATE) as running,
    ):
        print(
            _SAID.format(
                service=running.service,
                prometheus=running.monitoring.address,
                alertmanager=running.alertmanager,
                jaeger=running.jaeger,
                lines=running.logs["api-gateway"],
                pace=PACE,
                decided=DECIDED,
                ops=f"{sys.executable} -m ops",
                servers=f"--prometheus {running.monitoring.address} --alertmanager {running.alertmanager}",
            ),
            flush=True,
        )
        _tell(running)


def _tell(running: Demo) -> None:
    told, faults = 0, {}
    names = dict[str, str]()
    while True:
        with suppress(OSError), urllib.request.urlopen(f"{running.service}/demo/faults", timeout=5) as answer:  # noqa: S310 our own
            if (now := {name: value for name, value in json.load(answer).items() if value}) != faults:
                faults = now
                _say("broken   " + (", ".join(f"{name} {value}" for name, value in now.items()) or "nothing any more"))
        for event in running.pagerduty.received[told:]:
            told += 1
            _say(_told(event, names))
        time.sleep(0.5)


def _told(event: dict[str, Any], names: dict[str, str]) -> str:
    key = event["dedup_key"]
    if event["event_action"] == "resolve":
        return f"resolved {names.get(key, key)}"
    payload = event["payload"]
    # An objective's alerts are told together.
    names[key] = payload.get("class", "several alerts")
    team = event["routing_key"].removeprefix("key-of-")
    return f"{payload['severity']:<8} {names[key]} to the {team} team: {payload['summary']}"


def _say(text: str) -> None:
    print(f"  {time.strftime('%H:%M:%S')}  {text}", flush=True)


if __name__ == "__main__":
    main()
