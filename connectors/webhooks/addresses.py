"""Where webhooks may go: to public addresses only, and to the very address that was checked."""

import ipaddress
import socket
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

Resolve = Callable[[str, int], list[str]]
# Networks that carry an IPv4 address inside, which may be a private one.
_WRAPPING = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("2002::/16"))


class Forbidden(Exception):
    """The name leads to an address inside somebody's network."""


def look_up(host: str, port: int) -> list[str]:
    """Every address of a host. Raises OSError where it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def in_time(resolve: Resolve, seconds: float) -> Resolve:
    """The look-up with a time limit, which that of the system lacks. It raises TimeoutError then.

    Whatever hangs is left to end by itself: nobody can stop a look-up that waits for its server.
    """

    def look(host: str, port: int) -> list[str]:
        answers: SimpleQueue[list[str] | OSError] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(resolve(host, port))
            except OSError as error:
                answers.put(error)

        threading.Thread(target=ask, daemon=True).start()
        try:
            found = answers.get(timeout=seconds)
        except Empty:
            raise TimeoutError(host) from None
        if isinstance(found, OSError):
            raise found
        return found

    return look


def pick(host: str, port: int, *, allows_local: bool, resolve: Resolve = look_up) -> str:
    """The address to call. Raises Forbidden where any of the host's is not public, or OSError.

    One look-up alone decides: whoever connects to what it gave cannot be led elsewhere by a name
    that changes between the check and the call.
    """
    addresses = resolve(host, port)
    if not addresses:
        raise OSError("no address")
    if not allows_local and not all(map(is_public, addresses)):
        raise Forbidden(host)
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an address belongs to the open internet and to one receiver there."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif any(ip in network for network in _WRAPPING):
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)
