"""What we show: one page a file, from facts, expressions and alerts to Grafana's JSON."""
