"""A port for this machine alone, and a server on it that no client can keep busy."""

import asyncio
import errno
import socket

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from generator.errors import BollardsError

# Browsers open six connections a page, and each open page keeps one for its events.
_MOST_CONNECTIONS = 200
_MOST_HEADER_BYTES = 32 * 1024
# How long a client may take to send a whole request.
_REQUEST_S = 20.0
# How long a client may read nothing of an answer.
_UNREAD_S = 60.0


def listen(port: int) -> socket.socket:
    """A socket on 127.0.0.1, for this machine alone; port 0 is any free port.

    Raises:
        BollardsError: the port is in use or not available.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        # From now on, a browser that connects early waits instead of being refused.
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
    """Closes connections that keep the server waiting, and makes room for new ones.

    A client that sends its request slowly, never ends it or does not read the answer would
    otherwise hold one of a few hundred places for ever. If all places are taken, the connection
    that has waited longest for its request is closed, so that the owner's browser is served even
    then.
    """

    _deadline: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    @property
    def waits(self) -> bool:
        """Whether the server waits for the rest of a request."""
        return self.conn.their_state in (h11.IDLE, h11.SEND_BODY)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        if len(self.connections) >= _MOST_CONNECTIONS:
            waiting = [one for one in self.connections if isinstance(one, _Impatient) and one.waits]
            if waiting:
                min(waiting, key=_Impatient._due).drop()
        super().connection_made(transport)
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._deadline, self._unread):
            if timer:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(_UNREAD_S, self.drop)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread:
            self._unread.cancel()

    def send_400_response(self, msg: str) -> None:
        # uvicorn would send it even after, or during, another answer.
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.drop()

    def drop(self) -> None:
        """Close the connection without waiting for anything."""
        self.connections.discard(self)
        self.transport.abort()

    def _look(self) -> None:
        """Start or stop the clock: one time for a whole request, however slowly it comes."""
        if self.waits and not self._deadline:
            self._deadline = self.loop.call_later(_REQUEST_S, self.drop)
        elif not self.waits and self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def _due(self) -> float:
        return self._deadline.when() if self._deadline else 0.0


class _Server(uvicorn.Server):
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop without waiting for requests that have not come yet."""
        for connection in list(self.server_state.connections):
            if isinstance(connection, _Impatient) and connection.waits:
                connection.drop()
        await super().shutdown(sockets)


def server(app: ASGIApp, *, lifespan: bool = True) -> uvicorn.Server:
    """A server for `app`; `run(sockets=[listen(port)])` starts it."""
    return _Server(
        uvicorn.Config(
            app,
            http=_Impatient,
            ws="none",
            # Warnings are about requests that others got wrong.
            log_level="error",
            # Open pages keep an event stream that never ends by itself.
            timeout_graceful_shutdown=1,
            server_header=False,
            limit_concurrency=_MOST_CONNECTIONS + 1,
            h11_max_incomplete_event_size=_MOST_HEADER_BYTES,
            lifespan="on" if lifespan else "off",
        )
    )
