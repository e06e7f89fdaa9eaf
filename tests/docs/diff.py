"""The example of docs/diff.md: what `ops diff` says of a change with a bit of everything."""

from typing import Any

from ops.diff.markdown import markdown
from tests.support.planned import found, planted

_PAGE = """\
# What a pull request says about itself

`python -m ops diff prod --base main`, or `make diff STACK=prod`, plans both commits and compares their documents. A
pull request gets it as one comment, written anew at each push. Below is what it says of a change that tunes an alert,
takes one away, gives a rota another member, keeps metrics for less long, and renames a Service.

Another layout of a document, or another name in the code, changes nothing and is not told. The exit status is 0 where
nothing changes and 3 where something does. `--format json` tells everything, uncut, to machines.

---

"""


def example() -> str:
    """The page."""
    return _PAGE + markdown(planted(_change))


def _change(resources: list[dict[str, Any]]) -> None:
    group = found(resources, "PrometheusRule", "openpolicy-api-alerts")["spec"]["groups"][0]
    tuned = next(rule for rule in group["rules"] if rule["alert"] == "HighErrorRate")
    tuned |= {"expr": tuned["expr"].replace("> 0.1", "> 0.05"), "for": "10m"}
    group["rules"] = [rule for rule in group["rules"] if rule["alert"] != "ApiGatewayNoReplicas"]
    rota = found(resources, "Schedulev2", "oncall-data-primary")["rotations"][0]["events"][0]
    rota["assignmentStrategies"][0]["members"].append({"type": "user_member", "userId": "id-of-data-3@openpolicy.ca"})
    found(resources, "Prometheus")["spec"]["retention"] = "30d"
    found(resources, "Service", "prometheus")["metadata"]["name"] = "prometheus-queries"
