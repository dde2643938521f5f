"""Alive, ready, and measured: for load balancers and Prometheus."""

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from core import clock, erasures
from core.installation import public_id
from core.outbox import count_jobs
from core.transaction import NotReady, database
from web import metrics
from web.auth import guarded, settings

health = guarded(Blueprint("health", __name__), by="anyone")


@health.get("/healthz")
def alive() -> Response:
    """The process answers, and says whose it is, so that its doctor knows it from another."""
    return jsonify(status="alive", installation=public_id(settings().key))


@health.get("/readyz")
def ready() -> tuple[Response, int]:
    """The database answers with the settings that make commits durable."""
    if erasures.is_restore_unfinished(settings().data_dir):
        return jsonify(status="not ready", why="a restore did not finish"), 503
    try:
        database().check()
    except NotReady as error:
        return jsonify(status="not ready", why=str(error)), 503
    return jsonify(status="ready"), 200


@health.get("/metrics")
def prometheus() -> Response:
    """Counters and gauges in Prometheus' text format."""
    with database().read() as session:
        for state, jobs in count_jobs(session, clock.now()).items():
            metrics.JOBS.labels(state).set(jobs)
    return Response(generate_latest(metrics.REGISTRY), content_type=CONTENT_TYPE_LATEST)
