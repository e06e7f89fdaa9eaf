"""`python -m ops cost`: what a person reads, and what it is made of."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from catalogue import CATALOGUE
from catalogue.model.price import Prices
from catalogue.prices import PRICES
from catalogue.sizes import SIZES
from components.render.logs.keeping import Keeping
from components.render.logs.storage import SHARDS_PER_NODE, shares
from components.settings import Stack
from components.settings.costs import Costs
from ops.cost import compute, logs, metrics
from ops.cost.bill import Bill, Table, cents
from ops.cost.shown import shown
from ops.cost.tables import bill, monthly
from ops.cost.workloads import Workload, workloads
from ops.plan.run import settings_of
from tests.support.command import ops_says
from tests.support.planned import manifests, planned

TODAY = date(2026, 11, 24)
GIBIBYTE = 2**30
each_stack = pytest.mark.parametrize("stack", ["dev", "prod"])


def found(stack: str) -> list[Workload]:
    return workloads(manifests(stack), settings_of(stack).settings.cost.nodes)


def changed(name: str, section: str, **values: object) -> Stack:
    """The stack with other settings in one section."""
    stack = settings_of(name)
    other = getattr(stack.settings, section).model_copy(update=values)
    return replace(stack, settings=stack.settings.model_copy(update={section: other}))


def table(made: Bill, title: str) -> Table:
    return next(each for each in made.tables if each.title == title)


def printed(*bills: Bill, form: str = "screen", today: date = TODAY) -> str:
    screen = Console(file=StringIO(), width=250)
    shown(bills, form, today, screen)
    assert isinstance(screen.file, StringIO)
    return screen.file.getvalue()


@each_stack
def test_every_line_is_a_quantity_times_a_price_and_the_whole_their_sum(stack: str) -> None:
    document = planned(stack).bill.document()
    tables: Any = document["tables"]
    whole = Decimal(0)
    for each in tables:
        lines = [Decimal(line["amount"]) * Decimal(line["price"]) for line in each["lines"]]
        assert [str(cents(line)) for line in lines] == [line["monthly"] for line in each["lines"]]
        assert str(cents(sum(lines, Decimal(0)))) == each["monthly"]
        whole += sum(lines, Decimal(0))
    assert document["monthly"] == str(cents(whole))


@each_stack
def test_what_is_paid_is_all_that_is_planned_and_nothing_twice(stack: str) -> None:
    costs = [cost for each in planned(stack).bill.tables for cost in each.costs]
    staying = [each for each in found(stack) if not each.passing]
    paid = {price: sum(cost.amount for cost in costs if cost.price == price.dollars) for price in
            (PRICES.core, PRICES.memory, PRICES.volume)}  # fmt: skip
    assert paid[PRICES.core] == sum(each.cores * each.pods for each in staying)
    memory = Decimal(sum(each.memory * each.pods for each in staying)) / GIBIBYTE
    volumes = Decimal(sum(sum(each.volumes.values()) * each.pods for each in found(stack))) / GIBIBYTE
    # Each line is rounded to a hundredth.
    assert abs(paid[PRICES.memory] - memory) < Decimal("0.005") * len(costs)
    assert abs(paid[PRICES.volume] - volumes) < Decimal("0.005") * len(costs)


@each_stack
def test_every_workload_with_pods_is_in_it(stack: str) -> None:
    kinds = {"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Prometheus", "Alertmanager", "Elasticsearch",
             "Kibana", "Logstash", "Beat", "PersistentVolumeClaim"}  # fmt: skip
    planned_kinds = {each["kind"] for each in manifests(stack)}
    assert {each.kind for each in found(stack)} == planned_kinds & kinds
    # A kind with pods that is not read would be a part of the stack that nobody pays for.
    texts = {each["kind"] for each in manifests(stack) if "'containers'" in str(each) and "schema" not in str(each)}
    assert texts <= kinds


def test_agents_run_on_every_node() -> None:
    agents = {each.name: each.pods for each in found("prod") if each.kind in ("DaemonSet", "Beat")}
    assert set(agents.values()) == {10}
    assert {"filebeat", "node-exporter", "otel-agent"} <= agents.keys()


def test_a_pod_asks_for_its_containers_together_or_for_the_largest_before_them() -> None:
    def container(cpu: str, memory: str, **more: str) -> dict[str, Any]:
        return {"resources": {"requests": {"cpu": cpu, "memory": memory}}, **more}

    pod = {
        "containers": [container("100m", "100Mi"), container("50m", "1Gi"), {"name": "asks for nothing"}],
        "initContainers": [container("2", "8Mi"), container("10m", "16Mi", restartPolicy="Always")],
    }
    manifest = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"},
                "spec": {"replicas": 3, "template": {"spec": pod}}}  # fmt: skip
    (made,) = workloads([manifest], 1)
    assert (made.pods, made.cores, made.memory) == (3, Decimal(2), (100 + 1024 + 16) * 2**20)


def test_samples_and_series_are_counted_by_the_formula() -> None:
    stack = settings_of("prod")
    need, section = metrics.need(stack), stack.settings.metrics
    assert need.series == metrics.series(stack.settings) > 100_000
    assert need.samples == Decimal(need.series) * 45 * 86_400 / 15 * SIZES.sample * section.replicas
    assert need.memory == need.series * Decimal("1.3") * 8192 * 2 * 2


def test_a_size_limit_is_the_most_that_samples_take() -> None:
    stack = changed("prod", "metrics", retention=replace(settings_of("prod").settings.metrics.retention, seconds=10**9))
    assert metrics.need(stack).samples == settings_of("prod").settings.metrics.retention_size.count * 2


def test_a_size_limit_that_the_busiest_day_would_reach_is_told() -> None:
    half = replace(settings_of("prod").settings.metrics.retention_size, count=50 * GIBIBYTE)
    made = bill("prod", changed("prod", "metrics", retention_size=half), manifests("prod"))
    (told,) = [note for note in table(made, "Metrics").notes if "metrics.retentionSize would hold" in note]
    assert told.startswith("with 50 API pods all the time it were 253,100 series")
    assert not [note for note in table(planned("prod").bill, "Metrics").notes if "would hold" in note]


def test_another_retention_first_fills_the_room() -> None:
    prod = settings_of("prod")
    half = replace(prod.settings.metrics.retention, seconds=prod.settings.metrics.retention.seconds // 2)
    less = bill("prod", changed("prod", "metrics", retention=half), manifests("prod"))
    whole = planned("prod").bill
    lines = [{cost.what: cost.monthly for cost in table(each, "Metrics").costs} for each in (whole, less)]
    assert lines[1]["samples on disk"] < lines[0]["samples on disk"]
    assert lines[1]["room on volumes"] > lines[0]["room on volumes"]
    assert table(less, "Metrics").monthly == table(whole, "Metrics").monthly


def test_what_has_no_room_is_paid_nevertheless_and_told() -> None:
    made = bill("prod", changed("prod", "cost", load=Decimal(3)), manifests("prod"))
    whole = planned("prod").bill
    assert table(made, "Logs").monthly > table(whole, "Logs").monthly
    told = [note for note in table(made, "Logs").notes if "lack" in note]
    assert told
    assert all("raise logs." in note for note in told)
    assert not [note for note in table(whole, "Logs").notes if "lack" in note]


def test_a_stack_s_own_prices_are_used_and_named() -> None:
    prices = {"core": {"dollars": 10, "checked": "2026-10", "source": "invoice of October"}}
    own = Costs.model_validate({"nodes": 10, "apiServers": 3, "load": 1, "prices": prices})
    stack = settings_of("prod")
    made = bill("prod", replace(stack, settings=stack.settings.model_copy(update={"cost": own})), manifests("prod"))
    cores = sum(each.cores * each.pods for each in found("prod") if not each.passing)
    assert planned("prod").bill.monthly - made.monthly == 13 * cores
    assert "cost.prices.core: $10 a core, 2026-10, invoice of October" in printed(made)
    assert "cost.prices.memory: $3.1 a GiB, 2026-11" in printed(made)


def test_the_board_of_costs_is_at_the_same_prices() -> None:
    from alerts.library import LIBRARY
    from dashboards.library import dashboards

    def board(prices: Prices) -> str:
        return "\n".join(
            query.expr.text
            for page in dashboards(LIBRARY, prices)
            if page.board.uid == "op-capacity"
            for panel in page.panels
            for query in panel.queries
        )

    other = PRICES.but(core=replace(PRICES.core, dollars=Decimal("19.25")))
    assert "* 23" in board(PRICES)
    assert "* 23" not in board(other)
    assert "* 19.25" in board(other)


def test_production_pays_for_each_of_its_tests() -> None:
    made = compute.synthetics(settings_of("prod"))
    assert len(made.costs) == 5
    assert made.monthly == Decimal("263.53")


def test_a_stack_without_tests_pays_nothing_and_says_what_it_would() -> None:
    made = compute.synthetics(settings_of("dev"))
    assert (made.costs, made.monthly) == ((), 0)
    assert made.notes[0] == "synthetics.enabled is false; otherwise it were $263.53"


def test_what_is_skipped_is_not_paid_and_says_why() -> None:
    made = compute.synthetics(changed("prod", "synthetics", skipped={"Search for MP by Postal Code": "too dear"}))
    assert made.monthly == Decimal("53.29")
    assert "skipped: Search for MP by Postal Code: too dear" in made.notes


def test_a_person_in_two_teams_takes_one_seat() -> None:
    section = settings_of("prod").settings.on_call
    twice = {name: rota.model_copy(update={"manager": "Platform-Lead@openpolicy.ca"})
             for name, rota in section.teams.items()}  # fmt: skip
    (cost,) = compute.seats(changed("prod", "on_call", teams=twice), PRICES).costs
    assert cost.amount == 7 + 1


def test_old_prices_are_told() -> None:
    made = planned("prod").bill
    assert "look them up: synthetics.prices.call, synthetics.prices.browserRun" in printed(made)
    assert "look them up" not in printed(made, today=date(2025, 7, 1))


def test_the_screen_adds_up_every_table() -> None:
    made = planned("prod").bill
    said = printed(made)
    assert "87,600 calls" in said
    assert f"prod: ${cents(made.monthly):,} a month, ${cents(12 * made.monthly):,} a year" in said
    assert all(f"{cents(each.monthly):,}" in said for each in made.tables)


def test_two_stacks_beside_each_other() -> None:
    prod, dev = planned("prod").bill, planned("dev").bill
    for form in ("screen", "markdown"):
        last = next(line for line in printed(prod, dev, form=form).splitlines() if "Together" in line)
        assert f"{cents(dev.monthly) - cents(prod.monthly):+,}" in last
    assert [each["stack"] for each in json.loads(printed(prod, dev, form="json"))] == ["prod", "dev"]


def test_what_a_diff_compares_is_this_bill() -> None:
    made = planned("prod").bill
    compared = json.loads(planned("prod").files["cost/month.json"])
    assert compared == monthly(made)
    assert sum(Decimal(lines["a month"]) for lines in compared.values()) == pytest.approx(
        made.monthly, abs=Decimal("0.05")
    )
    for title, lines in compared.items():
        assert len(lines) == 1 + len(table(made, title).costs), f"{title}: two lines of one name"


def test_the_command_shows_it_or_refuses() -> None:
    said = [ops_says("cost", *given) for given in (["prod", "--json"], ["prdo"], ["prod", "--compare", "dve"])]
    assert [each.status for each in said] == [0, 2, 2]
    assert json.loads(said[0].out)["stack"] == "prod"
    assert "did you mean prod?" in said[1].err
    assert "did you mean dev?" in said[2].err


BASIC = Keeping(license="basic", frozen=False, snapshots="s", archive="a", smallest_tier=2)
FOUND = {each.log_class.name: each for each in shares(CATALOGUE.log_classes, BASIC, SIZES)}


def test_the_parts_of_a_class_are_all_of_it() -> None:
    for name, each in FOUND.items():
        held = (BASIC.deletes_after_days(each.log_class) or 0) + each.log_class.rollover.seconds // 86_400
        raw = each.log_class.gigabytes_a_day * held
        assert each.disk == raw * SIZES.indexed * (1 + each.log_class.replicas), name


def test_audit_is_in_the_archive_for_all_of_its_time_and_nothing_else_is() -> None:
    assert FOUND["audit"].archive == Decimal("0.3") * Decimal("0.1") * 2557
    assert {name for name, each in FOUND.items() if each.archive} == {"audit"}


def test_app_lines_never_reach_cold_nodes() -> None:
    assert FOUND["app"].cold == 0
    assert FOUND["app"].hot > FOUND["app"].log_class.gigabytes_a_day


@each_stack
def test_each_stack_has_room_for_all_of_it(stack: str) -> None:
    assert not [note for each in planned(stack).bill.tables for note in each.notes if "lack" in note or "need" in note]
    section = settings_of(stack).settings.logs
    shards, nodes = sum(each.shards for each in FOUND.values()), section.hot.count + section.warm.count
    assert shards < SHARDS_PER_NODE * nodes * 0.7


def test_a_tier_that_a_stack_does_not_have_is_paid_where_its_lines_then_lie() -> None:
    whats = {cost.what for made in logs.tables(settings_of("dev"), PRICES, found("dev")) for cost in made.costs}
    assert {"audit, hot", "room on hot nodes"} <= whats
    assert not [what for what in whats if "warm" in what or "cold" in what]
