"""Admits only the browser of the person who started a server on this machine.

Three kinds of outsiders can reach a port on localhost:

- Other accounts on this machine. Every start makes a random token, which is part of the address
  that is printed and opened. The first request with it receives a cookie; without token or cookie
  nothing is read or written.
- Websites that are open in another tab. They can send requests to localhost, but browsers state the
  origin of a request (`Origin`, `Sec-Fetch-Site`), and no script can change that.
- Websites whose host name leads to 127.0.0.1 (DNS rebinding). They could read answers, so every
  request must name this server as its host.
"""

import contextlib
import os
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HOST = re.compile(r"(?:127\.0\.0\.1|localhost)(?::\d{1,5})?", re.ASCII)
_READING = ("GET", "HEAD")
# Browsers send "none" when a person typed the address.
_OWN_SITES = ("same-origin", "none")
_TOKEN_BYTES = 32
_CLOSED = (
    "This page is only for the person who started the program. Open the address that"
    " the program printed when it started; it contains a key."
)


@dataclass(frozen=True)
class Keys:
    """The secrets that admit a browser.

    Attributes:
        token: part of the address that is opened; new at every start.
        session: the value of the cookie. It survives a restart, so that open pages keep working.
    """

    token: str
    session: str

    def address(self, port: int) -> str:
        """The address to open, which admits the browser."""
        return f"http://localhost:{port}/?token={self.token}"


def make_keys(remembered: Path) -> Keys:
    """New keys for one start.

    Args:
        remembered: the file that keeps the session's secret between starts. Only the owner can read
            it; if the file system cannot ensure that, nothing is kept.
    """
    return Keys(secrets.token_urlsafe(_TOKEN_BYTES), _session(remembered))


def _session(path: Path) -> str:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        known = path.read_text(encoding="ascii").strip()
        if _is_private(path) and len(known) >= _TOKEN_BYTES:
            return known
    made = secrets.token_urlsafe(_TOKEN_BYTES)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        # Private from the beginning: created with its mode, and never through a link.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(path, flags, 0o600), "w", encoding="ascii") as file:
            file.write(made)
        if not _is_private(path):
            path.unlink()
    return made


def _is_private(path: Path) -> bool:
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        return False
    # Windows has no such bits, but there a user's folders are private.
    return os.name == "nt" or (found.st_uid == os.getuid() and not found.st_mode & 0o077)


def refusal(method: str, headers: Headers) -> str:
    """Why a request is refused, or "".

    https://developer.mozilla.org/en-US/docs/Web/HTTP/Headers/Sec-Fetch-Site
    """
    host = headers.get("host", "")
    if not _HOST.fullmatch(host):
        return "This server answers under 127.0.0.1 and localhost only."
    site = headers.get("sec-fetch-site")
    reading = method in _READING
    if site is not None and site not in _OWN_SITES:
        # A link on another page may open ours, since the other page cannot read its content.
        opening = headers.get("sec-fetch-mode") == "navigate"
        if not (reading and opening and headers.get("sec-fetch-dest") == "document"):
            return "Requests from other websites are refused."
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{host}":
        return "Requests from other websites are refused."
    if reading:
        return ""
    if origin is None:
        return "A change must say where it comes from (Origin)."
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        return "A change must be sent as application/json."
    return ""


class Guard:
    """Answers only the person who started the server, and adds security headers.

    Args:
        app: the application to guard.
        keys: the token and the cookie that admit a browser.
        headers: added to every answer that lacks them.
        public: paths that are answered without a key. They must not reveal anything of the owner's.
    """

    def __init__(
        self,
        app: ASGIApp,
        keys: Keys,
        headers: Mapping[str, str],
        public: frozenset[str] = frozenset(),
    ) -> None:
        self._app = app
        self._keys = keys
        self._headers = headers
        self._public = public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        answer = self._first_answer(scope)
        await (answer or self._app)(scope, receive, with_headers)

    def _first_answer(self, scope: Scope) -> Response | None:
        """A refusal, or the answer that admits a browser; None if the request may proceed."""
        headers = Headers(scope=scope)
        reason = refusal(scope["method"], headers)
        if reason:
            return JSONResponse({"error": reason}, status_code=403)
        if scope["path"] in self._public:
            return None
        name = _cookie_name(headers["host"])
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[-1]
        if given and _same(given, self._keys.token) and scope["method"] in _READING:
            # Remove the token from the address bar and the history; the cookie replaces it.
            entered = RedirectResponse(scope["path"], status_code=303)
            entered.set_cookie(name, self._keys.session, path="/", httponly=True, samesite="strict")
            return entered
        if _same(_cookie(headers, name), self._keys.session):
            return None
        if headers.get("sec-fetch-dest", "document") == "document" and "/api/" not in scope["path"]:
            return PlainTextResponse(_CLOSED, status_code=403)
        return JSONResponse({"error": _CLOSED}, status_code=403)


def _cookie_name(host: str) -> str:
    # Cookies ignore ports: two servers on localhost must not overwrite each other's cookie.
    return f"bollards-{host.partition(':')[2] or '80'}"


def _cookie(headers: Headers, name: str) -> str:
    found = [
        part.strip().removeprefix(f"{name}=")
        for line in headers.getlist("cookie")
        for part in line.split(";")
        if part.strip().startswith(f"{name}=")
    ]
    return found[-1] if found else ""


def _same(a: str, b: str) -> bool:
    return secrets.compare_digest(a.encode(), b.encode())
