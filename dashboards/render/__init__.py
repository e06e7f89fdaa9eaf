"""From dashboards to Grafana's JSON: pure, and the only place that knows grafana-foundation-sdk."""
