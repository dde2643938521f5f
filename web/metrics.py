"""What Prometheus may scrape. Labels are names of ours, never ids of people or things."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

REQUESTS = Counter(
    "swingtag_requests_total",
    "Answered requests",
    ["endpoint", "method", "status_class"],
    registry=REGISTRY,
)
SECONDS = Histogram(
    "swingtag_request_seconds", "Time to answer a request", ["endpoint"], registry=REGISTRY
)
STREAMS = Gauge("swingtag_live_streams", "Open live streams", registry=REGISTRY)
JOBS = Gauge("swingtag_jobs", "Jobs by state", ["state"], registry=REGISTRY)
