"""Logstash's pipelines: read a line, find its class, enrich it, take out what must not be stored, and send it on.

Each way to Elasticsearch has a queue of its own on disk, so lines that wait do not hold up evidence. What Elasticsearch
will never take goes to the dead letters, from where it comes back as a stream that somebody watches.
"""

from collections.abc import Sequence
from pathlib import Path

from catalogue.model.logs import DEAD_LETTERS, LogClass
from components.render.elastic.logstash import DEAD, FOLDER
from components.render.kubernetes import Document
from components.render.logs.names import dataset
from components.render.logs.routing import listed, routing

_FOLDER = Path(__file__).parent / "pipeline"


def pipelines() -> list[Document]:
    """What runs, and the share of the queues' volume that each may take."""
    return [
        _pipeline("ingest", "4gb"),
        _pipeline("lines", "24gb", {"pipeline.workers": 2, "pipeline.batch.size": 500}),
        # Written down line by line: a crash loses none.
        _pipeline("evidence", "8gb", {"queue.checkpoint.writes": 1, "pipeline.workers": 1}),
        {
            "pipeline.id": "dead",
            "path.config": f"{FOLDER}/dead.conf",
            "queue.type": "memory",
            # What is refused twice would go round for ever.
            "dead_letter_queue.enable": False,
        },
    ]


def files(classes: Sequence[LogClass]) -> dict[str, str]:
    """Every file by its name in Logstash's folder."""
    return {
        "ingest.conf": "\n".join(
            [_text("input.conf"), routing(classes), _text("enrich.conf"), _redaction(classes), _ways(classes)]
        ),
        "lines.conf": _way("lines"),
        "evidence.conf": _way("evidence"),
        "dead.conf": _dead(),
        "read.rb": _text("read.rb"),
        "redact.rb": _text("redact.rb"),
    }


def _redaction(classes: Sequence[LogClass]) -> str:
    return f"""filter {{
  ruby {{
    path => "{FOLDER}/redact.rb"
    script_params => {{ "evidence" => {_evidence(classes)} }}
  }}
  # A line that could not be looked through is not stored as it is.
  if ![@metadata][clean] {{
    mutate {{
      replace => {{ "message" => "withheld: it could not be looked through for secrets" }}
      remove_field => [
        "client", "error", "http", "labels", "log", "organization", "process", "transaction", "url", "user",
        "user_agent"
      ]
    }}
  }}
  mutate {{ remove_field => ["[agent][ephemeral_id]", "input", "ecs"] }}
}}
"""


def _ways(classes: Sequence[LogClass]) -> str:
    return f"""output {{
  if [@metadata][class] in {_evidence(classes)} {{
    pipeline {{ send_to => ["evidence"] }}
  }} else {{
    pipeline {{ send_to => ["lines"] }}
  }}
}}
"""


def _way(name: str) -> str:
    return f'input {{ pipeline {{ address => "{name}" }} }}\n{_text("output.conf")}'


def _dead() -> str:
    inputs = "\n".join(
        f"""  dead_letter_queue {{
    path => "{DEAD}"
    pipeline_id => "{name}"
    commit_offsets => true
    clean_consumed => true
  }}"""
        for name in ("lines", "evidence")
    )
    return f"""input {{
{inputs}
}}
filter {{
  # Whatever Elasticsearch would not take of it is left behind; the line and the reason are kept.
  mutate {{
    replace => {{
      "[error][message]" => "%{{[@metadata][dead_letter_queue][reason]}}"
      "[data_stream][type]" => "logs"
      "[data_stream][dataset]" => "{dataset(DEAD_LETTERS)}"
      "[data_stream][namespace]" => "${{OPENPOLICY_ENVIRONMENT}}"
    }}
  }}
  prune {{ whitelist_names => ["^@timestamp$", "^message$", "^error$", "^service$", "^data_stream$"] }}
}}
{_text("output.conf")}"""


def _pipeline(name: str, queue: str, more: Document | None = None) -> Document:
    return {"pipeline.id": name, "path.config": f"{FOLDER}/{name}.conf", "queue.max_bytes": queue, **(more or {})}


def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _evidence(classes: Sequence[LogClass]) -> str:
    return listed(each.name for each in classes if each.evidence)
