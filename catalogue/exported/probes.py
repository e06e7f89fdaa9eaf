"""What is seen from the outside: blackbox_exporter, and cert-manager's certificates."""

from catalogue.model.metric import Unit, exported_gauge

PROBE_SUCCESS = exported_gauge("probe_success")
PROBE_DURATION = exported_gauge("probe_duration_seconds", unit=Unit.SECONDS)
PROBE_CERTIFICATE_EXPIRY = exported_gauge("probe_ssl_earliest_cert_expiry", unit=Unit.TIMESTAMP)

PROBES = (
    PROBE_SUCCESS,
    PROBE_DURATION,
    PROBE_CERTIFICATE_EXPIRY,
)
"""Of blackbox_exporter."""

# The target's `namespace`, cert-manager's own, wins over the certificate's, which becomes `exported_namespace`.
CERTIFICATE_READY = exported_gauge(
    "certmanager_certificate_ready_status", "name", "exported_namespace", "condition", "issuer_name"
)
# 0 before the first certificate is issued.
CERTIFICATE_RENEWAL = exported_gauge(
    "certmanager_certificate_renewal_timestamp_seconds",
    "name",
    "exported_namespace",
    "issuer_name",
    unit=Unit.TIMESTAMP,
)

CERTIFICATES = (
    CERTIFICATE_READY,
    CERTIFICATE_RENEWAL,
)
"""Of cert-manager."""
