"""What Prometheus may scrape. Labels are names of ours, never ids of people or things."""

from functools import cache

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


@cache
def requests(endpoint: str, method: str, status_class: int) -> Counter:
    """The counter with these labels; kept, because finding it costs more than counting."""
    return REQUESTS.labels(endpoint, method, status_class)


@cache
def seconds(endpoint: str) -> Histogram:
    """The histogram with this label."""
    return SECONDS.labels(endpoint)


STREAMS = Gauge("swingtag_live_streams", "Open live streams", registry=REGISTRY)
JOBS = Gauge("swingtag_jobs", "Jobs by state", ["state"], registry=REGISTRY)
EPCIS_EVENTS = Counter(
    "swingtag_epcis_events_total", "Sightings told to a repository", ["outcome"], registry=REGISTRY
)
TAG_READS = Counter("swingtag_tag_reads_total", "Reads of tags", ["outcome"], registry=REGISTRY)


@cache
def tag_reads(outcome: str) -> Counter:
    """The counter with this label."""
    return TAG_READS.labels(outcome)
