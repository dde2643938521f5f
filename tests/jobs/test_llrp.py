"""What an LLRP reader tells reaches the service; either of them may be away for a while."""

import threading

import pytest

from connectors.readers.batch import Read
from connectors.readers.llrp_client import Reader
from jobs import llrp
from jobs.llrp import Refused, carry, posting
from tests.builders.llrp_reader import EPC, KEEPALIVE, emulated, report, tag
from tests.builders.receiver import listening, says
from tests.processes import PATIENCE_SECONDS


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llrp, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(llrp, "SENT_EVERY", 0.01)


def test_a_reader_that_hangs_up_is_called_again_and_nothing_it_told_is_lost() -> None:
    stop, taken = threading.Event(), list[Read]()
    answers = [None, 503, 200]

    def post(reads: list[Read]) -> int | None:
        status = answers.pop(0) if answers else 200
        if status == 200:
            taken.extend(reads)
        if len(taken) == 2:
            stop.set()
        return status

    with emulated(report(tag()) + KEEPALIVE, report(tag(antenna=3)) + KEEPALIVE) as reader:
        ends = threading.Timer(PATIENCE_SECONDS, stop.set)
        ends.start()
        carry(lambda: Reader("127.0.0.1", reader.port), post, stop)
        ends.cancel()
    assert [(one.epc, one.antenna) for one in taken] == [(EPC.hex().upper(), n) for n in (2, 3)]
    assert len(reader.asked) >= 2


def test_a_reader_that_reads_nothing_is_heard_of_all_the_same() -> None:
    with listening() as service, emulated(KEEPALIVE) as reader:
        service.answers = [says(401)]
        post = posting(service.url.removesuffix("/hooks"), "sd_token")
        with pytest.raises(Refused):
            carry(lambda: Reader("127.0.0.1", reader.port), post, threading.Event())
    (got,) = service.got
    assert got.told == {"reads": []}


def test_reads_arrive_as_a_batch_of_ours_and_a_device_that_is_not_let_in_ends_it() -> None:
    with listening() as service, emulated(report(tag()) + KEEPALIVE) as reader:
        service.answers = [says(401)]
        post = posting(service.url.removesuffix("/hooks"), "sd_token")
        with pytest.raises(Refused, match="401"):
            carry(lambda: Reader("127.0.0.1", reader.port), post, threading.Event())
    (got,) = service.got
    assert got.headers["authorization"] == "Bearer sd_token"
    assert got.told == {"reads": [{"epc": EPC.hex().upper(), "antenna": 2, "rssi": -52.0}]}
