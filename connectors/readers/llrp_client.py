"""A reader that speaks LLRP, asked over TCP to read and to tell of it."""

import socket
from collections.abc import Iterator
from datetime import timedelta

from connectors.readers import llrp
from connectors.readers.batch import Read
from connectors.readers.llrp import Message, NotLlrp

PORT = 5084
KEEPALIVE = timedelta(seconds=10)
# A reader that was silent for so long is gone.
SILENT_SECONDS = 35.0
ANSWER_SECONDS = 10.0


class Reader:
    """A connection to a reader. Raises OSError where it breaks, and NotLlrp."""

    def __init__(self, host: str, port: int = PORT) -> None:
        self._socket = socket.create_connection((host, port), timeout=ANSWER_SECONDS)
        self._heard = b""
        self._early: list[Message] = []
        self._number = 0
        try:
            self._begin()
        except BaseException:
            self.close()
            raise

    def _begin(self) -> None:
        first = self._next()
        if first.kind != llrp.EVENT:
            raise NotLlrp("this reader does not greet")
        llrp.check_answer(first)
        for kind, body in llrp.orders(KEEPALIVE):
            self._ask(kind, body)
        self._socket.settimeout(SILENT_SECONDS)

    def reads(self) -> Iterator[list[Read]]:
        """What it reads, report by report, for as long as it lives; nothing, now and then, where
        it only says that it does.
        """
        while True:
            message = self._early.pop(0) if self._early else self._next()
            if message.kind == llrp.REPORT:
                yield list(llrp.reads_of(message.body))
            elif message.kind == llrp.KEEPALIVE:
                yield []

    def close(self) -> None:
        """Hang up; the reader stops to tell, and waits for who comes next."""
        self._socket.close()

    def _ask(self, kind: int, body: bytes) -> None:
        self._number += 1
        self._socket.sendall(Message(kind, self._number, body).encoded())
        while True:
            message = self._next()
            if message.kind == llrp.ANSWER_TO[kind] and message.number == self._number:
                llrp.check_answer(message)
                return
            if message.kind == 100:
                llrp.check_answer(message)
                raise NotLlrp("the reader did not understand")
            self._early.append(message)

    def _next(self) -> Message:
        """The next message; one that asks whether we live is answered on the way."""
        while True:
            message, self._heard = llrp.decoded(self._heard)
            if message is None:
                if not (more := self._socket.recv(65_536)):
                    raise ConnectionResetError("the reader hung up")
                self._heard += more
                continue
            if message.kind == llrp.KEEPALIVE:
                self._socket.sendall(Message(llrp.KEEPALIVE_ACK, message.number).encoded())
            return message
