"""Plans a stack offline: the real program under a recorder in place of Pulumi's engine."""

import os

# An Output within an f-string would write a sentence about Outputs into a manifest; so it raises instead.
os.environ["PULUMI_ERROR_OUTPUT_STRING"] = "true"
# The Kubernetes SDK copies this into the provider's inputs, and no two machines would plan the same.
os.environ.pop("KUBECONFIG", None)
