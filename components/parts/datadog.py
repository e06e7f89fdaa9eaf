"""Datadog's resources without Datadog's SDK.

Importing it makes ten thousand classes: seconds and hundreds of megabytes for the few kinds that are used here. So they
are registered by their names, in the keys that go over the wire. The tests hold every such document against the SDK's
own types, and the installed package still says which plugin the engine runs.
"""

from collections.abc import Mapping
from importlib.metadata import version

from pulumi import CustomResource, Input, Output, ProviderResource, ResourceOptions

TEST = "datadog:index/syntheticsTest:SyntheticsTest"
PAGERDUTY_SERVICE = "datadog:pagerduty/serviceObject:ServiceObject"
VARIABLE = "datadog:index/syntheticsGlobalVariable:SyntheticsGlobalVariable"
RESTRICTION = "datadog:index/restrictionPolicy:RestrictionPolicy"


class Datadog(ProviderResource):
    """The one way into the account."""

    def __init__(
        self, name: str, *, site: str, api_key: Input[str], app_key: Input[str], opts: ResourceOptions
    ) -> None:
        keys = {"apiKey": Output.secret(api_key), "appKey": Output.secret(app_key)}
        pinned = ResourceOptions(version=version("pulumi-datadog"))
        super().__init__(
            "datadog", name, {"apiUrl": f"https://api.{site}/", **keys}, ResourceOptions.merge(opts, pinned)
        )


class DatadogResource(CustomResource):
    """A resource of one of the kinds above."""

    def __init__(self, kind: str, name: str, inputs: Mapping[str, object], opts: ResourceOptions) -> None:
        super().__init__(kind, name, dict(inputs), opts)
