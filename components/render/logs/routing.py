"""From what is known of a line to its class: the part of the pipeline that the catalogue decides."""

from collections.abc import Iterable, Sequence

from catalogue.model.logs import LogClass, Sample, Sign
from components.render.logs.names import dataset

_SIGNS = {
    # An exception is more than the request that met it.
    Sign.REQUEST: "[http][response][status_code] and [url][path] and ![error][stack_trace]",
    Sign.FAILURE: '[error][stack_trace] or [log][level] in ["error", "critical", "fatal", "alert", "emergency"]',
}


def routing(classes: Sequence[LogClass]) -> str:
    """Each line to exactly one class: the first that takes it."""
    branches = list[str]()
    for each in sorted(classes, key=lambda each: each.sign is Sign.REST):
        condition = "" if each.sign is Sign.REST else f"if {_condition(each)} "
        act = f'mutate {{ add_field => {{ "[@metadata][class]" => "{each.name}" }} }}'
        branches.append(f"{condition}{{\n    {act}\n  }}")
    words = listed(each.name for each in classes if each.sign is Sign.WORD)
    return f"""filter {{
  {" else ".join(branches)}
  # Somebody says that it is evidence, and is not asked for any.
  if [labels][log_class] in {words} and [labels][log_class] != [@metadata][class] {{
    mutate {{ add_tag => ["_claim_refused"] }}
  }}
{"".join(_sampling(each, sample) for each in classes for sample in each.samples)}  mutate {{
    replace => {{
      "[data_stream][type]" => "logs"
      "[data_stream][dataset]" => "{dataset("%{[@metadata][class]}")}"
      "[data_stream][namespace]" => "${{OPENPOLICY_ENVIRONMENT}}"
      "[event][dataset]" => "{dataset("%{[@metadata][class]}")}"
    }}
  }}
}}
"""


def _condition(log_class: LogClass) -> str:
    if log_class.sign is Sign.WORD:
        senders = listed(sender.name for sender in log_class.senders)
        return f'[labels][log_class] == "{log_class.name}" and [service][name] in {senders}'
    return _SIGNS[log_class.sign]


def _sampling(log_class: LogClass, sample: Sample) -> str:
    field = "".join(f"[{part}]" for part in sample.field.split("."))
    dropped = round((1 - sample.kept) * 100)
    # Of requests, only those that were answered well say little.
    healthy = " and [http][response][status_code] < 400" if log_class.sign is Sign.REQUEST else ""
    return f"""  # {sample.reason}
  if [@metadata][class] == "{log_class.name}" and {field} in {listed(sample.values)}{healthy} {{
    drop {{ percentage => {dropped} }}
  }}
"""


def listed(names: Iterable[str]) -> str:
    """An array, as Logstash writes it."""
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"
