"""The way of a span: from the application through agents and gateways to Jaeger, as documents."""
