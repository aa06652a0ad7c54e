"""The local server answers its owner, even if other programs on the machine send bad requests."""

import asyncio
import logging
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from generator.local import listening
from generator.local.listening import listen, server

HELLO = b"GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
KEEP = b"GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"
BODY = b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n"
REFUSED = b"POST /hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n"
CHUNKED = b" HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"


async def _hello(_: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


async def _echo(request: Request) -> PlainTextResponse:
    try:
        return PlainTextResponse(await request.body())
    except ClientDisconnect:
        return PlainTextResponse("")


async def _endless(_: Request) -> StreamingResponse:
    async def lines() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 65_536
            await asyncio.sleep(0)

    return StreamingResponse(lines())


APP = Starlette(
    routes=[
        Route("/hello", _hello),
        Route("/echo", _echo, methods=["POST"]),
        Route("/endless", _endless),
    ]
)


async def _http_only(scope: Scope, receive: Receive, send: Send) -> None:
    assert scope["type"] == "http"
    await APP(scope, receive, send)


@contextmanager
def _running() -> Iterator[tuple[int, uvicorn.Server]]:
    listener = listen(0)
    running = server(_http_only, lifespan=False)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield listener.getsockname()[1], running
    finally:
        running.should_exit = True
        thread.join(timeout=30)
        listener.close()


@pytest.fixture
def port(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> Iterator[int]:
    """A server with little patience. It must not print anything about what clients do wrong."""
    monkeypatch.setattr(listening, "_REQUEST_S", 0.3)
    with caplog.at_level(logging.ERROR), _running() as (found, _):
        yield found
    printed = caplog.text + "".join(capfd.readouterr())
    # Servers of other tests in this process may print, too.
    assert "Traceback" not in printed or "uvicorn" not in printed


def _connected(port: int, data: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall(data)
    return connection


def _answer(connection: socket.socket) -> bytes:
    """All that the server sends until it closes the connection."""
    said = b""
    try:
        while part := connection.recv(65_536):
            said += part
    except ConnectionResetError:
        pass
    finally:
        connection.close()
    return said


@pytest.mark.parametrize(
    ("beginning", "drop"),
    [
        (b"GET / HTTP/1.1\r\nX: ", b"x"),
        (BODY, b"x"),
        (REFUSED, b"x"),
        (KEEP + b"GET / HTTP/1.1\r\nX: ", b"x"),
        (b"POST /echo" + CHUNKED, b"1\r\nx\r\n"),
        (b"", b""),
    ],
    ids=["head", "body", "body of a refused request", "second head", "chunks", "nothing"],
)
def test_a_request_that_comes_drop_by_drop_is_given_up(
    port: int, beginning: bytes, drop: bytes
) -> None:
    connection = _connected(port, beginning)
    ended = threading.Event()

    def dribble() -> None:
        while not ended.wait(0.02):
            try:
                connection.sendall(drop)
            except OSError:
                return

    slow = threading.Thread(target=dribble)
    slow.start()
    _answer(connection)
    ended.set()
    slow.join()
    assert _answer(_connected(port, HELLO)).endswith(b"hello")


@pytest.mark.parametrize(
    "request_",
    [
        b"POST /echo" + CHUNKED + b"5\r\nhello\r\nZZ\r\nxx",
        b"POST /hello" + CHUNKED + b"5\r\nhello\r\nZZ\r\nxx",
        b"POST /nothing" + CHUNKED + b"ffffffffffffffffffffffff\r\nxx",
        b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n{}",
        b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}garbage\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9" + b"9" * 5_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 200_000,
        HELLO.replace(b"close", b"Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13"),
        KEEP * 30 + b"garbage\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
)
def test_a_broken_request_costs_only_its_own_connection(port: int, request_: bytes) -> None:
    _answer(_connected(port, request_))
    assert _answer(_connected(port, HELLO)).endswith(b"hello")


def test_a_client_that_leaves_in_the_middle_of_a_body_leaves_nothing_behind(port: int) -> None:
    for _ in range(5):
        _connected(port, BODY + b"x" * 1_000).close()
    assert _answer(_connected(port, HELLO)).endswith(b"hello")


def test_silent_connections_make_room_for_one_that_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listening, "_MOST_CONNECTIONS", 8)
    with _running() as (port, _):
        silent = [_connected(port, b"") for _ in range(20)]
        begun = [_connected(port, KEEP[:-2]) for _ in range(20)]
        assert _answer(_connected(port, HELLO)).endswith(b"hello")
        for connection in (*silent, *begun):
            connection.close()


def test_a_client_that_reads_nothing_of_its_answer_is_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listening, "_UNREAD_S", 0.2)
    with _running() as (port, running):
        connection = _connected(port, HELLO.replace(b"/hello", b"/endless"))
        assert connection.recv(1) == b"H"
        _until(lambda: not running.server_state.connections)
        connection.close()


def _until(holds: Callable[[], bool]) -> None:
    """Wait until something holds; a test that waits for a minute fails."""
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)
