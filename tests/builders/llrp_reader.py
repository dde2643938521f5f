"""A reader that speaks LLRP, on a port of this machine: it obeys, reports, and hangs up when told.

Its bytes are written out by the standard's tables; it shares no code with what asks it.
"""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

EPC = bytes.fromhex("3074257BF7194E4000001A85")


def message(kind: int, number: int, body: bytes = b"") -> bytes:
    return struct.pack(">HII", 0x0400 | kind, 10 + len(body), number) + body


def status(code: int = 0, words: bytes = b"") -> bytes:
    return struct.pack(">HHHH", 287, 8 + len(words), code, len(words)) + words


def greeting(attempt: int = 0) -> bytes:
    clock = struct.pack(">HHQ", 128, 12, 1_795_521_600_000_000)
    inside = clock + struct.pack(">HHH", 256, 6, attempt)
    return message(63, 0, struct.pack(">HH", 246, 4 + len(inside)) + inside)


def tag(epc: bytes = EPC, *, antenna: int = 2, rssi: int = -52, at: int | None = None) -> bytes:
    """A TagReportData; `at` in microseconds since 1970."""
    is_96 = len(epc) == 12
    data = struct.pack(">HHH", 241, 6 + len(epc), 8 * len(epc))
    inside = (b"\x8d" if is_96 else data) + epc + struct.pack(">BHBb", 0x81, antenna, 0x86, rssi)
    inside += struct.pack(">BQ", 0x84, at) if at is not None else b""
    return struct.pack(">HH", 240, 4 + len(inside)) + inside


def report(*tags: bytes) -> bytes:
    return message(61, 9, b"".join(tags))


KEEPALIVE = message(62, 4_711)


@dataclass
class Emulator:
    """A reader that answers what it is asked; each visit then hears the next of `scripts`.

    `asked` has the types and ids of the messages that came, visit by visit.
    """

    scripts: list[bytes]
    refuses: int = 0
    attempt: int = 0
    asked: list[list[tuple[int, int]]] = field(default_factory=list)
    bodies: dict[int, bytes] = field(default_factory=dict)
    port: int = 0

    def serve(self, door: socket.socket) -> None:
        """One visitor after another, until the door is closed."""
        with contextlib.suppress(OSError):
            while True:
                visitor, _ = door.accept()
                with visitor, contextlib.suppress(OSError):
                    self._receive(visitor)

    def _receive(self, visitor: socket.socket) -> None:
        self.asked.append([])
        visitor.sendall(greeting(self.attempt))
        heard = b""
        while more := visitor.recv(4096):
            heard += more
            while len(heard) >= 10 and len(heard) >= (length := struct.unpack(">I", heard[2:6])[0]):
                kind, number = heard[1] | (heard[0] & 3) << 8, struct.unpack(">I", heard[6:10])[0]
                self.asked[-1].append((kind, number))
                self.bodies[kind] = heard[10:length]
                heard = heard[length:]
                if kind == self.refuses:
                    visitor.sendall(message(kind + 10, number, status(101, b"no such field")))
                elif kind in (3, 20, 21, 22, 24):
                    visitor.sendall(message(kind + 10, number, status()))
                if kind == 22:
                    visitor.sendall(self.scripts.pop(0) if self.scripts else b"")
                if kind == 72:
                    return


@contextlib.contextmanager
def emulated(*scripts: bytes, refuses: int = 0, attempt: int = 0) -> Iterator[Emulator]:
    """A reader for a block; it hangs up once its keepalive is acknowledged."""
    emulator = Emulator(list(scripts), refuses, attempt)
    with socket.create_server(("127.0.0.1", 0)) as door:
        emulator.port = door.getsockname()[1]
        thread = threading.Thread(target=emulator.serve, args=(door,), daemon=True)
        thread.start()
        yield emulator
        door.shutdown(socket.SHUT_RDWR)
    thread.join(10)
