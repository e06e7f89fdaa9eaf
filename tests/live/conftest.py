"""One cluster for a whole run, and both operators in it."""

from collections.abc import Iterator

import pytest
from _pytest.capture import CaptureManager

from tests.live.cluster import Cluster
from tests.live.operators import Operators, install
from tests.live.parts import build_all
from tests.live.processes import ending_by_signal


@pytest.fixture(scope="session", autouse=True)
def _whole(pytestconfig: pytest.Config) -> Iterator[None]:
    """Every part is there, or is built in sight of whoever waits for it; without one, nothing here passes.

    And a run that is told to end takes everything down, as on Ctrl-C.
    """
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")
    assert isinstance(capture, CaptureManager)
    with ending_by_signal():
        with capture.global_and_fixture_disabled():
            build_all()
        yield


@pytest.fixture(scope="session")
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """A cluster with nothing in it at first, which all tests share: what a test makes there has names of its own."""
    with Cluster() as shared:
        yield shared
        shared.keep_logs = request.session.testsfailed > 0


@pytest.fixture(scope="session")
def operators(cluster: Cluster) -> Operators:
    """Both operators, and their kinds, in the shared cluster."""
    return install(cluster)
