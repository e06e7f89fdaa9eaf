"""Index templates: how a line is indexed, and by which policy its index lives."""

from catalogue.model.logs import DEAD_LETTERS, LogClass
from components.render.kubernetes import Document
from components.render.logs.keeping import Keeping
from components.render.logs.lifecycle import MANAGED
from components.render.logs.names import ARRIVAL, COMMON, component, pattern, policy

# The stack's own `logs` template has 100, those of Fleet's packages 200; equal ones would be refused.
_PRIORITY = 300
# Ships with Elasticsearch: types of all ECS fields.
_BUILT_IN = ("logs@mappings", "logs@settings", "ecs@mappings")


def common() -> Document:
    """What all classes share."""
    keyword: Document = {"type": "keyword"}
    return {
        "template": {
            "settings": {
                "index.mode": "logsdb",
                "index.number_of_shards": 1,
                "index.refresh_interval": "10s",
                # A line with a thousand keys of its own fills the mapping, and then nothing new is taken.
                "index.mapping.total_fields.limit": 500,
                "index.mapping.depth.limit": 10,
                "index.query.default_field": ["message", "error.message", "service.name"],
                "index.final_pipeline": ARRIVAL,
            },
            "mappings": {
                "properties": {
                    "message": {"type": "match_only_text"},
                    "trace": {"properties": {"id": keyword}},
                    "span": {"properties": {"id": keyword}},
                    "event": {
                        "properties": {
                            "id": keyword,
                            "duration": {"type": "long"},
                            "ingested": {"type": "date"},
                        }
                    },
                    "client": {"properties": {"ip": {"type": "ip"}, "geo": {"properties": _GEO}}},
                    # Keys that a service makes up are one field, not many.
                    "labels": {"type": "flattened"},
                    "http": {"properties": {"response": {"properties": {"status_code": {"type": "long"}}}}},
                }
            },
        },
        "_meta": MANAGED,
    }


_GEO: Document = {"location": {"type": "geo_point"}}


def class_component(log_class: LogClass, keeping: Keeping) -> Document:
    """What only this class has."""
    settings: Document = {
        "index.lifecycle.name": policy(log_class),
        "index.number_of_replicas": keeping.replicas(log_class),
    }
    template: Document = {"settings": settings}
    if log_class.evidence:
        # A value that does not fit its field is kept, only not found by it: a refused line would leave the stream, and
        # be gone when the failure store is cleared.
        settings["index.mapping.ignore_malformed"] = True
        template["mappings"] = {"dynamic": False, "properties": _EVIDENCE}
    return {"template": template, "_meta": {**MANAGED, "class": log_class.name}}


def _object(**properties: Document) -> Document:
    return {"properties": properties}


# With nothing dynamic, what can be searched is named here. All else is kept and can be read.
_KEYWORD: Document = {"type": "keyword"}
_EVIDENCE: Document = {
    "event": _object(
        action=_KEYWORD,
        outcome=_KEYWORD,
        category=_KEYWORD,
        dataset=_KEYWORD,
        reason=_KEYWORD,
    ),
    "user": _object(id=_KEYWORD, name=_KEYWORD, roles=_KEYWORD),
    "service": _object(name=_KEYWORD, environment=_KEYWORD, version=_KEYWORD),
    "log": _object(level=_KEYWORD),
    "url": _object(path=_KEYWORD),
    "http": _object(request=_object(id=_KEYWORD, method=_KEYWORD)),
    "kubernetes": _object(namespace=_KEYWORD, pod=_object(name=_KEYWORD, uid=_KEYWORD)),
}


def index_template(name: str, log_class: LogClass) -> Document:
    """The template of the data stream `name`, which lives as the class does."""
    return {
        "index_patterns": [pattern(name)],
        "data_stream": {},
        "priority": _PRIORITY,
        "composed_of": [*_BUILT_IN, COMMON, component(log_class)],
        "_meta": {**MANAGED, "class": log_class.name},
    }


def dead_letters(rest: LogClass) -> Document:
    """The template of lines that were refused: kept as long as the rest is."""
    return index_template(DEAD_LETTERS, rest)


def arrival() -> Document:
    """The last ingest pipeline. The archive reads in this order, so no sender may set it."""
    return {
        "description": "When Elasticsearch took the line.",
        "processors": [{"set": {"field": "event.ingested", "value": "{{{_ingest.timestamp}}}", "override": True}}],
        "_meta": MANAGED,
    }
