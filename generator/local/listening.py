"""A port on this machine alone, and a server on it that nobody can keep busy for nothing."""

import asyncio
import errno
import socket

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from generator.errors import BollardsError

# Browsers open six connections a page; each open page holds one for its events.
_MOST_CONNECTIONS = 200
_MOST_HEADER_BYTES = 32 * 1024
# How long a connection may take to send the head of its first request.
_HEAD_S = 20.0


def listen(port: int) -> socket.socket:
    """A socket on this machine alone, 127.0.0.1; port 0 is any that is free.

    Raises:
        BollardsError: the port is in use or not available.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        # From here on a browser that is early waits instead of being refused.
        listener.listen()
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise BollardsError(
                f"Port {port} is in use by another program. Choose another one: --port {port + 1}"
            ) from None
        raise BollardsError(f"Port {port} cannot be used: {error.strerror}.") from None
    return listener


class _Impatient(H11Protocol):
    """Drops connections that are opened and then say nothing, which would use up all places."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.loop.call_later(_HEAD_S, self._drop_if_silent)

    def _drop_if_silent(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.transport.close()


def server(app: ASGIApp, *, lifespan: bool = True) -> uvicorn.Server:
    """A server for `app`; `run(sockets=[listen(port)])` starts it."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=_Impatient,
            log_level="warning",
            # Open pages hold an event stream that never ends by itself.
            timeout_graceful_shutdown=1,
            server_header=False,
            limit_concurrency=_MOST_CONNECTIONS,
            h11_max_incomplete_event_size=_MOST_HEADER_BYTES,
            lifespan="on" if lifespan else "off",
        )
    )
