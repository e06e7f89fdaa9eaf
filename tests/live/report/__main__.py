"""Records what real servers answer to both reports, for the tests and the examples: `python -m tests.live.report`."""

from tests.live.report.servers import filled_and_firing
from tests.support.reports import record

if __name__ == "__main__":
    with filled_and_firing() as made:
        record({"prometheus": made.prometheus, "alertmanager": made.alertmanager})
