"""`bollards serve`: build, serve on localhost, rebuild and reload the page on every change."""

import asyncio
import contextlib
import threading
import webbrowser
from collections.abc import AsyncIterator
from pathlib import Path

import click
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from generator import resources
from generator.build import build
from generator.errors import BollardsError
from generator.local.guard import Guard, Keys, make_keys
from generator.local.listening import listen, server
from generator.progress import Progress
from generator.project import Project
from generator.publish.headers import SECURITY_HEADERS, headers_of_all

_RELOAD_SCRIPT = b'<script type="module" src="/_bollards/reload.js"></script></body>'
_RELOAD_MODULE = """\
const events = new EventSource("/_bollards/events");
events.addEventListener("rebuilt", () => location.reload());
"""
# Whoever looked at a built site on this port before has its service worker, which would show old
# pages while their owner edits: this one takes its place and removes itself and what was kept.
_FAREWELL = """\
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  const kept = (await caches.keys()).filter((name) => name.startsWith("bollards-"));
  await Promise.all(kept.map((name) => caches.delete(name)));
  await self.registration.unregister();
  for (const client of await self.clients.matchAll({ type: "window" })) client.navigate(client.url);
})()));
"""
_HEARTBEAT_S = 15.0


class Reload:
    """Tells every open page that the site was rebuilt. Safe to call from the watching thread."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def announce(self) -> None:
        """Let every open page reload."""
        if self._loop:
            for queue in tuple(self._listeners):
                self._loop.call_soon_threadsafe(queue.put_nowait, None)

    async def events(self) -> AsyncIterator[str]:
        """The stream of server-sent events of one page."""
        self._loop = asyncio.get_running_loop()
        queue: asyncio.Queue[None] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            yield "retry: 500\n\n"
            while True:
                try:
                    await asyncio.wait_for(queue.get(), _HEARTBEAT_S)
                    yield "event: rebuilt\ndata:\n\n"
                except TimeoutError:
                    # Without it a connection that is gone would never be noticed.
                    yield ": still here\n\n"
        finally:
            self._listeners.discard(queue)


# Without a key, too: the old worker asks for its successor before the page can bring one.
_PUBLIC = frozenset({"/sw.js"})


def application(project: Project, reload: Reload, keys: Keys) -> ASGIApp:
    """The server: the site, and beside it the two addresses that make pages reload."""

    async def events(_: Request) -> Response:
        return StreamingResponse(reload.events(), media_type="text/event-stream")

    async def module(_: Request) -> Response:
        return PlainTextResponse(_RELOAD_MODULE, media_type="text/javascript")

    async def farewell(_: Request) -> Response:
        return PlainTextResponse(_FAREWELL, media_type="text/javascript")

    routes = [
        Route("/_bollards/events", events),
        Route("/_bollards/reload.js", module),
        Route("/sw.js", farewell),
    ]
    starlette = Starlette(routes=routes)
    # html=True serves index.html of a folder, and 404.html for what is not there.
    starlette.mount("/", StaticFiles(directory=project.public, html=True, check_dir=False))
    return Guard(_WithReload(starlette, project.public), keys, SECURITY_HEADERS, _PUBLIC)


class _WithReload:
    """Adds to every page the script that reloads it, and to everything the headers of `_headers`.

    The same Content-Security-Policy as on a real host: what would fail there fails here.
    """

    def __init__(self, app: Starlette, public: Path) -> None:
        self._app = app
        self._public = public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_page = False
        start: Message | None = None
        body = b""

        async def transform(message: Message) -> None:
            nonlocal is_page, start, body
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in headers_of_all(self._public).items():
                    headers[name] = value
                headers["Cache-Control"] = "no-cache"
                is_page = headers.get("content-type", "").startswith("text/html")
                if is_page and message["status"] in (200, 404):
                    start = message
                    return
            elif start is not None and message["type"] == "http.response.body":
                body += message.get("body", b"")
                if message.get("more_body"):
                    return
                page = body.replace(b"</body>", _RELOAD_SCRIPT, 1)
                MutableHeaders(scope=start)["Content-Length"] = str(len(page))
                await send(start)
                await send({"type": "http.response.body", "body": page})
                return
            await send(message)

        await self._app(scope, receive, transform)


def serve(project: Project, *, port: int, open_browser: bool) -> None:
    """Build, serve until Ctrl-C, rebuild when photos, notes, templates or settings change.

    Raises:
        BollardsError: the first build failed, or the port is taken.
    """
    _build_and_tell(project)
    reload = Reload()
    listener = listen(port)
    keys = make_keys(project.session_key)
    address = keys.address(listener.getsockname()[1])
    stop = threading.Event()
    watcher = threading.Thread(target=_watch, args=(project, reload, stop), daemon=True)
    watcher.start()
    try:
        click.echo(f"Serving {address} (Ctrl-C stops)")
        if open_browser:
            webbrowser.open(address)
        server(application(project, reload, keys), lifespan=False).run(sockets=[listener])
    except KeyboardInterrupt:
        # This is how it is meant to be stopped.
        click.echo("\nStopped.")
    finally:
        stop.set()
        watcher.join(timeout=30)


def _watch(project: Project, reload: Reload, stop: threading.Event) -> None:
    from watchfiles import Change, DefaultFilter, watch

    own = {path.resolve() for path in (project.public, project.work, project.ledger)}

    class Owners(DefaultFilter):
        """Everything that its owner may change; what a build writes must not start another."""

        def __call__(self, change: Change, path: str) -> bool:
            place = Path(path)
            return own.isdisjoint((place, *place.parents)) and super().__call__(change, path)

    folders: list[Path] = [project.root, resources.TEMPLATES, resources.STATIC]
    for _ in watch(*folders, watch_filter=Owners(), stop_event=stop, debounce=400):
        with contextlib.suppress(BollardsError):
            _build_and_tell(project, quiet_failure=True)
            reload.announce()


def _build_and_tell(project: Project, *, quiet_failure: bool = False) -> None:
    try:
        report = build(project, Progress())
    except BollardsError as error:
        if quiet_failure:
            click.echo(f"Error: {error}\nServing the last good site.", err=True)
        raise
    click.echo("\n".join(report.lines()))
