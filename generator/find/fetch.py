"""Gets one picture from an address of the web, within limits of time, size and place.

An address on a command line may come from somewhere else, such as a message or a table. So only
http and https are followed, and no host of this machine or its network unless the owner asks for
it. The host is looked up once, so that the number that was checked is the one that is used.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from generator.errors import BollardsError

MAX_BYTES = 50_000_000
SECONDS = 30.0
_REDIRECTS = 5
_MOVED = {301, 302, 303, 307, 308}
_PIECE = 65_536
_HEADERS = {"User-Agent": "bollards", "Accept": "image/*", "Accept-Encoding": "identity"}


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What is fetched at most.

    Attributes:
        seconds: for everything together.
        megabytes: of the picture, in 10^6 bytes.
        private: whether hosts of this machine and of private networks are allowed.
    """

    seconds: float = SECONDS
    megabytes: float = MAX_BYTES / 1e6
    private: bool = False


class FetchError(BollardsError):
    """The picture cannot be had from the address; the message says why."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(
            f"{address}: {reason}\n  Download the picture yourself and name the file instead."
        )


def is_address(text: str) -> bool:
    """Whether a place is an address ("https://...") and no file."""
    return "://" in text


def fetch(address: str, limits: FetchLimits | None = None) -> bytes:
    """The content of an address.

    Raises:
        FetchError: it is no http address, leads to a place that is not allowed, answers with an
            error or not in time, or is too large.
    """
    limits = limits or FetchLimits()
    request = _Request(address, limits)
    watch = threading.Timer(limits.seconds, request.give_up)
    watch.daemon = True
    watch.start()
    try:
        return request.content()
    finally:
        watch.cancel()
        request.close()


class _Request:
    """One picture on its way. Another thread ends it when the time is up."""

    def __init__(self, address: str, limits: FetchLimits) -> None:
        self._address = address
        self._limits = limits
        self._late = False
        self._socket: socket.socket | None = None

    def give_up(self) -> None:
        self._late = True
        self.close()

    def close(self) -> None:
        held, self._socket = self._socket, None
        if held is not None:
            # A waiting `recv` of the other thread returns only after this.
            with contextlib.suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)
            held.close()

    def content(self) -> bytes:
        address = self._address
        for _ in range(_REDIRECTS + 1):
            try:
                answer = self._asked(_checked(self._address, address))
                target = answer.getheader("Location")
                if answer.status in _MOVED and target:
                    address = urljoin(address, target)
                    continue
                if answer.status != 200:
                    raise self._failed(f"the server answers {answer.status} {answer.reason}.")
                return self._read(answer)
            except FetchError:
                raise
            except (OSError, http.client.HTTPException, ValueError) as error:
                # The socket's own limit may end a moment before the other thread does.
                self._late |= isinstance(error, TimeoutError)
                raise self._failed(f"{type(error).__name__}: {error}") from error
            finally:
                self.close()
        raise self._failed(f"it leads on more than {_REDIRECTS} times.")

    def _asked(self, parts: SplitResult) -> http.client.HTTPResponse:
        host, port = parts.hostname or "", parts.port
        is_safe = parts.scheme == "https"
        kind = http.client.HTTPSConnection if is_safe else http.client.HTTPConnection
        connection = kind(host, port)
        self._socket = self._connected(host, connection.port)
        if is_safe:
            context = ssl.create_default_context()
            self._socket = context.wrap_socket(self._socket, server_hostname=host)
        if self._late:
            raise TimeoutError("the time is up")
        connection.sock = self._socket
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", target, headers=_HEADERS)
        return connection.getresponse()

    def _connected(self, host: str, port: int) -> socket.socket:
        """A connection to an address of the host that is allowed."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        numbers = [str(entry[4][0]).partition("%")[0] for entry in found]
        if not self._limits.private:
            for number in numbers:
                if not ipaddress.ip_address(number).is_global:
                    raise self._failed(
                        f"{host} is on this machine or a private network ({number})."
                        " --private-hosts allows that."
                    )
        return socket.create_connection((numbers[0], port), timeout=self._limits.seconds)

    def _read(self, answer: http.client.HTTPResponse) -> bytes:
        most = int(self._limits.megabytes * 1e6)
        content = bytearray()
        while piece := answer.read1(_PIECE):
            content += piece
            if len(content) > most:
                raise self._failed(f"it is larger than {self._limits.megabytes:g} MB.")
        if self._late or (answer.length or 0) > 0:
            raise self._failed("the connection broke off.")
        return bytes(content)

    def _failed(self, reason: str) -> FetchError:
        if self._late:
            reason = f"no whole answer within {self._limits.seconds:g} seconds."
        return FetchError(self._address, reason)


def _checked(first: str, address: str) -> SplitResult:
    """The parts of an address that may be asked."""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not address.isascii() or any(char.isspace() for char in address):
        where = "" if address == first else f" It leads on to {address}."
        raise FetchError(
            first, f"expected an address of the form https://host/path, without spaces.{where}"
        )
    return parts
