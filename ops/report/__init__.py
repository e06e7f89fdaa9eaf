"""The weekly review and the monthly report, from what Prometheus and Alertmanager remember.

A section is a function from what was asked to blocks of text, tables and plots. Where nothing was recorded it says so;
an absent number is never a zero.
"""
