"""What is said of changes, one kind after the other, planted in production's planned documents."""

import json
from typing import Any

import pytest
import yaml

from ops.diff.model import Kind
from ops.diff.words import difference, lines
from tests.support.planned import Texts, changes, compared, edited, found, planted, prod

Resources = list[dict[str, Any]]


def rule(resources: Resources, name: str) -> dict[str, Any]:
    """The first alert of that name."""
    return next(
        rule
        for each in resources
        if each["inputs"].get("kind") == "PrometheusRule"
        for group in each["inputs"]["spec"]["groups"]
        for rule in group["rules"]
        if rule.get("alert") == name
    )


def api_alerts(resources: Resources) -> list[dict[str, Any]]:
    return found(resources, "PrometheusRule", "openpolicy-api-alerts")["spec"]["groups"][0]["rules"]


def test_the_same_documents_say_nothing() -> None:
    made = compared(prod(), prod())
    assert not made.differs
    assert made.sections == ()


def test_another_layout_says_nothing() -> None:
    texts = prod()
    laid_out = {
        path: json.dumps(json.loads(text))
        if path.endswith(".json")
        else yaml.dump(yaml.load(text, yaml.CSafeLoader), sort_keys=True)
        if path.startswith("prometheus/")
        else text
        for path, text in texts.items()
    }
    assert laid_out != texts
    assert not compared(texts, laid_out).differs


def test_an_alert_s_threshold_and_duration_are_told_in_its_unit() -> None:
    def edit(resources: Resources) -> None:
        alert = rule(resources, "HighErrorRate")
        alert["expr"] = alert["expr"].replace("> 0.1", "> 0.05")
        alert["for"] = "10m"

    (change,) = changes(planted(edit), "Alerts").values()
    assert (change.name, change.kind) == ("HighErrorRate", Kind.CHANGED)
    assert list(lines(change)) == ["threshold above 10 % → above 5 %", "duration for 5m → for 10m"]


def test_an_alert_s_expression_laid_out_otherwise_is_the_same_alert() -> None:
    def edit(resources: Resources) -> None:
        alert = rule(resources, "HighErrorRate")
        alert["expr"] = f"({alert['expr'].replace(' > ', '  >  ')})"

    assert changes(planted(edit), "Alerts") == {}


def test_what_else_must_hold_is_told_apart_from_the_threshold() -> None:
    def edit(resources: Resources) -> None:
        alert = rule(resources, "HighErrorRate")
        alert["expr"] = alert["expr"].replace("> 0.5", "> 2")

    (change,) = changes(planted(edit), "Alerts").values()
    assert list(lines(change)) == [
        "only while: + service:http_requests:rate5m > 2, − service:http_requests:rate5m > 0.5"
    ]


def test_an_alert_added_and_one_removed() -> None:
    def edit(resources: Resources) -> None:
        rules = api_alerts(resources)
        rules[:] = [each for each in rules if each["alert"] != "HighErrorRate"]
        labels = {"severity": "critical", "team": "database", "page": "true"}
        rules.append({"alert": "Invented", "expr": "up == 0", "labels": labels, "annotations": {}})

    made = planted(edit)
    found_changes = changes(made, "Alerts")
    assert {name: change.kind for name, change in found_changes.items()} == {
        "HighErrorRate": Kind.REMOVED,
        "Invented": Kind.ADDED,
    }
    assert "receiver pages database at any hour" in list(lines(found_changes["Invented"]))
    people = changes(made, "Who is told")
    assert list(lines(people["pages database at any hour"])) == ["of: + Invented (critical)"]
    assert list(lines(people["pages platform at any hour"])) == ["of: − HighErrorRate (critical)"]


def test_an_alert_that_no_longer_pages_is_the_same_alert() -> None:
    def edit(resources: Resources) -> None:
        rule(resources, "HighErrorRate")["labels"] |= {"severity": "warning", "page": "false"}

    (change,) = changes(planted(edit), "Alerts").values()
    assert change.kind is Kind.CHANGED
    assert list(lines(change)) == [
        "receiver pages platform at any hour → tells platform",
        "severity critical → warning",
    ]


def test_an_alert_moved_to_another_group_is_the_same_alert() -> None:
    def edit(resources: Resources) -> None:
        rules = api_alerts(resources)
        moved = rules.pop()
        found(resources, "PrometheusRule", "openpolicy-cache-alerts")["spec"]["groups"][0]["rules"].append(moved)

    made = planted(edit)
    assert {change.kind for change in changes(made, "Alerts").values()} <= {Kind.CHANGED}
    assert "PrometheusRule openpolicy-api-alerts" in changes(made, "Resources")


def test_a_route_that_leads_to_others() -> None:
    path = "alertmanager/alertmanager.yml"
    texts = prod()
    config = yaml.load(texts[path], yaml.CSafeLoader)
    data = next(each for each in config["route"]["routes"] if each["receiver"] == "data")
    data["receiver"] = "platform"
    made = compared(texts, texts | {path: yaml.dump(config)})
    told = changes(made, "Who is told")
    assert all(line.startswith("of ") for line in lines(told["tells data, in office hours"]))
    assert changes(made, "Alerts")
    assert {each.differences[0].label for each in changes(made, "Alerts").values()} == {"receiver"}
    assert list(lines(changes(made, "Routes")['alerts of team="data"'])) == ["receiver data → platform"]


