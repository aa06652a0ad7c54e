"""Pictures from addresses: limits of time, size and place."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from generator.find.fetch import FetchError, FetchLimits, fetch, is_address

OPEN = FetchLimits(seconds=5, megabytes=0.1, private=True)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/picture":
            self.answer(200, b"content")
        elif self.path == "/large":
            self.answer(200, b"0" * 200_000)
        elif self.path == "/moved":
            self.answer(302, b"", Location="/picture")
        elif self.path == "/around":
            self.answer(302, b"", Location="/around")
        elif self.path == "/file":
            self.answer(302, b"", Location="file:///etc/passwd")
        elif self.path == "/half":
            self.answer(200, b"half", length=100)
        elif self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            # One byte at a time: no single wait is long.
            with threading.Lock():
                for _ in range(100):
                    self.wfile.write(b"0")
                    self.wfile.flush()
                    if self.server.done.wait(0.05):  # type: ignore[attr-defined]
                        return
        else:
            self.answer(404, b"")

    def answer(self, status: int, content: bytes, length: int = -1, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content) if length < 0 else length))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.done = threading.Event()  # type: ignore[attr-defined]
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.done.set()  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("path", ["/picture", "/moved"])
def test_a_picture_is_fetched_also_where_the_address_leads_on(host: str, path: str) -> None:
    assert fetch(host + path, OPEN) == b"content"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/nothing", "the server answers 404"),
        ("/large", r"it is larger than 0\.1 MB"),
        ("/around", "it leads on more than 5 times"),
        ("/file", "It leads on to file:///etc/passwd"),
        ("/half", "the connection broke off"),
    ],
)
def test_what_cannot_be_had_is_explained_in_one_message(host: str, path: str, reason: str) -> None:
    with pytest.raises(FetchError, match=reason) as raised:
        fetch(host + path, OPEN)
    assert str(raised.value).startswith(host + path)
    assert "name the file instead" in str(raised.value)


def test_an_answer_that_trickles_ends_when_the_time_is_up(host: str) -> None:
    began = time.monotonic()
    with pytest.raises(FetchError, match=r"no whole answer within 0\.3 seconds"):
        fetch(f"{host}/slow", FetchLimits(seconds=0.3, private=True))
    assert time.monotonic() - began < 3


def test_a_host_that_never_answers_ends_when_the_time_is_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(FetchError, match=r"no whole answer within 0\.3 seconds"):
            fetch(address, FetchLimits(seconds=0.3, private=True))


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]", "10.1.2.3", "169.254.169.254"])
def test_hosts_of_this_machine_and_private_networks_need_the_option(name: str) -> None:
    with pytest.raises(FetchError, match=r"on this machine or a private network .*--private-hosts"):
        fetch(f"http://{name}:1/picture")


@pytest.mark.parametrize(
    "address",
    ["ftp://example.org/a.jpg", "file:///etc/passwd", "http:///a.jpg", "http://a b/", "http://[/"],
)
def test_other_addresses_are_refused_before_anything_is_asked(address: str) -> None:
    assert is_address(address)
    with pytest.raises(FetchError, match="expected an address of the form https://host/path"):
        fetch(address, OPEN)
