"""Programs that run in pods, on Python alone: mounted from a ConfigMap, and never imported here."""