def test_who_is_on_call_and_for_how_long() -> None:
    def edit(resources: Resources) -> None:
        schedule = found(resources, "Schedulev2", "oncall-data-primary")
        strategy = schedule["rotations"][0]["events"][0]["assignmentStrategies"][0]
        strategy["members"].append({"type": "user_member", "userId": "id-of-new@openpolicy.ca"})
        found(resources, "EscalationPolicy", "oncall-data-escalation")["rules"][0]["escalationDelayInMinutes"] = 30

    told = changes(planted(edit), "On call")
    assert list(lines(told["rota OpenPolicy data primary (prod)"])) == ["members in turn: + new@openpolicy.ca"]
    assert list(lines(told["escalation OpenPolicy data escalation (prod)"])) == [
        "step 1 oncall-data-primary, for 10 minutes → oncall-data-primary, for 30 minutes"
    ]


def test_metrics_kept_for_less_long_put_data_at_stake() -> None:
    def edit(resources: Resources) -> None:
        found(resources, "Prometheus")["spec"] |= {"retention": "30d", "retentionSize": "200GB"}

    made = planted(edit)
    (change,) = changes(made, "Retention and sampling").values()
    assert list(lines(change)) == ["kept for 45d → 30d", "kept up to 110GB → 200GB"]
    assert made.warnings == ("Prometheus openpolicy: kept for 45d → 30d: what is beyond that is deleted for good",)


def config_map(name: str, file: str, text: str) -> dict[str, Any]:
    inputs = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {file: text}}
    return {"urn": f"urn:pulumi:prod::openpolicy::x::{name}", "type": "kubernetes:core/v1:ConfigMap", "inputs": inputs}


def with_map(name: str, file: str, text: str) -> Texts:
    return edited(prod(), lambda resources: resources.append(config_map(name, file, text)))


def policy(age: str) -> str:
    phases = {"hot": {"min_age": "0ms"}, "delete": {"min_age": age, "actions": {"delete": {}}}}
    return json.dumps([{"path": "_ilm/policy/audit", "body": {"policy": {"phases": phases}}}])


def test_logs_kept_for_less_long_put_data_at_stake() -> None:
    old, new = (with_map("log-content", "requests.json", policy(age)) for age in ("365d", "90d"))
    made = compared(old, new)
    (change,) = changes(made, "Retention and sampling").values()
    assert change.name == "policy audit"
    assert list(lines(change)) == ["delete after 365d → 90d"]
    assert made.warnings == ("policy audit: delete after 365d → 90d: what is beyond that is deleted for good",)
    assert compared(new, old).warnings == ()


def test_traces_sampled_otherwise() -> None:
    def collector(share: int) -> Texts:
        policies = [
            {"name": "errors", "type": "status_code", "status_code": {"status_codes": ["ERROR"]}},
            {"name": "rest", "type": "probabilistic", "probabilistic": {"sampling_percentage": share}},
        ]
        return with_map("otel", "config.yaml", yaml.dump({"processors": {"tail_sampling": {"policies": policies}}}))

    (change,) = changes(compared(collector(10), collector(5)), "Retention and sampling").values()
    assert change.name == "tail_sampling of otel"
    assert list(lines(change)) == ["policies[rest].probabilistic.sampling_percentage 10 → 5"]


def board(texts: Texts, uid: str) -> dict[str, Any]:
    return json.loads(texts[f"grafana/{uid}.json"])


def test_panels_added_removed_and_changed() -> None:
    texts = prod()
    page = board(texts, "op-slo")
    panels = [each for each in page["panels"] if each["type"] != "row"]
    gone, other = panels[0], panels[1]
    page["panels"].remove(gone)
    other["targets"][0]["expr"] = "vector(1)"
    page["panels"].append({**other, "id": 1, "title": "Invented"})
    made = compared(texts, texts | {"grafana/op-slo.json": json.dumps(page)})
    told = changes(made, "Dashboards")
    kinds = [change.kind for change in told.values()]
    assert sorted(kinds) == sorted([Kind.ADDED, Kind.REMOVED, Kind.CHANGED])
    assert next(name for name, change in told.items() if change.kind is Kind.ADDED).endswith("› Invented")
    changed = next(change for change in told.values() if change.kind is Kind.CHANGED)
    assert [each.label for each in changed.differences] == ["query A"]
    assert "vector(1)" in difference(changed.differences[0])


def test_a_panel_that_only_moves_is_a_changed_document_and_no_changed_panel() -> None:
    texts = prod()
    page = board(texts, "op-slo")
    for panel in page["panels"]:
        panel["gridPos"]["y"] += 3
    made = compared(texts, texts | {"grafana/op-slo.json": json.dumps(page)})
    assert changes(made, "Dashboards") == {}
    assert made.documents == ("grafana/op-slo.json",)
    assert list(changes(made, "Resources")) == ["ConfigMap board-op-slo"]


