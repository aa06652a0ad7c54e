"""A server on this machine that speaks the documented protocols of Google Vision and Moondream."""

import base64
import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image

KEY = "AIza-the-owner's-key"


@dataclass
class Answer:
    """What the server answers in place of the usual."""

    status: int
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False


@dataclass
class Services:
    """The server, what it was asked, and what it answers next before the usual."""

    address: str
    asked: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)
    next: list[Answer] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def pictures(self) -> list[bytes]:
        """The content of each picture that arrived."""
        found = []
        for _, _, body in self.asked:
            if "requests" in body:
                found += [base64.b64decode(one["image"]["content"]) for one in body["requests"]]
            else:
                found.append(base64.b64decode(body["image_url"].partition("base64,")[2]))
        return found


def _vision(headers: dict[str, str], body: dict[str, Any]) -> Answer:
    """https://docs.cloud.google.com/vision/docs/request#response_anchor"""
    if headers.get("x-goog-api-key") != KEY:
        told = {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT"}
        return Answer(400, json.dumps({"error": told}).encode())
    responses = []
    for one in body["requests"]:
        assert one["features"] == [{"type": "LABEL_DETECTION", "maxResults": 10}]
        with Image.open(io.BytesIO(base64.b64decode(one["image"]["content"]))) as image:
            snow = image.convert("L").resize((1, 1)).getpixel((0, 0))
        labels = [
            {"mid": "/m/06_dn", "description": "Snow", "score": snow / 255, "topicality": 0.5},
            {"mid": "/m/0h8n", "description": "Guard rail", "score": 0.9, "topicality": 0.9},
        ]
        responses.append({"labelAnnotations": labels})
    return Answer(200, json.dumps({"responses": responses}).encode())


def _moondream(headers: dict[str, str], body: dict[str, Any]) -> Answer:
    """https://docs.moondream.ai/skills/caption"""
    assert body["image_url"].startswith("data:image/jpeg;base64,") and body["stream"] is False
    row = {"request_id": "1", "caption": "A post beside\na road in the snow. "}
    return Answer(200, json.dumps(row).encode())


@contextmanager
def services() -> Iterator[Services]:
    """The server, until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            headers = {name.lower(): value for name, value in self.headers.items()}
            told.asked.append((self.path, headers, body))
            if told.next:
                answer = told.next.pop(0)
            elif self.path == "/v1/images:annotate":
                answer = _vision(headers, body)
            elif self.path == "/v1/caption":
                answer = _moondream(headers, body)
            else:
                answer = Answer(404)
            if answer.hangs:
                told.done.wait(10)
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    told = Services(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield told
    finally:
        told.done.set()
        server.shutdown()
        thread.join()
        server.server_close()
