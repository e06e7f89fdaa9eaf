"""How Alertmanager tells people, and the words it uses."""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

from catalogue.model.ownership import Team

SILENT = "null"
"""The receiver that tells nobody."""

DEAD_MANS_SWITCH = "deadmansswitch"


class Receiver(TypedDict):
    """Somebody or something that is told."""

    name: str
    pagerduty_configs: NotRequired[list[Mapping[str, object]]]
    webhook_configs: NotRequired[list[Mapping[str, object]]]


def dead_mans_switch(file: str) -> Receiver:
    """Calls the address in the file for as long as Watchdog fires."""
    # It only proves that something arrives, so one alert is enough and its end says nothing.
    return {
        "name": DEAD_MANS_SWITCH,
        "webhook_configs": [{"url_file": file, "send_resolved": False, "max_alerts": 1}],
    }


def team_receiver(team: Team, keys: str | None) -> Receiver:
    """Opens an incident at the team's PagerDuty service; tells nobody where there are no keys."""
    if keys is None:
        return {"name": team.name}
    return {
        "name": team.name,
        "pagerduty_configs": [
            {
                "routing_key_file": f"{keys}/{team.name}",
                "send_resolved": True,
                "severity": '{{ template "openpolicy.severity" . }}',
                "description": '{{ template "openpolicy.title" . }}',
                "client": "OpenPolicy Alertmanager",
                "client_url": '{{ template "openpolicy.alerts_url" . }}',
                "source": '{{ or .CommonLabels.cluster "openpolicy" }}',
                "component": "{{ .CommonLabels.service }}",
                "group": "{{ .CommonLabels.team }}",
                "class": "{{ .CommonLabels.alertname }}",
                "links": [
                    {"href": "{{ (index .Alerts 0).Annotations.runbook_url }}", "text": "Runbook"},
                    {"href": "{{ (index .Alerts 0).Annotations.dashboard_url }}", "text": "Dashboard"},
                ],
                "details": {
                    "firing": '{{ template "openpolicy.instances" .Alerts.Firing }}',
                    "resolved": '{{ template "openpolicy.instances" .Alerts.Resolved }}',
                    "num_firing": "{{ .Alerts.Firing | len }}",
                    "num_resolved": "{{ .Alerts.Resolved | len }}",
                },
            }
        ],
    }


# An incident's text. The API refuses events over 512 kB, so at most ten instances are told in full.
TEMPLATES = """\
{{ define "openpolicy.severity" -}}
{{- $severity := or .CommonLabels.severity "error" -}}
{{- if or (eq $severity "critical") (eq $severity "warning") (eq $severity "info") -}}
{{ $severity }}
{{- else -}}
error
{{- end -}}
{{- end }}

{{ define "openpolicy.title" -}}
[{{ .Status | toUpper }}{{ if eq .Status "firing" }}:{{ .Alerts.Firing | len }}{{ end }}]
{{- " " }}{{ (index .Alerts 0).Annotations.summary }}
{{- end }}

{{ define "openpolicy.alerts_url" -}}
{{ .ExternalURL }}/#/alerts?receiver={{ .Receiver | urlquery }}
{{- end }}

{{ define "openpolicy.instances" -}}
{{ range $i, $alert := . }}{{ if lt $i 10 }}- {{ $alert.Annotations.description }}
  {{ range $alert.Labels.SortedPairs }}{{ .Name }}={{ .Value }} {{ end }}
  {{ $alert.GeneratorURL }}
{{ end }}{{ end }}{{ if gt (len .) 10 }}and more: {{ len . }} in all{{ end }}
{{- end }}
"""
