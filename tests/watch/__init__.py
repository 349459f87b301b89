"""The alerts and the dashboard, on what Prometheus scrapes of real processes while things go wrong."""
