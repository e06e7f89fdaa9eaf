"""When the tests from outside are refused: they would tell nobody, reach nothing, or cost more than was agreed."""

from collections.abc import Iterator

from catalogue.model.catalogue import Catalogue
from catalogue.model.cost import SyntheticPrices, synthetic_costs, total
from catalogue.model.journey import Journey
from catalogue.model.problem import Problem, nearest
from components.settings.given import Given

# Domains that only a private network knows.
_PRIVATE = ("local", "internal", "test", "localdomain", "lan", "home", "corp")


def outside(settings: Given, catalogue: Catalogue) -> Iterator[Problem]:
    """Every contradiction. `settings` are those that are right by themselves, by path."""
    skipped = settings.get("synthetics.skipped", {})
    known = {journey.name: journey for journey in catalogue.journeys}
    for name in skipped:
        if name not in known:
            yield Problem(f"synthetics.skipped.{name}", "no journey has this name", nearest(name, known))
    if not settings.get("synthetics.enabled"):
        if settings.get("synthetics.enabled") is False and settings.get("synthetics.passHeader"):
            what = "synthetics.enabled is false, and nobody would send it"
            yield Problem("synthetics.passHeader", what, "set it to null, or synthetics.enabled to true")
        return
    if settings.get("onCall.enabled") is False:
        what = "a failing test would tell nobody, for onCall.enabled is false"
        yield Problem("synthetics.enabled", what, "set onCall.enabled to true, or this to false")
    domain = settings.get("links.domain", "")
    if domain.rpartition(".")[2] in _PRIVATE:
        what = f"Datadog cannot reach {domain}, links.domain, from outside"
        yield Problem("synthetics.enabled", what, "set it to false, or links.domain to a public one")
    if settings.get("synthetics.access.viewer") and settings.get("synthetics.access.editor") == []:
        what = "with viewers alone nobody could change a test, and an update would be refused"
        yield Problem("synthetics.access.editor", what, "name the role of datadogAppKey, or no viewers either")
    if settings.get("synthetics.passHeader") and not any(
        journey.calls_api for name, journey in known.items() if name not in skipped
    ):
        what = "every test that would send it is in synthetics.skipped"
        yield Problem("synthetics.passHeader", what, "set it to null, or skip one less")
    production = {each.name for each in catalogue.environments if each.production}
    if settings.get("environment") in production:
        yield from (_needed(known[name]) for name in skipped if name in known and known[name].service.critical)
    yield from _cost(settings, [journey for name, journey in known.items() if name not in skipped])


def _needed(journey: Journey) -> Problem:
    what = f"production depends on {journey.service.name}, and without this test nobody outside sees it fail"
    return Problem(f"synthetics.skipped.{journey.name}", what, "remove it")


def _cost(settings: Given, journeys: list[Journey]) -> Iterator[Problem]:
    limit, call, run = (
        settings.get(f"synthetics.{key}") for key in ("monthlyLimit", "prices.call", "prices.browserRun")
    )
    checked = settings.get("synthetics.prices.checked")
    if limit is None or call is None or run is None or checked is None:
        return
    costs = synthetic_costs(journeys, SyntheticPrices(checked=checked, call=call, browser_run=run))
    if total(costs) > limit:
        dearest = max(costs, key=lambda cost: cost.monthly)
        what = (
            f"${limit} is less than the ${total(costs):.2f} of all tests a month, by synthetics.prices; "
            f"the dearest is {dearest.what}, ${dearest.monthly:.2f}"
        )
        yield Problem(
            "synthetics.monthlyLimit", what, "raise it, run tests less often, or list some in synthetics.skipped"
        )
