"""The doors to the stack's pages, and whom each lets through."""

from catalogue.flows import (
    ALERTMANAGER,
    ALERTMANAGER_DOOR,
    GRAFANA,
    GRAFANA_DOOR,
    JAEGER_DOOR,
    JAEGER_QUERY,
    KIBANA,
    KIBANA_DOOR,
    PROMETHEUS,
    PROMETHEUS_DOOR,
)
from catalogue.model.access import Door, Role

EVERYBODY = (Role.VIEWER, Role.EDITOR, Role.ON_CALL)

TO_PROMETHEUS = Door(end=PROMETHEUS_DOOR, page=PROMETHEUS, upstream="http://prometheus:9090", roles=EVERYBODY)
# Alertmanager knows no roles of its own: whoever gets to it can silence a page.
TO_ALERTMANAGER = Door(
    end=ALERTMANAGER_DOOR, page=ALERTMANAGER, upstream="http://alertmanager:9093", roles=(Role.ON_CALL,)
)
TO_GRAFANA = Door(end=GRAFANA_DOOR, page=GRAFANA, upstream="http://grafana:3000", roles=EVERYBODY, vouches=True)
# Lines hold addresses, and what people asked for. All who come in read as one user, who may change nothing: for nothing
# that Elasticsearch gives away takes a sign-on's word.
TO_KIBANA = Door(
    end=KIBANA_DOOR,
    page=KIBANA,
    upstream="https://openpolicy-kb-http:5601",
    authority="openpolicy-kb-http-certs-public",
    roles=(Role.EDITOR, Role.ON_CALL),
)
# Traces hold what people asked for.
TO_JAEGER = Door(
    end=JAEGER_DOOR, page=JAEGER_QUERY, upstream="http://jaeger-query:16686", roles=(Role.EDITOR, Role.ON_CALL)
)
