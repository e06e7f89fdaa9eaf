"""Two plans' documents become one comparison. A further subject is a reader, and its name in `picture`."""

from collections.abc import Mapping

from alerts.model import Alert
from ops.diff.compare import sections
from ops.diff.documents import Documents, changed
from ops.diff.model import Comparison, Picture, Section
from ops.diff.stakes import warnings
from ops.diff.subjects import alerts, boards, keeping, outside, people, resources
from ops.diff.words import RESOURCES

KEPT = "Retention and sampling"
BILL = "Cost a month"


def picture(documents: Documents, library: Mapping[str, Alert]) -> Picture:
    """What the documents say, in the order in which a reviewer asks."""
    return {
        "Alerts": alerts.read(documents, library),
        "Who is told": people.read(documents),
        "Routes": people.routing(documents),
        "On call": people.on_call(documents),
        KEPT: keeping.read(documents),
        "Dashboards": boards.read(documents),
        "Scrape targets": outside.targets(documents),
        "Who reaches whom": outside.reach(documents),
        "Recording rules": alerts.recordings(documents),
        "Autoscalers": outside.autoscalers(documents),
        "Synthetic tests": outside.synthetics(documents),
        BILL: outside.costs(documents),
    }


def comparison(
    stack: str, base: str, old: Mapping[str, str], new: Mapping[str, str], library: Mapping[str, Alert]
) -> Comparison:
    """What differs between the texts of two plans. `library` says what the numbers of alerts mean."""
    before, after = Documents(old), Documents(new)
    documents = changed(before, after)
    if not documents:
        return Comparison(stack=stack, base=base, warnings=(), sections=(), documents=())
    then, now = picture(before, library), picture(after, library)
    found = tuple(sections(then, now))
    made = resources.compare(before, after)
    return Comparison(
        stack=stack,
        base=base,
        warnings=warnings(before, after, (then[KEPT], now[KEPT])),
        sections=(*found, Section(title=RESOURCES, changes=made)) if made else found,
        documents=documents,
    )