def test_a_target_scraped_otherwise() -> None:
    def edit(resources: Resources) -> None:
        spec = found(resources, "ScrapeConfig", "kubernetes-nodes")["spec"]
        spec["scrapeInterval"] = "5m"
        keep = spec["metricRelabelings"][0]
        keep["regex"] = keep["regex"].replace("kubelet_volume_stats_inodes|", "")

    (change,) = changes(planted(edit), "Scrape targets").values()
    assert sorted(lines(change)) == [
        "metricRelabelings[1].regex: − kubelet_volume_stats_inodes",
        "scrapeInterval 5m is new",
    ]


def test_who_gets_through_to_whom() -> None:
    path = "network/reach.md"
    texts = prod()
    row = "| prometheus | redis-exporter | 9121 |\n"
    assert row in texts[path]
    made = compared(texts, texts | {path: texts[path].replace(row, "| the internet | redis-exporter | 9121 |\n")})
    told = {name: change.kind for name, change in changes(made, "Who reaches whom").items()}
    assert told == {"prometheus → redis-exporter": Kind.REMOVED, "the internet → redis-exporter": Kind.ADDED}


def test_a_recording_rule() -> None:
    def edit(resources: Resources) -> None:
        inputs = found(resources, "PrometheusRule", "openpolicy-services")
        inputs["spec"]["groups"][0]["rules"][0]["expr"] = "vector(2)"

    (change,) = changes(planted(edit), "Recording rules").values()
    assert change.kind is Kind.CHANGED
    assert change.differences[0].new == "vector(2)"


def autoscaler(most: int, load: str) -> dict[str, Any]:
    metric = {"metric": {"name": "http_requests_per_second"}, "target": {"type": "AverageValue", "averageValue": load}}
    spec = {"minReplicas": 3, "maxReplicas": most, "metrics": [{"type": "Pods", "pods": metric}]}
    inputs = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "planted"},
        "spec": spec,
    }
    kind = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
    return {"urn": f"urn:pulumi:prod::openpolicy::{kind}::api", "type": kind, "inputs": inputs}


def test_an_autoscaler() -> None:
    old, new = (
        edited(prod(), lambda resources, each=each: resources.append(each))
        for each in (autoscaler(50, "1k"), autoscaler(20, "500"))
    )
    (change,) = changes(compared(old, new), "Autoscalers").values()
    assert list(lines(change)) == [
        "replicas 3 to 50 → 3 to 20",
        "target of http_requests_per_second 1k averageValue → 500 averageValue",
    ]
    (added,) = changes(compared(prod(), new), "Autoscalers").values()
    assert added.kind is Kind.ADDED


def journey(every: int, locations: list[str]) -> dict[str, Any]:
    kind = "datadog:index/syntheticsTest:SyntheticsTest"
    inputs = {"name": "Planted", "type": "api", "locations": locations, "optionsList": {"tickEvery": every}}
    return {"urn": f"urn:pulumi:prod::openpolicy::{kind}::read-a-bill", "type": kind, "inputs": inputs}


def test_a_synthetic_test() -> None:
    old, new = (
        edited(prod(), lambda resources, each=each: resources.append(each))
        for each in (journey(60, ["ca"]), journey(300, ["ca", "us"]))
    )
    (change,) = changes(compared(old, new), "Synthetic tests").values()
    assert list(lines(change)) == ["every 60 s → 300 s", "locations: + us", "optionsList.tickEvery 60 → 300"]


@pytest.mark.parametrize(("old", "new", "told"), [("10", "1022.5", "a month $10.00 → $1,022.50"), ("3", "3", None)])
def test_the_bill(old: str, new: str, told: str | None) -> None:
    before, after = (prod() | {"cost/month.json": json.dumps({"On call": {"a month": price}})} for price in (old, new))
    found_changes = changes(compared(before, after), "Cost a month")
    assert [line for change in found_changes.values() for line in lines(change)] == ([told, told] if told else [])


def test_the_bill_tells_which_line_of_it() -> None:
    bill = json.loads(prod()["cost/month.json"])
    bill["Logs"] |= {"access, cold": "1000.00"}
    before, after = prod(), prod() | {"cost/month.json": json.dumps(bill)}
    (change,) = changes(compared(before, after), "Cost a month").values()
    (line,) = lines(change)
    assert line.endswith("→ $1,000.00")
    assert line.startswith("access, cold $")


def test_the_bill_of_an_older_plan_has_one_number_a_part() -> None:
    parts = {part: lines["a month"] for part, lines in json.loads(prod()["cost/month.json"]).items()}
    before, after = prod() | {"cost/month.json": json.dumps(parts)}, prod()
    told = changes(compared(before, after), "Cost a month")
    assert "all together" not in told, "it costs the same"
    older = {path: text for path, text in prod().items() if path != "cost/month.json"}
    assert changes(compared(older, after), "Cost a month")["all together"].kind is Kind.ADDED
