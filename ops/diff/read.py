"""Two plans' documents become one comparison. A further subject is a reader, and its name in `Reading.picture`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from alerts.model import Alert
from ops.diff.compare import sections
from ops.diff.documents import Documents, changed
from ops.diff.model import Comparison, Picture, Section
from ops.diff.stakes import warnings
from ops.diff.subjects import alerts, boards, keeping, outside, people, resources
from ops.diff.words import RESOURCES

KEPT = "Retention and sampling"
BILL = "Cost a month"


@dataclass(frozen=True)
class Reading:
    """The documents of a plan. `library` says what the numbers of alerts mean."""

    documents: Documents
    library: Mapping[str, Alert]

    @cached_property
    def picture(self) -> Picture:
        """What they say, in the order in which a reviewer asks."""
        documents = self.documents
        return {
            "Alerts": alerts.read(documents, self.library),
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


def comparison(stack: str, base: str, old: Reading, new: Reading) -> Comparison:
    """What differs between two plans."""
    before, after = old.documents, new.documents
    documents = changed(before, after)
    if not documents:
        return Comparison(stack=stack, base=base, warnings=(), sections=(), documents=())
    found = tuple(sections(old.picture, new.picture))
    made = resources.compare(before, after)
    return Comparison(
        stack=stack,
        base=base,
        warnings=warnings(before, after, (old.picture[KEPT], new.picture[KEPT])),
        sections=(*found, Section(title=RESOURCES, changes=made)) if made else found,
        documents=documents,
    )
