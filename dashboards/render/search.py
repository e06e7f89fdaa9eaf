"""A search of logs in Grafana's JSON, as its Elasticsearch data source asks it."""

from collections.abc import Sequence

from grafana_foundation_sdk.builders import elasticsearch as build
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models import common as options
from grafana_foundation_sdk.models import elasticsearch as model

from dashboards.model import Panel, Shape
from dashboards.query import Search

LOGS = options.DataSourceRef(type_val="elasticsearch", uid="${logs}")
"""The logs that people choose at the top of a board."""

_TIME = "@timestamp"
_METRIC = "1"


def target(what: Panel, search: Search, ref: str) -> build.Dataquery:
    """The search for the panel. `ref` tells it from others of the panel."""
    # Without a choice of service a line of anything counts.
    chosen = any(variable.name == "service" for variable in what.by)
    text = f"({search.lucene}) AND service.name:/${{service:regex}}/" if chosen else search.lucene
    asked = build.Dataquery().ref_id(ref).query(text).time_field(_TIME).datasource(LOGS)
    asked.metrics([_metric(what, search)]).bucket_aggs([*_buckets(what, search)])
    return asked.alias("{{term " + search.by + "}}" if search.by else search.legend)


def _metric(what: Panel, search: Search) -> Builder[model.MetricAggregation]:
    if what.shape is Shape.LINES:
        return build.Logs().id(_METRIC)
    if search.largest:
        return build.Max().id(_METRIC).field(search.largest)
    return build.Count().id(_METRIC)


def _buckets(what: Panel, search: Search) -> Sequence[Builder[model.BucketAggregation]]:
    if what.shape is Shape.LINES:
        return []
    order = _METRIC if search.largest else "_count"
    settings = build.ElasticsearchTermsSettings().size(str(search.most)).order(model.TermsOrder.DESC).order_by(order)
    terms = [build.Terms().id("2").field(search.by).settings(settings)] if search.by else []
    over_time = [build.DateHistogram().id("3").field(_TIME)]
    # A table is about the whole time, and apart by a field needs no other axis.
    return terms if what.shape is Shape.TABLE and terms else [*terms, *over_time]
