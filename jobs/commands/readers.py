"""Readers that do not speak HTTP, carried to the service."""

import signal
import threading

import click

from connectors.readers.llrp_client import PORT, Reader
from jobs.llrp import Refused, carry, posting


@click.group("readers")
def readers() -> None:
    """Attach readers of tags that do not speak HTTP themselves."""


@readers.command("llrp")
@click.argument("host")
@click.option("--port", default=PORT, show_default=True, help="Where the reader listens.")
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="The service.")
@click.option(
    "--device",
    envvar="READER_TOKEN",
    required=True,
    help="The token of a device that was let in as a reader; better told in READER_TOKEN.",
)
def read_llrp(host: str, port: int, url: str, device: str) -> None:
    """Have an LLRP reader read, and send what it reads, until stopped."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        carry(lambda: Reader(host, port), posting(url.rstrip("/"), device), stop)
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
